"""Which files a round looks at: those that hold words that are looked for, and those it names."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from migrator.engine.suppress import WORDS
from migrator.engine.words import Groups
from migrator.languages import PARSERS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from migrator.engine.discover import Walk
    from migrator.engine.seen import Answers, Seen
    from migrator.engine.words import Group
    from migrator.model import Rule, Triggers


class Candidates:
    """The candidates among the `paths` of a walk; `unread` could not be read, and why.

    The bytes of `instead` are not those on disk.
    """

    def __init__(
        self,
        walk: Walk,
        rules: Sequence[Rule],
        read: Callable[[str], bytes | str],
        seen: Seen,
    ) -> None:
        self.paths = frozenset((*walk.files, *walk.context))
        self.unread: dict[str, str] = {}
        self.instead: frozenset[str] = frozenset()
        self._walk = walk
        self._rules = rules
        self._read = read
        self._seen = seen

    def triggered(self, always: Collection[str]) -> set[str]:
        """The files that hold all words of a trigger, and those of `always`."""
        triggers: dict[str, list[Group]] = {name: [*WORDS] for name in PARSERS}
        for rule in self._rules:
            triggers.setdefault(rule.language, []).extend(rule.triggers)
        groups = {name: Groups(own) for name, own in triggers.items()}
        answers = self._seen.answers(triggers)
        unknown = self._unknown(answers)
        found = self._holding(lambda path: groups[self._language(path)], answers, unknown)
        self._seen.concordance.looked((), unknown - self.unread.keys())
        return found | self._readable(always)

    def concerned(self, words: Triggers, files: Collection[str]) -> set[str]:
        """The files that hold all words of a group of these, and those of `files`."""
        answers = self._seen.answers(words)
        unknown = self._unknown(answers)
        likely, rest = self._seen.concordance.split(words, unknown)
        likely |= self.instead
        every, others = Groups(words), Groups(rest)
        found = self._holding(lambda path: every if path in likely else others, answers, unknown)
        self._seen.concordance.looked(others.first, unknown - self.unread.keys())
        return found | self._readable(files)

    def _unknown(self, answers: Answers) -> set[str]:
        """The files on disk of which it is not known whether they hold what was asked for."""
        return answers.unknown(self.paths) - self.unread.keys() - self.instead

    def _holding(
        self, groups_for: Callable[[str], Groups], answers: Answers, unknown: set[str]
    ) -> set[str]:
        """The files that hold one of the groups that are looked for in them."""
        found = self._readable(answers.held) - self.instead
        for path in sorted(unknown | self.instead):
            groups = groups_for(path)
            data = self._read(path) if groups else b""
            if isinstance(data, str):
                self.unread[path] = data
                continue
            held = bool(groups) and self._holds(path, data, groups)
            if path in unknown:
                answers.note(path, held=held)
            if held:
                found.add(path)
        return found

    def _readable(self, files: Iterable[str]) -> set[str]:
        """Those of these files that are in the walk, and were not found to be unreadable."""
        return set(self.paths.intersection(files) - self.unread.keys())

    def _holds(self, path: str, data: bytes, groups: Groups) -> bool:
        is_on_disk = path not in self.instead
        note = partial(self._seen.concordance.note, path) if is_on_disk else None
        return any(groups.held(path, data, self._language(path), note))

    def _language(self, path: str) -> str:
        return self._walk.files.get(path) or self._walk.context[path]
