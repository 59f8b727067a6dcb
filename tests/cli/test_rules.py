"""Rules listed, shown and tested, by real processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PACK = """id: p
version: '2'
title: From a to b
checklist: [{id: item, title: Nothing old, section: One, rules: [old-name]}]
"""
RULE = """'''The old name.

It is new now.
'''
from migrator import Applicability, Edit, Finding, Fix, Severity, Span

TRIGGERS = (("old",),)


def check(source, look):
    for at in range(len(source.text)):
        if source.text.startswith("old", at):
            edit = Edit(source.path, Span(at, at + 3), "new")
            fix = Fix("rename", (edit,), Applicability.SAFE)
            yield Finding("old-name", source.path, edit.span, Severity.ERROR, "old", (), fix)
"""


def migrate(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "migrator", "rules", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack with one rule and one case, below the test's folder."""
    folder = tmp_path / "pack"
    (folder / "python").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK)
    (folder / "python" / "old_name.py").write_text(RULE)
    case(folder, "py-name", "old = 1\n", "new = 1\n", "before.py:1 old-name error safe\n")
    return folder


def case(pack: Path, name: str, before: str, after: str, findings: str = "") -> None:
    folder = pack / "fixtures" / "old-name" / name
    folder.mkdir(parents=True)
    (folder / "before.py").write_text(before)
    (folder / "after.py").write_text(after)
    (folder / "findings.txt").write_text(findings)


def test_listed_and_shown(tmp_path: Path, pack: Path) -> None:
    listed = migrate(tmp_path, "list", "--pack", "pack")
    assert listed.stdout == "p 2  From a to b\n  old-name  The old name (python)\n"
    page = migrate(tmp_path, "show", "--pack", "pack", "old-name").stdout
    assert "It is new now." in page
    assert "Nothing old (One)" in page
    unknown = migrate(tmp_path, "show", "--pack", "pack", "old-nam")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "did you mean `old-name`?" in unknown.stderr


def test_every_case_passes(tmp_path: Path, pack: Path) -> None:
    run = migrate(tmp_path, "test", "pack")
    assert (run.returncode, run.stdout) == (0, "p: 1 of 1 cases pass\n")
    assert run.stderr == "old-name: no case shows what it leaves alone\n"
    case(pack, "py-no-other", "other = 1\n", "other = 1\n")
    run = migrate(tmp_path, "test", "pack")
    assert (run.returncode, run.stdout, run.stderr) == (0, "p: 2 of 2 cases pass\n", "")


@pytest.mark.parametrize(
    ("before", "after", "findings", "said"),
    [
        ("old\n", "new\n", "", "findings.txt:"),
        ("old\n", "new\r\n", "before.py:1 old-name error safe\n", "+new\\n"),
        ("old\n", "old\n", "before.py:1 old-name error safe\n", "a second apply changes before.py"),
        ("old (\n", "old (\n", "", "not-analysed.txt:"),
        ("old = 1\n", "nearly = 1\n", "before.py:1 old-name error safe\n", "after: before.py:"),
    ],
)
def test_a_case_that_fails(
    tmp_path: Path, pack: Path, before: str, after: str, findings: str, said: str
) -> None:
    case(pack, "py-wrong", before, after, findings)
    text = PACK + "legacy-words: [old]\n"
    (pack / "pack.yaml").write_text(text)
    run = migrate(tmp_path, "test", "pack")
    assert run.returncode == 1
    assert "old-name/py-wrong: " in run.stdout
    assert said in run.stdout
    assert run.stdout.endswith("p: 1 of 2 cases pass\n")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("async-streamin", "no pack is called `async-streamin`; did you mean `async-streaming`?"),
        ("empty", "pack.yaml"),
    ],
)
def test_nothing_to_test(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "empty").mkdir()
    run = migrate(tmp_path, "test", name)
    assert (run.returncode, run.stdout) == (2, "")
    assert said in run.stderr


def test_a_rule_that_no_case_covers(tmp_path: Path, pack: Path) -> None:
    (pack / "python" / "other.py").write_text(RULE)
    run = migrate(tmp_path, "test", "pack")
    assert "other: no case covers this rule" in run.stderr
