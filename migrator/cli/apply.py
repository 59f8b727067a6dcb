"""`migrate apply`: make the edits, or show them."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrator.cli.options import Asked, shared, stdin_option, use_color
from migrator.cli.progress import Bar
from migrator.cli.skipped import warn
from migrator.cli.times import Timing, timing_options
from migrator.cli.transactions import tell, tell_left, waiting
from migrator.engine.decisions import FILE, STAYS, Decisions, load
from migrator.engine.plan import DROPPED
from migrator.engine.records import found
from migrator.engine.run import Run
from migrator.engine.transaction import Held, hold, unfinished
from migrator.model import Applicability
from migrator.reports.escape import shown
from migrator.reports.wording import counted

if TYPE_CHECKING:
    from collections.abc import Collection

    from migrator.engine.contents import Given
    from migrator.engine.run import Settings
    from migrator.engine.times import Times
    from migrator.model import Plan, Report


@click.command("apply")
@click.option(
    "--dry-run",
    is_flag=True,
    help="Show the change as a patch; write nothing.  [default: off]",
)
@click.option(
    "--check",
    is_flag=True,
    help="For CI: as --dry-run, and exit with 1 if something would change.  [default: off]",
)
@click.option(
    "--diff",
    "show",
    is_flag=True,
    help="Make the change, and show it as a patch.  [default: off]",
)
@click.option(
    "--unsafe",
    is_flag=True,
    help="Make the edits for review as well: very likely right, but not proven.  [default: off]",
)
@click.option(
    "--exit-non-zero-on-fix",
    is_flag=True,
    help="Exit with 1 if something was changed, as hooks have it.  [default: off]",
)
@click.option(
    "--interactive",
    is_flag=True,
    help="Show each fix and ask whether to make it; the answers are kept, and asked for no more.  "
    "[default: off]",
)
@click.option(
    "--decisions",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Make the fixes alone that got a yes in this file, which --interactive has written.  "
    f"[default: none; with --interactive, the {FILE} here or above, else a new one here]",
)
@stdin_option
@timing_options
@shared
def command(
    asked: Asked,
    dry_run: bool,
    check: bool,
    show: bool,
    unsafe: bool,
    exit_non_zero_on_fix: bool,
    interactive: bool,
    decisions: Path | None,
    statistics: bool,
    profile: bool,
) -> int:
    """Make the edits that are proven, and no others.

    \b
    migrate apply --dry-run .      show the change; `git apply` takes it
    migrate apply .                make it; `migrate undo` takes it back
    migrate apply --unsafe app     below app, make the edits for review too
    migrate apply --interactive .  ask about each

    PATH is a file or folder; the current folder if there is none; with - what becomes of standard
    input goes to standard output. Exit code 0: every such edit is made, or there was none; 1: a
    file could not be analysed or written, and is as it was; 2: the run could not be made.
    """
    settings = asked.settings(unsafe=unsafe, fresh=True)
    timing = Timing(statistics, profile)
    if interactive or decisions:
        known = _decided(settings, decisions, ask=interactive)
        settings = replace(settings, answers=known.by_path())
    if asked.given is not None and not (dry_run or check or show):
        failed, written = _filter(settings, asked.given, timing)
        return 1 if failed or (exit_non_zero_on_fix and written) else 0
    if dry_run or check or asked.given is not None:
        tell(unfinished(asked.paths))
        report, plan, times = _planned(settings)
        _show(plan)
        failed = _named(report, plan, decided=settings.answers is not None)
        _summary("would change", plan)
        timing.tell(times, report.counts)
        return 1 if failed or (check and plan.changes) else 0
    with hold(asked.paths, waiting) as held:
        tell(held.found)
        failed, written = _apply(settings, held, timing, show=show)
    return 1 if failed or (exit_non_zero_on_fix and written) else 0


def _decided(settings: Settings, given: Path | None, *, ask: bool) -> Decisions:
    """What was decided before and, if one is to `ask`, now."""
    if not ask:
        assert given is not None
        return load(given)
    from migrator.cli import interactive

    file = given or found(FILE) or Path(FILE)
    before = load(file) if os.path.lexists(file) else Decisions(file, {})
    decisions = interactive.ask(settings, before)
    if decisions.answers:
        again = " --unsafe" if settings.level is Applicability.REVIEW else ""
        told = f"the answers are in {file}: `migrate apply{again} --decisions {file}` repeats them"
        click.echo(shown(told), err=True)
    return decisions


def _filter(settings: Settings, given: Given, timing: Timing) -> tuple[bool, Collection[str]]:
    """Write what becomes of standard input to standard output; as `_apply`."""
    report, plan, times = _planned(settings)
    failed = _named(report, plan, decided=settings.answers is not None)
    after = next((change.after for change in plan.changes), given.data)
    sys.stdout.flush()
    sys.stdout.buffer.write(after)
    timing.tell(times, report.counts)
    return failed, [change.path for change in plan.changes]


def _apply(
    settings: Settings, held: Held, timing: Timing, *, show: bool
) -> tuple[bool, Collection[str]]:
    """Whether a file was left out, and the files that were written."""
    report, plan, times = _planned(settings)
    if show:
        _show(plan)
    failed = _named(report, plan, decided=settings.answers is not None)
    with times.phase("write"):
        outcome = held.write(plan.changes)
    tell_left(outcome.left)
    _summary("changed", plan, outcome.written)
    timing.tell(times, report.counts)
    return failed or bool(outcome.left), outcome.written


def _planned(settings: Settings) -> tuple[Report, Plan, Times]:
    with Bar() as bar, Run(settings, bar) as run:
        audit = run.audit()
        with run.times.phase("report"):
            report = audit.report()
        plan = run.plan(audit)
    warn(run.notes, report.skipped)
    return report, plan, run.times


def _show(plan: Plan) -> None:
    from migrator.reports import diff

    color = use_color(sys.stdout)
    sys.stdout.flush()
    diff.render(plan, sys.stdout if color else sys.stdout.buffer, color=color)
    folder = diff.folder_of(plan)
    if folder and not color:
        told = f"the patch is to be applied in {Path(folder).resolve()}"
        click.echo(shown(told), err=True)


def _named(report: Report, plan: Plan, *, decided: bool) -> bool:
    """Name on standard error what was left out; whether there was anything.

    Where it was `decided` what to make, that is also what got a yes and cannot be made.
    """
    for refused in report.not_analysed:
        told = f"{refused.path}: not analysed: {refused.reason}"
        click.echo(shown(told), err=True)
    dropped = [one.finding for one in plan.skipped if one.finding.rule == DROPPED]
    for finding in dropped:
        click.echo(shown(f"{finding.path}: {finding.message}"), err=True)
    for one in report.findings if decided else ():
        if STAYS in one.finding.evidence:
            place = f"{one.finding.path}:{one.start.line}:{one.start.column}"
            click.echo(shown(f"{place}: {one.finding.rule}: {STAYS}"), err=True)
    for left in plan.unseen:
        place = f"{left.finding.path}:{left.position.line}:{left.position.column}"
        told = f"{place}: {left.finding.rule}: {left.finding.message}"
        click.echo(shown(f"{told} (see to it now: an audit of the result is silent)"), err=True)
    return bool(report.not_analysed or dropped)


def _summary(verb: str, plan: Plan, written: Collection[str] | None = None) -> None:
    paths = {change.path for change in plan.changes} if written is None else set(written)
    fixes = sum(finding.path in paths for finding in plan.applied)
    click.echo(f"{verb} {counted(len(paths), 'file')} ({counted(fixes, 'fix', 'fixes')})", err=True)
