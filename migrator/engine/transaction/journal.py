"""A journal as values and as bytes: what each file of an apply or undo was, and how it ended.

A file of lines, each a digest and a JSON object. A digest covers its line and the one before, so
that a line which was changed, lost or moved is seen. The lines are: `begin`; a `file` for each
file, with its old bytes; `ready`; and, once nothing is left to do, `end`. A journal without `ready`
is damaged; a last line that was cut short is no damage, but the mark of an end.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from migrator.engine.transaction.attributes import Attributes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_VERSION = 1
_VERBS = ("apply", "undo")
_END = b'{"kind":"end",'
_SIBLING = re.compile(r"\.migrate-[0-9a-f]{32}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_UNKNOWN = "its lines are missing or of a form that is not known"
#: Owners and groups are less than this.
_IDS = 1 << 32


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


def line(chain: str, record: dict[str, Any]) -> tuple[str, bytes]:
    """The digest of a record that follows the one with the digest `chain`, and its line."""
    text = json.dumps(record, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    mark = digest(chain.encode() + text)
    return mark, mark.encode() + b" " + text + b"\n"


def beginning(
    root: Path, verb: str, entries: Sequence[Entry], of: int | None, time: str
) -> Iterator[dict[str, Any]]:
    """The records of a journal of which nothing is done yet, in order."""
    yield {
        "kind": "begin",
        "version": _VERSION,
        "root": _written(str(root)),
        "verb": verb,
        "of": of,
        "time": time,
    }
    yield from map(_record, entries)
    yield {"kind": "ready", "files": len(entries)}


def ending(end: End) -> dict[str, Any]:
    """The record that says how it ended."""
    return {"kind": "end", "done": end.done, "left": [*map(_written, end.left)]}


def is_ending(line: bytes, before: bytes) -> bool:
    """Whether `line`, without its line end, is an `end` that follows the line `before`."""
    mark, _, text = line.partition(b" ")
    is_next = mark.decode("ascii", "replace") == digest(before.partition(b" ")[0] + text)
    return is_next and text.startswith(_END)


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


def parsed(file: Path, number: int, root: Path, data: bytes) -> Journal:
    """The journal of `root` that `data` of a file is; raises `DamagedError`."""
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
        return _journal(file, number, records, len(data) - len(rest), chain)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise DamagedError(_UNKNOWN) from None


def _journal(
    file: Path, number: int, records: Sequence[dict[str, Any]], length: int, chain: str
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
        number, file, head["verb"], head["of"], head["time"], entries, end, length, chain
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
