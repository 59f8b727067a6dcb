"""Markdown for a comment on a pull request or the summary of a job.

What comes from other people's files stands in fences and code spans alone, where nothing is markup,
a mention or a reference; a file's name in HTML is escaped for HTML.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from migrator.model import State
from migrator.reports.escape import shown, shown_path
from migrator.reports.wording import because, counted, label, reasons, summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from migrator.model import Located, Report, Suppressed

    #: A heading in HTML, and blocks of lines that belong together: a finding each.
    Section = tuple[str, list[list[str]]]

#: What a comment on GitHub may hold.
COMMENT = 65_536
# What the line about what is left out takes.
_REST = 100
_LABELS = ("safe", "review", "manual", "advice")
_LINE = 160
_MARKUP = re.compile(r"[\\`*_\[\]<>&|~#@]")


def render(report: Report, sink: TextIO, *, limit: int = COMMENT) -> None:
    """Write `report` to `sink` in `limit` bytes of UTF-8, or what counts and checklist take.

    What does not fit is left out: first the evidence and the source of all findings, then the last
    findings, and their number is told.
    """
    head = _head(report)
    room = limit - _REST - len(head.encode())
    for sections in (_sections(report, whole=True), _sections(report, whole=False)):
        details, left_out = _details(sections, room)
        if not left_out:
            break
    sink.write(head + details)
    if left_out:
        sink.write(f"\nLeft out, to keep this short: {counted(left_out, 'more finding')}.\n")


def _head(report: Report) -> str:
    first, rest = summary(report)
    lines = ["### migrate audit", "", f"**{first}**{rest}", *_counts(report)]
    section = None
    for item in report.checklist:
        if item.section != section:
            section = item.section
            lines += ["", f"**{_plain(section)}**", ""]
        mark = "x" if item.state is State.DONE else " "
        lines.append(f"- [{mark}] {_plain(item.title)} {_code(f'{item.state}: {item.evidence}')}")
        if item.todo:
            lines.append(f"  next: {_plain(item.todo)}")
    return "\n".join((*lines, ""))


def _counts(report: Report) -> Iterator[str]:
    """A table of rules by what can be done about their findings; nothing without findings."""
    by_rule: dict[str, Counter[str]] = {}
    for one in report.new:
        by_rule.setdefault(one.finding.rule, Counter())[label(one.finding)] += 1
    if by_rule:
        yield from ("", f"| rule | {' | '.join(_LABELS)} |", f"| --- |{' ---: |' * len(_LABELS)}")
    for rule, counts in sorted(by_rule.items()):
        cells = (_code(rule).replace("|", "\\|"), *(str(counts[name] or "") for name in _LABELS))
        yield f"| {' | '.join(cells)} |"


def _sections(report: Report, *, whole: bool) -> Iterator[Section]:
    if report.newly_refused:
        refused = [[f"{shown_path(one.path)}: {shown(one.reason)}"] for one in report.newly_refused]
        yield f"Not analysed: {len(refused)}", refused
    for path, group in groupby(report.new, key=lambda one: one.finding.path):
        found = [_finding(one, whole=whole) for one in group]
        yield f"<code>{escape(shown(path))}</code>: {len(found)}", found
    if report.suppressed:
        blocks = [[_suppressed(one)] for one in report.suppressed]
        yield f"Suppressed: {len(blocks)}", blocks


def _suppressed(one: Suppressed) -> str:
    finding, start = one.located.finding, one.located.start
    return f"{shown_path(finding.path)}:{start.line} {shown(finding.rule)}: {because(one)}"


def _finding(one: Located, *, whole: bool) -> list[str]:
    finding = one.finding
    place = f"{one.start.line}:{one.start.column}"
    lines = [f"{place} {shown(finding.rule)} [{label(finding)}] {shown(finding.message)}"]
    if whole:
        source = one.lines[0].strip()
        lines.append(f"    | {shown(source[:_LINE])}{'…' if len(source) > _LINE else ''}")
        lines += (f"    {reason}" for reason in reasons(one))
    return lines


def _details(sections: Iterator[Section], room: int) -> tuple[str, int]:
    """The sections, each folded away, as far as they fit, and how many blocks do not."""
    written, left_out = "", 0
    for heading, blocks in sections:
        taken = 0 if left_out else _fitting(heading, blocks, room)
        left_out += len(blocks) - taken
        if taken:
            text = _folded(heading, blocks[:taken])
            room -= len(text.encode())
            written += text
    return written, left_out


def _fitting(heading: str, blocks: Sequence[list[str]], room: int) -> int:
    """How many of `blocks` fit."""
    if len(_folded(heading, blocks).encode()) <= room:
        return len(blocks)
    few, many = 0, len(blocks)
    while few + 1 < many:
        middle = (few + many) // 2
        if len(_folded(heading, blocks[:middle]).encode()) <= room:
            few = middle
        else:
            many = middle
    return few


def _folded(heading: str, blocks: Sequence[list[str]]) -> str:
    text = "\n".join(line for block in blocks for line in block)
    fence = "`" * max(3, _longest_run(text) + 1)
    return (
        f"\n<details>\n<summary>{heading}</summary>\n\n{fence}text\n{text}\n{fence}\n\n</details>\n"
    )


def _code(text: str) -> str:
    """`text` as a code span."""
    text = shown(text)
    fence = "`" * (_longest_run(text) + 1)
    return f"{fence} {text} {fence}" if "`" in text else f"{fence}{text}{fence}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)


def _plain(text: str) -> str:
    """`text` of a pack without meaning as markup."""
    return _MARKUP.sub(r"\\\g<0>", shown(text))
