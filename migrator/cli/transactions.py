"""What the commands that write say of locks, of what an earlier run left, and of files left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from migrator.reports.escape import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def waiting(root: Path) -> None:
    """Say that another process writes below `root`."""
    told = f"waiting for another migrate in {root} to finish"
    click.echo(shown(told), err=True)


def tell(found: Iterable[str]) -> None:
    """Say what an earlier run has left, and what became of it."""
    for line in found:
        click.echo(shown(line), err=True)


def tell_left(left: Mapping[str, str]) -> None:
    """Name the files that were not written."""
    for path, reason in left.items():
        click.echo(shown(f"{path}: {reason}; it was left as it was"), err=True)
