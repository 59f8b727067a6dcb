"""Two names of a folder change places in one step, where the system can do that (Linux).

A rename over a file loses what something else saved there a moment before. After an exchange what
was there is still there, under the other name, and can be looked at.
"""

from __future__ import annotations

import errno
import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.engine.transaction.disk import Folder

_RENAME_EXCHANGE = 2
# An old kernel, and a file system that has no such thing.
_CANNOT = {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EPERM}


def exchange(folder: Folder, one: str, other: str) -> bool:
    """Let two names change places; `False` where that cannot be done. Raises `OSError`."""
    try:
        import ctypes
    except ImportError:
        return False  # an interpreter may be built without it
    call = _call()
    if call is None or folder.descriptor is None:
        return False
    place = folder.descriptor
    if call(place, os.fsencode(one), place, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), other)


@cache
def _call() -> Callable[..., int] | None:
    import ctypes

    try:
        found = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return None
    found.argtypes = (
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.c_char_p,
        ctypes.c_uint,
    )
    found.restype = ctypes.c_int
    call: Callable[..., int] = found
    return call
