"""The right to write below some roots, held from before they are read until all is written.

What writes, and what reads journals, is imported where there is something to write or to read.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.engine.state import existing_folder_for, folder_for, root_of, roots_of
from migrator.engine.transaction.disk import Disk
from migrator.engine.transaction.lock import is_locked, locked
from migrator.engine.transaction.outcome import Outcome
from migrator.errors import MigrateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from migrator.engine.transaction.undo import Applied
    from migrator.engine.transaction.write import Replacement
    from migrator.model import Change


class Held:
    """What may be done while the locks are held; `found` says what an earlier run had left."""

    def __init__(self, states: dict[Path, Path], disk: Disk) -> None:
        self._states = states
        self._disk = disk
        self.found: list[str] = []
        self._settled: set[Path] = set()
        for root, state in states.items():
            if not _has_journals(state):
                continue
            from migrator.engine.transaction.recover import recover

            try:
                found = recover(disk, state, root)
            except OSError as error:
                raise MigrateError(f"{state}: cannot be recovered: {error.strerror}") from None
            self.found += found.told
            if found.taken_back:
                self._settled.add(root)

    def write(self, changes: Iterable[Change]) -> Outcome:
        """Write each change, or leave its file as it was and say why."""
        outcome = Outcome()
        changes = list(changes)
        if not changes:
            return outcome
        from migrator.engine.transaction.write import Replacement, transact

        by_root: dict[Path, list[Replacement]] = {root: [] for root in self._states}
        shown: dict[tuple[Path, str], str] = {}
        for change in changes:
            place = self._place(change.path)
            if place is None:
                outcome.left[change.path] = "lies outside of the project, behind a link"
                continue
            root, path = place
            shown[place] = change.path
            by_root[root].append(Replacement(path, change.before, change.after, change.stamp))
        for root, replacements in by_root.items():
            done = transact(self._disk, self._states[root], root, "apply", replacements)
            outcome.written += [shown[root, path] for path in done.written]
            outcome.left.update({shown[root, path]: why for path, why in done.left.items()})
        return outcome

    def undo(self) -> Outcome:
        """Take the last apply of each root back, if that is not done by clearing up after it."""
        from migrator.engine.transaction.undo import undo

        outcome = Outcome()
        for root, state in self._states.items():
            if root in self._settled:
                continue
            done = undo(self._disk, state, root)
            outcome.written += [_shown(root, path) for path in done.written]
            outcome.left.update({_shown(root, path): why for path, why in done.left.items()})
        return outcome

    def _place(self, path: str) -> tuple[Path, str] | None:
        """The root that a file really lies in, and its path from there."""
        real = Path(os.path.realpath(Path(path).parent), Path(path).name)
        for root in self._states:
            if real.is_relative_to(root):
                return root, real.relative_to(root).as_posix()
        return None


@contextlib.contextmanager
def hold(
    paths: Iterable[str], waiting: Callable[[Path], None], disk: Disk | None = None
) -> Iterator[Held]:
    """Lock the roots of `paths` (the current folder where there are none) and settle the past.

    Calls `waiting` with a root that another process holds, and waits. Raises `MigrateError`.
    """
    with contextlib.ExitStack() as stack:
        states = {}
        # Always in the same order, so that two runs never wait for each other; the inner before
        # the outer, so that a file is put down for the closest.
        for root in sorted(roots_of(paths), reverse=True):
            states[root] = folder_for(root)
            stack.enter_context(locked(states[root], lambda root=root: waiting(root)))  # type: ignore[misc]
        yield Held(states, disk or Disk())


def unfinished(paths: Iterable[str]) -> list[str]:
    """What an earlier run has left in the roots of `paths`, a line each; touches nothing.

    A run that is going on now has left nothing.
    """
    said = []
    for root in sorted(roots_of(paths)):
        state = existing_folder_for(root)
        if state is not None and _has_journals(state) and not is_locked(state):
            from migrator.engine.transaction.recover import pending

            said += pending(state, root)
    return said


def history(path: str) -> list[Applied]:
    """Every apply that the root of `path` has a journal of, the newest first."""
    from migrator.engine.transaction.undo import applied

    root = root_of(Path(path))
    state = existing_folder_for(root)
    return applied(state, root) if state is not None else []


def _has_journals(state: Path) -> bool:
    """Whether there may be a journal, whole or not: their names begin with a number."""
    return any(name[0].isdigit() for name in os.listdir(state))  # noqa: PTH208


def _shown(root: Path, path: str) -> str:
    return os.path.relpath(root / path).replace(os.sep, "/")
