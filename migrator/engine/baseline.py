"""The baseline of a project: what was there before, a line of JSON for each, sorted.

A line is `[path, rule, scope, text]`: the path as seen from the folder of the file, the rule, the
names of what stands around the finding, and its own text without layout. There are no numbers of
lines, so it stays when code moves, and branches that both take lines out merge. A fifth part may
be an object with `owner`, `reason` and `until`, a date after which it counts no more.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from migrator.engine import records
from migrator.errors import MigrateError, meant

if TYPE_CHECKING:
    from pathlib import Path

    from migrator.model import Located

FILE = "migrate-baseline.jsonl"
_LONGEST = 160
_NOTES = ("owner", "reason", "until")


class Key(NamedTuple):
    """What tells a finding from others, whatever its line."""

    path: str
    rule: str
    scope: str
    text: str

    @classmethod
    def of(cls, path: str, one: Located) -> Key:
        """That of a finding in the file at `path`: its text without layout, and not too long."""
        plain = " ".join(one.text.split())
        if len(plain) > _LONGEST:
            import hashlib

            digest = hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:12]
            plain = f"{plain[:_LONGEST]}… {digest}"
        return cls(path, one.finding.rule, one.scope, plain)


class Entry(NamedTuple):
    """One line of a baseline; `notes` are its `owner`, `reason` and `until`, as far as given."""

    key: Key
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def until(self) -> str:
        """The last day (ISO) on which it counts, or nothing."""
        return dict(self.notes).get("until", "")

    def line(self) -> str:
        """The line that stands for it."""
        parts = [*self.key, dict(self.notes)] if self.notes else list(self.key)
        return json.dumps(parts)


@dataclass(frozen=True)
class Baseline:
    """The entries of one file, sorted."""

    file: Path
    entries: tuple[Entry, ...] = ()


def found() -> Path | None:
    """The baseline in the current folder, or above it in the same project."""
    return records.found(FILE)


def load(file: Path) -> Baseline:
    """The baseline in `file`; raises `MigrateError` with the line where it is wrong."""
    if not os.path.lexists(file):
        raise MigrateError(f"{file}: there is no such baseline; `migrate baseline write` makes it")
    lines = records.read(file, "a baseline")
    return Baseline(file, tuple(sorted(_entry(parts, where) for where, parts in lines)))


def save(baseline: Baseline) -> None:
    """Write the file whole, or leave it as it was; raises `MigrateError`."""
    records.write(baseline.file, sorted(one.line() for one in baseline.entries))


def _entry(parts: Any, where: str) -> Entry:
    notes = parts[4] if isinstance(parts, list) and len(parts) == 5 else {}
    if (
        not isinstance(parts, list)
        or len(parts) not in (4, 5)
        or not all(isinstance(part, str) for part in parts[:4])
        or not isinstance(notes, dict)
    ):
        raise MigrateError(f"{where}: must be `[path, rule, scope, text]`, and perhaps an object")
    for name, value in notes.items():
        if name not in _NOTES:
            raise MigrateError(f"{where}: unknown key `{name}`; {meant(name, _NOTES)}")
        if not isinstance(value, str) or (name == "until" and not _is_date(value)):
            wanted = "a date such as 2030-01-31" if name == "until" else "a string"
            raise MigrateError(f"{where}: `{name}` must be {wanted}")
    return Entry(Key(*parts[:4]), tuple(sorted(notes.items())))


def _is_date(text: str) -> bool:
    import datetime

    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def notes(owner: str | None, reason: str | None, until: str | None) -> tuple[tuple[str, str], ...]:
    """The notes of new entries; raises `MigrateError` for what is no date."""
    if until is not None and not _is_date(until):
        raise MigrateError(f"{until}: is no date such as 2030-01-31")
    given = {"owner": owner, "reason": reason, "until": until}
    return tuple(sorted((name, value) for name, value in given.items() if value))
