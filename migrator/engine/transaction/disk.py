"""The system calls of the write protocol, one method each, so that a test can fail any of them."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from typing import TYPE_CHECKING

from migrator.model import Stamp

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Whether files can be named relative to an open folder; else they are by path (Windows).
_RELATIVE = os.open in os.supports_dir_fd
_BINARY = getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)


class Folder:
    """An open folder: names in it are resolved by the system in that very folder, by no path."""

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self.path = path
        self.descriptor = descriptor

    def name(self, name: str) -> str:
        """`name` as a call takes it together with `descriptor`."""
        return name if self.descriptor is not None else str(self.path / name)

    def info(self, name: str) -> os.stat_result:
        """The status of what is called `name`; of a link, its own."""
        return os.stat(self.name(name), dir_fd=self.descriptor, follow_symlinks=False)

    def open(self, name: str) -> int:
        """A descriptor to read the file `name`; a link is an `OSError`, a pipe does not wait."""
        flags = os.O_RDONLY | _NO_LINK | _NO_WAIT | _BINARY
        return os.open(self.name(name), flags, dir_fd=self.descriptor)


@contextlib.contextmanager
def folder(root: Path, below: str = "") -> Iterator[Folder]:
    """The folder `below` a root, written with `/`; no link is followed on the way down.

    Raises `OSError` where there is no such folder, or something on the way is a link.
    """
    parts = below.split("/") if below else []
    path = root.joinpath(*parts)
    if not _RELATIVE:
        for number in range(len(parts)):
            if root.joinpath(*parts[: number + 1]).is_symlink():
                raise NotADirectoryError(20, "a folder on the way is a link", str(path))
        yield Folder(path, None)
        return
    flags = os.O_RDONLY | os.O_DIRECTORY
    descriptor = os.open(root, flags)
    try:
        for part in parts:
            inner = os.open(part, flags | _NO_LINK, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        yield Folder(path, descriptor)
    finally:
        os.close(descriptor)


def read(descriptor: int) -> bytes:
    """All that can be read from an open file."""
    pieces = []
    while piece := os.read(descriptor, 1 << 20):
        pieces.append(piece)
    return b"".join(pieces)


def stamp(info: os.stat_result) -> Stamp:
    """What tells an unchanged file without reading it."""
    return Stamp(info.st_dev, info.st_ino, info.st_size, info.st_mtime_ns)


class Disk:
    """What changes anything on the disk; every method raises `OSError`."""

    def create(self, folder: Folder, name: str) -> int:
        """A descriptor of a new file, the user's alone; one that is there is an error."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK | _BINARY
        return os.open(folder.name(name), flags, 0o600, dir_fd=folder.descriptor)

    def append_to(self, folder: Folder, name: str, length: int) -> int:
        """A descriptor that writes at the end of a file, cut to its first `length` bytes."""
        flags = os.O_WRONLY | os.O_APPEND | _NO_LINK | _BINARY
        descriptor = os.open(folder.name(name), flags, dir_fd=folder.descriptor)
        try:
            os.ftruncate(descriptor, length)
        except BaseException:
            os.close(descriptor)
            raise
        return descriptor

    def write(self, descriptor: int, data: memoryview) -> int:
        """Write some of `data`, and how many bytes that were."""
        return os.write(descriptor, data)

    def sync(self, descriptor: int) -> None:
        """Wait until all that was written is on the disk itself."""
        os.fsync(descriptor)

    def rename(self, folder: Folder, name: str, onto: str) -> None:
        """Put the file `name` in the place of `onto`, in one step."""
        os.replace(
            folder.name(name),
            folder.name(onto),
            src_dir_fd=folder.descriptor,
            dst_dir_fd=folder.descriptor,
        )

    def exchange(self, folder: Folder, name: str, other: str) -> bool:
        """Let two files change places in one step; `False` where the system cannot."""
        from migrator.engine.transaction.exchange import exchange

        return exchange(folder, name, other)

    def remove(self, folder: Folder, name: str) -> None:
        """Remove the file `name`; it may be gone already."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(folder.name(name), dir_fd=folder.descriptor)

    def sync_folder(self, folder: Folder) -> None:
        """Wait until what was made, renamed and removed in `folder` is on the disk itself."""
        if sys.platform != "win32":  # a folder cannot be opened there
            assert folder.descriptor is not None
            os.fsync(folder.descriptor)

    def write_all(self, descriptor: int, data: bytes) -> None:
        """Write the whole of `data`, in as many steps as the system takes."""
        left = memoryview(data)
        while left:
            left = left[self.write(descriptor, left) :]


def is_regular(info: os.stat_result) -> bool:
    """Whether it is a plain file: no link, folder, pipe, socket or device."""
    return stat.S_ISREG(info.st_mode)
