"""What comments say of events beside what is found: that some are to stay as they are.

Once the rest of a handler has moved nothing shows that it took legacy events, and what was to stay
is what is left of them. It is looked for at the lines of such comments as if it took them still:
else they would suppress nothing from then on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrator import Finding, Look, Source

_RULES = ("event-shape", "last-event")
_CURRENT = re.compile(r"\b(?:content|delta|done)\b")


def said_beside(source: Source, look: Look, found: Iterable[Finding]) -> frozenset[tuple[str, int]]:
    """The rules about events, and the lines that they are to leave, where they found nothing.

    Line 0 is for all of a file in which a rule found nothing.
    """
    lines = frozenset(one for one in look.kept if one[0] in _RULES)
    if not lines:
        return lines
    there = places(source, found)
    return lines - there - {(rule, 0) for rule, _ in there}


def at_lines(
    source: Source, found: Iterable[Finding], lines: frozenset[tuple[str, int]]
) -> list[Finding]:
    """Those of `found` that are of such a rule at such a line."""
    return [
        one
        for one in found
        for at in places(source, (one,))
        if at in lines or ((at[0], 0) in lines and not is_current(source, at[1]))
    ]


def is_current(source: Source, line: int) -> bool:
    """Whether a line speaks of a current event: it is none that has stayed."""
    return _CURRENT.search(source.lines[line - 1]) is not None


def places(source: Source, found: Iterable[Finding]) -> set[tuple[str, int]]:
    """The rule and the line of each of `found`."""
    return {(one.rule, source.position(one.span.start).line) for one in found}
