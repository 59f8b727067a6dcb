"""Only what changed, with facts from the whole project, by real processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BASE = "from pipeline.async_streaming import Handler\n\n\nclass Base(Handler):\n    pass\n"
DESK = (
    "from app.base import Base\n\n\nclass Desk(Base):\n"
    '    def handle_event(self, event):\n        if event[0] == "chunk":\n'
    "            print(event[1])\n"
)


def git(tree: Path, *words: str) -> None:
    identity = ["-c", "user.name=x", "-c", "user.email=x"]
    subprocess.run(["git", *identity, *words], cwd=tree, check=True, capture_output=True)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    for name, text in (("app/__init__.py", ""), ("app/base.py", BASE), ("a.yaml", "x: 1\n")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "old.yaml").write_text("async_stream: true\n")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "one")
    return tmp_path


def migrate(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "migrator", *arguments]
    environment = {name: value for name, value in os.environ.items() if "GIT" not in name}
    return subprocess.run(
        command, cwd=tree, capture_output=True, text=True, check=False, env=environment
    )


def audit(tree: Path, *arguments: str) -> dict[str, Any]:
    run = migrate(tree, "audit", "--format", "json", *arguments)
    found: dict[str, Any] = json.loads(run.stdout)
    assert run.returncode == (1 if found["findings"] else 0), run.stderr
    return found


def places(found: dict[str, Any]) -> list[tuple[str, int]]:
    return [(one["path"], one["line"]) for one in found["findings"]]


def test_facts_come_from_the_whole_project(tree: Path) -> None:
    assert audit(tree, "--changed")["findings"] == []
    (tree / "app" / "desk.py").write_text(DESK)
    with (tree / "old.yaml").open("a") as file:
        file.write("b:\n  async_stream: true\n")
    found = audit(tree, "--changed")
    # A handler by a class of a file that did not change; and not the old key above the new one.
    assert places(found) == [("app/desk.py", 6), ("old.yaml", 3)]
    assert (found["summary"]["files"], found["summary"]["reported"]) == (2, 2)
    items = {item["id"]: item for item in found["checklist"]}
    assert items["handlers-audited"]["state"] == "unchecked"
    assert items["handlers-audited"]["evidence"] == (
        "only what changed since the last commit was looked at"
    )
    told = migrate(tree, "audit", "--changed", "app").stdout.splitlines()[-1]
    assert told.startswith("1 left in what changed since the last commit in 1 of 1 file: 1 safe")
    migrate(tree, "apply", "--changed", "--select", "step-keys")
    assert (tree / "old.yaml").read_text() == "stream: true\nb:\n  stream: true\n"
    assert (tree / "app" / "base.py").read_text() == BASE


def test_what_is_staged(tree: Path) -> None:
    (tree / "a.yaml").write_text("async_stream: true\n")
    git(tree, "add", "a.yaml")
    (tree / "a.yaml").write_text("# not staged\n\nx: 1\nasync_stream: true\n")
    (tree / "b.yaml").write_text("async_stream: true\n")
    assert places(audit(tree, "--staged")) == [("a.yaml", 1)]
    run = migrate(tree, "apply", "--staged")
    assert run.returncode == 1
    assert "a.yaml: this file was left as it was: it has changes that are not staged" in run.stderr
    assert "not staged" in (tree / "a.yaml").read_text()
    git(tree, "add", "a.yaml")
    assert places(audit(tree, "--staged")) == [("a.yaml", 4)]
    assert migrate(tree, "apply", "--staged").returncode == 0
    assert (tree / "a.yaml").read_text() == "# not staged\n\nx: 1\nstream: true\n"


def test_since_a_branch(tree: Path) -> None:
    git(tree, "checkout", "-qb", "topic")
    (tree / "a.yaml").write_text("async_stream: true\n")
    git(tree, "commit", "-qam", "two")
    assert places(audit(tree, "--since", "main")) == [("a.yaml", 1)]
    run = migrate(tree, "audit", "--since", "main", "--staged")
    assert (run.returncode, run.stdout) == (2, "")
    assert "exclude each other" in run.stderr
    run = migrate(tree, "audit", "--since", "nobody")
    assert (run.returncode, run.stdout) == (2, "")
    assert "`nobody` is no commit here: fetch it first" in run.stderr
