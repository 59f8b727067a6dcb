"""A disk that fails at the n-th call, before or after it is made."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import TypeVar

from migrator.engine.transaction.disk import Disk, Folder

T = TypeVar("T")


class FaultyDisk(Disk):
    """Calls `fault` around the call number `at`; at -1 never, and `calls` counts them.

    Nothing is really synced: what a process has written outlives it.
    """

    def __init__(self, fault: Callable[[], None], at: int = -1, *, after: bool = False) -> None:
        self.calls = 0
        self._fault = fault
        self._at = at
        self._after = after

    def _step(self, call: Callable[[], T]) -> T:
        number = self.calls
        self.calls += 1
        if number == self._at and not self._after:
            self._fault()
        result = call()
        if number == self._at and self._after:
            self._fault()
        return result

    def create(self, folder: Folder, name: str) -> int:
        return self._step(lambda: Disk.create(self, folder, name))

    def append_to(self, folder: Folder, name: str, length: int) -> int:
        return self._step(lambda: Disk.append_to(self, folder, name, length))

    def write(self, descriptor: int, data: memoryview) -> int:
        return self._step(lambda: Disk.write(self, descriptor, data))

    def sync(self, descriptor: int) -> None:
        self._step(lambda: None)

    def rename(self, folder: Folder, name: str, onto: str) -> None:
        self._step(lambda: Disk.rename(self, folder, name, onto))

    def exchange(self, folder: Folder, name: str, other: str) -> bool:
        return self._step(lambda: Disk.exchange(self, folder, name, other))

    def remove(self, folder: Folder, name: str) -> None:
        self._step(lambda: Disk.remove(self, folder, name))

    def sync_folder(self, folder: Folder) -> None:
        self._step(lambda: None)


class PlainDisk(FaultyDisk):
    """Cannot exchange names, as most systems."""

    def exchange(self, folder: Folder, name: str, other: str) -> bool:
        return False


class ShortDisk(FaultyDisk):
    """Takes one byte at a time, as a disk or a network may."""

    def write(self, descriptor: int, data: memoryview) -> int:
        return super().write(descriptor, data[: max(1, len(data) // 3)])


def nothing() -> None:
    """No fault."""


def fails(number: int) -> Callable[[], None]:
    """The system says no."""

    def fault() -> None:
        raise OSError(number, os.strerror(number))

    return fault


def interrupted() -> None:
    """Ctrl-C."""
    raise KeyboardInterrupt


def killed() -> None:
    """The process is no more."""
    os.kill(os.getpid(), signal.SIGKILL)
