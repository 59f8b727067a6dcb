"""Whether one pattern means all that another one does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.python.scopes import dotted_text
from migrator.model import Applicability
from migrator.patterns.python.matching import Match, Matching

if TYPE_CHECKING:
    import libcst as cst

    from migrator.patterns.python.matching import Pattern


class _Written:
    """The names of a snippet: each is that which it says."""

    def stands_for(self, node: cst.CSTNode, dotted: str) -> Applicability:
        return Applicability.SAFE if dotted_text(node) == dotted else Applicability.MANUAL

    def imported_at(self, node: cst.CSTNode) -> str:
        return f"`{dotted_text(node)}`"


def covers(pattern: Pattern, other: Pattern) -> bool:
    """Whether `pattern` means all code that `other` means, as far as the two say it."""
    found = Match()
    matching = Matching(_Written(), pattern.signatures, found, pattern.snippet.target)
    return matching.same(pattern.tree, other.tree) and found.unclear is None
