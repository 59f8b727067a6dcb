"""The page on the JSON report names every key that a report has, and no other."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from command import migrate
from pages import DOCS

PAGE = (DOCS / "json-report.md").read_text("utf-8")


def named(what: str) -> set[str]:
    """The keys in the first column of the table behind `what`."""
    (table,) = re.findall(rf"^{what}:\n\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    rows = [line.split("|")[1] for line in table.splitlines()[2:]]
    return {key for row in rows for key in re.findall(r"`(\w+)`", row)}


@pytest.fixture
def report(tmp_path: Path) -> dict[str, Any]:
    """A report that has everything: a baseline, what is suppressed, what is not analysed."""
    (tmp_path / "old.yaml").write_text("async_stream: true\n")
    migrate(tmp_path, "baseline", "write")
    (tmp_path / "new.yaml").write_text("async_stream: 1\n")
    (tmp_path / "kept.yaml").write_text("async_stream: 1 # migrate: ignore[step-keys] so\n")
    (tmp_path / "bad.yaml").write_text("a: [\nasync_stream: true\n")
    (tmp_path / "link.yaml").symlink_to("old.yaml")
    run = migrate(tmp_path, "audit", "--format", "json", "--baseline")
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_it_names_every_key(report: dict[str, Any]) -> None:
    assert all(report[key] for key in report), "this report has everything"
    assert named("The object") == report.keys()
    findings = [*report["findings"], *report["suppressed"]]
    assert named("A finding") == set().union(*findings)
    assert named("An item of the checklist") == set().union(*report["checklist"])
    assert named("The summary") == report["summary"].keys()
    for key in report["baseline"]:
        assert f"`{key}`" in PAGE


def test_the_files_of_the_summary_add_up(report: dict[str, Any]) -> None:
    counts = report["summary"]
    parts = ("clean", "reported", "not_analysed", "skipped")
    assert counts["files"] == sum(counts[part] for part in parts) == 5
