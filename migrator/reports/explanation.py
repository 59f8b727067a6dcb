"""All that is known about one place: findings with their evidence and edits, or why none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.reports.escape import shown, shown_path
from migrator.reports.lines import plain, printer
from migrator.reports.text import finding_lines
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
    write = printer(sink, color=color, width=width)
    for one in found:
        write(((shown_path(one.finding.path), "bold"),))
        for line in finding_lines(one, width):
            write(line)
        for edit in one.edits:
            what = (
                f"bytes {edit.start} to {edit.end}"
                if edit.end > edit.start
                else f"at byte {edit.start}"
            )
            write(plain(f"    edit {what}: {shown(repr(edit.text))}"))
        if not one.edits:
            write(plain("    no edit can be derived: a person has to decide"))
    for kept in suppressed:
        write(((shown_path(kept.located.finding.path), "bold"),))
        for line in finding_lines(kept.located, width):
            write(line)
        write(plain(f"    suppressed by the comment at line {kept.line}: {because(kept)}"))
    if why_not:
        write(plain(f"No finding here: {shown(why_not)}."))
    for sentence in names:
        write(plain(f"  {shown(sentence)}"))
