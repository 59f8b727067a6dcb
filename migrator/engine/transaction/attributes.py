"""What a file has besides its bytes, and giving it to another."""

from __future__ import annotations

import errno
import os
import stat
import sys
from dataclasses import dataclass, replace
from typing import Any

# What a file system without extended attributes says.
_NONE = {errno.ENOTSUP, errno.ENODATA, errno.EINVAL}
# macOS writes down which program has made a file, and lets no other do so.
_THE_SYSTEMS_OWN = {"com.apple.provenance"}


@dataclass(frozen=True)
class Attributes:
    """Mode, owner, group and, where the system has calls for them, extended attributes."""

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
    """Give an open file what `wanted` says; raises `OSError` where it does not have it then.

    The user may not be allowed to, and a system may leave out in silence what it does not take.
    """
    if sys.platform == "win32":
        return
    info = os.fstat(descriptor)
    if (info.st_uid, info.st_gid) != (wanted.owner, wanted.group):
        os.fchown(descriptor, wanted.owner, wanted.group)
    if calls := _calls():
        # A folder may hand down attributes of its own; what is equal is not set again, for the
        # user may not set everything that a file has.
        has = dict(_extended(descriptor))
        should = dict(wanted.extended)
        for name in has.keys() - should.keys():
            calls.removexattr(descriptor, name)
        for name, value in should.items():
            if has.get(name) != value:
                calls.setxattr(descriptor, name, value)
    os.fchmod(descriptor, wanted.mode)
    has_now = attributes_of(descriptor)
    if has_now != wanted:
        what = "mode" if replace(has_now, mode=wanted.mode) == wanted else "attributes"
        raise OSError(errno.ENOTSUP, f"its {what} cannot be kept")


def _extended(descriptor: int) -> tuple[tuple[str, bytes], ...]:
    calls = _calls()
    if calls is None:
        return ()
    try:
        names = sorted(set(calls.listxattr(descriptor)) - _THE_SYSTEMS_OWN)
        return tuple((name, calls.getxattr(descriptor, name)) for name in names)
    except OSError as error:
        if error.errno not in _NONE:
            raise
        return ()


def _calls() -> Any:
    """What has the calls for extended attributes, under the same names; `None` if nothing has."""
    if sys.platform == "linux":
        return os
    if sys.platform == "darwin":
        import xattr

        return xattr
    return None
