"""What comments say of events beside what is found: that some are to stay as they are.

Once the rest of a handler has moved nothing shows that it took legacy events, and what was to stay
is what is left of them. It is looked for at the lines of such comments as if it took them still:
else they would suppress nothing from then on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrator import Finding, Look, Source

_RULES = ("event-shape", "last-event")


def said_beside(source: Source, look: Look, found: Iterable[Finding]) -> frozenset[tuple[str, int]]:
    """The rules about events, and the lines that they are to leave, where they found nothing."""
    lines = frozenset(one for one in look.kept if one[0] in _RULES)
    return lines - places(source, found) if lines else lines


def at_lines(
    source: Source, found: Iterable[Finding], lines: frozenset[tuple[str, int]]
) -> list[Finding]:
    """Those of `found` that are of such a rule at such a line."""
    return [one for one in found if not lines.isdisjoint(places(source, (one,)))]


def places(source: Source, found: Iterable[Finding]) -> set[tuple[str, int]]:
    """The rule and the line of each of `found`."""
    return {(one.rule, source.position(one.span.start).line) for one in found}
