"""The command `migrate`: its streams and signals, and where errors become exit codes.

Nothing is imported here that `--version` and `--help` can do without.
"""

from __future__ import annotations

import gc
import io
import os
import sys

from migrator.cli.page import ANSWERS
from migrator.errors import MigrateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_INTERRUPTED = 130
# Most of what a run makes lives to its end: to search that for cycles as often as usual takes a
# twentieth of a run in which nothing changed.
_GARBAGE = 100_000


class _EndedError(KeyboardInterrupt):
    """A signal that asks for the end; work in hand is taken back as it is for Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def run(args: Sequence[str] | None = None) -> int:
    """Run `migrate` with `args` and return its exit code: 2 for whatever it could not do."""
    _prepare_streams()
    try:
        return _run(sys.argv[1:] if args is None else args)
    except OSError as error:
        # A stream cannot be written; what is left in its buffer must not raise again at exit.
        for stream in (sys.stdout, sys.stderr):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return _INTERRUPTED + 11 if isinstance(error, BrokenPipeError) else 2


def _run(args: Sequence[str]) -> int:
    streams = sys.stdout, sys.stderr
    try:
        if len(args) == 1 and args[0] in ANSWERS:
            sys.stdout.write(f"{ANSWERS[args[0]]}\n")
            code = 0
        else:
            gc.set_threshold(_GARBAGE)
            from migrator.cli import commands

            _prepare_signals()
            code = commands.run(args)
        sys.stdout.flush()
        return code
    except SystemExit:
        # click wraps both streams and ends the process where a pipe is closed.
        if (sys.stdout, sys.stderr) != streams:
            sys.stdout, sys.stderr = streams
            raise BrokenPipeError from None
        raise
    except KeyboardInterrupt as error:
        _tell("interrupted; nothing is half done")
        return 128 + error.number if isinstance(error, _EndedError) else _INTERRUPTED
    except MigrateError as error:
        _tell(f"error: {_shown(error)}")
        return 2
    except BrokenPipeError:
        raise
    except OSError as error:
        _tell(f"error: the run could not finish: {_shown(error)}")
        raise
    except Exception as error:
        if os.environ.get("MIGRATE_DEBUG"):
            raise
        _tell(
            f"error: the run could not finish: {type(error).__name__}: {_shown(error)}\n"
            "This is a defect of migrate. Set MIGRATE_DEBUG=1 to see where it happened, "
            "and please report it."
        )
        return 2


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201


def _shown(error: Exception) -> str:
    from migrator.reports.escape import shown

    return shown(str(error))


def _prepare_streams() -> None:
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by who started us
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _prepare_signals() -> None:
    import signal

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, _: object) -> None:
    raise _EndedError(number)
