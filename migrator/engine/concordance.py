"""Which files hold the words that were looked for in this run: none is read for a word again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.languages import ADDED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from migrator.engine.words import Group


class Concordance:
    """Words with the files that hold them, as they are on disk.

    Words that begin with `ADDED` are few: they are told from files that hold any of them.
    """

    def __init__(self) -> None:
        self._files: dict[str, set[str]] = {}
        self._looked: list[tuple[frozenset[str], frozenset[str]]] = []

    def note(self, path: str, word: str) -> None:
        """The file at `path` holds `word`, perhaps as part of a longer one."""
        self._files.setdefault(word, set()).add(path)

    def looked(self, words: Iterable[str], files: Iterable[str]) -> None:
        """All of `files` were asked for each of `words`, and noted where they hold it."""
        among = frozenset(files)
        # They are mostly the same thousands each time, which is to be kept once.
        among = next((one for _, one in self._looked if one == among), among)
        self._looked.append((frozenset((*words, ADDED)), among))

    def split(
        self, groups: Iterable[Group], files: Collection[str]
    ) -> tuple[set[str], list[Group]]:
        """Where in `files` groups may stand of which a word was looked for; and all other groups.

        The files are those that hold the word.
        """
        known = {word for words, among in self._looked if among.issuperset(files) for word in words}
        likely: set[str] = set()
        others: list[Group] = []
        for group in groups:
            words = (ADDED if word.startswith(ADDED) else word for word in group)
            holders = [self._files.get(word, set()) for word in words if word in known]
            if holders:
                likely |= min(holders, key=len)
            else:
                others.append(group)
        return likely, others
