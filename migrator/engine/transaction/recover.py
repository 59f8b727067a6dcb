"""A journal that was cut short: what is found is completed if all is in place, else taken back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrator.engine.transaction.disk import folder
from migrator.engine.transaction.journal import DamagedError, End, Entry, Journal, digest
from migrator.engine.transaction.journals import begun, close, unsettled
from migrator.engine.transaction.replace import (
    ChangedError,
    Seen,
    discard,
    holds_other,
    look,
    place,
    stage,
)

if TYPE_CHECKING:
    from pathlib import Path

    from migrator.engine.transaction.disk import Disk, Folder


@dataclass(frozen=True)
class Settled:
    """What became of a journal: `done` or taken back, and the files of which neither is true."""

    done: bool
    restored: tuple[str, ...]
    edited: dict[str, str]
    failed: dict[str, str]


@dataclass
class Found:
    """What an earlier run had left, told in lines; whether an apply was taken back over it."""

    told: list[str] = field(default_factory=list)
    taken_back: bool = False


def recover(disk: Disk, state: Path, root: Path) -> Found:
    """Settle every journal of `root` that was cut short, and say so.

    Those that are closed are not read: what is wrong with one is told where it is wanted.
    """
    found = Found()
    said = found.told
    for name in begun(state):
        with folder(state) as kept:
            disk.remove(kept, name)
        said.append("an earlier run was cut short before it wrote anything")
    for path, journal in list(unsettled(state, root)):
        if isinstance(journal, DamagedError):
            said.append(_damaged(path, journal))
        elif journal.end is None:
            settled = settle(disk, root, journal)
            said += _told(journal, settled)
            found.taken_back |= journal.verb == "apply" and not settled.done
    return found


def pending(state: Path, root: Path) -> list[str]:
    """What `recover` would find, a line each; nothing is touched."""
    said = []
    for path, journal in unsettled(state, root):
        if isinstance(journal, DamagedError):
            said.append(_damaged(path, journal))
        elif journal.end is None:
            said.append(
                f"an earlier {journal.verb} ({journal.time}) was cut short; the next "
                "`migrate apply` or `migrate undo` completes it or takes it back"
            )
    return said


def settle(disk: Disk, root: Path, journal: Journal) -> Settled:
    """Bring every file of a journal to one side, and close it unless the disk refuses."""
    found = [(entry, _found(root, entry)) for entry in journal.entries]
    edited = {entry.path: why for entry, why in found if isinstance(why, str)}
    seen = {entry.path: one for entry, one in found if isinstance(one, Seen)}
    done = all(
        entry.path in seen and seen[entry.path].digest == entry.after for entry in journal.entries
    )
    restored, failed = [], {}
    for entry in journal.entries:
        try:
            if _clear(disk, root, entry, seen.get(entry.path), done=done):
                restored.append(entry.path)
        except ChangedError as error:
            edited[entry.path] = str(error)
        except FileNotFoundError:
            continue  # its folder is gone, and the sibling with it
        except OSError as error:
            failed[entry.path] = f"{error.strerror or error}"
    if not failed:
        close(disk, journal, End(done, tuple(sorted(edited))))
    return Settled(done, tuple(restored), edited, failed)


def _found(root: Path, entry: Entry) -> Seen | str:
    """The file of an entry if it is as before or after; else what it is."""
    try:
        with folder(root, entry.folder) as place_:
            seen = look(place_, entry.name)
    except ChangedError as error:
        return str(error)
    except OSError as error:
        return f"{error.strerror or error}"
    if seen.digest not in (entry.after, digest(entry.before)):
        return "was changed since"
    return seen


def _clear(disk: Disk, root: Path, entry: Entry, seen: Seen | None, *, done: bool) -> bool:
    """Remove the siblings; where the file is new, put the old bytes back unless all is `done`."""
    is_new = seen is not None and seen.digest == entry.after
    with folder(root, entry.folder) as here:
        beside = entry.sibling if is_new else entry.back
        if seen is not None and holds_other(here, beside, entry):
            disk.rename(here, beside, entry.name)
            raise ChangedError("was saved by something else at that moment")
        for sibling in (entry.sibling, entry.back):
            discard(disk, here, sibling)
        if seen is not None and is_new and not done:
            _put_back(disk, here, entry, seen)
        disk.sync_folder(here)
    return is_new and not done


def _put_back(disk: Disk, here: Folder, entry: Entry, seen: Seen) -> None:
    try:
        stage(disk, here, entry.back, entry.before, entry.attributes)
    except OSError:
        discard(disk, here, entry.back)
        raise
    try:
        place(disk, here, entry.back, entry.name, seen, digest(entry.before))
    finally:
        if not holds_other(here, entry.back, entry):
            discard(disk, here, entry.back)


def _damaged(path: Path, error: DamagedError) -> str:
    return f"the journal {path} is damaged and is not used: {error}; look at it, then remove it"


def _told(journal: Journal, settled: Settled) -> list[str]:
    what = f"an earlier {journal.verb} ({journal.time}) was cut short"
    if settled.done:
        said = [f"{what} when all its files were written; it is complete now"]
    elif settled.restored:
        said = [f"{what}; what it had written was taken back: {', '.join(settled.restored)}"]
    else:
        said = [f"{what} before a file was changed; what it left behind was removed"]
    said += [f"{path}: {why}; it was left as it is" for path, why in settled.edited.items()]
    said += [
        f"{path}: cannot be put back yet: {why}; the next run tries again"
        for path, why in settled.failed.items()
    ]
    return said
