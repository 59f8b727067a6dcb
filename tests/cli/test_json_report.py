"""The JSON report: the contract that other programs rely on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FILES = {
    "b/x.yaml": (
        "'🌊': {async_stream: true}\r\nasync_handler: pipeline.async_streaming.X\r\n"
    ).encode(),
    "a.py": b"from pipeline.async_streaming import invoke\n\n\ndef f(h):\n    invoke('x', h)\n",
    "bad.yaml": b"a: [\nasync_stream: true\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, data in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


def report(tree: Path, *arguments: str) -> bytes:
    command = [sys.executable, "-m", "migrator", "audit", "--format", "json", *arguments]
    return subprocess.run(command, cwd=tree, capture_output=True, check=False).stdout


def test_its_shape(tree: Path) -> None:
    found: dict[str, Any] = json.loads(report(tree))
    assert found["version"] == 1
    assert found["tool"].keys() == {"name", "version"}
    assert found["pack"]["id"] == "async-streaming"
    assert {"findings", "checklist", "not_analysed", "summary"} <= found.keys()
    keys = {
        "rule", "path", "line", "column", "end_line", "end_column",
        "severity", "applicability", "message", "evidence", "edits",
    }  # fmt: skip
    for finding in found["findings"]:
        assert finding.keys() == keys
        assert finding["evidence"]
        assert (finding["edits"] == []) == (finding["applicability"] == "manual")
        for edit in finding["edits"]:
            assert edit.keys() == {"start", "end", "text"}
            assert 0 <= edit["start"] <= edit["end"]
        ends = [edit["end"] for edit in finding["edits"]]
        starts = [edit["start"] for edit in finding["edits"]]
        assert all(end <= start for end, start in zip(ends, starts[1:], strict=False))
    for item in found["checklist"]:
        assert item.keys() == {
            "id", "title", "section", "state", "findings", "evidence", "next",
        }  # fmt: skip
        assert item["state"] in {"done", "open", "manual", "unchecked"}
    assert [one["path"] for one in found["not_analysed"]] == ["bad.yaml"]
    assert found["summary"]["files"] == 3
    assert found["summary"]["parsed"] == 2
    assert sum(found["summary"]["findings"].values()) == len(found["findings"])


def test_places_and_order(tree: Path) -> None:
    found = json.loads(report(tree))["findings"]
    places = [(one["path"], one["line"], one["column"], one["rule"]) for one in found]
    assert places == sorted(places)
    assert places == [
        ("a.py", 1, 38, "legacy-call"),
        ("a.py", 5, 5, "legacy-call"),
        ("b/x.yaml", 1, 7, "step-keys"),
        ("b/x.yaml", 2, 1, "step-keys"),
        ("b/x.yaml", 2, 16, "legacy-namespace"),
    ]
    assert (found[2]["end_line"], found[2]["end_column"]) == (1, 19)
    assert found[2]["edits"] == [{"start": 9, "end": 21, "text": "stream"}]


def test_two_runs_print_the_same_bytes(tree: Path) -> None:
    assert report(tree) == report(tree)


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        (("--select", "step-keys"), {"step-keys"}),
        (("--select", "step-keys,legacy-call"), {"step-keys", "legacy-call"}),
        (("--ignore", "step-keys", "--ignore", "legacy-call"), {"legacy-namespace"}),
        (("b",), {"step-keys", "legacy-namespace"}),
        (("a.py",), {"legacy-call"}),
    ],
)
def test_selection(tree: Path, arguments: tuple[str, ...], rules: set[str]) -> None:
    found = json.loads(report(tree, *arguments))["findings"]
    assert {one["rule"] for one in found} == rules


def test_the_checklist_says_where_the_project_stands(tree: Path) -> None:
    items = {one["id"]: one for one in json.loads(report(tree))["checklist"]}
    assert list(items) == [
        "handlers-audited", "namespace-replaced", "steps-stream", "validated", "event-shape",
        "last-event", "handler-state", "configuration", "handlers-resolve", "no-shared-handler",
        "models-stream", "tests-tagged",
    ]  # fmt: skip
    states = {name: item["state"] for name, item in items.items()}
    assert states["handlers-audited"] == "open"  # a file was not analysed
    assert states["namespace-replaced"] == "open"
    assert states["configuration"] == "open"
    assert states["validated"] == "unchecked"
    assert states["event-shape"] == "done"
    assert items["configuration"]["findings"] == 2


def test_an_item_with_manual_findings_alone_is_manual(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("async_stream: true\nstream: true\n")
    items = {one["id"]: one["state"] for one in json.loads(report(tmp_path))["checklist"]}
    assert items["configuration"] == "manual"


def test_handlers_may_be_defined_in_the_rest_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "handlers.py").write_text(
        "import async_stream\n\n\nclass Desk:\n    def handle_event(self, event):\n        pass\n"
    )
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "a.yaml").write_text(
        "- {stream_handler: app.handlers.Desk}\n- {stream_handler: app.handlers.Dusk}\n"
    )
    for path in ("flows", "flows/a.yaml", "."):
        found = json.loads(report(tmp_path, path))
        assert [(one["line"], one["rule"]) for one in found["findings"]] == [
            (2, "handler-not-found")
        ]
    assert json.loads(report(tmp_path, "flows"))["summary"]["files"] == 1


def test_what_was_not_asked_for_is_unchecked(tree: Path) -> None:
    found = json.loads(report(tree, "--select", "event-shape"))
    states = {one["id"]: one["state"] for one in found["checklist"]}
    assert states["event-shape"] == "done"
    assert states["last-event"] == "unchecked"
    assert states["namespace-replaced"] == "unchecked"
    assert states["handlers-audited"] == "open"
