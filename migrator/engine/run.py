"""A whole run: load packs, walk, audit, plan."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.config import Configuration
from migrator.engine.cache import NO_CACHE, Cache
from migrator.engine.catalog import shipped
from migrator.engine.checked import CRASHED
from migrator.engine.configured import Configurations, asked
from migrator.engine.contents import Contents, contents
from migrator.engine.discover import discover
from migrator.engine.index import indexed
from migrator.engine.limits import Limits
from migrator.engine.options import check_options
from migrator.engine.packs import check_distinct
from migrator.engine.project import Project, Task
from migrator.engine.reporting import About
from migrator.engine.results import Results
from migrator.engine.seen import Seen
from migrator.engine.snapshots import Snapshots
from migrator.engine.suppress import UNUSED
from migrator.engine.times import Times
from migrator.errors import MigrateError
from migrator.model import Applicability, Look
from migrator.reports.wording import NOT_ANALYSED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from migrator.engine.audit import Audit
    from migrator.engine.changed import Changes, Since
    from migrator.engine.checked import Checked
    from migrator.engine.contents import Given
    from migrator.engine.owners import Owners
    from migrator.engine.workers import Workers
    from migrator.model import Answers, Change, Plan, Report, Stamp

    #: Told of each file that is done: how many, of how many.
    Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Settings:
    """What a run is asked to do, from the command line and the configuration."""

    paths: tuple[str, ...] = ()
    packs: tuple[Path, ...] = ()
    level: Applicability = Applicability.SAFE
    configured: Configurations = field(default_factory=Configurations)
    #: What holds for the run as a whole; `configured` tells what holds for each file.
    config: Configuration = field(default_factory=Configuration)
    limits: Limits = field(default_factory=Limits)
    force_exclude: bool = False
    since: Since | None = None
    cache: Cache = NO_CACHE
    #: What was decided about the fixes of each file; `None` if all that apply are to be made.
    answers: Mapping[str, Answers] | None = None
    #: The bytes of the only one of `paths`, if they are not those on disk.
    given: Given | None = None
    #: Whether every file is looked at anew: what is written never comes from the cache.
    fresh: bool = False


class Run:
    """One run; a context manager that ends its workers."""

    def __init__(self, settings: Settings, progress: Progress | None = None) -> None:
        self.settings = settings
        self.times = Times()
        self.packs = [indexed(folder, settings.cache) for folder in settings.packs]
        check_distinct(self.packs)
        check_options(self.packs, settings.config, shipped(settings.cache))
        self._progress = progress
        self._to_end = ExitStack()
        cache = NO_CACHE if settings.fresh else settings.cache
        self._results = Results(cache, settings.packs, self._read)
        with self.times.phase("walk"):
            self.walk = discover(
                settings.paths,
                settings.configured,
                settings.limits.size,
                force_exclude=settings.force_exclude,
                given=settings.given,
            )
        self._changes: Changes | None = None
        if settings.since is not None:
            from migrator.engine.changed import narrow

            start = Path(settings.paths[0] if settings.paths else ".")
            self._changes = narrow(self.walk, start, settings.since)
        self._seen = Seen(self.walk.stamps, cache)
        look = self._look()
        self._project = Project(
            self.packs,
            self.walk,
            look,
            self._read,
            self._check,
            self._refuses,
            self.times,
            self._results.recalled,
            self._seen,
            Snapshots(self._results, self._seen) if cache.is_used else None,
        )

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        self._to_end.close()

    @cached_property
    def _workers(self) -> Workers:
        from migrator.engine.workers import Workers

        return self._to_end.enter_context(Workers(self.settings.packs, self.settings.limits))

    def _look(self) -> Look:
        """What the rules are told: which of them are asked for, and in which files they are not."""
        known = frozenset((UNUSED, *(rule.id for pack in self.packs for rule in pack.rules)))
        settings = self.settings
        used = {own.config.file: own for own in self.walk.configured.values()}
        run = settings.configured.by(settings.config)
        for own in {**used, settings.config.file: run}.values():
            own.check(known, settings.config)
        by_path = asked(self.walk.configured, known)
        fixing = frozenset[str]().union(*by_path.values()) or run.rules("", known)
        if not fixing:
            raise MigrateError("every rule that is selected is ignored too: none is left to run")
        left_out = {path: fixing - rules for path, rules in by_path.items() if rules != fixing}
        return Look(
            level=settings.level,
            fixing=None if fixing == known and not left_out else fixing,
            options=settings.config.options,
            left_out=left_out,
            answers=settings.answers,
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the configurations of the files does not count in this run, or in any."""
        used = {own.config.file: own for own in self.walk.configured.values()}
        return self.settings.configured.closest.mistaken + tuple(
            f"{own.config.place(key)}: {own.config.spelled(key)} counts only in a run "
            f"over {own.config.folder} alone"
            for own in used.values()
            for key in own.not_used(self.settings.config)
        )

    @property
    def ran(self) -> frozenset[str]:
        """What findings and files can be filed under in the report of this run."""
        known = frozenset(rule.id for pack in self.packs for rule in pack.rules)
        fixing = self._project.look.fixing
        return (known if fixing is None else known & fixing) | {UNUSED, CRASHED, NOT_ANALYSED}

    def _given(self, path: str) -> bytes | None:
        """The bytes of a file that are not those on disk, if there are any."""
        given = self.settings.given
        return given.data if given is not None and given.path == path else None

    def _read(self, path: str) -> bytes | str:
        if (data := self._given(path)) is not None:
            return data
        found = contents(path, self.settings.limits.size)
        return found if isinstance(found, str) else found.data

    def _refuses(self, path: str) -> str | None:
        if self._changes is not None and path in self._changes.staged:
            return "has changes that are not staged; stage or stash them first"
        if self._given(path) is not None:
            return None
        from migrator.engine.transaction.replace import unwritable

        return unwritable(Path(path))

    def _check(self, tasks: Sequence[Task], look: Look) -> Iterator[Checked]:
        # A second look, at bytes that are not on disk, is short and counts anew: no progress.
        told = self._progress if not any(task.data for task in tasks) else None
        by_path = {task.path: task for task in tasks}
        waiting = []
        for task in tasks:
            key = self._results.key(task, look)
            kept = self._results.get(key, look.paths) if key else None
            if kept is None:
                waiting.append(task)
            else:
                self.times.kept += 1
                yield kept
        if not waiting:
            return
        known = len(tasks) - len(waiting)
        waiting = [
            task if task.data is not None else task._replace(data=self._given(task.path))
            for task in waiting
        ]
        for done, checked in enumerate(self._workers.check(waiting, look), known + 1):
            if told:
                told(done, len(tasks))
            self._keep(by_path[checked.path], look, checked)
            yield checked

    def _keep(self, task: Task, look: Look, checked: Checked) -> None:
        if key := self._results.key(task, look):
            self._results.put(key, checked, look.paths)
        if checked.again is not None:
            known, again = checked.again
            if key := self._results.key(task._replace(known=known), look):
                self._results.put(key, again, look.paths)

    def audit(self, *, as_compared: bool = False) -> Audit:
        """Audit the tree; what is kept of its validation goes into the checklist.

        Who owns the files is looked up when the report is made. With `as_compared` it is the tree
        as it is staged, if that is asked for, and the report has what is on changed lines alone.
        """
        from migrator.engine.validation import standing

        changes = self._changes if as_compared else None
        audit = self._project.audit(changes.staged if changes else None)
        self._seen.save()
        audit.about = About(
            standing(self.settings.paths),
            part=str(self.settings.since) if changes else "",
            lines=changes.lines if changes else {},
            owners_of=lambda path: self._owners.of(path),
            other_rules=self._other_rules,
        )
        return audit

    @cached_property
    def _owners(self) -> Owners:
        from migrator.engine.owners import Owners

        return Owners()

    def _other_rules(self) -> set[str]:
        """The rules of the packs that come with the tool."""
        cache = self.settings.cache
        others = (path for path in shipped(cache).values() if path not in self.settings.packs)
        return {rule.id for folder in others for rule in indexed(folder, cache).rules}

    def plan(self, audit: Audit) -> Plan:
        """What an apply would write."""
        with self.times.phase("plan"):
            return self._stamped(self._project.plan(audit))

    def ignores(self, audit: Audit, reason: str, judge: Callable[[Report], Report]) -> Plan:
        """The comments that suppress every error of `audit` that `judge` leaves as new."""
        from migrator.engine.add_ignores import ignores

        return self._stamped(ignores(self._project, audit, reason, judge))

    def _stamped(self, plan: Plan) -> Plan:
        """`plan` with what each file is that holds what it had when it was planned."""
        changes = tuple(one._replace(stamp=self._stamp(one)) for one in plan.changes)
        return plan._replace(changes=changes)

    def _stamp(self, change: Change) -> Stamp | None:
        found = contents(change.path, self.settings.limits.size)
        if isinstance(found, Contents) and found.data == change.before:
            return found.stamp
        return None

    def names_at(self, audit: Audit, path: str, line: int) -> tuple[str, ...]:
        """A sentence for each name on a line of a file, of what it stands for."""
        task = Task(path, audit.language(path), line=line)
        return next(iter(self._workers.check([task], audit.look))).names
