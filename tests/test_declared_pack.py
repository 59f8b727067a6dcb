"""A whole pack without code: its cases, and the examples of its guide."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.engine.cases import Case, cases, problems
from migrator.engine.guide import Example, examples, problem
from migrator.engine.packs import load

FOLDER = Path(__file__).parent.parent / "fixtures" / "packs" / "pytest-7"
PACK = load(FOLDER)
CASES = list(cases(FOLDER / "fixtures"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}/{case.name}")
def test_case(case: Case) -> None:
    assert not "\n".join(problems(case, PACK))


@pytest.mark.parametrize(
    "example", list(examples((FOLDER / "guide.md").read_text("utf-8"))), ids=str
)
def test_example(example: Example) -> None:
    assert problem(example, PACK) is None


def test_it_holds_no_code() -> None:
    assert len(PACK.rules) >= 12
    assert not list(FOLDER.glob("*/*.py"))


def test_each_rule_has_a_case_that_reports_and_one_that_does_not() -> None:
    reporting = {case.rule for case in CASES if case.findings}
    silent = {case.rule for case in CASES if not case.findings}
    assert reporting == silent == {rule.id for rule in PACK.rules}
