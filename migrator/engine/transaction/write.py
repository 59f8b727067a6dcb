"""One transaction: all files are looked at, put down in the journal, staged, and then renamed."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.engine.transaction.disk import folder
from migrator.engine.transaction.journal import End, Entry, Journal, digest
from migrator.engine.transaction.journals import begin, close, prune
from migrator.engine.transaction.outcome import Outcome
from migrator.engine.transaction.recover import settle
from migrator.engine.transaction.replace import (
    ChangedError,
    Seen,
    discard,
    holds_other,
    look,
    new_sibling,
    place,
    stage,
)
from migrator.errors import MigrateError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from migrator.engine.transaction.attributes import Attributes
    from migrator.engine.transaction.disk import Disk
    from migrator.model import Stamp


@dataclass(frozen=True)
class Replacement:
    """New bytes for the file at `path` (relative to the root, with `/`), if it still is `before`.

    With `stamp` it must be the very file that was read, unchanged since. It keeps its attributes,
    or gets `attributes`.
    """

    path: str
    before: bytes
    after: bytes
    stamp: Stamp | None = None
    attributes: Attributes | None = None


def transact(
    disk: Disk,
    state: Path,
    root: Path,
    verb: str,
    replacements: Sequence[Replacement],
    of: int | None = None,
) -> Outcome:
    """Write the replacements below `root`; the journal is kept in `state`.

    A file that is no longer what was read, or cannot be written, is left as it was. Whatever else
    goes wrong, an interrupt too, takes back what was written. Raises `MigrateError` where the disk
    fails in a way that concerns more than one file.
    """
    work = _Work(disk, root)
    for one in replacements:
        work.examine(one)
    if not work.entries:
        return work.outcome
    try:
        journal = begin(disk, state, root, verb, work.entries, of)
    except OSError as error:
        raise MigrateError(
            f"{state}: the journal cannot be written: {error.strerror}; nothing was changed"
        ) from None
    try:
        work.stage()
        work.place()
        work.sync()
        close(disk, journal, End(True, tuple(work.outcome.left)))
    except OSError as error:
        raise MigrateError(_taken_back(disk, root, journal, error)) from None
    except BaseException as error:
        try:
            if settle(disk, root, journal).failed:
                raise MigrateError(f"{root}: the next run will take back what is left") from error
        except OSError:
            raise MigrateError(f"{root}: the next run will take back what is left") from error
        raise
    with contextlib.suppress(OSError):
        prune(disk, state)
    return work.outcome


def _taken_back(disk: Disk, root: Path, journal: Journal, error: OSError) -> str:
    """Settle a journal at once, and what to say of it; what fails is left to the next run."""
    problem = error.strerror or str(error)
    try:
        settled = settle(disk, root, journal)
    except OSError:
        return f"{root}: {problem}; the next run will take back what was written"
    if settled.failed:
        return f"{root}: {problem}; the next run will take back {', '.join(settled.failed)}"
    if settled.done:
        return f"{root}: {problem}; all files are written, but perhaps not yet on the disk itself"
    return f"{root}: {problem}; what was written was taken back"


class _Work:
    """The files of one transaction, and how far each has come."""

    def __init__(self, disk: Disk, root: Path) -> None:
        self.outcome = Outcome()
        self.entries: list[Entry] = []
        self._disk = disk
        self._root = root
        self._seen: dict[str, Seen] = {}
        self._new: dict[str, Replacement] = {}
        self._staged: list[Entry] = []

    def examine(self, one: Replacement) -> None:
        """Compare the file on the disk with what was read, and note what it is."""
        below, _, name = one.path.rpartition("/")
        try:
            with folder(self._root, below) as here:
                seen = look(here, name)
            if seen.data != one.before or one.stamp not in (None, seen.stamp):
                raise ChangedError("was changed by something else since it was read")
        except (ChangedError, OSError) as error:
            self._leave(one.path, error)
            return
        self._seen[one.path] = seen
        self._new[one.path] = one
        self.entries.append(
            Entry(one.path, new_sibling(), one.before, digest(one.after), seen.attributes)
        )

    def stage(self) -> None:
        """Write and sync the new bytes of each file beside it."""
        for entry in self.entries:
            new = self._new[entry.path]
            attributes = new.attributes or self._seen[entry.path].attributes
            try:
                with folder(self._root, entry.folder) as here:
                    try:
                        stage(self._disk, here, entry.sibling, new.after, attributes)
                    except OSError:
                        discard(self._disk, here, entry.sibling)
                        raise
            except OSError as error:
                self._leave(entry.path, error)
            else:
                self._staged.append(entry)

    def place(self) -> None:
        """Put each file that was staged in its place, if nothing has changed it since."""
        for entry in self._staged:
            try:
                with folder(self._root, entry.folder) as here:
                    try:
                        seen = self._seen[entry.path]
                        place(self._disk, here, entry.sibling, entry.name, seen, entry.after)
                    except (ChangedError, OSError):
                        if not holds_other(here, entry.sibling, entry):
                            discard(self._disk, here, entry.sibling)
                        raise
            except (ChangedError, OSError) as error:
                self._leave(entry.path, error)
            else:
                self.outcome.written.append(entry.path)

    def sync(self) -> None:
        """Remove the old files, and wait until all that is on the disk itself."""
        siblings: dict[str, list[str]] = {}
        for entry in self._staged:
            siblings.setdefault(entry.folder, []).append(entry.sibling)
        for below, names in sorted(siblings.items()):
            with folder(self._root, below) as here:
                for name in names:
                    discard(self._disk, here, name)
                self._disk.sync_folder(here)

    def _leave(self, path: str, error: ChangedError | OSError) -> None:
        if isinstance(error, ChangedError):
            self.outcome.left[path] = str(error)
        else:
            self.outcome.left[path] = f"cannot be written: {error.strerror or error}"
