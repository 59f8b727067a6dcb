"""The demo project: its tests pass on the legacy library, and migrated on the current one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from command import migrate

DEMO = Path(__file__).parent.parent / "fixtures" / "demo"


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """A copy of the demo project."""
    return Path(shutil.copytree(DEMO, tmp_path / "demo"))


def project_tests(demo: Path, library: str) -> subprocess.CompletedProcess[str]:
    """Run the project's own tests with one of the two libraries it brings along."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([f"vendor/{library}", "."])}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"],
        cwd=demo,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_migrated_it_runs_on_the_current_library(demo: Path) -> None:
    before = project_tests(demo, "legacy")
    assert before.returncode == 0, before.stdout
    assert project_tests(demo, "current").returncode != 0

    audit = migrate(demo, "audit", ".", "--format", "json")
    assert audit.returncode == 1, audit.stderr
    applied = migrate(demo, "apply", ".")
    assert applied.returncode == 0, applied.stderr

    after = project_tests(demo, "current")
    assert after.returncode == 0, after.stdout
    passed = [run.stdout.splitlines()[-1].split(" in ")[0] for run in (before, after)]
    assert passed[0] == passed[1]

    audit = migrate(demo, "audit", ".", "--format", "json")
    assert audit.returncode == 0, audit.stdout
    left = json.loads(audit.stdout)
    assert {finding["severity"] for finding in left["findings"]} <= {"advice"}
    assert {item["state"] for item in left["checklist"]} == {"done", "unchecked"}


def test_a_second_apply_changes_nothing(demo: Path) -> None:
    migrate(demo, "apply", ".")
    again = migrate(demo, "apply", "--check", ".")
    assert (again.returncode, again.stdout) == (0, "")


def test_the_dry_run_is_the_patch(demo: Path) -> None:
    copy = shutil.copytree(demo, demo.parent / "patched")
    with (demo.parent / "patch").open("w+b") as patch:
        dry = [sys.executable, "-m", "migrator", "apply", "--dry-run", "."]
        subprocess.run(dry, cwd=demo, stdout=patch, stderr=subprocess.DEVNULL, check=True)
        patch.seek(0)
        subprocess.run(["git", "apply", "-"], cwd=copy, stdin=patch, check=True)
    migrate(demo, "apply", ".")
    for path in demo.rglob("*"):
        if path.is_file():
            assert (copy / path.relative_to(demo)).read_bytes() == path.read_bytes()
