"""A command on a terminal of its own, and somebody who answers it."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

PATIENCE = 120.0
PROMPT = b",?] "
#: An answer that is Ctrl-C.
INTERRUPT = "\x03"
#: An answer that is Ctrl-D, at the beginning of a line: the end of what is typed.
END = "\x04"


class Said(NamedTuple):
    """How it ended, what went to standard output, a file, and what to the terminal."""

    code: int
    out: str
    terminal: str


def converse(
    folder: Path, arguments: Sequence[str], answers: Sequence[str], environment: Mapping[str, str]
) -> Said:
    """Run `migrate` in `folder`, its input and errors a terminal, one answer for each question."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "migrator", *arguments],
        cwd=folder,
        env={**os.environ, "TERM": "dumb", **environment},
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=theirs,
        # The terminal is what signals come from.
        start_new_session=True,
        preexec_fn=_take_terminal,
    )
    os.close(theirs)
    waiting = [one if one in (INTERRUPT, END) else f"{one}\n" for one in answers]
    said = b""
    with process:
        assert process.stdout is not None
        while data := _read(ours):
            said += data
            if said.endswith(PROMPT) and waiting:
                os.write(ours, waiting.pop(0).encode())
        out = process.stdout.read().decode()
    os.close(ours)
    assert not waiting, "not all was asked"
    return Said(process.returncode, out, said.decode().replace("\r\n", "\n"))


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    # Who starts the tests in the background may have it ignored, and it is handed down.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _read(terminal: int) -> bytes:
    """What is there to read, nothing where the other side has ended."""
    if not select.select([terminal], [], [], PATIENCE)[0]:
        raise AssertionError("nothing is said, and nothing ends")
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
