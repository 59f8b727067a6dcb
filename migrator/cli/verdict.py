"""What a report makes of the exit code: a baseline, a number that is borne, none of it at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from migrator.engine.baseline import FILE, Baseline, found, load
from migrator.engine.comparison import Comparison, Scope, compare, today
from migrator.errors import MigrateError
from migrator.model import Report, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.engine.audit import Audit
    from migrator.engine.run import Run

    Command = TypeVar("Command", bound=Callable[..., Any])

_FLAG = "--baseline"


class OptionalValue(click.Command):
    """A command whose `--baseline` takes a value behind `=` alone: what follows may be a PATH."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """See `click.Command.parse_args`."""
        end = args.index("--") if "--" in args else len(args)
        given = [f"{_FLAG}=" if one == _FLAG else one for one in args[:end]]
        return super().parse_args(ctx, [*given, *args[end:]])


def verdict_options(command: Command) -> Command:
    """`--max-findings` and `--exit-zero`."""
    for decorate in (
        click.option(
            "--exit-zero",
            is_flag=True,
            help="Exit with 0 whatever is left; with 2 still if the run cannot be made.  "
            "[default: off]",
        ),
        click.option(
            "--max-findings",
            type=click.IntRange(min=0),
            default=0,
            show_default=True,
            metavar="N",
            help="Exit with 0 while no more than N errors and files not analysed are left; those "
            "of a baseline do not count.",
        ),
    ):
        command = decorate(command)
    return command


def baseline_file(given: str | None) -> Path | None:
    """The file that `--baseline[=FILE]` names; raises `MigrateError` where there is none."""
    if given is None:
        return None
    file = Path(given) if given else found()
    if file is None:
        raise MigrateError(
            f"there is no {FILE} here or above; `migrate baseline write` makes it, and "
            "`--baseline=FILE` names another"
        )
    return file


def beside(run: Run, report: Report, baseline: Baseline) -> Comparison:
    """`report`, which `run` has made, beside a baseline."""
    paths = run.settings.paths or (".",)
    if run.settings.since is not None:
        paths = tuple(run.walk.files)
    scope = Scope(tuple(Path(os.path.normpath(Path(one).absolute())) for one in paths), run.ran)
    return compare(report, baseline, scope, today())


def judged(run: Run, audit: Audit, file: Path | None, report: Report | None = None) -> Report:
    """What `run` reports, with what is known from the baseline in `file`, if one is given.

    `report` is that of another audit of the same files, of which the same lines count.
    """
    found = audit.report() if report is None else report
    # Which of equal findings are new is only seen where all of a file's are.
    return audit.in_part(beside(run, found, load(file)).report if file else found)


def exit_code(report: Report, most: int = 0, *, zero: bool = False) -> int:
    """1 where more than `most` errors and files not analysed are new, else 0; 0 for `zero`."""
    errors = sum(one.finding.severity is Severity.ERROR for one in report.new)
    return int(not zero and errors + len(report.newly_refused) > most)
