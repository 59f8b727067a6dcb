"""Comments that suppress findings: `# migrate: ignore[rule-id] reason`, or `ignore-file`.

Behind something on a line such a comment speaks for that line, alone on one for the next. Where no
comment can stand, as in a text of several lines, it stands behind the text or above it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from migrator.errors import meant
from migrator.languages import language
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

    from migrator.model import Source, Triggers

UNUSED = "unused-suppression"
UNUSED_SUMMARY = "A comment that is to suppress findings and suppresses none"
UNUSED_MANUAL = f"""{UNUSED_SUMMARY}.

`# migrate: ignore[rule-id] reason` suppresses the findings of a rule on its line, or on the next
line where it stands alone; `# migrate: ignore-file[rule-id] reason` those of the whole file.
Several ids are parted by commas. One that suppresses nothing would hide the next finding there: the
fix takes it out. Without an id in brackets such a comment suppresses nothing, and a person has to
say what is meant."""
#: Why a finding has no fix that would have one by itself.
STAYS = "it goes together with what stays, and stays with it"
#: What a file with such a comment holds.
WORDS: Triggers = (("migrate:", "ignore"),)

_DIRECTIVE = re.compile(
    r"#[ \t]*migrate:[ \t]*(?P<word>ignore(?:-file)?)(?![\w-])"
    r"(?P<list>[ \t]*\[(?P<ids>[^\]#]*)\])?"
    # Other tools have a say behind another `#`; `#12` is a part of the reason.
    r"(?P<reason>.*?)(?=[ \t]+\#[ \t]|[ \t]*\Z)"
)
_ID = re.compile(r"[^,\s][^,]*(?<!\s)")
_WITHOUT_ID = "it names no rule: write `migrate: {word}[rule-id] reason`"


class Directive(NamedTuple):
    """One comment that suppresses; `ids` are the rules that it names, each with its place.

    `lines` are the first and the last line (from 1) that it speaks for, `None` the whole file;
    `line` is its own. `whole` is what goes where none of it is left, `listed` what stands between
    the brackets. `problem` says why it suppresses nothing, whatever is found.
    """

    span: Span
    line: int
    lines: tuple[int, int] | None
    ids: tuple[tuple[str, Span], ...]
    reason: str
    whole: Span
    listed: Span
    problem: str = ""


def directives(source: Source) -> tuple[Directive, ...]:
    """The comments of `source` that suppress findings, in order."""
    if "migrate:" not in source.text:
        return ()
    comments = [
        (span, match)
        for span in sorted(language(source.language).comments(source))
        for match in _DIRECTIVE.finditer(source.text, span.start, span.end)
    ]
    if not comments:
        return ()
    ranges = unbroken(source)
    alone = {
        source.position(span.start).line
        for span, match in comments
        if match.start() == span.start and _is_alone(source, span.start)
    }
    return tuple(_directive(source, span, match, ranges, alone) for span, match in comments)


def _directive(
    source: Source,
    comment: Span,
    match: re.Match[str],
    ranges: Sequence[tuple[int, int]],
    alone: Collection[int],
) -> Directive:
    line = source.position(comment.start).line
    lines: tuple[int, int] | None = None
    if match["word"] == "ignore":
        on = line
        while on in alone:
            on += 1
        lines = next((one for one in ranges if one[0] <= on <= one[1]), (on, on))
    ids = tuple(
        (found[0], Span(*found.span()))
        for found in (_ID.finditer(source.text, *match.span("ids")) if match["list"] else ())
    )
    span = Span(*match.span())
    return Directive(
        span,
        line,
        lines,
        ids,
        match["reason"].strip(" \t:-"),
        _whole(source, span, comment),
        Span(*match.span("ids")) if match["list"] else span,
        "" if ids else _WITHOUT_ID.format(word=match["word"]),
    )


def _is_alone(source: Source, start: int) -> bool:
    """Whether nothing but blanks stands before a comment on its line."""
    line = source.line_span(source.position(start).line)
    return not source.text[line.start : start].strip()


def _whole(source: Source, span: Span, comment: Span) -> Span:
    """What goes with a comment: its line where it is alone there, else the blanks before it."""
    text = source.text
    line = source.line_span(source.position(span.start).line)
    if span == comment and _is_alone(source, span.start):
        if line.end > span.end or not line.start:
            return line
        before = source.line_span(source.position(span.start).line - 1)
        return Span(before.start + len(text[before.start : before.end].rstrip("\r\n")), line.end)
    blanks = len(text[line.start : span.start]) - len(text[line.start : span.start].rstrip(" \t"))
    if span.start == comment.start and span.end < comment.end:
        # Something else is said behind: it takes the place.
        after = text[span.end : comment.end]
        return Span(span.start, span.end + len(after) - len(after.lstrip(" \t")))
    return Span(span.start - blanks, span.end)


def unbroken(source: Source) -> list[tuple[int, int]]:
    """First and last line of what no comment can stand in but behind its last line; in order."""
    found: list[tuple[int, int]] = []
    for span in sorted(language(source.language).unbroken(source)):
        first, last = source.position(span.start).line, source.position(span.end).line
        if first == last:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def kept(said: Iterable[Directive]) -> frozenset[tuple[str, int]]:
    """The rules that are to be suppressed with their lines, line 0 for the whole file."""
    return frozenset(
        (rule, line)
        for one in said
        for rule, _ in one.ids
        for line in (range(one.lines[0], one.lines[1] + 1) if one.lines else (0,))
    )


def at(
    places: frozenset[tuple[str, int]], findings: Iterable[Finding], source: Source
) -> list[Finding]:
    """Those `findings` that stand at `places`, which are as `kept` has them."""
    return [
        one
        for one in findings
        if not places.isdisjoint({(one.rule, source.position(one.span.start).line), (one.rule, 0)})
    ]


def lines_of(findings: Iterable[Finding], source: Source) -> frozenset[tuple[str, int]]:
    """The rule and the line of each of `findings`."""
    return frozenset((one.rule, source.position(one.span.start).line) for one in findings)


def beside(
    findings: Sequence[Finding], again: Sequence[Finding], suppressed: Sequence[Finding]
) -> list[Finding]:
    """`findings` of a file, with the fixes that they have in `again`, beside what is suppressed.

    What is no longer found `again` stays with what is suppressed and has no fix, and neither has
    what shares an edit with it. Where another rule, suppressed, finds that place then, it is that.
    """
    gone = {_known_by(one) for one in suppressed}
    held = {edit for one in again if _known_by(one) in gone for edit in _edits(one)}
    left = {key: one for one in again if (key := _known_by(one)) not in gone}
    known = {_known_by(one) for one in findings}
    others = {one.span for one in suppressed if _known_by(one) not in known}
    active = [
        left.pop(key) if key in left else _stays(one)
        for one in findings
        if (key := _known_by(one)) not in gone and (key in left or one.span not in others)
    ]
    active += left.values()
    while touched := [one for one in active if not held.isdisjoint(_edits(one))]:
        held.update(edit for one in touched for edit in _edits(one))
        active = [_stays(one) if one in touched else one for one in active]
    return [*suppressed, *active]


def _known_by(finding: Finding) -> tuple[str, Span, Severity]:
    """What tells a finding in another look: one place may have an error of a rule and an advice."""
    return finding.rule, finding.span, finding.severity


def _edits(finding: Finding) -> tuple[Edit, ...]:
    return finding.fix.edits if finding.fix else ()


def _stays(finding: Finding) -> Finding:
    return finding._replace(evidence=(*finding.evidence, STAYS), fix=None)


def is_within(finding: Finding, said: Iterable[Directive]) -> bool:
    """Whether a finding stands in a comment that suppresses: what that says is for us alone."""
    return any(
        one.span.start <= finding.span.start and finding.span.end <= one.span.end for one in said
    )


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
