"""`migrate audit`: report what is left, with the checklist."""

from __future__ import annotations

import sys

import click

from migrator.cli.options import settings, shared, terminal_width, use_color
from migrator.cli.progress import Bar
from migrator.cli.transactions import tell
from migrator.engine.run import Run
from migrator.engine.transaction import unfinished
from migrator.model import Report, Severity
from migrator.reports.escape import shown


@click.command("audit")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the report is written to standard output.",
)
@shared
def command(
    form: str,
    paths: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    packs: tuple[str, ...],
) -> int:
    """Report what is left of the old API, and why, with the guide's checklist.

    PATH is a file or folder; the current folder if there is none. Nothing is written. Exit code
    0: no error is left; 1: there are errors, or a file that holds legacy words could not be
    analysed; 2: the run could not be made.
    """
    tell(unfinished(paths))
    with Bar() as bar, Run(settings(paths, select, ignore, packs), bar) as run:
        report = run.audit().report()
    for warning in report.warnings:
        click.echo(f"warning: {shown(warning)}", err=True)
    if form == "json":
        from migrator.reports import json

        json.render(report, sys.stdout)
    else:
        from migrator.reports import text

        text.render(report, sys.stdout, color=use_color(sys.stdout), width=terminal_width())
    return exit_code(report)


def exit_code(report: Report) -> int:
    """1 where an error is left or a file with legacy words was not analysed, else 0."""
    errors = any(one.finding.severity is Severity.ERROR for one in report.findings)
    return 1 if errors or report.not_analysed else 0
