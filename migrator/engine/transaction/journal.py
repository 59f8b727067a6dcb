"""The journal of one apply or undo: what each file was, synced before the first is touched.

A file of lines, each a digest and a JSON object. A digest covers its line and the one before, so
that a line which was changed, lost or moved is seen. The lines are: `begin`; a `file` for each
file, with its old bytes; `ready`; and, once nothing is left to do, `end`. It is written under
another name and gets its own when `ready` is on the disk: one that has no `ready` is damaged. A
last line that was cut short is no damage, but the mark of an end.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from migrator.engine.transaction.attributes import Attributes
from migrator.engine.transaction.disk import folder, is_regular, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from migrator.engine.transaction.disk import Disk

_VERSION = 1
_VERBS = ("apply", "undo")
_END = b'{"kind":"end",'
# Bytes at the end of a journal that hold its last two lines, unless very many files were left.
_TAIL = 1 << 16
_SUFFIX = ".journal"
_UNFINISHED = ".new"
_NUMBER = re.compile(r"[0-9]{8}|[1-9][0-9]{8,}")
_SIBLING = re.compile(r"\.migrate-[0-9a-f]{32}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_UNKNOWN = "its lines are missing or of a form that is not known"
#: Owners and groups are less than this.
_IDS = 1 << 32
#: How many journals of a root are kept for `migrate undo`.
KEPT = 20


class DamagedError(Exception):
    """A journal that cannot be trusted; the message is a clause that says why."""


@dataclass(frozen=True)
class Entry:
    """One file of a journal: where it is, what it was, and the digest of what it becomes.

    `path` is relative to the root and written with `/`, `sibling` the name of the file beside it
    that holds the new bytes until it is put in place.
    """

    path: str
    sibling: str
    before: bytes
    after: str
    attributes: Attributes

    @property
    def back(self) -> str:
        """The name beside it that the old bytes have until they are put back."""
        return f"{self.sibling}-back"

    @property
    def folder(self) -> str:
        """The folder it is in, relative to the root."""
        return self.path.rpartition("/")[0]

    @property
    def name(self) -> str:
        """Its name in that folder."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class End:
    """How it ended: done or taken back; `left` are the files that it did not write."""

    done: bool
    left: tuple[str, ...] = ()


@dataclass(frozen=True)
class Journal:
    """A journal as read; `of` is the number of the one that an undo takes back."""

    number: int
    file: Path
    verb: str
    of: int | None
    time: str
    entries: tuple[Entry, ...]
    end: End | None
    length: int
    digest: str


def digest(data: bytes) -> str:
    """The digest that journals speak of."""
    return hashlib.sha256(data).hexdigest()


def begin(
    disk: Disk, state: Path, root: Path, verb: str, entries: Sequence[Entry], of: int | None
) -> Journal:
    """Write a new journal and sync it; raises `OSError`, and then there is none."""
    number = max(_numbers(state), default=0) + 1
    name = f"{number:08}"
    time = datetime.now(timezone.utc).isoformat(timespec="seconds")
    head = {"kind": "begin", "version": _VERSION, "root": _written(str(root)), "verb": verb}
    chain, length = "", 0
    with folder(state) as place:
        try:
            descriptor = disk.create(place, name + _UNFINISHED)
            try:
                for record in (
                    {**head, "of": of, "time": time},
                    *map(_record, entries),
                    {"kind": "ready", "files": len(entries)},
                ):
                    chain, line = _line(chain, record)
                    disk.write_all(descriptor, line)
                    length += len(line)
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
    record = {"kind": "end", "done": end.done, "left": [*map(_written, end.left)]}
    with folder(journal.file.parent) as place:
        descriptor = disk.append_to(place, journal.file.name, journal.length)
        try:
            disk.write_all(descriptor, _line(journal.digest, record)[1])
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


