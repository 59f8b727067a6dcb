"""Things that lead to each other, by many ways and in circles perhaps, each looked at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")


class Worklist(Generic[T]):
    """What is left to look at; one may add to it in the loop over it.

    What is added comes next, in its order, as if it were looked at within what led to it.
    """

    def __init__(self, *first: T) -> None:
        self._left: list[T] = []
        self._seen: set[T] = set()
        self.add(first)

    def __iter__(self) -> Iterator[T]:
        while self._left:
            yield self._left.pop()

    def add(self, more: Iterable[T]) -> None:
        """Look at these too, as far as they are new."""
        new = [one for one in dict.fromkeys(more) if one not in self._seen]
        self._seen.update(new)
        self._left += reversed(new)
