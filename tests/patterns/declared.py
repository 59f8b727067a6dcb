"""A pack of rules without code, made for one test."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

from migrator.engine.cases import in_memory
from migrator.engine.packs import Pack, load
from migrator.model import Applicability, Look

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from migrator.model import Finding


def pack(folder: Path, said: str = "", **rules: str) -> Pack:
    """The pack in `folder` with `rules`: texts by language, two underscores and id.

    `said` is what its `pack.yaml` says beside what it has to.
    """
    (folder / "pack.yaml").write_text(f"id: p\nversion: '1'\ntitle: P\n{dedent(said)}")
    for name, text in rules.items():
        language, _, id_ = name.partition("__")
        (folder / language).mkdir(exist_ok=True)
        (folder / language / f"{id_}.yaml").write_text(dedent(text))
    return load(folder)


def found(pack: Pack, files: Mapping[str, str]) -> list[Finding]:
    """What an audit of `files` finds."""
    data = {path: text.encode() for path, text in files.items()}
    report = in_memory([pack], data, Look()).audit().report()
    assert not report.not_analysed
    return [one.finding for one in report.findings]


def applied(pack: Pack, files: Mapping[str, str], *, unsafe: bool = False) -> dict[str, str]:
    """`files` after an apply, which must leave nothing out and do nothing a second time."""
    level = Applicability.REVIEW if unsafe else Applicability.SAFE
    data = {path: text.encode() for path, text in files.items()}
    project = in_memory([pack], data, Look(level=level))
    plan = project.plan(project.audit())
    skipped = [one.reason for one in plan.skipped]
    assert not skipped
    after = {**data, **{change.path: change.after for change in plan.changes}}
    again = in_memory([pack], after, Look(level=level))
    assert not again.plan(again.audit()).changes
    return {path: text.decode() for path, text in after.items()}
