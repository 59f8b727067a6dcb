"""All that is known about one place: findings with their evidence and edits, or why none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.reports.escape import shown, shown_path
from migrator.reports.text import console_of, finding_lines
from migrator.reports.wording import because

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from migrator.model import Located, Suppressed


def render(
    found: Sequence[Located],
    suppressed: Sequence[Suppressed],
    why_not: str | None,
    names: Sequence[str],
    sink: TextIO,
    *,
    color: bool,
    width: int | None,
) -> None:
    """Write every finding whole, or the reason why there is none and what `names` stand for."""
    console = console_of(sink, color=color, width=width)
    for one in found:
        console.print(shown_path(one.finding.path), style="bold")
        for line in finding_lines(one):
            console.print(line)
        for edit in one.edits:
            what = (
                f"bytes {edit.start} to {edit.end}"
                if edit.end > edit.start
                else f"at byte {edit.start}"
            )
            console.print(f"    edit {what}: {shown(repr(edit.text))}")
        if not one.edits:
            console.print("    no edit can be derived: a person has to decide")
    for kept in suppressed:
        console.print(shown_path(kept.located.finding.path), style="bold")
        for line in finding_lines(kept.located):
            console.print(line)
        console.print(f"    suppressed by the comment at line {kept.line}: {because(kept)}")
    if why_not:
        console.print(f"No finding here: {shown(why_not)}.")
    for sentence in names:
        console.print(f"  {shown(sentence)}")
