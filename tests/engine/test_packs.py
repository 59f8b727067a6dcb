"""How a pack is loaded, and how mistakes in one are told."""

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


@pytest.mark.parametrize("name", ["acme-2.0", "acme", "a b.c", ".acme"])
@pytest.mark.parametrize("spelled", ["{}", "{}/python/..", "{}/python/../."])
def test_a_pack_in_a_folder_of_any_name(tmp_path: Path, name: str, spelled: str) -> None:
    (tmp_path / name).mkdir()
    pack(tmp_path / name)
    (tmp_path / name / "acme.egg-info").mkdir()
    (rule,) = load(Path(tmp_path, spelled.format(name))).rules
    assert rule.id == "some-rule"


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("", "pack.yaml:1: the file must hold one mapping"),
        ("- 1", "pack.yaml:1: the file must hold one mapping"),
        ("id: [", "pack.yaml:1: does not parse as YAML at line 1"),
        ("id: p\nid: q\n", "the key `id` stands at line 1 already"),
        ("id: p\n", "pack.yaml:1: `version` is missing"),
        ("id: [p]\n", "pack.yaml:1: `id`: must be text"),
        (HEAD + "titel: x\n", "pack.yaml:4: `titel`: unknown key `titel`; did you mean `title`?"),
        (HEAD + "checklist: [{title: x}]\n", "pack.yaml:4: `checklist[0]`: `id` is missing"),
        (HEAD + "checklist: [{id: x}]\n", "pack.yaml:4: `checklist[0]`: checklist item `x` has no"),
        (
            HEAD + "checklist:\n  - id: x\n    rules:\n      - some-rule\n      - som-rule\n",
            "pack.yaml:8: `checklist[0].rules[1]`: checklist item `x`: no rule is called "
            "`som-rule`; did you mean `some-rule`?",
        ),
        (
            HEAD + "checklist:\n- {id: x, rules: [some-rule]}\n- {id: x, rules: [some-rule]}\n",
            "pack.yaml:6: `checklist[1].id`: there is an item `x` above already",
        ),
        (HEAD + "checklist: [{id: x, rule: [some-rule]}]\n", "did you mean `rules`?"),
        (
            HEAD + "checklist: [{id: x, rules: [some-rule], counts: advise}]\n",
            "`checklist[0].counts`: `advise` is no value for it; did you mean `advice`?",
        ),
        (
            HEAD + "options:\n  a:\n    type: tables\n    columns:\n      two: txt\n",
            "pack.yaml:8: `options.a.columns.two`: `txt` is no value for it; did you mean `text`?",
        ),
        (HEAD + "version: &v x\n", "the key `version` stands at line 2 already"),
        (HEAD.replace("P", "*v"), "the alias `*v` has no anchor above it"),
        ("id: &a p\nversion: *a\n", "`version`: an alias has no place here"),
        (HEAD + "options: " + "{a: " * 60 + "}" * 60, "nested more than 40 levels deep"),
        ("id: A b\nversion: '1'\ntitle: P\n", "pack.yaml:1: `id`: an id has small letters"),
        (HEAD + "options:\n  a: {type: txt}\n", "pack.yaml:5: `options.a.type`: `txt` is no value"),
        (HEAD + "options:\n  a: {default: x}\n", "pack.yaml:5: `options.a`: `type` is missing"),
        (HEAD + "options:\n  a: {type: text}\n", "pack.yaml:5: `options.a`: `default` is missing"),
        (
            HEAD + "options:\n  a:\n    type: number\n    default: many\n",
            "pack.yaml:7: `options.a.default`: must be a number",
        ),
        (
            HEAD + "options:\n  a:\n    type: flag\n    default: 'true'\n",
            "pack.yaml:7: `options.a.default`: must be true or false",
        ),
        (
            HEAD + "options:\n  a:\n    type: texts\n    default: x\n",
            "pack.yaml:7: `options.a.default`: must be a list of texts",
        ),
        (
            HEAD + "options:\n  a:\n    type: flag\n    default: {x: y}\n",
            "pack.yaml:7: `options.a.default`: must be `true` or `false` or text or a list",
        ),
        (
            HEAD + "options:\n  a:\n    type: text\n    default: x\n    columns: {b: text}\n",
            "pack.yaml:8: `options.a.columns`: a text has no columns",
        ),
        (HEAD + "options:\n  a: {type: tables}\n", "`options.a`: `columns` is missing"),
        (
            HEAD + "options:\n  a: {type: tables, columns: {b: text}, default: []}\n",
            "`options.a.default`: tables have none",
        ),
        (HEAD + "guide: guide.md\n", "pack.yaml:4: `guide`: there is no `guide.md`"),
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


def test_rules_lie_in_folders_by_language(tmp_path: Path) -> None:
    pack(tmp_path)
    (tmp_path / "python").rename(tmp_path / "pyhton")
    with pytest.raises(MigrateError, match="did you mean `python`"):
        load(tmp_path)


def test_two_files_of_one_rule(tmp_path: Path) -> None:
    pack(tmp_path)
    (tmp_path / "python" / "some-rule.yaml").write_text("summary: x\n")
    with pytest.raises(MigrateError, match=r"`some-rule` is the rule in `some-rule\.yaml` already"):
        load(tmp_path)


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


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("python/r.yml", "python/r.yml: a rule's file ends with `.yaml`"),
        ("r.yaml", "r.yaml: a rule lies in a folder by language, as in `acme/python/r.yaml`"),
        ("pyhton/r.yaml", "`pyhton` is none; did you mean `python`?"),
    ],
)
def test_a_rule_that_lies_elsewhere(tmp_path: Path, path: str, said: str) -> None:
    rule = tmp_path / "acme" / path
    rule.parent.mkdir(parents=True)
    (tmp_path / "acme" / "pack.yaml").write_text(HEAD)
    (tmp_path / "acme" / "other.yaml").write_text("no: rule\n")
    rule.write_text("summary: s\nfind: a.b()\n")
    with pytest.raises(MigrateError) as raised:
        load(tmp_path / "acme")
    assert said in str(raised.value)
