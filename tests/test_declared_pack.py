"""Whole packs without code: their cases, and the examples of their guides."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.engine.cases import Case, cases, folder_of, problems
from migrator.engine.guide import Example, examples, problem
from migrator.engine.packs import Pack, load

ROOT = Path(__file__).parent.parent
FOLDERS = {
    "pytest-7": ROOT / "fixtures" / "packs" / "pytest-7",
    "upgrades": ROOT / "rules" / "upgrades",
}
PACKS = {id_: load(folder) for id_, folder in FOLDERS.items()}
CASES = [
    pytest.param(pack, case, id=f"{case.rule}/{case.name}")
    for id_, pack in PACKS.items()
    for case in cases(folder_of(FOLDERS[id_], pack))
]
EXAMPLES = [
    pytest.param(pack, example, id=f"{id_}:{example.line}")
    for id_, pack in PACKS.items()
    for example in examples((FOLDERS[id_] / (pack.guide or "")).read_text("utf-8"))
]


@pytest.mark.parametrize(("pack", "case"), CASES)
def test_case(pack: Pack, case: Case) -> None:
    assert not "\n".join(problems(case, pack))


@pytest.mark.parametrize(("pack", "example"), EXAMPLES)
def test_example(pack: Pack, example: Example) -> None:
    assert problem(example, pack) is None


@pytest.mark.parametrize(("id_", "least"), [("pytest-7", 12), ("upgrades", 30)])
def test_it_holds_no_code(id_: str, least: int) -> None:
    assert len(PACKS[id_].rules) >= least
    assert not list(FOLDERS[id_].glob("*/*.py"))


@pytest.mark.parametrize("id_", PACKS)
def test_each_rule_has_a_case_that_reports_and_one_that_does_not(id_: str) -> None:
    found = list(cases(folder_of(FOLDERS[id_], PACKS[id_])))
    reporting = {case.rule for case in found if case.findings}
    silent = {case.rule for case in found if not case.findings}
    assert reporting == silent == {rule.id for rule in PACKS[id_].rules}


@pytest.mark.parametrize("id_", PACKS)
def test_each_rule_names_its_source_and_its_place_in_the_checklist(id_: str) -> None:
    pack = PACKS[id_]
    asked = {rule for item in pack.checklist for rule in item.rules}
    assert asked == {rule.id for rule in pack.rules}
    assert all(rule.manual.count("\n\n") >= 2 for rule in pack.rules)
