"""The journals of a root: files in its state folder, written, synced, read, and removed in time.

A journal is synced before the first file of the tree is touched. It is written under another name,
and gets its own when its `ready` is on the disk.
"""

from __future__ import annotations

import contextlib
import os
import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from migrator.engine.transaction.disk import folder, is_regular, read
from migrator.engine.transaction.journal import (
    DamagedError,
    End,
    Entry,
    Journal,
    beginning,
    ending,
    is_ending,
    line,
    parsed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from migrator.engine.transaction.disk import Disk

_SUFFIX = ".journal"
_UNFINISHED = ".new"
_NUMBER = re.compile(r"[0-9]{8}|[1-9][0-9]{8,}")
# Bytes at the end of a journal that hold its last two lines, unless very many files were left.
_TAIL = 1 << 16
#: How many journals of a root are kept for `migrate undo`.
KEPT = 20


def begin(
    disk: Disk, state: Path, root: Path, verb: str, entries: Sequence[Entry], of: int | None
) -> Journal:
    """Write a new journal and sync it; raises `OSError`, and then there is none."""
    number = max(_numbers(state), default=0) + 1
    name = f"{number:08}"
    time = datetime.now(timezone.utc).isoformat(timespec="seconds")
    chain, length = "", 0
    with folder(state) as place:
        try:
            descriptor = disk.create(place, name + _UNFINISHED)
            try:
                for record in beginning(root, verb, entries, of, time):
                    chain, written = line(chain, record)
                    disk.write_all(descriptor, written)
                    length += len(written)
                disk.sync(descriptor)
            finally:
                os.close(descriptor)
            disk.rename(place, name + _UNFINISHED, name + _SUFFIX)
            disk.sync_folder(place)
        except OSError:
            for suffix in (_UNFINISHED, _SUFFIX):
                with contextlib.suppress(OSError):
                    disk.remove(place, name + suffix)
            raise
    path = state / (name + _SUFFIX)
    return Journal(number, path, verb, of, time, tuple(entries), None, length, chain)


def close(disk: Disk, journal: Journal, end: End) -> None:
    """Say that nothing is left to do, and sync it."""
    with folder(journal.file.parent) as place:
        descriptor = disk.append_to(place, journal.file.name, journal.length)
        try:
            disk.write_all(descriptor, line(journal.digest, ending(end))[1])
            disk.sync(descriptor)
        finally:
            os.close(descriptor)


def journals(state: Path, root: Path) -> Iterator[tuple[Path, Journal | DamagedError]]:
    """All journals of a root, the newest first, each read in its turn: they may be large."""
    for number in reversed(_numbers(state, (_SUFFIX,))):
        path = state / f"{number:08}{_SUFFIX}"
        yield path, _read_or_damage(path, number, root)


def unsettled(state: Path, root: Path) -> Iterator[tuple[Path, Journal | DamagedError]]:
    """The journals of a root that do not end with an end, the oldest first."""
    for number in _numbers(state, (_SUFFIX,)):
        path = state / f"{number:08}{_SUFFIX}"
        if os.path.lexists(path) and not _is_closed(path):
            yield path, _read_or_damage(path, number, root)


def begun(state: Path) -> list[str]:
    """The names of journals that were cut short before anything else was touched."""
    return [f"{one:08}{_UNFINISHED}" for one in _numbers(state, (_UNFINISHED,))]


def prune(disk: Disk, state: Path) -> None:
    """Remove all but the newest journals."""
    old = _numbers(state, (_SUFFIX,))[:-KEPT]
    with folder(state) as place:
        for number in old:
            disk.remove(place, f"{number:08}{_SUFFIX}")


def _numbers(state: Path, suffixes: Sequence[str] = (_SUFFIX, _UNFINISHED)) -> list[int]:
    return sorted(
        {
            int(entry.stem)
            for entry in state.iterdir()
            if entry.suffix in suffixes and _NUMBER.fullmatch(entry.stem)
        }
    )


def _read_or_damage(path: Path, number: int, root: Path) -> Journal | DamagedError:
    try:
        return parsed(path, number, root, _bytes(path))
    except DamagedError as error:
        return error


def _is_closed(path: Path) -> bool:
    """Whether the last line is an end, and follows the line before; what is above is not read."""
    try:
        lines = _bytes(path, _TAIL).split(b"\n")
    except DamagedError:
        return False
    if len(lines) < 4 or lines[-1]:  # the first of them may be a part of one
        return False
    return is_ending(lines[-2], lines[-3])


def _bytes(path: Path, most: int = 0) -> bytes:
    """The bytes of a journal; with `most`, that many of its last ones. Raises `DamagedError`."""
    try:
        with folder(path.parent) as place:
            descriptor = place.open(path.name)
            try:
                info = os.fstat(descriptor)
                if not is_regular(info):
                    raise DamagedError("it is no regular file")
                if most:
                    os.lseek(descriptor, max(0, info.st_size - most), os.SEEK_SET)
                return read(descriptor)
            finally:
                os.close(descriptor)
    except OSError as error:
        raise DamagedError(f"it cannot be read: {error.strerror}") from None
