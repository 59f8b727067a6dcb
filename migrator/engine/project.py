"""The files of one walk, audited and planned as a whole, wherever their bytes come from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from migrator.engine.audit import Audit, anew
from migrator.engine.concerns import Concerns
from migrator.engine.plan import DROPPED, plan
from migrator.engine.sources import digest
from migrator.engine.times import Times

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from migrator.engine.audit import Recall
    from migrator.engine.checked import Checked
    from migrator.engine.discover import Walk
    from migrator.engine.packs import Pack
    from migrator.engine.seen import Seen
    from migrator.engine.snapshots import Snapshots
    from migrator.model import Fact, Finding, Look, Plan, Skipped

    #: The bytes of a file, or the reason why they cannot be had.
    Reader = Callable[[str], bytes | str]
    #: Checks files side by side: one result for each task, in any order.
    Checker = Callable[[Sequence["Task"], Look], Iterable[Checked]]


class Task(NamedTuple):
    """One file to check; `data` stands in for what is on disk, `known` is told to its rules.

    With `line` it is not checked: `Checked.names` says what the names on that line stand for.
    `size` is that of the file in bytes, if it was read.
    """

    path: str
    language: str
    data: bytes | None = None
    line: int | None = None
    known: frozenset[Fact] = frozenset()
    size: int = 0


class _Done:
    """What files yielded in this run, by their bytes and by all that their rules were told."""

    def __init__(self) -> None:
        self._look: Look | None = None
        self._by_told: dict[tuple[str, bytes, frozenset[Fact]], Checked] = {}

    def get(self, look: Look, task: Task, data: bytes) -> Checked | None:
        """What the file of `task` with these bytes yielded in `look`, which has no facts."""
        if not self._is_of(look):
            return None
        return self._by_told.get((task.path, digest(data), task.known))

    def put(self, look: Look, task: Task, checked: Checked) -> None:
        """Remember it, until there is another look."""
        if not self._is_of(look):
            self._by_told.clear()
            self._look = look
        if checked.reason is None:
            self._by_told[task.path, checked.digest, task.known] = checked

    def _is_of(self, look: Look) -> bool:
        if look is not self._look:
            if look != self._look:
                return False
            self._look = look  # to compare the paths of a large tree again takes long
        return True


@dataclass(frozen=True)
class Project:
    """Packs, the files of a walk, how to read and how to check them, and which refuse a change."""

    packs: Sequence[Pack]
    walk: Walk
    look: Look
    read: Reader
    check: Checker
    refuses: Callable[[str], str | None] = lambda _: None
    times: Times = field(default_factory=Times)
    recall: Recall = anew
    seen: Seen | None = None
    snapshots: Snapshots | None = None
    #: The files on disk that could not be analysed: each may have taken all the time there is, so
    #: no further look at the tree tries them again.
    _refused: dict[str, Checked] = field(default_factory=dict)
    _done: _Done = field(default_factory=_Done)

    def audit(self, overlay: Mapping[str, bytes] | None = None) -> Audit:
        """Audit the tree, or the tree as it would be with the bytes of `overlay` in it."""
        return self._audit(self.look, overlay or {})

    def _audit(self, look: Look, instead: Mapping[str, bytes]) -> Audit:
        def read(path: str) -> bytes | str:
            return instead[path] if path in instead else self.read(path)

        def check(paths: Sequence[str], look: Look) -> Iterable[Checked]:
            tasks: dict[str, Task] = {}
            concerns = Concerns(look.known)
            for path in paths:
                if path in self._refused and path not in instead:
                    yield self._refused[path]
                    continue
                data = read(path)
                task = Task(path, audit.language(path), instead.get(path))
                if isinstance(data, bytes):
                    known = concerns.of(path, data, task.language)
                    task = task._replace(known=known, size=len(data))
                    done = self._done.get(told, task, data)
                    if done is not None:
                        yield done
                        continue
                tasks[path] = task
            # Else the last to begin may be the one that takes longest.
            largest_first = sorted(tasks.values(), key=lambda one: -one.size)
            for checked in self.check(largest_first, told):
                yield self._noted(tasks[checked.path], told, checked)

        audit = Audit(self.packs, self.walk, read, look, self.times, self.recall, self.seen)
        snapshots = None if instead else self.snapshots
        if snapshots is not None and snapshots.restore(audit):
            self.times.restored(audit.checked.values())
            return audit
        told = audit.look
        # What an edit leaves has to parse, also where no word of a rule is left in it.
        audit.run(check, instead)
        if snapshots is not None:
            snapshots.keep(audit)
        return audit

    def _noted(self, task: Task, look: Look, checked: Checked) -> Checked:
        """`checked` as the result of `task`, remembered, with what came along."""
        if checked.reason is not None and task.data is None:
            self._refused[checked.path] = checked
        self.times.add(checked)
        if checked.again is not None:
            known, again = checked.again
            self.times.add(again)
            self._done.put(look, task._replace(known=known), again)
        alone = replace(checked, again=None)
        self._done.put(look, task, alone)
        return alone

    def plan(self, audit: Audit) -> Plan:
        """What an apply would write, looked at once more as a whole.

        What other files do may rest on the edits of a file that, as it turns out, has to stay as
        it is: then the plan is made anew without that file.
        """
        skipped: tuple[Skipped, ...] = ()
        while True:
            found = self._plan(audit)
            skipped += found.skipped
            dropped = {one.finding.path for one in found.skipped if one.finding.rule == DROPPED}
            if not dropped:
                return found._replace(skipped=skipped)
            rest = frozenset(filter(audit.look.may_edit, self.walk.files)) - dropped
            audit = self._audit(replace(self.look, editable=rest), {})

    def _plan(self, audit: Audit) -> Plan:
        # Where fixes were decided about, those that got a yes are made then, and nothing else is.
        look = replace(
            self.look,
            editable=audit.look.editable,
            answers=None if self.look.answers is None else {},
        )
        bytes_of: dict[str, bytes] = {}

        def data(path: str) -> bytes:
            if path not in bytes_of:
                read = self.read(path)
                if isinstance(read, str):
                    raise ValueError(read)
                if digest(read) != audit.checked[path].digest:
                    raise ValueError("it was changed by something else while it was looked at")
                bytes_of[path] = read
            return bytes_of[path]

        def again(overlay: Mapping[str, bytes]) -> tuple[Iterable[Finding], Mapping[str, str]]:
            if not overlay:
                return (), {}
            second = self._audit(look, overlay)
            return [one.finding for one in second.report().findings], second.refused(audit)

        findings = [one.finding for one in audit.report().findings]
        return plan(findings, look, data, self.walk.files, again, self.refuses)
