"""A journal that was cut short: what is found is completed if all is in place, else taken back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrator.engine.transaction.disk import folder
from migrator.engine.transaction.journal import (
    DamagedError,
    End,
    Entry,
    Journal,
    begun,
    close,
    digest,
    journals,
)
from migrator.engine.transaction.replace import ChangedError, Seen, discard, look, place, stage

if TYPE_CHECKING:
    from pathlib import Path

    from migrator.engine.transaction.disk import Disk


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
    """Settle every journal of `root` that was cut short, and say so."""
    found = Found()
    said = found.told
    for name in begun(state):
        with folder(state) as kept:
            disk.remove(kept, name)
        said.append("an earlier run was cut short before it wrote anything")
    for path, journal in journals(state, root):
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
    for path, journal in journals(state, root):
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
    new = {
        entry.path: seen
        for entry, seen in found
        if isinstance(seen, Seen) and seen.digest == entry.after
    }
    done = len(new) == len(found)
    restored, failed = [], {}
    for entry in journal.entries:
        try:
            if _clear(disk, root, entry, None if done else new.get(entry.path)):
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


def _clear(disk: Disk, root: Path, entry: Entry, back: Seen | None) -> bool:
    """Remove the sibling; where the file is `back`, put the old bytes in its place first."""
    with folder(root, entry.folder) as here:
        discard(disk, here, entry.sibling)
        if back is not None:
            try:
                stage(disk, here, entry.sibling, entry.before, entry.attributes)
                place(disk, here, entry, back)
            except BaseException:
                discard(disk, here, entry.sibling)
                raise
        disk.sync_folder(here)
    return back is not None


def _damaged(path: Path, error: DamagedError) -> str:
    return f"the journal {path} is damaged and is not used: it {error}; look at it, then remove it"


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
