"""`-` as PATH: what an editor has not saved yet, in the project that it belongs to."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

BASE = "from pipeline.async_streaming import Handler\n\n\nclass Base(Handler):\n    pass\n"
DESK = (
    "from app.base import Base\r\n\r\n\r\nclass Desk(Base):\r\n"
    '    def handle_event(self, event):\r\n        if event[0] == "chunk":\r\n'
    "            print(event[1])\r\n"
)
MOVED = DESK.replace('"chunk"', '"delta"').replace("event[1]", 'event[1]["content"]')
LEGACY = "async_stream: true\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    tree = tmp_path / "tree"
    (tree / "app").mkdir(parents=True)
    (tree / ".git").mkdir()
    (tree / "app" / "__init__.py").write_text("")
    (tree / "app" / "base.py").write_text(BASE)
    (tree / "app" / "desk.py").write_text("# as it was saved last\n")
    (tree / "migrator.toml").write_text("extend-exclude = ['generated/']\n")
    (tree / "generated").mkdir()
    (tree / "generated" / "a.yaml").write_text("")
    return tree


def migrate(folder: Path, text: str, *words: str) -> tuple[int, str, str]:
    """Exit code, standard output and errors; line ends as they are."""
    run = subprocess.run(
        [sys.executable, "-m", "migrator", *words],
        cwd=folder,
        input=text.encode(),
        capture_output=True,
        check=False,
    )
    return run.returncode, run.stdout.decode(), run.stderr.decode()


def saved(tree: Path) -> dict[str, str]:
    return {str(path): path.read_text() for path in tree.rglob("*") if path.is_file()}


def test_the_audit_sees_it_in_its_project(tree: Path) -> None:
    name = ("--stdin-filename", "app/desk.py")
    code, out, _ = migrate(tree, DESK, "audit", "-", *name, "--format", "json")
    report = json.loads(out)
    assert code == 1
    (one,) = report["findings"]
    assert (one["path"], one["line"], one["rule"]) == ("app/desk.py", 6, "event-shape")
    data = DESK.encode()
    for edit in reversed(one["edits"]):
        data = data[: edit["start"]] + edit["text"].encode() + data[edit["end"] :]
    assert data.decode() == MOVED
    # From a folder of it, and what is saved counts no more.
    code, out, _ = migrate(tree / "app", DESK, "audit", "-", "--stdin-filename", "desk.py")
    assert (code, out.splitlines()[0]) == (1, "desk.py")
    (tree / "app" / "desk.py").write_text(DESK)
    assert migrate(tree, "", "audit", "-", *name)[0] == 0


def test_a_file_outside_of_any_project_is_what_is_given_each_time(tmp_path: Path) -> None:
    name = ("--stdin-filename", "a.yaml")
    for text, code in [(LEGACY, 1), ("stream: true\n", 0), (LEGACY, 1), (LEGACY, 1)]:
        assert migrate(tmp_path, text, "audit", "-", *name)[0] == code


def test_apply_is_a_filter(tree: Path) -> None:
    before = saved(tree)
    name = ("--stdin-filename", "app/desk.py")
    assert migrate(tree, DESK, "apply", "-", *name) == (0, MOVED, "")
    assert migrate(tree, MOVED, "apply", "-", *name) == (0, MOVED, "")
    assert migrate(tree, DESK, "apply", "-", *name, "--exit-non-zero-on-fix") == (1, MOVED, "")
    code, out, told = migrate(tree, DESK, "apply", "-", *name, "--check")
    assert (code, told) == (1, "would change 1 file (1 fix)\n")
    assert out.startswith("--- a/app/desk.py\n") and MOVED.splitlines()[5] in out
    assert migrate(tree, DESK, "apply", "-", *name, "--diff")[:2] == (0, out)
    assert saved(tree) == before


@pytest.mark.parametrize(
    ("name", "text", "words", "after", "code"),
    [
        # It need not be there, nor its folder.
        ("new/steps.yaml", LEGACY, [], "stream: true\n", 0),
        ("/nowhere/at/all/steps.yaml", LEGACY, [], "stream: true\n", 0),
        ("notes.txt", LEGACY, [], LEGACY, 0),
        ("generated/a.yaml", LEGACY, [], "stream: true\n", 0),
        ("generated/a.yaml", LEGACY, ["--force-exclude"], LEGACY, 0),
        ("new.yaml", LEGACY, ["--force-exclude"], "stream: true\n", 0),
        # What cannot be analysed comes back as it is.
        ("a.yaml", "{% x %}\nasync_stream: true\n", [], "{% x %}\nasync_stream: true\n", 1),
        ("a.yaml", "", [], "", 0),
    ],
)
def test_what_becomes_of_it(
    tree: Path, name: str, text: str, words: list[str], after: str, code: int
) -> None:
    got = migrate(tree, text, "apply", "-", "--stdin-filename", name, *words)
    assert got[:2] == (code, after)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["audit", "-"], "`-` needs --stdin-filename FILE"),
        (["apply", "-", "app", "--stdin-filename", "a.py"], "`-` is the only PATH"),
        (["apply", "app", "--stdin-filename", "a.py"], "give `-` as PATH"),
        (["audit", "-", "--stdin-filename", "a.py", "--staged"], "leave one out"),
        (["audit", "-", "--stdin-filename", "a.py", "--add-ignores", "x"], "leave one out"),
        (["apply", "-", "--stdin-filename", "a.py", "--interactive"], "there is none"),
    ],
)
def test_what_cannot_be(tree: Path, words: list[str], told: str) -> None:
    code, out, errors = migrate(tree, "", *words)
    assert (code, out) == (2, "")
    assert told in errors
