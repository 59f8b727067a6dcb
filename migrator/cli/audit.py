"""`migrate audit`: report what is left, with the checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.cli.options import settings, shared
from migrator.cli.outputs import Output, file_option, format_option, outputs, write
from migrator.cli.progress import Bar
from migrator.cli.transactions import tell
from migrator.engine.run import Run
from migrator.engine.transaction import unfinished
from migrator.model import Report, Severity
from migrator.reports.escape import shown

if TYPE_CHECKING:
    from pathlib import Path


@click.command("audit")
@format_option
@file_option
@shared
def command(
    formats: tuple[Output, ...],
    files: tuple[Path, ...],
    paths: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    packs: tuple[str, ...],
) -> int:
    """Report what is left of the old API, and why, with the guide's checklist.

    PATH is a file or folder; the current folder if there is none. Nothing is written but the
    report. Exit code 0: no error is left; 1: there are errors, or a file that holds legacy words
    could not be analysed; 2: the run could not be made.
    """
    wanted = outputs(formats, files)
    tell(unfinished(paths))
    with Bar() as bar, Run(settings(paths, select, ignore, packs), bar) as run:
        report = run.audit().report()
    for warning in report.warnings:
        click.echo(f"warning: {shown(warning)}", err=True)
    write(report, wanted)
    return exit_code(report)


def exit_code(report: Report) -> int:
    """1 where an error is left or a file with legacy words was not analysed, else 0."""
    errors = any(one.finding.severity is Severity.ERROR for one in report.findings)
    return 1 if errors or report.not_analysed else 0
