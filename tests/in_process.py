"""The engine without its workers: the innermost door to a whole audit and plan."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.engine.cases import in_memory
from migrator.engine.packs import Pack, builtin_folder, load
from migrator.model import Applicability, Look

if TYPE_CHECKING:
    from collections.abc import Mapping

    from migrator.model import Plan, Report


@cache
def builtin() -> Pack:
    """The pack that comes with the tool."""
    return load(builtin_folder() / "async_streaming")


def here() -> dict[str, bytes]:
    """The files below the current folder."""
    return {path.as_posix(): path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def audited(files: Mapping[str, bytes]) -> Report:
    """What an audit of `files` reports."""
    return in_memory([builtin()], files, Look()).audit().report()


def planned(files: Mapping[str, bytes], level: Applicability = Applicability.SAFE) -> Plan:
    """What an apply to `files` would write."""
    project = in_memory([builtin()], files, Look(level=level))
    return project.plan(project.audit())


def standing(name: str, text: str) -> tuple[list[str], list[str]]:
    """The findings in one file that count and those that are suppressed, as `line rule`."""
    report = audited({name: text.encode()})
    return (
        [f"{one.start.line} {one.finding.rule}" for one in report.findings],
        [f"{one.located.start.line} {one.located.finding.rule}" for one in report.suppressed],
    )
