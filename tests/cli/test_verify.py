"""The project's own validation: what is run, how it ends, and how long its outcome holds."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from command import migrate

LEGACY = "async_stream: true\n"
PASSES = "import sys; print('validated'); sys.exit(0)"
FAILS = "import sys; sys.exit(3)"


def configured(folder: Path, command: str | list[str]) -> None:
    text = f"[tool.migrator.verify]\ncommand = {json.dumps(command)}\n"
    (folder / "pyproject.toml").write_text(text)


def validated(cwd: Path, *paths: str) -> dict[str, object]:
    items = json.loads(migrate(cwd, "audit", "--format", "json", *paths).stdout)["checklist"]
    (item,) = (item for item in items if item["id"] == "validated")
    return dict(item)


@pytest.mark.parametrize(
    ("command", "code", "state", "said"),
    [
        ([sys.executable, "-c", PASSES], 0, "done", "passed; kept"),
        ([sys.executable, "-c", FAILS], 1, "open", "failed: "),
        ("exit 0", 0, "done", "running `exit 0`"),
        ("exit 3", 1, "open", "failed: `exit 3`"),
        ("no-such-program-here", 2, "unchecked", "ended with 127"),
        (["no-such-program-here", "x"], 2, "unchecked", "`no-such-program-here` is not found"),
    ],
)
def test_how_it_ends(
    tmp_path: Path, command: str | list[str], code: int, state: str, said: str
) -> None:
    (tmp_path / "a.yaml").write_text(LEGACY)
    configured(tmp_path, command)
    run = migrate(tmp_path, "verify")
    assert run.returncode == code, run.stderr
    assert said in run.stderr
    assert validated(tmp_path)["state"] == state
    assert validated(tmp_path)["findings"] == (1 if state == "open" else 0)


def test_the_outcome_holds_until_the_sources_change(tmp_path: Path) -> None:
    source = tmp_path / "a.yaml"
    source.write_text(LEGACY)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b.py").write_text("")
    configured(tmp_path, "exit 0")
    assert validated(tmp_path)["state"] == "unchecked"
    assert migrate(tmp_path / "sub", "verify").returncode == 0
    for cwd, *paths in ((tmp_path,), (tmp_path, "sub"), (tmp_path / "sub",), (tmp_path, "a.yaml")):
        assert validated(cwd, *paths)["state"] == "done"
    source.write_text(LEGACY + "\n")
    item = validated(tmp_path)
    assert item["state"] == "unchecked"
    assert "the sources have changed since `exit 0` passed" in str(item["evidence"])
    source.write_text(LEGACY)
    assert validated(tmp_path)["state"] == "done"
    (tmp_path / "c.yaml").write_text("a: 1\n")
    assert validated(tmp_path)["state"] == "unchecked"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "a.yaml", "c.yaml", "pyproject.toml", "sub",
    ]  # fmt: skip


def test_a_command_that_changes_the_sources_says_nothing_of_them(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(LEGACY)
    configured(tmp_path, "echo >> a.yaml")
    run = migrate(tmp_path, "verify")
    assert run.returncode == 0
    assert "its outcome is not kept" in run.stderr
    assert validated(tmp_path)["state"] == "unchecked"


@pytest.mark.parametrize(
    ("names", "runs", "said"),
    [
        (["mix.exs"], ["mix test --only streaming"], ""),
        (["setup.py"], ["pytest -m streaming"], ""),
        (["pyproject.toml", "mix.exs"], ["mix test --only streaming", "pytest -m streaming"], ""),
        (["a.yaml"], [], "say in the configuration what validates it"),
    ],
)
def test_what_is_run_without_a_configuration(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    names: list[str],
    runs: list[str],
    said: str,
) -> None:
    for name in names:
        (tmp_path / name).write_text("")
    tools = tmp_path / "tools"
    tools.mkdir()
    for program in ("mix", "pytest"):
        (tools / program).write_text(f'#!/bin/sh\necho "{program} $*" >> "$LOG"\n')
        (tools / program).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    monkeypatch.setenv("LOG", str(tmp_path / "log"))
    run = migrate(tmp_path, "verify")
    log = tmp_path / "log"
    assert (log.read_text().splitlines() if log.exists() else []) == runs
    assert run.returncode == (0 if runs else 2)
    assert said in run.stderr


def test_no_test_that_streams_validates_nothing(tmp_path: Path) -> None:
    (tmp_path / "setup.cfg").write_text("[tool:pytest]\nmarkers = streaming\n")
    (tmp_path / "test_a.py").write_text("def test_a():\n    pass\n")
    run = migrate(tmp_path, "verify")
    assert run.returncode == 2
    assert "`pytest -m streaming` ended with 5: nothing was validated" in run.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("verify = 1", "`tool.migrator.verify` must be a table"),
        (
            "[tool.migrator.verify]\ncomand = 'x'",
            "unknown key `tool.migrator.verify.comand`; did you mean `command`?",
        ),
        ("[tool.migrator.verify]", "must be a text for the shell, or a list of words"),
        ("[tool.migrator.verify]\ncommand = []", "must be a text for the shell"),
        ("[tool.migrator.verify]\ncommand = ''", "must be a text for the shell"),
    ],
)
def test_a_configuration_that_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.migrator]\n{text}\n")
    for command in ("verify", "audit"):
        run = migrate(tmp_path, command)
        assert run.returncode == 2
        assert said in run.stderr
