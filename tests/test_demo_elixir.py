"""The mix project: its tests pass on the legacy library, and migrated on the current one."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import beam
import pytest
from command import migrate

DEMO = Path(__file__).parent.parent / "fixtures" / "demo-elixir"
# They look like legacy code and are not.
LOOK_ALIKES = ["lib/newsdesk/jobs", "lib/newsdesk/pipeline", "lib/newsdesk/reports"]
LOOK_ALIKES += ["lib/newsdesk/wire", "test/newsdesk/look_alikes_test.exs", "vendor"]


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """A copy of the demo project."""
    return Path(shutil.copytree(DEMO, tmp_path / "demo"))


def mix(demo: Path, library: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a task of the project with one of the two libraries it brings along."""
    return beam.run("mix", *arguments, cwd=demo, settings={"PIPELINE": library})


def outcome(output: str) -> str:
    found = re.search(r"^\d+ tests?, 0 failures$", output, re.MULTILINE)
    assert found, output
    return found[0]


def contents(demo: Path, names: list[str]) -> dict[Path, bytes]:
    return {
        path.relative_to(demo): path.read_bytes()
        for name in names
        for path in [demo / name, *(demo / name).rglob("*")]
        if path.is_file()
    }


def test_migrated_it_runs_on_the_current_library(demo: Path) -> None:
    beam.require_elixir()
    before = mix(demo, "legacy", "test")
    passed = outcome(before.stdout)
    morning = mix(demo, "legacy", "newsdesk.run", "workflows/morning.yaml", "live=true")
    assert morning.returncode == 0, morning.stderr
    assert mix(demo, "current", "test").returncode != 0

    apply = migrate(demo, "apply", ".")
    assert apply.returncode == 0, apply.stderr

    after = mix(demo, "current", "test")
    assert after.returncode == 0, after.stdout + after.stderr
    assert outcome(after.stdout) == passed
    again = mix(demo, "current", "newsdesk.run", "workflows/morning.yaml", "live=true")
    assert again.stdout == morning.stdout


def test_what_is_left_is_advice(demo: Path) -> None:
    audit = migrate(demo, "audit", ".", "--format", "json")
    assert audit.returncode == 1, audit.stderr
    apply = migrate(demo, "apply", ".")
    assert apply.returncode == 0, apply.stderr
    audit = migrate(demo, "audit", ".", "--format", "json")
    left = json.loads(audit.stdout)
    errors = [one for one in left["findings"] if one["severity"] != "advice"]
    assert (audit.returncode, errors) == (0, [])
    assert {item["state"] for item in left["checklist"]} == {"done", "unchecked"}


def test_look_alikes_stay(demo: Path) -> None:
    apply = migrate(demo, "apply", "--diff", ".")
    assert apply.returncode == 0, apply.stderr
    assert "+++ b/lib/newsdesk/handlers/console.ex" in apply.stdout
    assert contents(demo, LOOK_ALIKES) == contents(DEMO, LOOK_ALIKES)


def test_a_second_apply_changes_nothing(demo: Path) -> None:
    assert migrate(demo, "apply", ".").returncode == 0
    again = migrate(demo, "apply", "--check", ".")
    assert (again.returncode, again.stdout) == (0, "")
