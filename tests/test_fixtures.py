"""Every case beside a rule: what an audit reports, and what an apply leaves.

A case is a folder with `before.py` (or `.ex`, `.yaml`) and, where they differ from it, `after.*`,
which `migrate apply` leaves, and `unsafe.*`, which `--unsafe` does; or folders of those names. The
lines of `findings.txt` are `path:line rule severity applicability`, those of `not-analysed.txt`
paths. `why.txt` says what the case is there for.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from in_process import Project

from migrator.model import Applicability, Plan, Report

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parent.parent
CASES = sorted(path.parent for path in (ROOT / "fixtures").glob("*/*/*/why.txt"))


def files(case: Path, name: str) -> dict[str, Path]:
    """The files of `case` in its part `name`, by their path in the project."""
    folder = case / name
    if folder.is_dir():
        return {
            path.relative_to(folder).as_posix(): path
            for path in folder.rglob("*")
            if path.is_file()
        }
    return {f"before{path.suffix}": path for path in case.glob(f"{name}.*")}


def lines(case: Path, name: str) -> list[str]:
    path = case / name
    return path.read_text("utf-8").splitlines() if path.exists() else []


def reported(report: Report) -> list[str]:
    return sorted(
        f"{one.finding.path}:{one.start.line} {one.finding.rule} "
        f"{one.finding.severity} {one.finding.applicability}"
        for one in report.findings
    )


def applied(before: Mapping[str, bytes], plan: Plan) -> dict[str, bytes]:
    assert not plan.skipped, [one.reason for one in plan.skipped]
    return {**before, **{change.path: change.after for change in plan.changes}}


def by_offsets(before: Mapping[str, bytes], report: Report) -> dict[str, bytes]:
    """What a program makes of the edits in a report: bytes replaced from the last to the first."""
    after = dict(before)
    edits = {
        (one.finding.path, edit)
        for one in report.findings
        if one.finding.applicability is Applicability.SAFE
        for edit in one.edits
    }
    ordered = sorted(edits, key=lambda pair: (pair[1].start, pair[1].end), reverse=True)
    codecs = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    for path, edit in ordered:
        data = after[path]
        codec = next((name for name, bom in codecs.items() if data.startswith(bom)), "utf-8")
        if b"latin-1" in data[:80]:
            codec = "latin-1"
        after[path] = data[: edit.start] + edit.text.encode(codec) + data[edit.end :]
    return after


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = {name: files(case, name) for name in ("before", "after", "unsafe")}
    for path, source in parts["before"].items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, tmp_path / path)
    before = {path: source.read_bytes() for path, source in parts["before"].items()}
    after = {**before, **{path: one.read_bytes() for path, one in parts["after"].items()}}
    unsafe = {**after, **{path: one.read_bytes() for path, one in parts["unsafe"].items()}}
    monkeypatch.chdir(tmp_path)

    safe = Project(Applicability.SAFE)
    report = safe.audit().report()
    assert reported(report) == sorted(lines(case, "findings.txt"))
    assert [one.path for one in report.not_analysed] == lines(case, "not-analysed.txt")
    assert applied(before, safe.plan()) == after
    assert by_offsets(before, report) == after
    assert applied(before, Project(Applicability.REVIEW).plan()) == unsafe
    for level, files_then in ((Applicability.SAFE, after), (Applicability.REVIEW, unsafe)):
        for path, data in files_then.items():
            (tmp_path / path).write_bytes(data)
        assert not Project(level).plan().changes, "a second apply changes something"
