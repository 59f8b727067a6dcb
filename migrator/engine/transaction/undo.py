"""Taking the last apply back: its old bytes, modes and attributes, by a transaction of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.engine.transaction.disk import folder
from migrator.engine.transaction.journal import DamagedError, Entry, Journal, digest
from migrator.engine.transaction.journals import journals
from migrator.engine.transaction.outcome import Outcome
from migrator.engine.transaction.replace import ChangedError, look
from migrator.engine.transaction.write import Replacement, transact
from migrator.errors import MigrateError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from migrator.engine.transaction.disk import Disk

    #: By the number of an apply, the files that were taken back, with the digest they then had.
    _Back = dict[int, set[tuple[str, str]]]


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
    back: _Back = {}
    for path, journal in journals(state, root):
        if isinstance(journal, DamagedError):
            found.append(Applied(path, "", (), f"damaged: {journal}"))
        elif journal.verb != "apply":
            _note(journal, back)
        else:
            written = _written(journal)
            if journal.end is None:
                standing = "cut short"
            elif not journal.end.done:
                standing = "taken back when it was cut short"
            elif not written:
                continue
            elif left := _left(journal, back):
                standing = "applied" if len(left) == len(written) else "taken back in part"
            else:
                standing = "taken back"
            paths = tuple(entry.path for entry in written)
            found.append(Applied(path, journal.time, paths, standing))
    return found


def undo(disk: Disk, state: Path, root: Path) -> Outcome:
    """Take back the last apply of `root` that still stands; nothing where there is none.

    A file that was changed since is left, and named. Raises `MigrateError` where the journal of
    the last apply is damaged.
    """
    back: _Back = {}
    for path, journal in journals(state, root):
        if isinstance(journal, DamagedError):
            raise MigrateError(
                f"{path}: the journal of the last apply is damaged and is not used: {journal}; "
                "remove it to take back the one before"
            )
        if journal.verb != "apply":
            _note(journal, back)
        elif journal.end and journal.end.done and (left := _left(journal, back)):
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


def _note(undo: Journal, back: _Back) -> None:
    """Note in `back` what an undo has taken back."""
    if undo.of is not None and undo.end and undo.end.done:
        taken = ((entry.path, entry.after) for entry in _written(undo))
        back.setdefault(undo.of, set()).update(taken)


def _left(journal: Journal, back: _Back) -> list[Entry]:
    """The files of an apply that no undo has taken back yet; `back` has all later ones."""
    taken = back.get(journal.number, set())
    return [entry for entry in _written(journal) if (entry.path, digest(entry.before)) not in taken]
