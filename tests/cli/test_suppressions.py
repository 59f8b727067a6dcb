"""Suppressions as a user meets them: exit codes, reports, `--add-ignores` and `undo`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SOURCE = "from pipeline.async_streaming import ConsoleHandler\n"


def migrate(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if "COLOR" not in key}
    return subprocess.run(
        [sys.executable, "-m", "migrator", *arguments],
        cwd=cwd,
        env={**environment, "MIGRATE_STATE_DIR": str(cwd.parent / "state")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_suppressed_is_shown_and_fails_nothing(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    file = tree / "a.py"
    file.write_text(SOURCE)
    assert migrate(tree, "audit", "--add-ignores", " ").returncode == 2
    run = migrate(tree, "audit", "--add-ignores", "waits for #12")
    assert (run.returncode, run.stderr) == (0, "suppressed 1 finding in 1 file\n")
    assert "Suppressed\n  a.py:1:38  legacy-namespace  waits for #12\n" in run.stdout
    assert run.stdout.endswith("Nothing is left to migrate (1 file looked at, 1 suppressed).\n")
    with_comment = f"{SOURCE[:-1]}  # migrate: ignore[legacy-namespace] waits for #12\n"
    assert file.read_text() == with_comment

    report = json.loads(migrate(tree, "audit", "--format", "json").stdout)
    (one,) = report["suppressed"]
    assert (one["rule"], one["line"], one["edits"]) == ("legacy-namespace", 1, [])
    assert one["suppression"] == {"line": 1, "reason": "waits for #12"}
    assert (report["findings"], report["summary"]["suppressed"]) == ([], 1)

    assert migrate(tree, "apply", "--check").returncode == 0
    said = migrate(tree, "explain", "a.py:1").stdout
    assert said.endswith("    suppressed by the comment at line 1: waits for #12\n")
    assert migrate(tree, "undo").returncode == 0
    assert file.read_text() == SOURCE


def test_one_that_is_not_needed_any_more_goes_with_apply(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    file = tree / "a.py"
    file.write_text("A = 1  # migrate: ignore[legacy-namespace] long gone\n")
    assert migrate(tree, "audit").returncode == 1
    assert migrate(tree, "audit", "--ignore", "unused-suppression").returncode == 0
    assert migrate(tree, "apply").returncode == 0
    assert file.read_text() == "A = 1\n"
    assert migrate(tree, "audit").returncode == 0
