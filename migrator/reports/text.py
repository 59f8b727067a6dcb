"""The report for people: findings by file, the checklist, one line that sums it up."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from migrator.model import State
from migrator.reports.escape import shown, shown_path
from migrator.reports.wording import because, is_clean, label, reasons, summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TextIO

    from migrator.model import ChecklistItem, Located, Report, Suppressed

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


def render(report: Report, sink: TextIO, *, color: bool = False, width: int | None = None) -> None:
    """Write `report` to `sink`; lines are wrapped at `width` columns, at `None` not at all."""
    console = console_of(sink, color=color, width=width)
    for line in _lines(report):
        console.print(line)


def console_of(sink: TextIO, *, color: bool, width: int | None) -> Console:
    """A console that prints what it is given to the letter."""
    return Console(
        file=sink,
        force_terminal=color,
        no_color=not color,
        color_system="standard" if color else None,
        width=width or 10_000,
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=True,
    )


def _lines(report: Report) -> Iterator[Text]:
    for path, group in groupby(report.new, key=lambda one: one.finding.path):
        yield Text(shown_path(path), style="bold")
        for one in group:
            yield from finding_lines(one)
        yield Text()
    if report.newly_refused:
        yield Text("Not analysed", style="bold")
        for refused in report.newly_refused:
            yield Text(f"  {shown_path(refused.path)}: ").append(shown(refused.reason), style="red")
        yield Text()
    if report.suppressed:
        yield Text("Suppressed", style="bold")
        yield from map(_suppressed, report.suppressed)
        yield Text()
    if report.checklist:
        title = report.packs[0].title if len(report.packs) == 1 else "Checklist"
        yield Text(shown(title), style="bold")
        yield from _checklist(report.checklist)
        yield Text()
    head, rest = summary(report)
    yield Text.assemble((head, "bold green" if is_clean(report) else "bold"), rest)


def _suppressed(one: Suppressed) -> Text:
    finding, start = one.located.finding, one.located.start
    line = Text(f"  {shown_path(finding.path)}:{start.line}:{start.column}  ")
    return line.append(shown(finding.rule), style="bold").append(f"  {because(one)}", style="dim")


def finding_lines(one: Located) -> Iterator[Text]:
    """A finding: its place and message, the line with the span marked, the evidence."""
    finding = one.finding
    head = Text(f"  {one.start.line}:{one.start.column}  ")
    head.append(shown(finding.rule), style="bold")
    head.append(f" [{label(finding)}]", style=_STYLES[label(finding)])
    yield head.append(f"  {shown(finding.message)}")
    if one.lines:
        yield from _source(one)
    for reason in reasons(one):
        yield Text(f"{_GUTTER}{reason}", style="dim")


def _source(one: Located) -> Iterator[Text]:
    """The first line of the span, with the span marked beneath."""
    line = one.lines[0]
    start = one.start.column - 1
    end = one.end.column - 1 if len(one.lines) == 1 else len(line.rstrip())
    first = max(0, start - _LINE // 2) if len(line) > _LINE else 0
    last = first + _LINE
    parts = [
        _visible(part) for part in (line[first:start], line[start:end][:_LINE], line[end:last])
    ]
    if shown("".join(parts)) != "".join(parts):
        # A span that begins or ends within what a CI runner obeys hides it from the escaping.
        parts = [part.replace("#", "\\x23") for part in parts]
    before, marked, after = parts
    lead = "…" if first else ""
    tail = "…" if last < len(line) or len(one.lines) > 1 else ""
    text = Text(f"{_GUTTER}| {lead}{before}")
    text.append(marked, style="bold").append(after + tail)
    yield text
    blank = " " * (cell_len(lead) + cell_len(before))
    yield Text(f"{_GUTTER}| {blank}").append("^" * max(1, cell_len(marked)), style="bold magenta")


def _visible(part: str) -> str:
    return shown(part.replace("\t", " " * _TAB))


def _checklist(items: Iterable[ChecklistItem]) -> Iterator[Text]:
    section = None
    for item in items:
        if item.section != section:
            section = item.section
            yield Text(f"  {shown(section)}", style="dim")
        mark, style = _MARKS[item.state]
        line = Text("    ").append(f"[{mark}]", style=style).append(f" {shown(item.title)}")
        yield line.append(f"  ({item.state}: {shown(item.evidence)})", style="dim")
        if item.todo:
            yield Text(f"        next: {shown(item.todo)}")
