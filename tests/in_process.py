"""The engine without its workers: the innermost door to a whole audit and plan."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.config import configuration
from migrator.engine.audit import Audit
from migrator.engine.check import Checked, check
from migrator.engine.discover import Walk, discover
from migrator.engine.packs import Pack, builtin_folder, load
from migrator.engine.plan import plan
from migrator.languages import SUFFIXES
from migrator.model import Applicability, Finding, Look, Plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@cache
def builtin() -> Pack:
    """The pack that comes with the tool."""
    return load(builtin_folder() / "async_streaming")


class Project:
    """The files of the current folder, or `files` instead of them, looked at in this process."""

    def __init__(
        self,
        level: Applicability = Applicability.SAFE,
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        self.pack = builtin()
        self.files = files
        self.walk: Walk = discover(()) if files is None else Walk()
        for path in files or ():
            self.walk.files[path] = SUFFIXES[Path(path).suffix]
        options = configuration(Path()).packs if files is None else {}
        self.look = Look(level=level, options=options)

    def data(self, path: str) -> bytes:
        return Path(path).read_bytes() if self.files is None else self.files[path]

    def audit(self, overlay: Mapping[str, bytes] | None = None) -> Audit:
        instead = overlay or {}

        def read(path: str) -> bytes | str:
            return instead[path] if path in instead else self.data(path)

        def checked(paths: Sequence[str], look: Look) -> Iterable[Checked]:
            for path in paths:
                data, language = read(path), self.walk.files[path]
                assert isinstance(data, bytes)
                rules = [rule for rule in self.pack.rules if rule.language == language]
                yield check(path, data, language, rules, look)

        audit = Audit([self.pack], self.walk, read, self.look)
        audit.run(checked)
        return audit

    def plan(self) -> Plan:
        def again(overlay: Mapping[str, bytes]) -> tuple[Iterable[Finding], Mapping[str, str]]:
            second = self.audit(overlay)
            return [one.finding for one in second.report().findings], second.refused(audit)

        audit = self.audit()
        found = [one.finding for one in audit.report().findings]
        return plan(found, audit.look, self.data, self.walk.files, again)
