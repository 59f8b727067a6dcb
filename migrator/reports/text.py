"""The report for people: findings by file, the checklist, one line that sums it up."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from migrator.model import State
from migrator.reports.escape import shown, shown_path
from migrator.reports.lines import plain, printer
from migrator.reports.wording import because, is_clean, label, reasons, summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

    from migrator.model import ChecklistItem, Located, Report, Suppressed
    from migrator.reports.lines import Line

_STYLES = {"safe": "green", "review": "yellow", "manual": "red", "advice": "cyan"}
_MARKS = {
    State.DONE: ("x", "green"),
    State.OPEN: (" ", "red"),
    State.MANUAL: ("!", "yellow"),
    State.UNCHECKED: ("?", "dim"),
}
_TAB = 4
# A line longer than this is shown as a window around the span.
_LINE = 160
_GUTTER = "    "
# What is beside a line: the gutter, its bar, and what says that it goes on.
_MARGIN = len(_GUTTER) + len("| ……")
# Of a long span, this part of the window is what stands before it.
_LEAD = 8
_LEAST = 16


def render(report: Report, sink: TextIO, *, color: bool = False, width: int | None = None) -> None:
    """Write `report` to `sink`; lines are wrapped at `width` columns, at `None` not at all."""
    write = printer(sink, color=color, width=width)
    for line in _lines(report, width):
        write(line)


def _lines(report: Report, width: int | None) -> Iterator[Line]:
    for path, group in groupby(report.new, key=lambda one: one.finding.path):
        yield ((shown_path(path), "bold"),)
        for one in group:
            yield from finding_lines(one, width)
        yield ()
    if report.newly_refused:
        yield (("Not analysed", "bold"),)
        for refused in report.newly_refused:
            yield ((f"  {shown_path(refused.path)}: ", ""), (shown(refused.reason), "red"))
        yield ()
    if report.suppressed:
        yield (("Suppressed", "bold"),)
        yield from map(_suppressed, report.suppressed)
        yield ()
    if report.checklist:
        title = report.packs[0].title if len(report.packs) == 1 else "Checklist"
        yield ((shown(title), "bold"),)
        yield from _checklist(report.checklist)
        yield ()
    head, rest = summary(report)
    yield ((head, "bold green" if is_clean(report) else "bold"), (rest, ""))


def _suppressed(one: Suppressed) -> Line:
    finding, start = one.located.finding, one.located.start
    place = f"  {shown_path(finding.path)}:{start.line}:{start.column}  "
    return ((place, ""), (shown(finding.rule), "bold"), (f"  {because(one)}", "dim"))


def finding_lines(one: Located, width: int | None = None) -> Iterator[Line]:
    """A finding: its place and message, the line with the span marked, the evidence.

    The line is cut to what has room at `width` columns, so that the marks stand below the span.
    """
    yield finding_head(one)
    if one.lines:
        yield from _source(one, _LINE if width is None else width - _MARGIN)
    for reason in reasons(one):
        yield ((f"{_GUTTER}{reason}", "dim"),)


def finding_head(one: Located) -> Line:
    """The place of a finding and its message."""
    finding = one.finding
    return (
        (f"  {one.start.line}:{one.start.column}  ", ""),
        (shown(finding.rule), "bold"),
        (f" [{label(finding)}]", _STYLES[label(finding)]),
        (f"  {shown(finding.message)}", ""),
    )


def _source(one: Located, room: int) -> Iterator[Line]:
    """The first line of the span, as much as has `room`, with the span marked beneath."""
    from rich.cells import cell_len

    line = one.lines[0]
    start = one.start.column - 1
    end = one.end.column - 1 if len(one.lines) == 1 else len(line.rstrip())
    if (cells := cell_len(_visible(line))) > len(line):
        room = room * len(line) // cells
    room = max(room, _LEAST)
    ahead = min(room // 2, max(room - (end - start), room // _LEAD))
    first = max(0, start - ahead) if len(line) > room else 0
    last = first + room
    parts = [
        _visible(part) for part in (line[first:start], line[start : min(end, last)], line[end:last])
    ]
    if shown("".join(parts)) != "".join(parts):
        # A span that begins or ends within what a CI runner obeys hides it from the escaping.
        parts = [part.replace("#", "\\x23") for part in parts]
    before, marked, after = parts
    lead = "…" if first else ""
    tail = "…" if last < len(line) or len(one.lines) > 1 else ""
    yield ((f"{_GUTTER}| {lead}{before}", ""), (marked, "bold"), (after + tail, ""))
    blank = " " * (cell_len(lead) + cell_len(before))
    yield ((f"{_GUTTER}| {blank}", ""), ("^" * max(1, cell_len(marked)), "bold magenta"))


def _visible(part: str) -> str:
    return shown(part.replace("\t", " " * _TAB))


def _checklist(items: Iterable[ChecklistItem]) -> Iterator[Line]:
    section = None
    for item in items:
        if item.section != section:
            section = item.section
            yield ((f"  {shown(section)}", "dim"),)
        mark, style = _MARKS[item.state]
        yield (
            ("    ", ""),
            (f"[{mark}]", style),
            (f" {shown(item.title)}", ""),
            (f"  ({item.state}: {shown(item.evidence)})", "dim"),
        )
        if item.todo:
            yield plain(f"        next: {shown(item.todo)}")
