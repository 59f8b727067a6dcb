"""Every case beside a rule: what an audit reports, and what an apply leaves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from in_process import builtin

from migrator.engine.cases import Case, cases, in_memory, problems
from migrator.engine.guide import Example, examples, problem
from migrator.engine.packs import builtin_folder
from migrator.languages import SUFFIXES, language
from migrator.model import Applicability, Look

if TYPE_CHECKING:
    from collections.abc import Mapping

    from migrator.model import Report

CASES = list(cases(Path(__file__).parent.parent / "fixtures" / "async-streaming"))
GUIDE = list(examples((builtin_folder() / "async_streaming" / "guide.md").read_text("utf-8")))


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
    for path, edit in ordered:
        codec, _ = language(SUFFIXES[Path(path).suffix]).encoding(before[path])
        data = after[path]
        after[path] = data[: edit.start] + edit.text.encode(codec) + data[edit.end :]
    return after


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}/{case.name}")
def test_case(case: Case) -> None:
    assert not "\n".join(problems(case, builtin()))
    look = Look(options=case.configuration.options)
    report = in_memory([builtin()], case.before, look).audit().report()
    assert by_offsets(case.before, report) == case.after


@pytest.mark.parametrize("example", GUIDE, ids=lambda example: example.name)
def test_the_guide_shows_what_the_rules_do(example: Example) -> None:
    assert problem(example, builtin()) is None


def test_the_guide_shows_each_language() -> None:
    assert {Path(example.name).suffix for example in GUIDE} == {".ex", ".py", ".yaml"}
