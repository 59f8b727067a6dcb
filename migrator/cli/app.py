"""The command `migrate`: its subcommands, and the one place that turns errors into exit codes."""

from __future__ import annotations

import io
import os
import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from migrator import __version__
from migrator.errors import MigrateError, meant
from migrator.reports.escape import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

_COMMANDS = ("audit", "apply", "undo", "verify", "explain", "rules")
_INTERRUPTED = 130


class _Commands(click.Group):
    """Imports a command's module when it is asked for: start-up time is a feature."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = import_module(f"migrator.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            raise click.UsageError(f"no such command `{args[0]}`; {meant(args[0], _COMMANDS)}", ctx)
        return super().resolve_command(ctx, args)


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="migrate")
def group() -> None:
    """Carry a code base from an old API to a new one.

    \b
    migrate audit .            what is left, and why; changes nothing
    migrate apply --dry-run .  the change that would be made, as a patch
    migrate apply .            make it
    migrate undo               take the last apply back
    migrate verify             run the project's own validation, for the checklist
    migrate rules              list, show and test rules and packs
    migrate explain FILE:LINE  all that is known about one place
    """


class _EndedError(KeyboardInterrupt):
    """A signal that asks for the end; work in hand is taken back as it is for Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def run(args: Sequence[str] | None = None) -> int:
    """Run `migrate` with `args` and return its exit code: 2 for whatever it could not do."""
    _prepare()
    try:
        return _run(args)
    except OSError as error:
        # A stream cannot be written; what is left in its buffer must not raise again at exit.
        for stream in (sys.stdout, sys.stderr):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return _INTERRUPTED + 11 if isinstance(error, BrokenPipeError) else 2


def _run(args: Sequence[str] | None) -> int:
    streams = sys.stdout, sys.stderr
    try:
        result = group.main(args, prog_name="migrate", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except SystemExit:
        # click wraps both streams and ends the process where a pipe is closed.
        if (sys.stdout, sys.stderr) != streams:
            sys.stdout, sys.stderr = streams
            raise BrokenPipeError from None
        raise
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt) as error:
        click.echo("interrupted; nothing is half done", err=True)
        cause = error.__cause__ or error
        return 128 + cause.number if isinstance(cause, _EndedError) else _INTERRUPTED
    except MigrateError as error:
        click.echo(f"error: {shown(str(error))}", err=True)
        return 2
    except BrokenPipeError:
        raise
    except OSError as error:
        click.echo(f"error: the run could not finish: {shown(str(error))}", err=True)
        raise
    except Exception as error:
        if os.environ.get("MIGRATE_DEBUG"):
            raise
        click.echo(
            f"error: the run could not finish: {type(error).__name__}: {shown(str(error))}\n"
            "This is a defect of migrate. Set MIGRATE_DEBUG=1 to see where it happened, "
            "and please report it.",
            err=True,
        )
        return 2


def _prepare() -> None:
    """Make the streams and signals of the process what the commands take them to be."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by who started us
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, _: object) -> None:
    raise _EndedError(number)
