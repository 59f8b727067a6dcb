"""`migrate apply --interactive` on a terminal, and `--decisions`, which repeats the answers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import END, INTERRUPT, Said, converse

REPORT = """\
from pipeline.async_streaming import Handler


class Collect(Handler):
    def handle_event(self, event):
        match event:
            case ("chunk", text):
                self.parts.append(text)
"""
STEPS = "steps:\n  - type: llm\n    async_stream: true\n  - type: llm\n    async_stream: true\n"
FILE = "migrate-decisions.jsonl"
EDITOR = """\
import sys
with open(sys.argv[1], "r+") as file:
    text = file.read()
    assert text == '            case ("delta", {"content": text}):\\n', text
    file.seek(0)
    file.write(text.replace('"content": text', '"content": str(text)'))
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    tree = tmp_path / "tree"
    (tree / ".git").mkdir(parents=True)
    (tree / "report.py").write_text(REPORT)
    (tree / "steps.yaml").write_text(STEPS)
    return tree


def asked(tree: Path, answers: str, *arguments: str, **environment: str) -> Said:
    return converse(tree, ["apply", "--interactive", *arguments], answers.split(), environment)


def applied(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "migrator", "apply", *arguments]
    return subprocess.run(
        command, cwd=tree, env=os.environ, capture_output=True, text=True, check=False
    )


def texts(tree: Path) -> tuple[str, str]:
    return (tree / "report.py").read_text(), (tree / "steps.yaml").read_text()


def test_each_is_shown_and_what_got_a_yes_is_made(tree: Path) -> None:
    again = shutil.copytree(tree, tree.parent / "again")
    said = asked(tree, "y x ? n n y")
    assert (said.code, said.out) == (0, "")
    assert "report.py  (1 of 4)\n  1:38  legacy-handler [safe]  " in said.terminal
    assert '-            case ("chunk", text):\n+            case ("delta"' in said.terminal
    assert "because `Collect` derives from" in said.terminal
    assert "  y  make this change\n" in said.terminal
    assert said.terminal.endswith("changed 2 files (2 fixes)\n")
    report, steps = texts(tree)
    assert report == REPORT.replace("async_streaming", "streaming")
    assert steps == STEPS[:-21] + STEPS[-21:].replace("async_", "")
    assert (tree / FILE).read_text().splitlines() == [
        r'["report.py", "event-shape", "Collect.handle_event", "(\"chunk\", text)", "no"]',
        '["report.py", "legacy-handler", "", "Handler", "yes"]',
        '["steps.yaml", "step-keys", "steps", "async_stream", "no"]',
        '["steps.yaml", "step-keys", "steps", "async_stream", "yes"]',
    ]

    # Elsewhere the same answers give the same; here they leave it as it is.
    shutil.copy(tree / FILE, again)
    assert applied(again, "--decisions", FILE, "--check").returncode == 1
    assert applied(again, "--decisions", FILE).stderr == "changed 2 files (2 fixes)\n"
    assert texts(again) == (report, steps)
    for folder in (tree, again):
        assert applied(folder, "--decisions", FILE, "--check").returncode == 0
    assert "(1 of" not in asked(tree, "").terminal


@pytest.mark.parametrize(
    ("answers", "moved"),
    [
        ("f F", ("report.py",)),
        ("F r", ("steps.yaml",)),
        ("y y R", ("report.py",)),
        ("r r r", ("report.py", "steps.yaml")),
    ],
)
def test_many_at_once(tree: Path, answers: str, moved: tuple[str, ...]) -> None:
    asked(tree, answers)
    for path in ("report.py", "steps.yaml"):
        assert ("async_stream" not in (tree / path).read_text()) == (path in moved)


@pytest.mark.parametrize("end", ["q", END])
def test_whoever_quits_goes_on_later(tree: Path, end: str) -> None:
    said = asked(tree, f"y y y {end}")
    assert said.terminal.endswith("changed 2 files (3 fixes)\n")
    assert STEPS.replace("async_", "", 1) == texts(tree)[1]
    assert applied(tree, "--decisions", FILE, "--check").returncode == 0
    said = asked(tree, "n")
    assert "steps.yaml  (1 of 1)\n  5:5  step-keys" in said.terminal
    assert STEPS.replace("async_", "", 1) == texts(tree)[1]
    assert applied(tree, "--check").returncode == 1


def test_an_interruption_writes_nothing_and_loses_no_answer(tree: Path) -> None:
    said = asked(tree, f"y y {INTERRUPT}")
    assert said.code == 130
    assert texts(tree) == (REPORT, STEPS)
    assert "(1 of 2)" in asked(tree, "q", "--dry-run").terminal
    assert texts(tree) == (REPORT, STEPS)
    assert applied(tree, "--decisions", FILE).stderr == "changed 1 file (2 fixes)\n"


def test_lines_are_edited(tree: Path) -> None:
    editor = tree.parent / "editor.py"
    editor.write_text(EDITOR)
    arguments = ("--diff", "--decisions", "mine.jsonl", "report.py")
    said = asked(tree, "y e", *arguments, VISUAL=f"{sys.executable} {editor}")
    assert said.code == 0
    assert '+            case ("delta", {"content": str(text)}):\n' in said.out
    assert '            case ("delta", {"content": str(text)}):\n' in texts(tree)[0]
    assert not (tree / FILE).exists()
    assert (tree / "mine.jsonl").read_text().count('"edit"') == 1
    assert applied(tree, "--decisions", "mine.jsonl", "--check").returncode == 0


def test_an_editor_that_fails_or_saves_nothing_leaves_the_question(tree: Path) -> None:
    said = asked(tree, "y e q", "report.py", VISUAL="false")
    assert "Editing failed" in said.terminal
    assert "nothing is edited" in asked(tree, "e q", "report.py", VISUAL="true").terminal


def test_what_got_a_yes_and_cannot_be_made_is_named(tree: Path) -> None:
    tags = 'event[0] in ("chunk", "complete")'
    report = REPORT.partition("        match")[0] + f"        if {tags}:\n            print()\n"
    (tree / "report.py").write_text(report)
    text = json.dumps(tags)
    (tree / FILE).write_text(
        f'["report.py", "event-shape", "Collect.handle_event", {text}, "yes"]\n'
        f'["report.py", "last-event", "Collect.handle_event", {text}, "no"]\n'
    )
    run = applied(tree, "--decisions", FILE, "report.py")
    assert (run.returncode, texts(tree)[0]) == (0, report)
    assert run.stderr == (
        "report.py:6:12: event-shape: it goes together with what stays, and stays with it\n"
        "changed 0 files (0 fixes)\n"
    )


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--interactive"], "--interactive asks on a terminal, and there is none"),
        (["--decisions", "nowhere"], "nowhere: there is none; `migrate apply --interactive`"),
        (["--decisions", "steps.yaml"], "steps.yaml:1: is no line of decisions"),
    ],
)
def test_what_cannot_be(tree: Path, arguments: list[str], told: str) -> None:
    run = applied(tree, *arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert told in run.stderr
