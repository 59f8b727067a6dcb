"""`migrate audit`: report what is left, with the checklist."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from migrator.cli.options import Asked, shared, stdin_option
from migrator.cli.outputs import Output, file_option, format_option, outputs, write
from migrator.cli.progress import Bar
from migrator.cli.skipped import warn
from migrator.cli.times import Timing, timing_options
from migrator.cli.transactions import tell, tell_left, waiting
from migrator.cli.verdict import OptionalValue, baseline_file, exit_code, judged, verdict_options
from migrator.engine.baseline import FILE
from migrator.engine.run import Run
from migrator.engine.transaction import hold, unfinished
from migrator.errors import MigrateError
from migrator.reports.wording import counted

if TYPE_CHECKING:
    from pathlib import Path

    from migrator.engine.run import Settings


@click.command("audit", cls=OptionalValue)
@format_option
@file_option
@click.option(
    "--add-ignores",
    "reason",
    metavar="REASON",
    help="First write a comment `# migrate: ignore[rule-id] REASON` into the files for every error "
    "that would fail, so for none of the baseline; `migrate undo` takes them back.  [default: off]",
)
@click.option(
    "--baseline",
    metavar="[=FILE]",
    help="Fail on what is not in the baseline alone, and tell how much of it is left.  "
    f"[default: off; without a FILE, the {FILE} here or above]",
)
@verdict_options
@stdin_option
@timing_options
@shared
def command(
    asked: Asked,
    formats: tuple[Output, ...],
    files: tuple[Path, ...],
    reason: str | None,
    baseline: str | None,
    max_findings: int,
    exit_zero: bool,
    statistics: bool,
    profile: bool,
) -> int:
    """Report what is left of the old API, and why, with the guide's checklist.

    \b
    migrate audit .                              what is left here
    migrate audit --format html=report.html .    as a page to open
    migrate audit --since main .                 on the lines that this branch changed
    migrate audit - --stdin-filename app/run.py  of what an editor has not saved yet

    PATH is a file or folder, or - for standard input; the current folder if there is none. Nothing
    is written but the report, and comments if --add-ignores asks for them. Exit code 0: no error is
    left; 1: there are errors, or a file that holds legacy words could not be analysed; 2: the run
    could not be made.
    """
    wanted = outputs(formats, files)
    file = baseline_file(baseline)
    settings = asked.settings()
    if reason is not None and asked.given is not None:
        raise MigrateError("--add-ignores writes into files, and `-` is none: leave one out")
    left = reason is not None and _add_ignores(asked.settings(fresh=True), reason, file)
    tell(unfinished(asked.paths))
    with Bar() as bar, Run(settings, bar) as run:
        audit = run.audit(as_compared=True)
        with run.times.phase("report"):
            report = judged(run, audit, file)
    warn(run.notes, report.skipped)
    with run.times.phase("report"):
        write(report, wanted)
    Timing(statistics, profile).tell(run.times, report.counts)
    return 1 if left else exit_code(report, max_findings, zero=exit_zero)


def _add_ignores(settings: Settings, reason: str, baseline: Path | None) -> bool:
    """Write the comments for what would be reported as new; whether one could not be written."""
    from migrator.engine.add_ignores import check_reason

    reason = check_reason(reason)
    with hold(settings.paths, waiting) as held:
        tell(held.found)
        with Bar() as bar, Run(settings, bar) as run:
            audit = run.audit(as_compared=True)
            judge = partial(judged, run, audit, baseline)
            plan = run.ignores(audit, reason, judge)
        outcome = held.write(plan.changes)
    left = {one.finding.path: one.reason for one in plan.skipped} | outcome.left
    tell_left(left)
    count = sum(one.path in outcome.written for one in plan.applied)
    told = f"suppressed {counted(count, 'finding')} in {counted(len(outcome.written), 'file')}"
    click.echo(told, err=True)
    return bool(left)
