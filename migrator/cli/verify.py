"""`migrate verify`: run the project's own validation, and keep the outcome for the checklist."""

from __future__ import annotations

from pathlib import Path

import click

from migrator.engine.state import folder_for
from migrator.engine.validation import Outcome, commands, digest, keep, now, validated_folder
from migrator.errors import MigrateError
from migrator.reports.escape import shown


@click.command("verify")
def command() -> int:
    """Run the project's own validation command, and keep the outcome for the checklist.

    \b
    migrate verify && migrate audit .    the checklist says that it passed

    The command stands under `[tool.migrator.verify]` as `command`: a text for the shell, or a
    list of words. Without it: `mix test --only streaming` where there is a `mix.exs`, `pytest -m
    streaming` where there is a Python project, both where there are both. It is shown before it
    runs, in the folder of the project. The outcome holds until the sources change.

    Exit code 0: passed; 1: failed; 2: it could not run.
    """
    here = Path()
    root, found = validated_folder(here), commands(here)
    folder_for(root)  # that nothing can be kept is said before the command runs, not after
    before = digest(root)
    failed, could_not = [], []
    for one in found:
        click.echo(f"{shown(str(root))}: running `{shown(str(one))}`", err=True)
        try:
            if not one.run():
                failed.append(str(one))
        except MigrateError as error:
            could_not.append(error)
            click.echo(f"error: {shown(str(error))}", err=True)
    if not could_not or failed:
        _keep(root, Outcome(not failed, tuple(map(str, found)), before, now()))
    if failed:
        click.echo(f"failed: `{shown('`, `'.join(failed))}`", err=True)
        return 1
    return 2 if could_not else 0


def _keep(root: Path, outcome: Outcome) -> None:
    if digest(root) != outcome.digest:
        told = "the sources changed while the validation ran: its outcome is not kept"
        click.echo(f"warning: {told}", err=True)
        return
    keep(root, outcome)
    if outcome.passed:
        click.echo("passed; kept for the checklist until the sources change", err=True)
