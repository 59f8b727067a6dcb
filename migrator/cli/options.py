"""The options that several commands share, and the run they ask for."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from migrator.config import configuration
from migrator.engine.catalog import folders
from migrator.engine.contents import MEBIBYTE
from migrator.engine.ignores import is_pattern
from migrator.engine.run import Settings
from migrator.engine.workers import Limits
from migrator.errors import MigrateError
from migrator.model import Applicability

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Command = TypeVar("Command", bound=Callable[..., Any])


pack_option = click.option(
    "--pack",
    "packs",
    multiple=True,
    metavar="PACK",
    help="Take the pack with this id or in this folder; may be given again.  [default: the packs "
    "that come with migrate, and those that the configuration names]",
)


def shared(command: Command) -> Command:
    """PATH, `--select`, `--ignore` and `--pack`."""
    for decorate in (
        click.argument("paths", nargs=-1, metavar="[PATH]..."),
        pack_option,
        click.option(
            "--ignore",
            multiple=True,
            metavar="RULE",
            help="Leave these rules out; may be given again or hold commas.  [default: none]",
        ),
        click.option(
            "--select",
            multiple=True,
            metavar="RULE",
            help="Run these rules alone; may be given again or hold commas.  [default: all]",
        ),
    ):
        command = decorate(command)
    return command


def settings(
    paths: Iterable[str],
    select: Iterable[str],
    ignore: Iterable[str],
    packs: Iterable[str],
    *,
    unsafe: bool = False,
) -> Settings:
    """The settings of a run; raises `MigrateError` for a configuration that is wrong."""
    given = tuple(paths)
    config = configuration(Path(given[0]) if given else Path())
    file, prefix = config.origin
    for pattern in config.extend_exclude:
        if not is_pattern(pattern):
            where = f"{file}: `{prefix}extend-exclude`"
            raise MigrateError(f"{where}: `{pattern}` is no pattern that .gitignore may hold")
    chosen = {"select": _names(select), "ignore": _names(ignore)}
    return Settings(
        paths=given,
        packs=folders(packs, config.pack_folders),
        level=Applicability.REVIEW if unsafe else Applicability.SAFE,
        select=chosen["select"] or frozenset(config.select),
        ignore=chosen["ignore"] or frozenset(config.ignore),
        exclude=tuple(config.extend_exclude),
        options=config.packs,
        origin=config.origin,
        named_at={key: f"{file}: `{prefix}{key}`: " for key in chosen if not chosen[key]},
        limits=_limits(config.limits),
    )


def _limits(given: Mapping[str, float]) -> Limits:
    usual = Limits()
    return Limits(
        given.get("max-seconds", usual.time),
        int(given.get("max-memory-mib", usual.memory / MEBIBYTE) * MEBIBYTE),
        int(given.get("max-file-mib", usual.size / MEBIBYTE) * MEBIBYTE),
    )


def _names(given: Iterable[str]) -> frozenset[str]:
    return frozenset(name.strip() for one in given for name in one.split(",") if name.strip())


def use_color(stream: Any) -> bool:
    """Whether `stream` gets colours: a terminal does, unless the environment says otherwise."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return bool(stream.isatty()) and os.environ.get("TERM") != "dumb"


def terminal_width() -> int | None:
    """The columns of standard output; `None` where it is no terminal, for no wrapping."""
    return os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else None
