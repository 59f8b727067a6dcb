"""The page on packs: each rule it shows makes of its example what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from declared import applied, found, pack

PAGE = (Path(__file__).parent.parent / "docs" / "packs.md").read_text("utf-8")
RULES = re.findall(r"```yaml\n(summary: (?:(?!```).)*)```", PAGE, re.DOTALL)
EXAMPLES = re.findall(
    r"```yaml\n(summary: (?:(?!```).)*)```\n\nBefore:\n\n```(python|elixir|yaml)\n(.*?)```\n\n"
    r"After:\n\n```\2\n(.*?)```",
    PAGE,
    re.DOTALL,
)
BESIDE = [example for example in EXAMPLES if "\nbecomes: " in example[0]]
ALONE = [example for example in EXAMPLES if example not in BESIDE]
SUFFIXES = {"python": "py", "elixir": "ex", "yaml": "yaml"}


def test_every_rule_that_changes_something_has_an_example() -> None:
    others = [rule for rule in RULES if "\nevery: " not in rule and not _goes_beside(rule)]
    assert len(EXAMPLES) == len(others) == 15


def _goes_beside(rule: str) -> bool:
    """Whether the example of the next rule is one of this rule as well."""
    following = RULES[RULES.index(rule) + 1 :][:1]
    return any("\nbecomes: " in one for one in following)


def test_what_moves_by_another_rule_stays_suppressed(tmp_path: Path) -> None:
    ((rule, _, before, after),) = BESIDE
    (mover,) = filter(_goes_beside, RULES)
    rules = pack(tmp_path, python__listener=rule, python__mover=mover)
    assert applied(rules, {"a.py": before}) == {"a.py": after}
    assert not found(rules, {"a.py": after})
    without = re.sub(r"# migrate.*\n", "", before), re.sub(r"# migrate.*\n", "", after)
    told = [[one.rule for one in found(rules, {"a.py": text})] for text in without]
    assert told == [["mover", "listener"], []]


def test_the_rule_that_only_confirms(tmp_path: Path) -> None:
    (rule,) = (rule for rule in RULES if "\nevery: " in rule)
    text = "import acme\nclass A(acme.Handler): ...\n"
    (finding,) = found(pack(tmp_path, python__r=rule), {"a.py": text})
    assert finding.message == "`A` handles nothing"


@pytest.mark.parametrize(("rule", "language", "before", "after"), ALONE)
def test_example(tmp_path: Path, rule: str, language: str, before: str, after: str) -> None:
    name = f"a.{SUFFIXES[language]}"
    rules = pack(tmp_path, **{f"{language}__r": rule})
    assert applied(rules, {name: before}, unsafe=True) == {name: after}
    assert applied(rules, {name: before}) == {name: after}
