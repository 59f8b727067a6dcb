"""Suppressions as a user meets them: exit codes, reports, `--add-ignores` and `undo`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from command import migrate

SOURCE = "from pipeline.async_streaming import ConsoleHandler\n"


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


def test_what_is_in_the_baseline_needs_no_comment(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    old, new = tree / "a.yaml", tree / "b.yaml"
    old.write_text("async_stream: 1\n")
    assert migrate(tree, "baseline", "write").returncode == 0
    baseline = (tree / "migrate-baseline.jsonl").read_bytes()
    # One more that is alike: the first of them is the one that is known.
    old.write_text("async_stream: 1\n---\nasync_stream: 2\n")
    new.write_text("async_stream: 3\n")
    run = migrate(tree, "audit", "--baseline", "--add-ignores", "why")
    assert (run.returncode, run.stderr) == (0, "suppressed 2 findings in 2 files\n")
    assert "1 in the baseline" in run.stdout and "2 suppressed" in run.stdout
    comment = "  # migrate: ignore[step-keys] why\n"
    assert old.read_text() == f"async_stream: 1\n---\nasync_stream: 2{comment}"
    assert new.read_text() == f"async_stream: 3{comment}"
    assert (tree / "migrate-baseline.jsonl").read_bytes() == baseline
    assert migrate(tree, "baseline", "check").returncode == 0


def test_where_only_what_changed_counts_only_that_gets_comments(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    file = tree / "a.yaml"
    before = "# one\nasync_stream: 1\n# two\n# three\n# four\n"
    file.write_text(before)
    who = ["-c", "user.name=x", "-c", "user.email=x"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=tree, check=True)
    file.write_text(f"{before}---\nasync_stream: 2\n")
    run = migrate(tree, "audit", "--changed", "--add-ignores", "why")
    assert (run.returncode, run.stderr) == (0, "suppressed 1 finding in 1 file\n")
    assert file.read_text() == f"{before}---\nasync_stream: 2  # migrate: ignore[step-keys] why\n"
