"""`migrate undo`: take the last apply back."""

from __future__ import annotations

import click

from migrator.cli.transactions import tell, tell_left, waiting
from migrator.engine.transaction import history, hold
from migrator.reports.escape import shown
from migrator.reports.wording import counted


@click.command("undo")
@click.option(
    "--list",
    "listed",
    is_flag=True,
    help="List what can be taken back; do nothing.  [default: off]",
)
@click.argument("path", metavar="[PATH]", default=".", type=click.Path(exists=True, readable=False))
def command(listed: bool, path: str) -> int:
    """Take the last apply back, byte for byte, modes and attributes too.

    \b
    migrate undo --list    what there is to take back
    migrate undo           take the last one back

    It is the last apply to the project around PATH; the current folder if there is none. Given
    again, it takes the one before back. A file that was edited since is left as it is, and named.
    Exit code 0: all is as it was, or there was nothing to take back; 1: a file was left; 2: the
    journal is damaged, or the run could not be made.
    """
    if listed:
        _list(path)
        return 0
    with hold([path], waiting) as held:
        tell(held.found)
        outcome = held.undo()
    tell_left(outcome.left)
    count = len(outcome.written)
    if count or outcome.left:
        click.echo(f"restored {counted(count, 'file')}", err=True)
    elif not held.found:
        click.echo("nothing to take back", err=True)
    return 1 if outcome.left else 0


def _list(path: str) -> None:
    kept = history(path)
    if not kept:
        click.echo("nothing to take back", err=True)
    for one in kept:
        if one.time:
            files = counted(len(one.paths), "file")
            click.echo(f"{one.time}  {one.state}  {files}  {shown(str(one.file))}")
            for file in one.paths:
                click.echo(f"    {shown(file)}")
        else:
            click.echo(f"{shown(one.state)}  {shown(str(one.file))}")
