"""`--statistics` and `--profile`: what a run says on standard error of where its time went."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import click

from migrator.reports.escape import shown
from migrator.reports.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from migrator.engine.times import Times
    from migrator.model import Counts

_SLOWEST = 10


class Timing(NamedTuple):
    """Which of it is asked for."""

    statistics: bool
    profile: bool

    def tell(self, times: Times, counts: Counts) -> None:
        """Say what is asked for of a run that is over."""
        if self.statistics or self.profile:
            walked, parsed = counted(counts.seen, "file"), counted(counts.parsed, "file")
            looks = counted(times.looks, "look")
            known = f", {times.kept} known from an earlier run" if times.kept else ""
            click.echo(f"{walked} walked, {parsed} analysed in {looks}{known}", err=True)
        if self.statistics:
            _table("seconds by phase", times.phases)
        if self.profile and times.files:
            _table("processor seconds by rule", times.rules)
            _table("processor seconds by file", times.files)


def timing_options(command: Callable[..., int]) -> Callable[..., int]:
    """`--statistics` and `--profile`."""
    for decorate in (
        click.option(
            "--profile",
            is_flag=True,
            help="Say at the end which rules and which files took the time.  [default: off]",
        ),
        click.option(
            "--statistics",
            is_flag=True,
            help="Say at the end how many files were parsed, and where the time went.  "
            "[default: off]",
        ),
    ):
        command = decorate(command)
    return command


def _table(title: str, seconds: Mapping[str, float]) -> None:
    """The largest first."""
    click.echo(f"{title}:", err=True)
    for name in sorted(seconds, key=lambda name: -seconds[name])[:_SLOWEST]:
        click.echo(f"{seconds[name]:9.3f}  {shown(name)}", err=True)