def _line(chain: str, record: dict[str, Any]) -> tuple[str, bytes]:
    """The digest of a record after the one with digest `chain`, and its line."""
    text = json.dumps(record, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    mark = digest(chain.encode() + text)
    return mark, mark.encode() + b" " + text + b"\n"


def _record(entry: Entry) -> dict[str, Any]:
    return {
        "kind": "file",
        "path": _written(entry.path),
        "sibling": entry.sibling,
        "before": base64.b64encode(entry.before).decode(),
        "after": entry.after,
        "mode": entry.attributes.mode,
        "owner": entry.attributes.owner,
        "group": entry.attributes.group,
        "extended": [
            [_written(name), base64.b64encode(value).decode()]
            for name, value in entry.attributes.extended
        ],
    }


def _written(name: str) -> str:
    """A name as journals have it: the text of its bytes in UTF-8, whatever the locale says."""
    return os.fsencode(name).decode("utf-8", "surrogateescape")


def _read_or_damage(path: Path, number: int, root: Path) -> Journal | DamagedError:
    try:
        return _read(path, number, root)
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
    before, last = (line.partition(b" ") for line in lines[-3:-1])
    is_next = last[0].decode("ascii", "replace") == digest(before[0] + last[2])
    return is_next and last[2].startswith(_END)


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


def _read(path: Path, number: int, root: Path) -> Journal:
    data = _bytes(path)
    *lines, rest = data.split(b"\n")
    records: list[dict[str, Any]] = []
    chain = ""
    for line in lines:
        mark, _, text = line.partition(b" ")
        if mark.decode("ascii", "replace") != digest(chain.encode() + text):
            raise DamagedError(f"its line {len(records) + 1} is not what was written")
        chain = mark.decode()
        try:
            records.append(json.loads(text))
        except (ValueError, RecursionError):
            raise DamagedError(_UNKNOWN) from None
    try:
        if records[0]["root"] != _written(str(root)):
            raise DamagedError(f"it is of another root, {records[0]['root']}")
        return _journal(path, number, records, len(data) - len(rest), chain)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise DamagedError(_UNKNOWN) from None


def _journal(
    path: Path, number: int, records: Sequence[dict[str, Any]], length: int, chain: str
) -> Journal:
    kinds = [record["kind"] for record in records]
    ready = kinds.index("ready")
    last = records[ready + 1] if len(records) > ready + 1 else None
    files = records[1:ready]
    head = records[0]
    if (
        kinds != ["begin", *["file"] * len(files), "ready", *["end"] * bool(last)]
        or records[ready]["files"] != len(files)
        or head["version"] != _VERSION
        or head["verb"] not in _VERBS
        or not isinstance(head["of"], int | None)
        or not isinstance(head["time"], str)
    ):
        raise DamagedError(_UNKNOWN)
    end = End(bool(last["done"]), tuple(map(_name, last["left"]))) if last else None
    entries = tuple(_entry(record) for record in files)
    return Journal(
        number, path, head["verb"], head["of"], head["time"], entries, end, length, chain
    )


def _name(written: str) -> str:
    """The name that was `_written`, if the system takes it for one; raises `ValueError`."""
    data = written.encode("utf-8", "surrogateescape")
    if b"\0" in data:
        raise ValueError("a name with a NUL in it")
    return os.fsdecode(data)


def _number(value: int, end: int) -> int:
    if type(value) is not int or not 0 <= value < end:
        raise ValueError("a number out of range")
    return value


def _entry(record: dict[str, Any]) -> Entry:
    """An entry that names a file below the root and nothing else, whatever the record says."""
    path, sibling = _name(record["path"]), record["sibling"]
    parts = path.split("/")
    wrong = any(
        part in ("", ".", "..") or (os.name == "nt" and set(part) & set("\\:")) for part in parts
    )
    if wrong or not _SIBLING.fullmatch(sibling) or not _DIGEST.fullmatch(record["after"]):
        raise DamagedError("it names a file outside of its root")
    attributes = Attributes(
        _number(record["mode"], 0o10000),
        _number(record["owner"], _IDS),
        _number(record["group"], _IDS),
        tuple((_name(name), base64.b64decode(value)) for name, value in record["extended"]),
    )
    before = base64.b64decode(record["before"], validate=True)
    return Entry(path, sibling, before, record["after"], attributes)
