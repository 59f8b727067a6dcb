from __future__ import annotations

from pathlib import Path

import pytest
from in_process import builtin

from migrator.engine.packs import load
from migrator.errors import MigrateError

HEAD = "id: p\nversion: '1'\ntitle: P\n"
RULE = '"""Summary.\n\nMore."""\nTRIGGERS = (("x",),)\ndef check(source, look):\n    return ()\n'


def pack(folder: Path, head: str = HEAD, rule: str = RULE) -> Path:
    (folder / "python").mkdir()
    (folder / "pack.yaml").write_text(head)
    (folder / "python" / "some_rule.py").write_text(rule)
    return folder


def test_a_rule_is_its_file(tmp_path: Path) -> None:
    (rule,) = load(pack(tmp_path)).rules
    assert (rule.id, rule.pack, rule.language) == ("some-rule", "p", "python")
    assert (rule.summary, rule.manual) == ("Summary", "Summary.\n\nMore.")


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("", "a pack is a mapping"),
        ("- 1", "a pack is a mapping"),
        ("id: [", "pack.yaml"),
        ("id: p\n", "`version` is missing or no text"),
        (HEAD + "titel: x\n", "unknown key `titel`; did you mean `title`?"),
        (HEAD + "checklist: [{title: x}]\n", "a checklist item is a mapping with an `id`"),
        (HEAD + "checklist: [{id: x}]\n", "checklist item `x` has no `rules`"),
        (HEAD + "checklist: [{id: x, rules: [som-rule]}]\n", "did you mean `some-rule`?"),
        (HEAD + "checklist: [{id: x, rule: [some-rule]}]\n", "did you mean `rules`?"),
    ],
)
def test_a_wrong_pack_says_what_and_where(tmp_path: Path, head: str, said: str) -> None:
    with pytest.raises(MigrateError) as raised:
        load(pack(tmp_path, head))
    assert said in str(raised.value)
    assert "pack.yaml" in str(raised.value)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("TRIGGERS = ()\n", "a rule needs `check`"),
        ("def check(source, look): ...\n", "a rule needs `TRIGGERS`"),
        ("import nowhere_at_all\n", "ModuleNotFoundError"),
        ("def check(:\n", "SyntaxError"),
    ],
)
def test_a_wrong_rule_says_what_and_where(tmp_path: Path, rule: str, said: str) -> None:
    with pytest.raises(MigrateError) as raised:
        load(pack(tmp_path, rule=rule))
    assert said in str(raised.value)
    assert "some_rule.py" in str(raised.value)


def test_every_rule_of_the_pack_has_a_manual() -> None:
    for rule in builtin().rules:
        assert rule.summary
        assert len(rule.manual.splitlines()) > 2, rule.id


def test_every_rule_of_the_pack_has_cases_that_report_and_cases_that_do_not() -> None:
    fixtures = Path(__file__).parents[2] / "fixtures" / "async-streaming"
    for rule in {rule.id for rule in builtin().rules} - {"shared-handler"}:
        cases = list((fixtures / rule).iterdir())
        reporting = [
            case
            for case in cases
            if (case / "findings.txt").exists() and rule in (case / "findings.txt").read_text()
        ]
        assert reporting, rule
        assert len(reporting) < len(cases), rule
