"""Whether one pattern means all that another one does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.patterns.elixir.meaning import Meaning

if TYPE_CHECKING:
    from migrator.patterns.elixir.matching import Pattern


def covers(pattern: Pattern, other: Pattern) -> bool:
    """Whether `pattern` means all code that `other` means, as far as the two say it."""
    written = Meaning(other.snippet.source, frozenset(), frozenset())
    match = pattern.match(written, other.root)
    return match is not None and match.unclear is None
