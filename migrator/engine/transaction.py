"""The only place that writes into the tree: whole files, each put in place by one rename."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrator.model import Change


@dataclass(frozen=True)
class Written:
    """The outcome of one apply: the paths written, and why the others were left as they were."""

    written: tuple[str, ...]
    left: dict[str, str]


def write(changes: Iterable[Change]) -> Written:
    """Write each change, or leave its file as it was and say why.

    A file is left alone when it is no longer what was read, is a link, has further hard links,
    or cannot be written.
    """
    written: list[str] = []
    left: dict[str, str] = {}
    for change in changes:
        try:
            _replace(change)
            written.append(change.path)
        except _ChangedError as error:
            left[change.path] = str(error)
        except OSError as error:
            left[change.path] = f"cannot be written: {error.strerror or error}"
    return Written(tuple(written), left)


class _ChangedError(Exception):
    """The file is not what the plan was made for."""


def _replace(change: Change) -> None:
    path = Path(change.path)
    info = path.lstat()
    if not stat.S_ISREG(info.st_mode):
        raise _ChangedError("is no regular file any more")
    if info.st_nlink > 1:
        raise _ChangedError("has more than one hard link, and a rename would part them")
    # The superuser may write to anything; a file without a write bit is not meant to be written.
    if not info.st_mode & 0o222 or not os.access(path, os.W_OK):
        raise _ChangedError("is read-only")
    if path.read_bytes() != change.before:
        raise _ChangedError("was changed by something else since it was read")
    sibling = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}.migrate")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(sibling, flags, 0o600), "wb") as file:
            file.write(change.after)
            file.flush()
            _keep_attributes(path, sibling, info)
            os.fsync(file.fileno())
        if path.read_bytes() != change.before:
            raise _ChangedError("was changed by something else since it was read")
        sibling.replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            sibling.unlink()
        raise
    _sync_folder(path.parent)


def _keep_attributes(path: Path, sibling: Path, info: os.stat_result) -> None:
    if hasattr(os, "chown") and (os.geteuid(), os.getegid()) != (info.st_uid, info.st_gid):
        os.chown(sibling, info.st_uid, info.st_gid)
    sibling.chmod(stat.S_IMODE(info.st_mode))
    if hasattr(os, "listxattr"):
        for name in os.listxattr(path):
            os.setxattr(sibling, name, os.getxattr(path, name))


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # a folder cannot be opened there
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
