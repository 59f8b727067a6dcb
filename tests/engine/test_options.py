"""Options of a pack: what a project sets is checked, and reaches rules with the defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from migrator.config import configuration_in
from migrator.engine.cases import in_memory
from migrator.engine.options import check_options
from migrator.engine.packs import Pack, load
from migrator.errors import MigrateError
from migrator.model import Look

if TYPE_CHECKING:
    from pathlib import Path

PACK = """\
id: acme
version: "1"
title: Acme
options:
  target: {type: text, default: "1", about: The version to go to}
  strict: {type: flag, default: false}
  most: {type: number, default: 3}
  parts: {type: texts, default: [core]}
  rooms: {type: tables, columns: {name: text, size: number}}
"""
RULES = {
    "always": "rename: acme.a -> acme.z",
    "on-two": "when: {target: '2'}\nrename: acme.b -> acme.z",
    "strictly": "when: {strict: true}\nfind: acme.c()",
    "with-web": "when: {parts: web}\nfind: acme.d()",
    "of-three": "when: {most: 3}\nfind: acme.e()",
}
CODE = b"from acme import a, b, c, d, e\n\na(b, c(), d(), e())\n"


def acme(folder: Path) -> Pack:
    (folder / "python").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK)
    for name, text in RULES.items():
        (folder / "python" / f"{name}.yaml").write_text(f"summary: s\n{text}\n")
    return load(folder)


@pytest.mark.parametrize(
    ("options", "rules"),
    [
        ("", {"always", "of-three"}),
        ("target = '2'", {"always", "of-three", "on-two"}),
        ("strict = true\nmost = 4", {"always", "strictly"}),
        ("most = 3.0\nparts = ['core', 'web']", {"always", "of-three", "with-web"}),
    ],
)
def test_rules_look_where_the_options_are_so(tmp_path: Path, options: str, rules: set[str]) -> None:
    pack = acme(tmp_path / "acme")
    (tmp_path / "migrator.toml").write_text(f"[acme]\n{options}\n")
    config = configuration_in(tmp_path)
    assert config is not None
    check_options([pack], config, ())
    project = in_memory([pack], {"a.py": CODE}, Look(options=config.options))
    audit = project.audit()
    assert {one.finding.rule for one in audit.report().findings} == rules
    (change,) = project.plan(audit).changes
    # What a rule that does not look would rename stays in the import that another edits.
    assert (b"b" in change.after) == ("on-two" not in rules)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("target = 2", "migrator.toml:2: `acme.target`: must be a text"),
        ("strict = 'yes'", "migrator.toml:2: `acme.strict`: must be true or false"),
        ("most = true", "migrator.toml:2: `acme.most`: must be a number"),
        ("parts = 'web'", "migrator.toml:2: `acme.parts`: must be a list of texts"),
        ("parts = [1]", "migrator.toml:2: `acme.parts`: must be a list of texts"),
        ("rooms = [1]", "migrator.toml:2: `acme.rooms`: must be a list of tables"),
        ("strct = true", "migrator.toml:2: unknown key `acme.strct`; did you mean `strict`?"),
        ("rooms = [{name = 'a'}]", "migrator.toml:2: `acme.rooms[0].size`: is missing"),
        (
            "[[acme.rooms]]\nname = 1\nsize = 1",
            "migrator.toml:2: `acme.rooms[0].name`: must be a text",
        ),
    ],
)
def test_what_a_project_sets_is_checked(tmp_path: Path, options: str, said: str) -> None:
    head = "" if options.startswith("[") else "[acme]\n"
    (tmp_path / "migrator.toml").write_text(f"{head}{options}\n")
    config = configuration_in(tmp_path)
    assert config is not None
    with pytest.raises(MigrateError) as raised:
        check_options([acme(tmp_path / "acme")], config, ())
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("targt: '2'", "`when.targt`: the pack has no option `targt`; did you mean `target`?"),
        ("strict: 'yes'", "r.yaml:2: `when.strict`: must be true or false"),
        ("most: many", "r.yaml:2: `when.most`: must be a number"),
        ("parts: true", "r.yaml:2: `when.parts`: must be a list of texts"),
        ("rooms: x", "r.yaml:2: `when.rooms`: tables have no one value"),
    ],
)
def test_what_a_rule_asks_is_checked(tmp_path: Path, when: str, said: str) -> None:
    acme(tmp_path / "acme")
    rule = tmp_path / "acme" / "python" / "r.yaml"
    rule.write_text(f"summary: s\nwhen: {{{when}}}\nfind: acme.f()\n")
    with pytest.raises(MigrateError) as raised:
        load(tmp_path / "acme")
    assert said in str(raised.value)


def test_the_manual_says_when_a_rule_looks(tmp_path: Path) -> None:
    manuals = {rule.id: rule.manual for rule in acme(tmp_path / "acme").rules}
    assert "It looks only where the option `strict` is `true`." in manuals["strictly"]
    assert "option" not in manuals["always"]
