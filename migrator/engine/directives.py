"""Comments that suppress findings: `# migrate: ignore[rule-id] reason`, or `ignore-file`.

Behind something on a line such a comment speaks for that line, alone on one for the next. Where no
comment can stand, as in a text of several lines, it stands behind the text or above it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.engine.checked import Directive
from migrator.languages import language
from migrator.model import (
    Finding,
    Span,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from migrator.model import Source


_DIRECTIVE = re.compile(
    r"#[ \t]*migrate:[ \t]*(?P<word>ignore(?:-file)?)(?![\w-])"
    r"(?P<list>[ \t]*\[(?P<ids>[^\]#]*)\])?"
    # Other tools have a say behind another `#`; `#12` is a part of the reason.
    r"(?P<reason>.*?)(?=[ \t]+\#[ \t]|[ \t]*\Z)"
)


_ID = re.compile(r"[^,\s][^,]*(?<!\s)")


_WITHOUT_ID = "it names no rule: write `migrate: {word}[rule-id] reason`"


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


def is_within(finding: Finding, said: Iterable[Directive]) -> bool:
    """Whether a finding stands in a comment that suppresses: what that says is for us alone."""
    return any(
        one.span.start <= finding.span.start and finding.span.end <= one.span.end for one in said
    )
