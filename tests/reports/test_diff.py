"""A plan as a patch that `git apply` takes, whatever the bytes and names."""

from __future__ import annotations

import io
import os
import random
import subprocess
from pathlib import Path

import pytest

from migrator.model import Change, Plan
from migrator.reports import diff

PARTS = [b"a\n", b"b\r\n", b"\n", b"\xff\xfe\n", b"\xc3\xbc\x0c\n", b"x\ry\n", b"\xe2\x80\xa8z\n"]
NAMES = [
    "a.py",
    "with blank.py",
    "ü/größe.yaml",
    'quote".py',
    "tab\there.py",
    "back\\slash.py",
    "dash -- x",
]


def changes(seed: int) -> list[Change]:
    chance = random.Random(seed)  # noqa: S311
    found = []
    for name in NAMES:
        lines = [chance.choice(PARTS) for _ in range(chance.randrange(1, 30))]
        after = [
            chance.choice(PARTS) if chance.random() < 0.2 else line
            for line in lines
            if chance.random() < 0.9
        ]
        ends = [chance.choice([b"", b"end", b"\xc3"]) for _ in range(2)]
        change = Change(name, b"".join(lines) + ends[0], b"".join(after) + ends[1])
        if change.before != change.after and change.before and change.after:
            found.append(change)
    return found


@pytest.mark.skipif(os.name == "nt", reason="names that Windows does not have")
@pytest.mark.parametrize("seed", range(12))
def test_git_applies_the_patch(tmp_path: Path, seed: int) -> None:
    made = changes(seed)
    for change in made:
        (tmp_path / change.path).parent.mkdir(exist_ok=True)
        (tmp_path / change.path).write_bytes(change.before)
    sink = io.BytesIO()
    diff.render(Plan(tuple(made)), sink, color=False)
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, cwd=tmp_path, input=sink.getvalue(), check=True, capture_output=True)
    for change in made:
        assert (tmp_path / change.path).read_bytes() == change.after


def test_a_patch_of_files_outside_is_for_the_folder_that_holds_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    changes = [Change(name, b"a\n", b"b\n") for name in ("../there/x.yaml", "y.yaml")]
    for change in changes:
        Path(change.path).parent.mkdir(exist_ok=True)
        Path(change.path).write_bytes(change.before)
    plan = Plan(tuple(changes))
    sink = io.BytesIO()
    diff.render(plan, sink, color=False)
    folder = diff.folder_of(plan)
    assert folder == ".."
    subprocess.run(["git", "apply", "-"], cwd=folder, input=sink.getvalue(), check=True)
    assert [Path(change.path).read_bytes() for change in changes] == [b"b\n", b"b\n"]
    assert diff.folder_of(Plan(tuple(changes[1:]))) == ""


def test_a_terminal_gets_colours_counts_and_the_words_that_changed() -> None:
    sink = io.StringIO()
    change = Change("a.yaml", b"one: 1\nasync_stream: true\n", b"one: 1\nstream: true\n")
    diff.render(Plan((change,)), sink, color=True)
    shown = sink.getvalue()
    assert "a.yaml" in shown
    assert "+1" in shown and "-1" in shown
    assert "\x1b[7;31masync_stream\x1b[0m" in shown
    assert "\x1b[7;32mstream\x1b[0m" in shown


def test_control_characters_of_a_file_do_not_reach_the_terminal() -> None:
    sink = io.StringIO()
    change = Change("a\x1b[2J.yaml", b"x: \x1b]0;title\x07\n", b"y: \x1b[2J\n")
    diff.render(Plan((change,)), sink, color=True)
    shown = sink.getvalue()
    assert "\x1b[2J" not in shown
    assert "\x1b]0" not in shown
    assert "\x07" not in shown
