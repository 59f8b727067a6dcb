"""Processes of the tests' own: pytest has threads, and what has threads must not fork."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator

_CALL = "import runpy, sys; runpy.run_path(sys.argv[1])[sys.argv[2]](*sys.argv[3:])"


def alone(function: Callable[..., object], *arguments: object) -> None:
    """Call a function of a test module in an interpreter of its own, with texts; it may fork."""
    code = function.__code__
    command = [sys.executable, "-c", _CALL, code.co_filename, code.co_name, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@contextlib.contextmanager
def process(work: Callable[[], object]) -> Iterator[tuple[int, int]]:
    """A fork that does `work`: its id, and a descriptor that is at its end when it has ended."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        _do(work)
    os.close(theirs)
    try:
        yield child, ours
    finally:
        os.close(ours)
        os.waitpid(child, 0)


def in_child(work: Callable[[], object]) -> int:
    """Do `work` in a fork; how that ended."""
    child = os.fork()
    if child == 0:
        _do(work)
    return os.waitpid(child, 0)[1]


def _do(work: Callable[[], object]) -> None:
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
