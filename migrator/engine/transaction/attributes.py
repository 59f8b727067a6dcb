"""What a file has besides its bytes, and giving it to another."""

from __future__ import annotations

import errno
import os
import stat
import sys
from dataclasses import dataclass

# What a file system without extended attributes says.
_NONE = {errno.ENOTSUP, errno.ENODATA, errno.EINVAL}


@dataclass(frozen=True)
class Attributes:
    """Mode, owner, group and, where the system has a call for them, extended attributes."""

    mode: int
    owner: int
    group: int
    extended: tuple[tuple[str, bytes], ...] = ()


def attributes_of(descriptor: int) -> Attributes:
    """Those of an open file."""
    info = os.fstat(descriptor)
    extended = _extended(descriptor)
    return Attributes(stat.S_IMODE(info.st_mode), info.st_uid, info.st_gid, extended)


def give(descriptor: int, wanted: Attributes) -> None:
    """Give an open file what `wanted` says; raises `OSError` where the user may not."""
    if sys.platform == "win32":
        return
    info = os.fstat(descriptor)
    if (info.st_uid, info.st_gid) != (wanted.owner, wanted.group):
        os.fchown(descriptor, wanted.owner, wanted.group)
    if sys.platform == "linux":
        # A folder may hand down attributes of its own; what is equal is not set again, for the
        # user may not set everything that a file has.
        has = dict(_extended(descriptor))
        should = dict(wanted.extended)
        for name in has.keys() - should.keys():
            os.removexattr(descriptor, name)
        for name, value in should.items():
            if has.get(name) != value:
                os.setxattr(descriptor, name, value)
    os.fchmod(descriptor, wanted.mode)


def _extended(descriptor: int) -> tuple[tuple[str, bytes], ...]:
    if sys.platform != "linux":
        return ()
    try:
        names = sorted(os.listxattr(descriptor))
        return tuple((name, os.getxattr(descriptor, name)) for name in names)
    except OSError as error:
        if error.errno not in _NONE:
            raise
        return ()
