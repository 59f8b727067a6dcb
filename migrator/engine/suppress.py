"""Findings told apart by whether a comment suppresses them, and comments that suppress none."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from migrator.errors import meant
from migrator.model import (
    Applicability,
    Edit,
    Finding,
    Fix,
    Located,
    Severity,
    Span,
    Suppressed,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from migrator.engine.checked import Directive
    from migrator.model import Source, Triggers

UNUSED = "unused-suppression"
UNUSED_SUMMARY = "A comment that is to suppress findings and suppresses none"
UNUSED_MANUAL = f"""{UNUSED_SUMMARY}.

`# migrate: ignore[rule-id] reason` suppresses the findings of a rule on its line, or on the next
line where it stands alone; `# migrate: ignore-file[rule-id] reason` those of the whole file.
Several ids are parted by commas. One that suppresses nothing would hide the next finding there: the
fix takes it out. Without an id in brackets such a comment suppresses nothing, and a person has to
say what is meant."""
#: What a file with such a comment holds.
WORDS: Triggers = (("migrate:", "ignore"),)


def split(
    found: Iterable[Located], said: Mapping[str, Sequence[Directive]]
) -> tuple[list[Located], list[Suppressed], set[tuple[str, Span]]]:
    """What counts, what is suppressed, and the ids (path and place) that suppress something."""
    active: list[Located] = []
    suppressed: list[Suppressed] = []
    used: set[tuple[str, Span]] = set()
    by_path = {path: _Closest(here) for path, here in said.items()}
    nothing = _Closest(())
    for one in found:
        by = by_path.get(one.finding.path, nothing).of(one)
        if by is None:
            active.append(one)
        else:
            directive, place = by
            used.add((one.finding.path, place))
            suppressed.append(Suppressed(one, directive.line, directive.reason))
    return active, suppressed, used


class _Closest:
    """Which comment of a file suppresses a finding, and where it names the rule."""

    def __init__(self, said: Iterable[Directive]) -> None:
        self._by_lines: dict[tuple[int, int] | None, dict[str, tuple[Directive, Span]]] = {}
        for one in sorted(said, key=lambda one: -one.line):
            rules = self._by_lines.setdefault(one.lines, {})
            for rule, place in one.ids:
                rules.setdefault(rule, (one, place))
        # What comments speak for is the same lines, or lines apart from one another.
        self._lines = sorted(lines for lines in self._by_lines if lines is not None)

    def of(self, one: Located) -> tuple[Directive, Span] | None:
        """The closest comment above or at a finding; one for the whole file comes last."""
        line, rule = one.start.line, one.finding.rule
        at = bisect_right(self._lines, line, key=lambda lines: lines[0]) - 1
        if at >= 0 and line <= self._lines[at][1]:
            if by := self._by_lines[self._lines[at]].get(rule):
                return by
        return self._by_lines.get(None, {}).get(rule)


def unused(
    path: str,
    source: Source,
    said: Iterable[Directive],
    used: Collection[tuple[str, Span]],
    ran: Collection[str],
    known: Collection[str],
) -> Iterator[Finding]:
    """A finding for each id that suppresses nothing, and for each comment that has no id.

    `ran` are the rules that were looked for, `known` those that there are.
    """
    for one in said:
        if one.problem:
            yield _finding(path, one.span, one.problem)
        idle = dict.fromkeys(
            (rule, span)
            for rule, span in one.ids
            if (path, span) not in used and (rule in ran or rule not in known)
        )
        if not idle:
            continue
        left = [rule for rule, span in one.ids if (rule, span) not in idle]
        edit = Edit(path, one.whole, "")
        if left:
            comma = ", " if ", " in source.text[one.listed.start : one.listed.end] else ","
            edit = Edit(path, one.listed, comma.join(left))
        for rule, span in idle:
            if rule in known:
                place = "in this file" if one.lines is None else "there"
                message = f"it suppresses nothing: `{rule}` finds nothing {place}"
            else:
                message = f"it suppresses nothing: no rule is called `{rule}`; {meant(rule, known)}"
            fix = Fix(f"take `{rule}` out", (edit,), Applicability.SAFE)
            yield _finding(path, span, message, fix)


def _finding(path: str, span: Span, message: str, fix: Fix | None = None) -> Finding:
    return Finding(UNUSED, path, span, Severity.ERROR, message, (), fix)
