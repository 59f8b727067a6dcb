"""`migrate gate`: the audit of a pipeline, with the defaults of where it runs."""

from __future__ import annotations

import os
from pathlib import Path

import click

from migrator.cli.options import Asked, shared
from migrator.cli.outputs import Output, file_option, format_option, outputs, write
from migrator.cli.progress import Bar
from migrator.cli.skipped import warn
from migrator.cli.transactions import tell
from migrator.cli.verdict import OptionalValue, baseline_file, exit_code, judged, verdict_options
from migrator.engine.baseline import FILE, found
from migrator.engine.run import Run
from migrator.engine.transaction import unfinished
from migrator.errors import MigrateError

#: What GitLab is told to collect; the template in `templates/` names it as well.
CODE_QUALITY = Path("gl-code-quality-report.json")


@click.command("gate", cls=OptionalValue)
@format_option
@file_option
@click.option(
    "--baseline",
    metavar="[=FILE]",
    help="Fail on what is not in the baseline alone.  "
    f"[default: the {FILE} here or above, if there is one]",
)
@click.option("--no-baseline", is_flag=True, help="Take no baseline.  [default: off]")
@verdict_options
@shared
def command(
    asked: Asked,
    formats: tuple[Output, ...],
    files: tuple[Path, ...],
    baseline: str | None,
    no_baseline: bool,
    max_findings: int,
    exit_zero: bool,
) -> int:
    """Audit in a pipeline: fail on what is new, and report in the form of where it runs.

    \b
    migrate gate .                              fail on what is not in the baseline
    migrate gate --max-findings 3 .             bear three new ones
    migrate gate --format junit=report.xml .    write a report for the pipeline to show

    PATH is a file or folder; the current folder if there is none. Without --format the report is,
    in GitHub Actions, annotations and a summary of the step; in GitLab, text and the file
    gl-code-quality-report.json; elsewhere text. Exit code 0: no error is new; 1: there are new
    ones, or a file that holds legacy words and is not in the baseline could not be analysed; 2:
    the run could not be made.
    """
    if no_baseline and baseline is not None:
        raise MigrateError("--baseline and --no-baseline: leave one of them out")
    wanted = outputs(formats or _usual(), files)
    file = None if no_baseline else found() if baseline is None else baseline_file(baseline)
    tell(unfinished(asked.paths))
    with Bar() as bar, Run(asked.settings(), bar) as run:
        report = judged(run, run.audit(as_compared=True), file)
    warn(run.notes, report.skipped)
    write(report, wanted)
    return exit_code(report, max_findings, zero=exit_zero)


def _usual() -> tuple[Output, ...]:
    """The formats for where this runs."""
    if os.environ.get("GITHUB_ACTIONS") == "true":
        return (Output("github"),)
    if os.environ.get("GITLAB_CI") == "true":
        return (Output("text"), Output("gitlab", CODE_QUALITY))
    return (Output("text"),)
