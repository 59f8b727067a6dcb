"""Workflow commands that GitHub shows as annotations, and a line that sums the report up.

GitHub shows ten of a level for a step and drops the rest, so the ten are chosen here: one of each
rule comes before a second of any, and what a person has to decide before what `migrate apply` does.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.model import Applicability, Severity
from migrator.reports.escape import shown
from migrator.reports.wording import NOT_ANALYSED, counted, label, reasons, summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from migrator.model import Located, Report

_MOST = 10
_NEWLINES = re.compile("([\r\n])")


@dataclass(frozen=True)
class _Annotation:
    """`rank` is lower for what is more useful to see; `place` holds properties of the command."""

    rule: str
    rank: Applicability
    place: tuple[tuple[str, object], ...]
    message: str

    def line(self, level: str) -> str:
        """The workflow command, a line of its own whatever the parts hold."""
        properties = (*self.place, ("title", f"migrate: {self.rule}"))
        written = ",".join(f"{name}={_property(str(value))}" for name, value in properties)
        return f"::{level} {written}::{_data(self.message)}\n"


def render(report: Report, sink: TextIO) -> None:
    """Write `report` to `sink`."""
    errors = [*_of(report, Severity.ERROR), *_not_analysed(report)]
    left_out = 0
    for level, found in (("error", errors), ("notice", [*_of(report, Severity.ADVICE)])):
        chosen = _most_useful(found)
        sink.writelines(one.line(level) for one in chosen)
        left_out += len(found) - len(chosen)
    sink.write("".join(summary(report)))
    if left_out:
        told = f"{counted(left_out, 'finding')} {'has' if left_out == 1 else 'have'}"
        sink.write(f" {told} no annotation: GitHub shows {_MOST} of a level.")
    sink.write("\n")


def _of(report: Report, severity: Severity) -> Iterator[_Annotation]:
    for one in report.new:
        if one.finding.severity is severity:
            yield _annotation(one)


def _annotation(one: Located) -> _Annotation:
    finding = one.finding
    place: list[tuple[str, object]] = [
        ("file", finding.path),
        ("line", one.start.line),
        ("endLine", one.end.line),
    ]
    if one.start.line == one.end.line:
        # GitHub takes columns within one line alone.
        place += [("col", one.start.column), ("endColumn", one.end.column)]
    message = "\n".join((f"[{label(finding)}] {finding.message}", *reasons(one)))
    return _Annotation(finding.rule, finding.applicability, tuple(place), message)


def _not_analysed(report: Report) -> Iterator[_Annotation]:
    for refused in report.newly_refused:
        message = f"not analysed: {refused.reason}"
        yield _Annotation(
            NOT_ANALYSED, Applicability.MANUAL, (("file", refused.path), ("line", 1)), message
        )


def _most_useful(found: Sequence[_Annotation]) -> list[_Annotation]:
    """The ten that are worth most, in the order of the report."""
    nth: Counter[str] = Counter()
    ranks = []
    for number in sorted(range(len(found)), key=lambda number: (found[number].rank, number)):
        rule = found[number].rule
        ranks.append((nth[rule], found[number].rank, number))
        nth[rule] += 1
    return [found[number] for number in sorted(number for *_, number in sorted(ranks)[:_MOST])]


def _data(text: str) -> str:
    """`text` as the runner takes it back apart; nothing in it ends the command's line."""
    parts = (part if part in "\r\n" else shown(part) for part in _NEWLINES.split(text))
    return "".join(parts).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
