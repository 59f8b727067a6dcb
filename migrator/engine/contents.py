"""Reading a file of the tree: nothing but a plain file is opened, and never more than the limit."""

from __future__ import annotations

import os
import stat
from typing import NamedTuple

from migrator.model import Stamp

MEBIBYTE = 1024 * 1024
#: Bytes above which a file is not read.
SIZE_LIMIT = 5 * MEBIBYTE
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)


class Contents(NamedTuple):
    """The bytes of a file, and what it was when they were read."""

    data: bytes
    stamp: Stamp


class Given(NamedTuple):
    """Bytes that stand in for those of the file at `path`, which need not be there."""

    path: str
    data: bytes


def contents(path: str, limit: int = SIZE_LIMIT) -> Contents | str:
    """The file at `path`, or the reason why it cannot be had."""
    try:
        reason = refusal(os.lstat(path), limit)
        if reason:
            return reason
        # What it is may have changed since: a link is an error now, a pipe does not wait.
        descriptor = os.open(path, _FLAGS)
        try:
            info = os.fstat(descriptor)
            reason = refusal(info, limit)
            if reason:
                return reason
            data = _read(descriptor, info.st_size, limit)
        finally:
            os.close(descriptor)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if len(data) > limit:
        return too_large(limit)
    return Contents(data, Stamp(info.st_dev, info.st_ino, info.st_size, info.st_mtime_ns))


def refusal(info: os.stat_result, limit: int) -> str | None:
    """Why a file with that status is not opened, if it is not."""
    if stat.S_ISLNK(info.st_mode):
        return "is a symbolic link, and links are not followed"
    if not stat.S_ISREG(info.st_mode):
        return "is no regular file"
    return too_large(limit) if info.st_size > limit else None


def too_large(limit: int) -> str:
    """The reason that names the limit."""
    return f"is larger than {limit / MEBIBYTE:.3g} MiB"


def _read(descriptor: int, size: int, limit: int) -> bytes:
    """What is in an open file, up to one byte more than `limit`: a file may grow meanwhile."""
    data = os.read(descriptor, size + 1)
    if len(data) == size:  # less than asked for: the end
        return data
    pieces = [data]
    left = limit + 1 - len(data)
    while left > 0 and (piece := os.read(descriptor, min(left, MEBIBYTE))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
