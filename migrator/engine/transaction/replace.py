"""Putting new bytes in the place of one file: a sibling is written, compared, renamed."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.engine.transaction.attributes import Attributes, attributes_of, give
from migrator.engine.transaction.disk import Folder, folder, is_regular, read, stamp
from migrator.engine.transaction.journal import Entry, digest

if TYPE_CHECKING:
    from pathlib import Path

    from migrator.engine.transaction.disk import Disk
    from migrator.model import Stamp


_CHANGED = "was changed by something else since it was read"


class ChangedError(Exception):
    """The file is not what it was when it was looked at; the message says what it is."""


@dataclass(frozen=True)
class Seen:
    """A file as it is on the disk now."""

    data: bytes
    stamp: Stamp
    attributes: Attributes

    @property
    def digest(self) -> str:
        """The digest of its bytes."""
        return digest(self.data)


def new_sibling() -> str:
    """A name that nothing else has; short, for a long name may have no room for more."""
    return f".migrate-{secrets.token_hex(16)}"


def look(folder: Folder, name: str) -> Seen:
    """What is there now; raises `ChangedError` where no rename may put something in its place."""
    descriptor = _open(folder, name)
    try:
        info = os.fstat(descriptor)
        if not is_regular(info):
            raise ChangedError("is no regular file any more")
        if info.st_nlink > 1:
            raise ChangedError("has more than one hard link, and a rename would part them")
        # The superuser may write to anything; what has no write bit is not meant to be written.
        if not info.st_mode & 0o222 or not _may_write(folder, name):
            raise ChangedError("is read-only")
        if not folder.info(".").st_mode & 0o222:
            raise ChangedError("lies in a read-only folder")
        return Seen(read(descriptor), stamp(info), attributes_of(descriptor))
    finally:
        os.close(descriptor)


def unwritable(path: Path) -> str | None:
    """Why nothing may be put in the place of the file at `path`; `None` where it may."""
    try:
        with folder(path.parent) as here:
            look(here, path.name)
    except ChangedError as error:
        return str(error)
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"
    return None


def stage(disk: Disk, folder: Folder, sibling: str, data: bytes, attributes: Attributes) -> None:
    """Make the sibling whole and sync it, for the rename that follows."""
    descriptor = disk.create(folder, sibling)
    try:
        disk.write_all(descriptor, data)
        give(descriptor, attributes)
        disk.sync(descriptor)
    finally:
        os.close(descriptor)


def place(disk: Disk, folder: Folder, sibling: str, name: str, expected: Seen, new: str) -> None:
    """Put the sibling, with digest `new`, in the place of the file, if that is as `expected`.

    To the byte and second: what something else saves at this very moment stays there as well, if
    the system can exchange names. Then the old file is left under the name of the sibling.
    """
    if look(folder, name) != expected:
        raise ChangedError(_CHANGED)
    try:
        swapped = disk.exchange(folder, sibling, name)
        if not swapped:
            disk.rename(folder, sibling, name)
    except OSError:
        # A server may have done it, and the answer be lost.
        if look(folder, name).digest != new:
            raise
        swapped = _is_there(folder, sibling)
    if swapped and not _is(folder, sibling, expected):
        disk.exchange(folder, sibling, name)
        if look(folder, sibling).digest != new:  # saved once more meanwhile
            disk.exchange(folder, sibling, name)
        raise ChangedError(_CHANGED)


def _is(folder: Folder, name: str, expected: Seen) -> bool:
    try:
        return look(folder, name) == expected
    except (ChangedError, OSError):
        return False


def _is_there(folder: Folder, name: str) -> bool:
    try:
        folder.info(name)
    except FileNotFoundError:
        return False
    return True


def holds_other(folder: Folder, sibling: str, entry: Entry) -> bool:
    """Whether what something else saved is under the name of a sibling, after an exchange."""
    try:
        return look(folder, sibling).digest not in (entry.after, digest(entry.before))
    except (ChangedError, OSError):
        return False


def discard(disk: Disk, folder: Folder, sibling: str) -> None:
    """Remove a sibling if it is there and is a plain file."""
    try:
        info = folder.info(sibling)
    except FileNotFoundError:
        return
    if is_regular(info):
        disk.remove(folder, sibling)


def _open(folder: Folder, name: str) -> int:
    try:
        return folder.open(name)
    except FileNotFoundError:
        raise ChangedError("is gone") from None
    except OSError:
        info = folder.info(name)
        if not is_regular(info):
            raise ChangedError("is no regular file any more") from None
        raise


def _may_write(folder: Folder, name: str) -> bool:
    if folder.descriptor is None:
        return os.access(folder.name(name), os.W_OK)
    return os.access(name, os.W_OK, dir_fd=folder.descriptor)
