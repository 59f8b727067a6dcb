"""The options that several commands share, and the run they ask for."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, fields, replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migrator.cli import complete
from migrator.config import Closest, Configuration, configuration_at
from migrator.engine.cache import Cache
from migrator.engine.catalog import folders
from migrator.engine.configured import Chosen, Configurations
from migrator.engine.contents import MEBIBYTE, Given
from migrator.engine.discover import present, shown
from migrator.engine.limits import Limits
from migrator.engine.run import Settings
from migrator.engine.state import base_folder, lies_in, roots_of
from migrator.errors import MigrateError
from migrator.model import Applicability

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from migrator.engine.changed import Since


pack_option = click.option(
    "--pack",
    "packs",
    multiple=True,
    metavar="PACK",
    shell_complete=complete.packs,
    help="Take the pack with this id or in this folder; may be given again.  [default: the packs "
    "that come with migrate, and those that the configuration names]",
)


def _names(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> frozenset[str]:
    """The rules that an option names."""
    names = [name.strip() for one in given for name in one.split(",")]
    if given and not any(names):
        raise click.BadParameter("names no rule; leave it out for the default", ctx, param)
    return frozenset(filter(None, names))


def _paths(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """The paths that are given: `"$FILE"` of a script that has no `FILE` is not the folder."""
    if "" in given:
        raise click.BadParameter("is empty; leave it out for the current folder", ctx, param)
    return given


# What may not be read is named like any other file that cannot be looked at.
_PATH = click.Path(readable=False)
_OPTIONS = (
    click.argument("paths", nargs=-1, metavar="[PATH]...", type=_PATH, callback=_paths),
    click.option(
        "--select",
        multiple=True,
        metavar="RULE",
        callback=_names,
        shell_complete=complete.rules,
        help="Run these rules alone; may be given again or hold commas.  [default: all]",
    ),
    click.option(
        "--ignore",
        multiple=True,
        metavar="RULE",
        callback=_names,
        shell_complete=complete.rules,
        help="Leave these rules out; may be given again or hold commas.  [default: none]",
    ),
    pack_option,
    click.option(
        "--config",
        "config_file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Take this configuration for all files; its patterns count from the current folder.  "
        "[default: for each file, the closest `migrator.toml` or `pyproject.toml` at or above it]",
    ),
    click.option("--isolated", is_flag=True, help="Take no configuration.  [default: off]"),
    click.option(
        "--changed",
        is_flag=True,
        help="Only what changed since the last commit, new files too.  [default: off]",
    ),
    click.option(
        "--staged",
        is_flag=True,
        help="Only what is staged, as it is staged.  [default: off]",
    ),
    click.option(
        "--since",
        metavar="REF",
        help="Only what changed since this branch left REF.  [default: none]",
    ),
    click.option(
        "--force-exclude",
        is_flag=True,
        help="Leave out what .gitignore and the configuration exclude even if PATH names the very "
        "file, as hooks do.  [default: off]",
    ),
    click.option(
        "--no-cache",
        is_flag=True,
        help="Look at everything anew, and keep nothing for the next run.  [default: off]",
    ),
    click.option(
        "--show-settings",
        is_flag=True,
        help="Print what is configured, and where, and do nothing else.  [default: off]",
    ),
    click.option(
        "--show-files",
        is_flag=True,
        help="Print the files that would be looked at, and do nothing else.  [default: off]",
    ),
)


@dataclass(frozen=True)
class Asked:
    """The values of the shared options."""

    paths: tuple[str, ...] = ()
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    packs: tuple[str, ...] = ()
    config_file: Path | None = None
    isolated: bool = False
    changed: bool = False
    staged: bool = False
    since: str | None = None
    force_exclude: bool = False
    no_cache: bool = False
    show_settings: bool = False
    show_files: bool = False
    #: What standard input says that the only one of `paths` holds.
    given: Given | None = None

    def settings(self, *, unsafe: bool = False, fresh: bool = False) -> Settings:
        """The settings of a run.

        Raises `MigrateError` for a path that is not there, and a configuration that is wrong.
        """
        for path in self.paths if self.given is None else ():
            present(path)
        configured = Configurations(self._closest(), Chosen(self.select, self.ignore))
        config = configured.of_run(self.paths)
        cache = Cache(used=not self.no_cache and not self._holds_state())
        return Settings(
            paths=self.paths,
            packs=folders(self.packs, config, cache),
            level=Applicability.REVIEW if unsafe else Applicability.SAFE,
            configured=configured,
            config=config,
            limits=_limits(config.limits),
            force_exclude=self.force_exclude,
            since=self._since(),
            cache=cache,
            given=self.given,
            fresh=fresh,
        )

    def _holds_state(self) -> bool:
        """Whether the state folder lies in what is looked at, which gets no file of ours."""
        base = base_folder()
        return any(lies_in(base, root) for root in roots_of(self.paths))

    def _since(self) -> Since | None:
        if not (self.changed or self.staged or self.since is not None):
            return None
        from migrator.engine.changed import Reference, Since

        asked = [
            one
            for one, is_given in (
                (Since(Reference.COMMIT), self.changed),
                (Since(Reference.STAGED), self.staged),
                (Since(Reference.BRANCH, self.since or ""), self.since is not None),
            )
            if is_given
        ]
        if len(asked) > 1:
            raise MigrateError("--changed, --staged and --since exclude each other: give one")
        if self.given is not None:
            raise MigrateError("what changed is told of files, and `-` is none: leave one out")
        return asked[0]

    def _closest(self) -> Closest:
        if self.isolated and self.config_file:
            raise MigrateError("--isolated takes no configuration: leave it or --config out")
        if self.isolated:
            return Closest(Configuration())
        return Closest(configuration_at(self.config_file) if self.config_file else None)


#: For the commands that take `-` as PATH.
stdin_option = click.option(
    "--stdin-filename",
    type=click.Path(),
    metavar="FILE",
    help="With - as PATH: what is read from standard input stands for this file, which need not "
    "exist; nothing of the tree is written.  [default: none]",
)


def shared(command: Callable[..., int]) -> Callable[..., int]:
    """PATH and the options of all commands that look at files, as one `Asked`.

    With one that only shows something, that is shown instead of the command's run.
    """

    @wraps(command)
    def with_asked(**given: Any) -> int:
        asked = Asked(
            **{one.name: given.pop(one.name) for one in fields(Asked) if one.name in given}
        )
        if "stdin_filename" in given:
            asked = _with_stdin(asked, given.pop("stdin_filename"))
        if asked.show_settings or asked.show_files:
            from migrator.cli.show import show

            return show(asked)
        return command(asked, **given)

    decorated: Callable[..., int] = with_asked
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


def _with_stdin(asked: Asked, file: str | None) -> Asked:
    """`asked` with what standard input holds, if PATH is `-`; raises `MigrateError`."""
    if "-" not in asked.paths:
        if file is not None:
            raise MigrateError("--stdin-filename says what `-` reads: give `-` as PATH")
        return asked
    if asked.paths != ("-",):
        raise MigrateError("`-` is the only PATH: standard input holds one file")
    if file is None:
        raise MigrateError(
            "`-` needs --stdin-filename FILE: its end tells the language, its folder the project"
        )
    path = shown(Path(file))
    return replace(asked, paths=(path,), given=Given(path, sys.stdin.buffer.read()))


def _limits(given: Mapping[str, float]) -> Limits:
    usual = Limits()
    return Limits(
        given.get("max-seconds", usual.time),
        int(given.get("max-memory-mib", usual.memory / MEBIBYTE) * MEBIBYTE),
        int(given.get("max-file-mib", usual.size / MEBIBYTE) * MEBIBYTE),
    )


def use_color(stream: Any) -> bool:
    """Whether `stream` gets colours: a terminal does, unless the environment says otherwise."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return bool(stream.isatty()) and os.environ.get("TERM") != "dumb"


def terminal_width() -> int | None:
    """The columns of standard output; `None` where it is no terminal, for no wrapping.

    Nor where the terminal does not tell them.
    """
    told = os.get_terminal_size(sys.stdout.fileno()).columns if sys.stdout.isatty() else 0
    return told or None
