"""Patterns of code around something: of a class its bases count, of a `with` each item."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import dotted_text
from migrator.model import Applicability
from migrator.patterns.holes import HOLE
from migrator.patterns.python.classes import derives
from migrator.patterns.python.holes import hole_of, rest_of
from migrator.patterns.python.matching import Match, Pattern
from migrator.patterns.renaming import names_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from migrator.patterns.holes import Snippet
    from migrator.patterns.python.meaning import Meaning
    from migrator.patterns.python.signatures import Signature
    from migrator.patterns.renaming import Rename


class Surrounding(Pattern):
    """A pattern of code around something, and of code around that.

    A class is one that derives from the bases, at any remove; a `with` is each of its items, by any
    name where the pattern has none.
    """

    def __init__(
        self, snippet: Snippet, signatures: Mapping[str, Signature], renames: Sequence[Rename]
    ) -> None:
        super().__init__(snippet, signatures)
        self._renames = renames

    def match(self, meaning: Meaning, node: cst.CSTNode) -> Match | None:
        """What stands in the holes if `node` is what this means."""
        found = self._matched(meaning, node)
        if found is None or self._within is None:
            return found
        above = (self._within.match(meaning, one) for one in meaning.tree.ancestors(node))
        best = max(filter(None, above), key=lambda match: match.proven, default=None)
        if best is None:
            return None
        found.holes.update(best.holes)
        found.rests.update(best.rests)
        for why in best.evidence:
            found.lower(best.proven, why)
        return found

    @cached_property
    def _within(self) -> Surrounding | None:
        around = self.snippet.within
        return None if around is None else Surrounding(around, self.signatures, self._renames)

    def _matched(self, meaning: Meaning, node: cst.CSTNode) -> Match | None:
        ours = self.tree
        if isinstance(ours, cst.With) and isinstance(node, cst.With) and len(ours.items) == 1:
            return self._item(meaning, ours.items[0], node)
        if isinstance(node, cst.ClassDef) and self._bases is not None:
            return self._derived(meaning, node, self._bases)
        return super().match(meaning, node)

    def _item(self, meaning: Meaning, ours: cst.WithItem, node: cst.With) -> Match | None:
        found = None
        for item in node.items:
            alike = item.with_changes(asname=None) if ours.asname is None else item
            match = super().match(meaning, node.with_changes(items=(alike,)))
            if match is not None and (found is None or match.proven > found.proven):
                found = match
        return found

    @cached_property
    def _bases(self) -> tuple[str, ...] | None:
        """The bases of a pattern that says nothing else of a class."""
        ours = self.tree
        if not isinstance(ours, cst.ClassDef) or ours.decorators or ours.keywords:
            return None
        names = [dotted_text(one.value) for one in ours.bases if not rest_of(one)]
        return tuple(names) if all(one and HOLE not in one for one in names) else None

    def _derived(
        self, meaning: Meaning, node: cst.ClassDef, bases: tuple[str, ...]
    ) -> Match | None:
        assert isinstance(self.tree, cst.ClassDef)
        found, name = Match(), hole_of(self.tree.name)
        if name is None and self.tree.name.value != node.name.value:
            return None
        if name is not None:
            found.holes[name] = node.name
        for base in bases:
            names = names_of(base, self._renames)
            proven = max(meaning.counted(derives(meaning, node, one), one) for one in names)
            if proven is Applicability.MANUAL:
                return None
            may = "may derive" if proven is Applicability.REVIEW else "derives"
            found.lower(proven, f"`{node.name.value}` {may} from `{base}`")
        return found
