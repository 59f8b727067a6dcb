"""What a run knows of a pack before a rule is called is what the pack says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from migrator.engine.cache import NO_CACHE, Cache
from migrator.engine.catalog import shipped
from migrator.engine.check import check
from migrator.engine.index import indexed, manifest
from migrator.engine.packs import Pack, load
from migrator.errors import MigrateError
from migrator.model import Look

CALLS = ("check", "learn", "conclude")


def without_code(pack: Pack) -> Pack:
    """`pack`, of whose calls only is left whether there are any."""
    rules = (
        replace(rule, **{call: getattr(rule, call) is not None for call in CALLS})
        for rule in pack.rules
    )
    return replace(pack, rules=tuple(rules))


@pytest.mark.parametrize("id_", list(shipped()))
def test_an_index_says_what_the_pack_says(id_: str) -> None:
    folder = shipped()[id_]
    whole = load(folder)
    assert without_code(indexed(folder, Cache())) == without_code(whole)
    again = indexed(folder, Cache())
    assert without_code(again) == without_code(whole)
    assert again.rules[0].check != whole.rules[0].check


def test_rules_are_loaded_when_one_is_called() -> None:
    folder = shipped()["async-streaming"]
    indexed(folder, Cache())
    rules = [rule for rule in indexed(folder, Cache()).rules if rule.language == "yaml"]
    found = check("a.yaml", b"async_stream: true\n", "yaml", rules, Look())
    assert [one.finding.rule for one in found.findings] == ["step-keys"]
    learning = next(rule for rule in indexed(folder, Cache()).rules if rule.learn)
    assert learning.learn is not None
    assert not list(learning.learn((), Look()))


def pack(folder: Path, words: str) -> Path:
    (folder / "yaml").mkdir(parents=True, exist_ok=True)
    (folder / "pack.yaml").write_text(f"id: p\nversion: '1'\ntitle: P\nlegacy-words: [{words}]\n")
    (folder / "yaml" / "key.yaml").write_text("summary: S\npaths: [{path: old, rename: new}]\n")
    return folder


def test_a_pack_that_changed_is_read_anew(tmp_path: Path) -> None:
    assert indexed(pack(tmp_path, "one"), Cache()).legacy_words == ("one",)
    assert indexed(pack(tmp_path, "two"), Cache()).legacy_words == ("two",)
    (tmp_path / "yaml" / "key.yaml").write_text("nonsense: true\n")
    with pytest.raises(MigrateError, match=r"key\.yaml:1"):
        indexed(tmp_path, Cache())


def test_a_file_that_is_no_rule_is_told_of_a_pack_that_is_known(tmp_path: Path) -> None:
    pack(tmp_path, "one")
    indexed(tmp_path, Cache())
    (tmp_path / "yaml" / "more.yml").write_text("summary: S\npaths: [{path: a, rename: b}]\n")
    with pytest.raises(MigrateError, match=r"a rule's file ends with `\.yaml`"):
        indexed(tmp_path, Cache())


@pytest.mark.parametrize("kept", [b"", b"[]", b"{}", b'{"rules": 3}', b"\xff", b"[" * 10**5])
def test_what_is_no_index_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bytes
) -> None:
    monkeypatch.setattr(Cache, "get", lambda *_: kept)
    folder = pack(tmp_path, "one")
    assert indexed(folder, Cache()).legacy_words == ("one",)
    assert manifest(folder / "pack.yaml", Cache()) == manifest(folder / "pack.yaml", NO_CACHE)
