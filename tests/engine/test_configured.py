"""The closest configuration decides which files are looked at, and by which rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrator.config import Closest
from migrator.engine.configured import Chosen, Configurations, asked
from migrator.engine.discover import discover
from migrator.errors import MigrateError

RULES = frozenset({"one", "two", "three"})
TREE = {
    ".git/HEAD": "",
    "pyproject.toml": (
        "[tool.migrator]\nignore = ['three']\nextend-exclude = ['/old/', '*.gen.py']\n"
        "[tool.migrator.per-file-ignores]\n'tests/' = ['one']\n'/a.py' = ['two']\n"
    ),
    "a.py": "",
    "b.gen.py": "",
    "old/a.py": "",
    "tests/a.py": "",
    "own/migrator.toml": "select = ['one']\nextend-exclude = ['/old/']",
    "own/a.py": "",
    "own/b.gen.py": "",
    "own/old/a.py": "",
    "own/tests/a.py": "",
    "own/template/pyproject.toml": "{{ no toml }}",
    "own/template/a.py": "",
}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in TREE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def rules(paths: list[str], chosen: Chosen = Chosen()) -> dict[str, str]:  # noqa: B008
    walk = discover(paths, Configurations(Closest(), chosen))
    return {path: " ".join(sorted(found)) for path, found in asked(walk.configured, RULES).items()}


WHOLE = {
    "a.py": "one",
    "own/a.py": "one",
    "own/b.gen.py": "one",
    "own/template/a.py": "one",
    "own/tests/a.py": "one",
    "tests/a.py": "two",
}


def test_each_file_has_its_closest_configuration(tree: Path) -> None:
    assert rules([]) == WHOLE


@pytest.mark.parametrize("folder", ["own", "own/tests", "tests"])
def test_a_file_has_it_wherever_the_run_starts(
    tree: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    expected = {path: found for path, found in WHOLE.items() if path.startswith(f"{folder}/")}
    assert rules([folder]) == expected
    assert rules(list(expected)) == expected
    monkeypatch.chdir(folder)
    assert {f"{folder}/{path}": found for path, found in rules([]).items()} == expected
    whole = rules(["../" * (folder.count("/") + 1)])
    assert sorted(whole.values()) == sorted(WHOLE.values())


def test_the_command_line_comes_before_each(tree: Path) -> None:
    chosen = Chosen(select=frozenset({"one", "three"}))
    assert rules(["a.py", "own/a.py", "tests"], chosen) == {
        "a.py": "one",
        "own/a.py": "one three",
        "tests/a.py": "",
    }
    assert rules(["own/a.py"], Chosen(ignore=frozenset({"one"}))) == {"own/a.py": ""}


def test_a_named_file_is_left_out_on_demand_alone(tree: Path) -> None:
    named = ["a.py", "b.gen.py", "old/a.py", "own/old/a.py", "own/b.gen.py"]
    assert list(discover(named, Configurations(Closest())).files) == sorted(named)
    walk = discover(named, Configurations(Closest()), force_exclude=True)
    assert list(walk.files) == ["a.py", "own/b.gen.py"]
    assert sum(walk.excluded.values()) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("extend-exclude = ['[z']", "migrator.toml:1: `extend-exclude`: `[z` is no pattern"),
        ("[per-file-ignores]\n'[z' = []", "migrator.toml:2: `per-file-ignores.[z`: `[z`"),
        ("[per-file-ignores]\n'!a' = []", "`per-file-ignores.!a`: names no files by itself"),
        ("select = ['ones']", "migrator.toml:1: `select`: no rule is called `ones`; did you mean"),
        ("[per-file-ignores]\na = ['on']", "migrator.toml:2: `per-file-ignores.a`: no rule is"),
        ("[severities]\non = 'error'", "migrator.toml:2: `severities.on`: no rule is called `on`"),
    ],
)
def test_what_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "migrator.toml").write_text(text)
    (tmp_path / "a.py").write_text("")
    with pytest.raises(MigrateError) as error:
        configured = Configurations(Closest())
        walk = discover((), configured)
        walk.configured["a.py"].check(RULES, configured.of_run([]))
        asked(walk.configured, RULES)
    assert said in str(error.value)


def test_what_counts_for_a_run_alone_is_told_of(tree: Path) -> None:
    (tree / "own" / "migrator.toml").write_text("max-seconds = 1\nselect = ['nobody-knows']\n")
    configured = Configurations(Closest())
    own, run = configured.of(tree / "own"), configured.of_run(["own", "a.py"])
    assert own.not_used(run) == ("max-seconds",)
    assert own.not_used(configured.of_run(["own/a.py", "own/tests"])) == ()
    with pytest.raises(MigrateError, match="nobody-knows"):
        own.check(RULES, run)
    (tree / "own" / "migrator.toml").write_text("packs = ['p']\nselect = ['of-that-pack']\n")
    Configurations(Closest()).of(tree / "own").check(RULES, run)
