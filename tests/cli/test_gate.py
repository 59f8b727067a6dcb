"""`migrate gate`, `audit --baseline` and `migrate baseline` in a tree of each kind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from junitparser import JUnitXml

from migrator.cli.app import run

LEGACY = "async_stream: true\n"
REVIEW = "title: pipeline.async_streaming.X\n"
SUPPRESSED = "async_stream: true  # migrate: ignore[step-keys] waits for #12\n"
TEMPLATE = "{% if a %}\nasync_stream: true\n"
ADVICE = """defmodule DeskTest do
  use ExUnit.Case

  import Pipeline.LLM, only: [invoke!: 2]

  test "the desk", %{ctx: ctx} do
    assert invoke!(ctx, prompt: ctx.prompt, stream: true, on_event: &Desk.handle_event/1)
  end
end
"""
FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit", "markdown", "html")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tree = tmp_path / "tree"
    tree.mkdir()
    for name in ("GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MIGRATE_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.chdir(tree)
    return tree


def written(*arguments: str) -> tuple[int, dict[str, str]]:
    """The exit code of a gate, and its report in every format."""
    folder = Path("..", "reports")
    folder.mkdir(exist_ok=True)
    code = run(["gate", *arguments, *(f"--format={form}={folder / form}" for form in FORMATS)])
    return code, {form: (folder / form).read_text("utf-8") for form in FORMATS}


@pytest.mark.parametrize(
    ("before", "after", "code", "new", "known", "suppressed", "refused"),
    [
        (None, {"a.yaml": "stream: true\n"}, 0, 0, 0, 0, 0),
        (None, {"a.exs": ADVICE}, 0, 0, 0, 0, 0),
        (None, {"a.yaml": SUPPRESSED}, 0, 0, 0, 1, 0),
        (None, {"a.yaml": LEGACY}, 1, 1, 0, 0, 0),
        (None, {"a.yaml": TEMPLATE}, 1, 0, 0, 0, 1),
        ({"a.yaml": LEGACY}, {"a.yaml": LEGACY}, 0, 0, 1, 0, 0),
        ({"a.yaml": TEMPLATE}, {"a.yaml": TEMPLATE}, 0, 0, 1, 0, 0),
        ({"a.yaml": LEGACY}, {"a.yaml": LEGACY, "b.yaml": TEMPLATE}, 1, 0, 1, 0, 1),
        ({"a.yaml": LEGACY}, {"a.yaml": LEGACY + REVIEW, "b.yaml": SUPPRESSED}, 1, 1, 1, 1, 0),
    ],
    ids=[
        "clean",
        "advice",
        "suppressed",
        "new",
        "not analysed",
        "baseline",
        "not analysed, in the baseline",
        "not analysed, beside a baseline",
        "new beside a baseline",
    ],
)
def test_every_kind_of_tree_in_every_format(
    tree: Path,
    before: dict[str, str] | None,
    after: dict[str, str],
    code: int,
    new: int,
    known: int,
    suppressed: int,
    refused: int,
) -> None:
    for name, text in (before or {}).items():
        (tree / name).write_text(text)
    if before is not None:
        assert run(["baseline", "write"]) == 0
    for name, text in after.items():
        (tree / name).write_text(text)
    advice = sum(text == ADVICE for text in after.values())
    got, formats = written()
    assert got == code

    report = json.loads(formats["json"])
    errors = [one for one in report["findings"] if one["severity"] == "error"]
    old = [one for one in (*errors, *report["not_analysed"]) if one.get("baseline") == "unchanged"]
    assert len(old) == known
    assert len([one for one in errors if one not in old]) == new
    assert len([one for one in report["not_analysed"] if one not in old]) == refused
    assert len(report["suppressed"]) == suppressed
    assert ("baseline" in report) == (before is not None)

    log = json.loads(formats["sarif"])
    pytest.importorskip("sarif_kit").assert_valid(log)
    (made,) = log["runs"]
    results: list[dict[str, Any]] = made["results"]
    assert sum(bool(one.get("suppressions")) for one in results) == suppressed
    assert made["invocations"][0]["executionSuccessful"] == (refused == 0)

    issues = json.loads(formats["gitlab"])
    assert sum(one["severity"] == "major" for one in issues) == new + refused
    assert sum(one["severity"] == "info" for one in issues) == advice

    suites = JUnitXml.fromstring(formats["junit"].encode())
    assert (suites.failures, suites.errors) == (min(new, 1), refused)

    annotations = formats["github"].splitlines()
    assert sum(line.startswith("::error ") for line in annotations) == new + refused
    head = formats["text"].splitlines()[-1]
    clean = "Nothing is left" if before is None else "Nothing new is left"
    assert head.startswith(clean) == (code == 0)
    for form in ("github", "markdown", "html"):
        assert ("Nothing" in formats[form]) == (code == 0)
    if before is not None:
        assert f"{known} in the baseline" in head
    if suppressed:
        assert f"{suppressed} suppressed" in head
        assert "waits for #12" in formats["text"] and "waits for #12" in formats["html"]


def test_the_formats_of_where_it_runs(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tree / "a.yaml").write_text(LEGACY)
    assert run(["gate"]) == 1
    assert capfd.readouterr().out.startswith("a.yaml\n")
    summary = tmp_path / "summary"
    with monkeypatch.context() as github:
        github.setenv("GITHUB_ACTIONS", "true")
        github.setenv("GITHUB_STEP_SUMMARY", str(summary))
        assert run(["gate"]) == 1
        assert capfd.readouterr().out.startswith("::error file=a.yaml,line=1,")
        assert summary.read_text().startswith("### migrate audit\n")
        assert run(["gate", "--format", "json"]) == 1
        assert capfd.readouterr().out.startswith("{\n")
    with monkeypatch.context() as gitlab:
        gitlab.setenv("GITLAB_CI", "true")
        assert run(["gate"]) == 1
        assert capfd.readouterr().out.startswith("a.yaml\n")
        assert len(json.loads((tree / "gl-code-quality-report.json").read_text())) == 1


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--max-findings", "1"], 1),
        (["--max-findings", "2"], 0),
        (["--exit-zero"], 0),
        (["--exit-zero", "nowhere"], 2),
        (["--max-findings", "-1"], 2),
        (["--no-baseline", "--baseline"], 2),
        (["--baseline"], 2),
        (["--baseline=nowhere"], 2),
        (["--baseline", "."], 2),
    ],
)
def test_what_is_borne(tree: Path, arguments: list[str], code: int) -> None:
    (tree / "a.yaml").write_text(LEGACY)
    (tree / "b.yaml").write_text(TEMPLATE)
    assert run(["gate", *arguments]) == code


def test_a_baseline_only_gets_shorter(tree: Path, capfd: pytest.CaptureFixture[str]) -> None:
    one, other = tree / "a.yaml", tree / "b.yaml"
    one.write_text(LEGACY)
    assert run(["baseline", "check"]) == 2
    assert run(["baseline", "prune"]) == 2
    assert run(["baseline", "write", "--owner", "@desk"]) == 0
    file = tree / "migrate-baseline.jsonl"
    first = file.read_text()
    assert first == '["a.yaml", "step-keys", "", "async_stream", {"owner": "@desk"}]\n'
    assert run(["audit", "--baseline", "."]) == 0
    assert run(["audit"]) == 1

    other.write_text(LEGACY)
    capfd.readouterr()
    assert run(["baseline", "write"]) == 1
    assert "new: b.yaml step-keys  async_stream\n" in capfd.readouterr().err
    assert run(["baseline", "prune"]) == 0
    assert (file.read_text(), run(["baseline", "check"])) == (first, 1)
    assert run(["baseline", "write", "--grow", "--until", "2020-01-31"]) == 0
    assert '"until": "2020-01-31"' in file.read_text()
    assert run(["gate"]) == 1
    assert run(["baseline", "write", "--grow"]) == 0
    assert run(["gate"]) == 0

    one.write_text("stream: true\n")
    assert run(["baseline", "check", "b.yaml"]) == 0
    assert run(["baseline", "check"]) == 1
    assert run(["gate"]) == 0
    assert run(["baseline", "write"]) == 0
    assert file.read_text() == '["b.yaml", "step-keys", "", "async_stream"]\n'
    assert run(["baseline", "check"]) == 0


def test_from_a_folder_of_the_project_and_by_name(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tree / ".git").mkdir()
    folder = tree / "a"
    folder.mkdir()
    (folder / "a.yaml").write_text(LEGACY)
    assert run(["baseline", "write", "--file", "known.jsonl"]) == 0
    assert run(["gate"]) == 1
    assert run(["gate", "--baseline=known.jsonl"]) == 0
    assert run(["baseline", "write"]) == 0
    monkeypatch.chdir(folder)
    assert run(["gate"]) == 0
    assert run(["gate", "--no-baseline"]) == 1
    assert run(["audit", "--baseline=../known.jsonl"]) == 0


def test_branches_that_take_lines_out_merge(tree: Path) -> None:
    def git(*arguments: str) -> None:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, *arguments], check=True, capture_output=True)

    names = [f"{letter}.yaml" for letter in "abcdefgh"]
    for name in names:
        (tree / name).write_text(LEGACY)
    assert run(["baseline", "write"]) == 0
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "before")
    for branch, name in (("one", names[1]), ("two", names[5])):
        git("checkout", "-q", "-b", branch, "main")
        (tree / name).write_text("stream: true\n")
        assert run(["baseline", "write"]) == 0
        git("commit", "-qam", branch)
    git("merge", "-q", "--no-edit", "one")
    assert run(["baseline", "check"]) == 0
    assert len((tree / "migrate-baseline.jsonl").read_text().splitlines()) == len(names) - 2


def test_it_is_written_whole_by_real_processes(tree: Path) -> None:
    (tree / "a.yaml").write_text(LEGACY)
    command = [sys.executable, "-m", "migrator", "baseline", "write", "."]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "migrate-baseline.jsonl: 1 entry (before: 0)\n"
    (tree / "link.jsonl").symlink_to("elsewhere")
    refused = subprocess.run(
        [*command, "--file", "link.jsonl"], capture_output=True, text=True, check=False
    )
    assert refused.returncode == 2
    assert "link" in refused.stderr and not (tree / "elsewhere").exists()
