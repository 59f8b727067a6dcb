"""What git tracks of the paths that .gitignore names: to git itself, these are not ignored.

Read from its index, since the command that tells it may start what a repository's configuration
names.
"""

from __future__ import annotations

import os
from pathlib import Path
from struct import unpack_from
from typing import TYPE_CHECKING

from migrator.engine.contents import MEBIBYTE, contents
from migrator.engine.left_out import left_out_by_name, repository_above
from migrator.languages import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from migrator.engine.configured import Configured

_LARGEST = 256 * MEBIBYTE
_FEW = 64
_HEAD = 12
# What stands before the name of an object, which has as many bytes as its digest, and two of flags.
_STATUS = 40
_DIGESTS = (20, 32)
_EXTENDED, _LENGTH = 0x4000, 0x0FFF
_MOST_FLAGS = 4
_WITH_SHORT_NAMES = 4


def tracked(top: Path, ignored: Mapping[str, Configured]) -> Iterator[tuple[str, str]]:
    """The files of our languages that git tracks and that are `ignored`, with their language.

    These paths are absolute, a folder's with `/` behind, and lie below the folder `top`; each has
    what is configured for it. Nothing comes of an index that cannot be read.
    """
    repository = repository_above(top) if ignored else None
    if repository is None:
        return
    root = f"{repository.as_posix().rstrip('/')}/"
    for path in _tracked(root, ignored):
        language = SUFFIXES.get(Path(path).suffix.lower())
        if language and not _is_left_out_anyway(path, ignored) and _is_plain(path):
            yield path, language


def _is_left_out_anyway(path: str, ignored: Mapping[str, Configured]) -> bool:
    """Whether `path`, which is ignored or lies in what is, would be left out without that."""
    top = next(one for one in ignored if path == one or (one[-1] == "/" and path.startswith(one)))
    own = ignored[top]
    names = path[len(top) :].split("/")[:-1]
    folders = [top + "/".join(names[:count]) for count in range(1, len(names) + 1)]
    return (
        any(left_out_by_name(name, ()) for name in names)
        or any(own.excludes(folder, is_folder=True) for folder in folders)
        or own.excludes(path, is_folder=False)
    )


def _is_plain(path: str) -> bool:
    """Whether `path`, absolute, is a file that no link leads to."""
    return Path(path).is_file() and os.path.realpath(path) == path


def _tracked(root: str, ignored: Iterable[str]) -> Iterator[str]:
    found = contents(str(Path(_git_folder(root), "index")), _LARGEST)
    if isinstance(found, str):
        return
    data = found.data
    wanted = frozenset(os.fsencode(path[len(root) :]) for path in ignored)
    # To look for a few of them in all names at once is cheaper than to read each name.
    if len(wanted) <= _FEW and _version(data) != _WITH_SHORT_NAMES:
        wanted = frozenset(name for name in wanted if name in data)
    for name in _names(data) if wanted else ():
        if name in wanted or any(folder in wanted for folder in _folders(name)):
            yield f"{root}{os.fsdecode(name)}"


def _folders(name: bytes) -> Iterator[bytes]:
    """The folders that a path leads through, each with `/` behind."""
    end = name.find(b"/")
    while end >= 0:
        yield name[: end + 1]
        end = name.find(b"/", end + 1)


def _git_folder(root: str) -> str:
    """The folder with the index of the checkout in `root`, which a worktree has elsewhere."""
    marked = f"{root}.git"
    found = contents(marked)
    if isinstance(found, str) or not found.data.startswith(b"gitdir: "):
        return marked
    named = os.fsdecode(found.data.removeprefix(b"gitdir: ").rstrip(b"\r\n"))
    return str(Path(root, named))


def _version(data: bytes) -> int:
    return int(unpack_from(">I", data, 4)[0]) if len(data) >= _HEAD else 0


def _names(data: bytes) -> list[bytes]:
    """The paths in an index, from the root of the repository; none if it is not understood."""
    if not data.startswith(b"DIRC") or len(data) < _HEAD:
        return []
    for digest in _DIGESTS:
        names = _entries(data, _STATUS + digest)
        if names is not None:
            return names
    return []


def _entries(data: bytes, flags_at: int) -> list[bytes] | None:
    """The paths, if the flags of each entry come as far behind its start."""
    version = _version(data)
    count = int(unpack_from(">I", data, 8)[0])
    names: list[bytes] = []
    at, name = _HEAD, b""
    for _ in range(count):
        if len(data) <= at + flags_at + _MOST_FLAGS:
            return None
        flags = int(unpack_from(">H", data, at + flags_at)[0])
        begin = at + flags_at + (_MOST_FLAGS if flags & _EXTENDED else 2)
        kept = b""
        if version == _WITH_SHORT_NAMES:
            dropped, begin = _number(data, begin)
            kept = name[: max(len(name) - dropped, 0)]
        end = data.find(b"\0", begin)
        name = kept + data[begin:end]
        if end < 0 or min(len(name), _LENGTH) != flags & _LENGTH:
            return None
        names.append(name)
        at = end + 1 if version == _WITH_SHORT_NAMES else at + (end - at + 8) // 8 * 8
    return names


def _number(data: bytes, at: int) -> tuple[int, int]:
    """The number of variable length that begins there, and where it ends."""
    value = data[at] & 0x7F
    while at + 1 < len(data) and data[at] & 0x80:
        at += 1
        value = ((value + 1) << 7) | (data[at] & 0x7F)
    return value, at + 1
