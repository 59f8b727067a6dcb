"""The paths of all files, as a rule is told them: what it asks of them is remembered."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Set
from typing import TypeVar

#: What was asked of all paths: by what name and with what, and the answer.
Asked = tuple[tuple[tuple[str, ...], Hashable], ...]

T = TypeVar("T", bound=Hashable)


class Paths(Set[str]):
    """A set of paths that remembers what it was asked, while one file was looked at say.

    Among other paths that yields the same, if all of it has the same answers: where a file comes
    or goes, few of the others have to be looked at again.
    """

    def __init__(self, every: frozenset[str]) -> None:
        #: The paths themselves, for who remembers the questions.
        self.every = every
        self._answers: dict[tuple[str, ...], Hashable] = {}
        self._is_told_all = False

    @property
    def asked(self) -> Asked | None:
        """The questions with their answers; `None` where somebody asked for all paths."""
        return None if self._is_told_all else tuple(self._answers.items())

    def remember(self, question: tuple[str, ...], answer: T) -> T:
        """The `answer` to a question: its name, and what it is about."""
        self._answers[question] = answer
        return answer

    def answers_alike(self, asked: Asked) -> bool:
        """Whether each of the paths that were `asked` for is among these if it was among others.

        If so, that is remembered as asked of these.
        """
        alike = all((path in self.every) == answer for (_, path), answer in asked)
        if alike:
            self._answers.update(asked)
        return alike

    def __contains__(self, path: object) -> bool:
        found = path in self.every
        return self.remember(("in", path), found) if isinstance(path, str) else found

    def __iter__(self) -> Iterator[str]:
        self._is_told_all = True
        return iter(self.every)

    def __len__(self) -> int:
        self._is_told_all = True
        return len(self.every)

    def __hash__(self) -> int:
        return hash(self.every)

    def __eq__(self, other: object) -> bool:
        return self is other or super().__eq__(other)

    @classmethod
    def _from_iterable(cls, paths: Iterable[T]) -> frozenset[T]:
        return frozenset(paths)
