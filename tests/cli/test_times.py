"""`--statistics` and `--profile` say where the time went, beside the report and not in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

OLD = "steps:\n  - async_stream: true\n"


def migrate(cwd: Path, *arguments: str) -> tuple[str, str]:
    """The report or patch of a run, and what it says beside it."""
    command = [sys.executable, "-m", "migrator", *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    return done.stdout, done.stderr


@pytest.mark.parametrize("command", [("audit",), ("apply", "--dry-run"), ("apply", "--diff")])
def test_what_is_asked_for_is_said(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "old.yaml").write_text(OLD)
    (tmp_path / "clean.yaml").write_text("a: 1\n")
    plain, _ = migrate(tmp_path, *command)
    (tmp_path / "old.yaml").write_text(OLD)
    out, said = migrate(tmp_path, *command, "--no-cache", "--statistics", "--profile")
    assert out == plain
    lines = [line.split(maxsplit=1)[-1] for line in said.splitlines()]
    assert "files walked, 1 file analysed in" in said
    assert {"walk", "words", "rules", "report"} <= set(lines)
    assert ("write" in lines) == ("--diff" in command)
    assert {"parsing", "step-keys", "old.yaml"} <= set(lines)
    assert "clean.yaml" not in said


def test_each_is_said_alone(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(OLD)
    for option, has, has_not in (
        ("--statistics", "seconds by phase", "by rule"),
        ("--profile", "processor seconds by rule", "by phase"),
    ):
        _, said = migrate(tmp_path, "audit", "--no-cache", option)
        assert has in said
        assert has_not not in said


def test_what_is_known_from_an_earlier_run_is_counted(tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(OLD)
    migrate(tmp_path, "audit")
    _, said = migrate(tmp_path, "audit", "--profile")
    assert said.splitlines()[0].endswith("1 look, 1 known from an earlier run")
    assert "by file" not in said
