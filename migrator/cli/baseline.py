"""`migrate baseline`: write down what there is, so that only what is new fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrator.cli.options import Asked, shared
from migrator.cli.progress import Bar
from migrator.cli.verdict import beside
from migrator.engine.baseline import FILE, Baseline, Entry, found, load, notes, save
from migrator.engine.run import Run
from migrator.errors import MigrateError
from migrator.reports.escape import shown
from migrator.reports.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from migrator.engine.comparison import Comparison

_SHOWN = 10


def _file_option(otherwise: str = "") -> Callable[[Callable[..., int]], Callable[..., int]]:
    """The option for the baseline, with what counts where there is none."""
    return click.option(
        "--file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=f"The baseline.  [default: the {FILE} here or above{otherwise}]",
    )


@click.group("baseline")
def command() -> None:
    """Write down what there is, so that only what is new fails; the list only gets shorter.

    \b
    migrate baseline write .   begin, or follow what was renamed and take out what is gone
    migrate audit --baseline . fail on what is new alone
    migrate baseline check .   for CI: fail as well if the list holds what is gone
    migrate baseline prune .   take what is gone out

    The file has a line of JSON for each finding, without line numbers: `[path, rule, scope, text]`,
    and perhaps an object with `owner`, `reason` and `until`, after which day it counts no more.
    """


@command.command("write", short_help="Write what there is into the baseline.")
@_file_option(", else a new one here")
@click.option(
    "--grow",
    is_flag=True,
    help="Take in what is new, too, where there is a baseline already.  [default: off]",
)
@click.option("--owner", metavar="NAME", help="Who sees to what is taken in.  [default: nobody]")
@click.option("--reason", metavar="TEXT", help="Why it is taken in.  [default: none]")
@click.option(
    "--until",
    metavar="DATE",
    help="The last day, such as 2030-01-31, on which what is taken in counts.  [default: none]",
)
@shared
def write(
    asked: Asked,
    file: Path | None,
    grow: bool,
    owner: str | None,
    reason: str | None,
    until: str | None,
) -> int:
    """Write every finding below PATH, and every file not analysed, into the baseline.

    One that is there only gets shorter, unless --grow is given; nothing is said of what lies
    elsewhere than below PATH. Exit code 0: written; 1: there is something new, and nothing is
    written; 2: the run could not be made.
    """
    more = notes(owner, reason, until)
    is_new = _existing(file) is None
    seen = _compared(asked, file)
    if seen.fresh and not (grow or is_new):
        _tell("new", [" ".join(key) for key in seen.fresh])
        click.echo("nothing is written; see to what is new, or give --grow", err=True)
        return 1
    _save(seen, [Entry(key, more) for key in (*seen.fresh, *seen.advice)] if grow or is_new else [])
    return 0


@command.command("check", short_help="Fail on what is new, gone, or past its time.")
@_file_option()
@shared
def check(asked: Asked, file: Path | None) -> int:
    """Fail if there is something new, something gone, or something whose time is over.

    Exit code 0: the baseline is what there is below PATH; 1: it is not; 2: the run could not be
    made.
    """
    seen = _compared(asked, file, must_be=True)
    expired = {entry.key for entry in seen.expired}
    _tell("new", [" ".join(key) for key in seen.fresh if key not in expired])
    _tell("expired", [f"{entry.until} {' '.join(entry.key)}" for entry in seen.expired])
    _tell("gone", [" ".join(entry.key) for entry in seen.gone])
    _tell("renamed", [f"{old} is now {new}" for old, new in sorted(seen.renamed.items())])
    if seen.gone or seen.renamed:
        click.echo("`migrate baseline prune` takes out what is gone", err=True)
    _count(seen)
    return int(bool(seen.fresh or seen.gone or seen.renamed))


@command.command("prune", short_help="Take out of the baseline what is gone.")
@_file_option()
@shared
def prune(asked: Asked, file: Path | None) -> int:
    """Take out of the baseline what is gone below PATH, and follow what was renamed.

    Nothing is ever taken in. Exit code 0: done; 2: the run could not be made.
    """
    seen = _compared(asked, file, must_be=True)
    _save(seen, [])
    return 0


def _existing(file: Path | None) -> Path | None:
    """The baseline that is there."""
    if file is not None:
        return file if file.exists() or file.is_symlink() else None
    return found()


def _compared(asked: Asked, given: Path | None, *, must_be: bool = False) -> Comparison:
    """What is below PATH beside the baseline, which may be empty."""
    file = _existing(given)
    if file is None and must_be:
        named = given or FILE
        raise MigrateError(f"{named}: there is no such baseline; `migrate baseline write` makes it")
    baseline = load(file) if file else Baseline(given or Path(FILE))
    with Bar() as bar, Run(asked.settings(), bar) as run:
        return beside(run, run.audit().report(), baseline)


def _save(seen: Comparison, fresh: Sequence[Entry]) -> None:
    taken = {entry.key for entry in fresh}
    expired = [entry for entry in seen.expired if entry.key not in taken]
    entries = sorted([*seen.left, *seen.untold, *expired, *fresh])
    baseline = replace(seen.baseline, entries=tuple(entries))
    save(baseline)
    before, after = len(seen.baseline.entries), len(entries)
    said = f"{counted(after, 'entry', 'entries')} (before: {before})"
    click.echo(f"{shown(str(baseline.file))}: {said}", err=True)


def _tell(what: str, lines: Sequence[str]) -> None:
    for line in lines[:_SHOWN]:
        click.echo(f"{what}: {shown(line)}", err=True)
    if len(lines) > _SHOWN:
        click.echo(f"{what}: {len(lines) - _SHOWN} more", err=True)


def _count(seen: Comparison) -> None:
    said = f"{len(seen.left)} left, {len(seen.fresh)} new, {len(seen.gone)} gone"
    click.echo(f"{shown(str(seen.baseline.file))}: {said}", err=True)
