"""One lock for each root: who holds it is the only one that writes there."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from migrator.errors import MigrateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_NAME = "lock"


@contextlib.contextmanager
def locked(folder: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the lock of the root whose state is kept in `folder`; the system frees it at any end.

    Calls `waiting` once if another process holds it, and waits. Raises `MigrateError` where it
    cannot be locked at all.
    """
    descriptor = _open(folder)
    try:
        if not _take(descriptor):
            waiting()
            _wait(descriptor)
        try:
            yield
        finally:
            _free(descriptor)
    except _LockError as error:
        raise MigrateError(f"{folder / _NAME}: cannot be locked: {error}") from None
    finally:
        os.close(descriptor)


def is_locked(folder: Path) -> bool:
    """Whether some process holds the lock now."""
    if not (folder / _NAME).exists():
        return False
    descriptor = _open(folder)
    try:
        return not _take(descriptor)
    except _LockError:
        return False
    finally:
        os.close(descriptor)


class _LockError(Exception):
    """The file system has no locks."""


def _open(folder: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    try:
        return os.open(folder / _NAME, flags, 0o600)
    except OSError as error:
        problem = f"{folder / _NAME}: cannot be opened: {error.strerror}"
        raise MigrateError(problem) from None


if sys.platform == "win32":
    import msvcrt
    import time

    def _take(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        except OSError as error:
            raise _LockError(error.strerror) from None
        return True

    def _wait(descriptor: int) -> None:
        while not _take(descriptor):
            time.sleep(0.1)  # there is no call that waits for as long as it takes

    def _free(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise _LockError(error.strerror) from None
        return True

    def _wait(descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError as error:
            raise _LockError(error.strerror) from None

    def _free(descriptor: int) -> None:
        # To close is not enough: a process that was forked meanwhile has the descriptor as well.
        fcntl.flock(descriptor, fcntl.LOCK_UN)
