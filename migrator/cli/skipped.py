"""What a run says on standard error of the files it did not take."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import click

from migrator.reports.escape import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from migrator.model import Passed

_EXAMPLES = 3


def warn(notes: Iterable[str], skipped: Sequence[Passed]) -> None:
    """One line for each note, and for each reason with the paths that were skipped for it."""
    for note in notes:
        click.echo(f"warning: {shown(note)}", err=True)
    for reason, group in groupby(sorted(skipped, key=_reason), _reason):
        paths = [one.path for one in group]
        first = ", ".join(paths[:_EXAMPLES])
        more = len(paths) - _EXAMPLES
        if more > 0:
            first = f"{first} and {more} more"
        click.echo(f"warning: {shown(first)}: {shown(reason)}", err=True)


def _reason(one: Passed) -> str:
    return one.reason
