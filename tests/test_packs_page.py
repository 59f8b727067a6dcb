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
SUFFIXES = {"python": "py", "elixir": "ex", "yaml": "yaml"}


def test_every_rule_that_changes_something_has_an_example() -> None:
    assert len(EXAMPLES) == len([rule for rule in RULES if "\nevery: " not in rule]) == 10


def test_the_rule_that_only_confirms(tmp_path: Path) -> None:
    (rule,) = (rule for rule in RULES if "\nevery: " in rule)
    text = "import acme\nclass A(acme.Handler): ...\n"
    (finding,) = found(pack(tmp_path, python__r=rule), {"a.py": text})
    assert finding.message == "`A` handles nothing"


@pytest.mark.parametrize(("rule", "language", "before", "after"), EXAMPLES)
def test_example(tmp_path: Path, rule: str, language: str, before: str, after: str) -> None:
    name = f"a.{SUFFIXES[language]}"
    rules = pack(tmp_path, **{f"{language}__r": rule})
    assert applied(rules, {name: before}, unsafe=True) == {name: after}
    assert applied(rules, {name: before}) == {name: after}
