"""Taking the last apply back: its old bytes, modes and attributes, by a transaction of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.engine.transaction.disk import folder
from migrator.engine.transaction.journal import DamagedError, Entry, Journal, digest, journals
from migrator.engine.transaction.outcome import Outcome
from migrator.engine.transaction.replace import ChangedError, look
from migrator.engine.transaction.write import Replacement, transact
from migrator.errors import MigrateError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from migrator.engine.transaction.disk import Disk


@dataclass(frozen=True)
class Applied:
    """One apply that a root has a journal of: when, the files it wrote, and where it stands."""

    file: Path
    time: str
    paths: tuple[str, ...]
    state: str


def applied(state: Path, root: Path) -> list[Applied]:
    """Every apply of `root`, the newest first; a damaged journal is one that says so."""
    found = []
    read = journals(state, root)
    for path, journal in read:
        if isinstance(journal, DamagedError):
            found.append(Applied(path, "", (), f"damaged: it {journal}"))
        elif journal.verb == "apply":
            written = _written(journal)
            if journal.end is None:
                standing = "cut short"
            elif not journal.end.done:
                standing = "taken back when it was cut short"
            elif not written:
                continue
            elif left := _left(journal, read):
                standing = "applied" if len(left) == len(written) else "taken back in part"
            else:
                standing = "taken back"
            paths = tuple(entry.path for entry in written)
            found.append(Applied(path, journal.time, paths, standing))
    return found[::-1]


def undo(disk: Disk, state: Path, root: Path) -> Outcome:
    """Take back the last apply of `root` that still stands; nothing where there is none.

    A file that was changed since is left, and named. Raises `MigrateError` where the journal of
    the last apply is damaged.
    """
    read = journals(state, root)
    for path, journal in reversed(read):
        if isinstance(journal, DamagedError):
            raise MigrateError(
                f"{path}: the journal of the last apply is damaged and is not used: it {journal}; "
                "remove it to take back the one before"
            )
        if journal.verb != "apply" or journal.end is None or not journal.end.done:
            continue
        if left := _left(journal, read):
            return _restore(disk, state, root, journal, left)
    return Outcome()


def _restore(
    disk: Disk, state: Path, root: Path, journal: Journal, left: Sequence[Entry]
) -> Outcome:
    replacements, refused = [], {}
    for entry in left:
        try:
            with folder(root, entry.folder) as here:
                seen = look(here, entry.name)
            if seen.digest != entry.after:
                raise ChangedError("was changed since it was written")
        except ChangedError as error:
            refused[entry.path] = str(error)
        except OSError as error:
            refused[entry.path] = f"cannot be read: {error.strerror or error}"
        else:
            replacements.append(
                Replacement(entry.path, seen.data, entry.before, seen.stamp, entry.attributes)
            )
    outcome = transact(disk, state, root, "undo", replacements, journal.number)
    outcome.left.update(refused)
    return outcome


def _written(journal: Journal) -> tuple[Entry, ...]:
    """The files that an apply has written."""
    left = journal.end.left if journal.end else ()
    return tuple(entry for entry in journal.entries if entry.path not in left)


def _left(journal: Journal, read: Sequence[tuple[Path, Journal | DamagedError]]) -> list[Entry]:
    """The files of an apply that no undo has taken back yet."""
    back = {
        (entry.path, entry.after)
        for _, one in read
        if isinstance(one, Journal) and one.of == journal.number and one.end and one.end.done
        for entry in _written(one)
    }
    return [entry for entry in _written(journal) if (entry.path, digest(entry.before)) not in back]
