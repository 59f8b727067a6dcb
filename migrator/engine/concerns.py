"""Which of the facts that were learnt concern a file: those are all that its rules are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.engine.words import Groups

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrator.model import Fact


class Concerns:
    """Facts by whom they concern: a file that they name, all that hold their words, or everyone."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._everyone: list[Fact] = []
        self._by_file: dict[str, list[Fact]] = {}
        self._by_group: dict[tuple[str, ...], list[Fact]] = {}
        for fact in facts:
            for file in fact.files:
                self._by_file.setdefault(file, []).append(fact)
            for group in fact.words:
                self._by_group.setdefault(group, []).append(fact)
            if not fact.files and not fact.words:
                self._everyone.append(fact)
        self._groups = Groups(self._by_group)

    def of(self, path: str, data: bytes, language: str) -> frozenset[Fact]:
        """The facts that concern the file with these bytes."""
        found = {*self._everyone, *self._by_file.get(path, ())}
        for group in self._groups.held(path, data, language):
            found.update(self._by_group[group])
        return frozenset(found)
