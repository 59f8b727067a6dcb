"""A whole run: load packs, walk, audit, plan."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from migrator.engine.audit import Audit
from migrator.engine.discover import Walk, contents, discover
from migrator.engine.packs import Pack, check_options, load
from migrator.engine.plan import plan
from migrator.engine.workers import TIME_LIMIT, Task, Workers
from migrator.errors import MigrateError
from migrator.model import Applicability, Finding, Look, Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from migrator.engine.check import Checked

    #: Told of each file that is done: how many, of how many.
    Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Settings:
    """What a run is asked to do, from the command line and the configuration."""

    paths: tuple[str, ...] = ()
    packs: tuple[Path, ...] = ()
    level: Applicability = Applicability.SAFE
    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    exclude: tuple[str, ...] = ()
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    origin: tuple[str, str] = ("", "")
    time_limit: float = TIME_LIMIT


class Run:
    """One run; a context manager that ends its workers."""

    def __init__(self, settings: Settings, progress: Progress | None = None) -> None:
        self.settings = settings
        self.packs: list[Pack] = [load(folder) for folder in settings.packs]
        check_options(self.packs, settings.options, *settings.origin)
        self.look = Look(level=settings.level, fixing=self._rules(), options=settings.options)
        self.walk: Walk = discover(settings.paths, settings.exclude)
        self._progress = progress
        self._workers = Workers(settings.packs, settings.time_limit)

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *exception: object) -> None:
        self._workers.__exit__(*exception)

    def _rules(self) -> frozenset[str] | None:
        import difflib

        known = {rule.id for pack in self.packs for rule in pack.rules}
        for name in sorted(self.settings.select | self.settings.ignore):
            if name not in known:
                near = difflib.get_close_matches(name, known, 1)
                hint = (
                    f"did you mean `{near[0]}`?"
                    if near
                    else f"there are: {', '.join(sorted(known))}"
                )
                raise MigrateError(f"no rule is called `{name}`; {hint}")
        if not self.settings.select and not self.settings.ignore:
            return None
        return frozenset((self.settings.select or known) - self.settings.ignore)

    def audit(self, overlay: Mapping[str, bytes] | None = None) -> Audit:
        """Audit the tree, or the tree as it would be with the bytes of `overlay` in it."""
        instead = overlay or {}

        def read(path: str) -> bytes | str:
            return instead[path] if path in instead else contents(path)

        def check(paths: Sequence[str], look: Look) -> Iterable[Checked]:
            tasks = [Task(path, audit.language(path), instead.get(path)) for path in paths]
            for done, checked in enumerate(self._workers.check(tasks, look), 1):
                if self._progress and not instead:
                    self._progress(done, len(tasks))
                yield checked

        audit = Audit(self.packs, self.walk, read, self.look)
        audit.run(check)
        return audit

    def names_at(self, audit: Audit, path: str, line: int) -> tuple[str, ...]:
        """A sentence for each name on a line of a file, of what it stands for."""
        task = Task(path, audit.language(path), line=line)
        return next(iter(self._workers.check([task], audit.look))).names

    def plan(self, audit: Audit) -> Plan:
        """What an apply would write, looked at once more as a whole."""
        bytes_of: dict[str, bytes] = {}

        def data(path: str) -> bytes:
            if path not in bytes_of:
                read = contents(path)
                if isinstance(read, str):
                    raise ValueError(read)
                bytes_of[path] = read
            return bytes_of[path]

        def again(
            overlay: Mapping[str, bytes],
        ) -> tuple[Iterable[Finding], Mapping[str, str]]:
            if not overlay:
                return (), {}
            second = self.audit(overlay)
            return [one.finding for one in second.report().findings], second.refused(audit)

        findings = [one.finding for one in audit.report().findings]
        look = replace(audit.look, level=self.settings.level)
        return plan(findings, look, data, self.walk.files, again)
