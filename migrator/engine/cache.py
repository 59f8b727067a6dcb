"""What is kept from run to run to save work: values by what they were made of.

A key covers all that a value depends on: the bytes of this tool, the versions of its parsers, and
what the caller names, such as the bytes of a pack. So nothing in here is ever out of date, and it
can be deleted, or shared by machines and processes, at any time. Each value is a file that begins
with a digest of its name and its bytes: one that is damaged is none. Values are data; whoever can
write here can make a report wrong, and cannot have anything run.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.engine.contents import contents
from migrator.engine.state import private_folder
from migrator.errors import MigrateError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_FOLDER = "cache"
#: Bytes of one value, and bytes that each of the 256 folders of values may hold beside its newest.
_LARGEST = 32 * 1024 * 1024
_MOST = 1024 * 1024
# A value that is used now and then is not the oldest: so often it is marked as used, in seconds.
_DAY = 24 * 60 * 60
_DIGEST = hashlib.sha256().digest_size
#: How the folders are called that say which version of a parser is installed.
_PARSERS = ("libcst-", "ruamel", "tree_sitter-", "tree_sitter_elixir-")
_INSTALLED = (".dist-info", ".egg-info")
_COMPILED = "__pycache__"
# In an installed package, the packs lie inside the tool.
_PACKS = ("rules",)


class Cache:
    """The user's cache; one that is not `used` holds nothing and keeps nothing."""

    def __init__(self, *, used: bool = True) -> None:
        self.is_used = used

    @cached_property
    def _tool(self) -> bytes | None:
        """What this tool is; `None` where that cannot be told, and nothing is kept."""
        if not self.is_used:
            return None
        parsers = sorted(_parsers())
        if not all(any(name.startswith(one) for name in parsers) for one in _PARSERS):
            return None
        own = digest_of(Path(__file__).parent.parent, _PACKS)
        versions = "\n".join((sys.version, *parsers)).encode()
        return None if own is None else hashlib.sha256(own + versions).digest()

    @cached_property
    def _folder(self) -> Path | None:
        """The folder of all values, made where it is not there yet; `None` if it cannot be had."""
        try:
            return private_folder(_FOLDER)
        except MigrateError:
            return None

    def get(self, kind: str, *parts: bytes) -> bytes | None:
        """The value of `kind` that was made of `parts` by this very tool, if there is one."""
        file = self._file(kind, parts)
        found = contents(str(file), _LARGEST) if file else ""
        if file is None or isinstance(found, str):
            return None
        value = found.data[_DIGEST:]
        if found.data[:_DIGEST] != _checked(file.name, value):
            return None
        now = time.time()
        if now - found.stamp.time / 1e9 > _DAY:
            _touch(file, now)
        return value

    def put(self, kind: str, value: bytes, *parts: bytes) -> None:
        """Keep `value`; where that cannot be done, it is not."""
        file = self._file(kind, parts)
        if file is None or len(value) + _DIGEST > _LARGEST:
            return
        new = file.with_name(f"{os.urandom(8).hex()}.new")
        try:
            file.parent.mkdir(mode=0o700, exist_ok=True)
            new.write_bytes(_checked(file.name, value) + value)
            new.replace(file)
            _shorten(file)
        except OSError:
            _remove(new)

    def _file(self, kind: str, parts: Iterable[bytes]) -> Path | None:
        if self._tool is None or self._folder is None:
            return None
        key = hashlib.sha256(self._tool + kind.encode())
        for part in parts:
            key.update(b"\n%d\n" % len(part) + part)
        name = key.hexdigest()
        return self._folder / name[:2] / name[2:]


#: Of those who keep nothing.
NO_CACHE = Cache(used=False)


def digest_of(folder: Path, left_out: Collection[str] = ()) -> bytes | None:
    """A digest of the files below `folder`; `None` where they cannot all be read.

    A rule may read a table beside it, and what is no rule, such as `rule.yml`, may be an error.
    Left out are hidden files, and folders that are hidden or called as one of `left_out`; what a
    link to a folder leads to cannot be read.
    """
    total = hashlib.sha256()
    try:
        for path in _files(str(folder), "", {_COMPILED, *left_out}):
            with open(f"{folder}/{path}", "rb") as file:  # noqa: PTH123
                data = file.read()
            name = os.fsencode(path)
            total.update(b"%d %d\n%s%s" % (len(name), len(data), name, data))
    except OSError:
        return None
    return total.digest()


def _files(folder: str, within: str, left_out: Collection[str]) -> Iterator[str]:
    """The files below `folder`, by their paths; `within` is how those of all of them begin."""
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if not entry.is_dir():
            if not entry.is_file() or entry.stat().st_size > _LARGEST:
                raise OSError(f"{entry.path}: is no file, or a large one")
            yield f"{within}{entry.name}"
        elif entry.name not in left_out:
            if entry.is_symlink():
                raise OSError(f"{entry.path}: is a link, and may lead back to where it is")
            yield from _files(entry.path, f"{within}{entry.name}/", left_out)


def _parsers() -> Iterator[str]:
    """The installed versions of the parsers, as the folders are called that say them."""
    for folder in sys.path:
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208
        except OSError:
            continue
        yield from (
            name for name in names if name.startswith(_PARSERS) and name.endswith(_INSTALLED)
        )


def _checked(name: str, value: bytes) -> bytes:
    return hashlib.sha256(name.encode() + value).digest()


def _touch(file: Path, now: float) -> None:
    try:
        os.utime(file, (now, now))
    except OSError:
        return


def _remove(file: Path) -> None:
    try:
        file.unlink()
    except OSError:
        return


def _shorten(newest: Path) -> None:
    """Remove what has not been used for longest beside `newest`, where there is too much."""
    with os.scandir(newest.parent) as listing:
        beside = [
            (info.st_mtime, info.st_size, entry.path)
            for entry in listing
            if entry.name != newest.name and (info := entry.stat(follow_symlinks=False))
        ]
    left = sum(size for _, size, _ in beside)
    for _, size, path in sorted(beside):
        if left <= _MOST:
            return
        _remove(Path(path))
        left -= size
