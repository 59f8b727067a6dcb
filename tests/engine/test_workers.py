"""What one file or rule does to its worker stays with it, and the run goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from migrator.engine.limits import Limits
from migrator.engine.run import Run, Settings
from migrator.model import Report

PACK = """id: p
version: '1'
title: P
legacy-words: [word]
checklist: [{id: item, title: Item, section: One, rules: [rule]}]
"""
RULE = """'''Whatever a file asks for.'''
from migrator import Finding, Severity, Span

TRIGGERS = (("word",),)


def check(source, look):
    if "raise" in source.text:
        raise ValueError("no good" + " at all" * 1000)
    if "exit" in source.text:
        import os
        os.write(2, source.text.encode())
        os._exit(3)
    if "stall" in source.text:
        while True:
            pass
    if "bloat" in source.text:
        bytearray(8 * 1024**3)
    yield Finding("rule", source.path, Span(0, 4), Severity.ERROR, "found", ("it is there",))
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    (folder / "python").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK)
    (folder / "python" / "rule.py").write_text(RULE)
    return folder


def audited(tree: Path, pack: Path, monkeypatch: pytest.MonkeyPatch, limit: float = 60) -> Report:
    monkeypatch.chdir(tree)
    with Run(Settings(packs=(pack,), limits=Limits(time=limit))) as run:
        return run.audit().report()


def tree_of(tmp_path: Path, files: dict[str, str]) -> Path:
    tree = tmp_path / "tree"
    tree.mkdir()
    for name, text in files.items():
        (tree / name).write_text(text)
    return tree


def test_files_are_checked_and_others_are_not_parsed(
    tmp_path: Path, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = tree_of(tmp_path, {"a.py": "word = 1\n", "b.py": "other = (\n", "c.py": "word = 2\n"})
    report = audited(tree, pack, monkeypatch)
    assert [one.finding.path for one in report.findings] == ["a.py", "c.py"]
    assert (report.counts.seen, report.counts.parsed, report.counts.clean) == (3, 2, 1)


def test_a_rule_that_raises_is_a_finding(
    tmp_path: Path, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = tree_of(tmp_path, {"a.py": "word = 'raise'\n", "b.py": "word = 2\n"})
    findings = [one.finding for one in audited(tree, pack, monkeypatch).findings]
    assert [(one.path, one.rule) for one in findings] == [
        ("a.py", "rule-crashed"),
        ("b.py", "rule"),
    ]
    assert "ValueError: no good" in findings[0].message
    assert len(findings[0].message) < 400


@pytest.mark.parametrize(
    ("text", "limit", "reason"),
    [
        ("word = 'exit'\n", 60.0, "ends the process that analyses it"),
        ("word = 'stall'\n", 0.5, "takes more than 0.5 seconds to analyse"),
        ("word = (\n", 60.0, "does not parse as Python at line 1, column 8"),
        ("# word\n" + "(" * 200_000, 60.0, ""),
    ],
    ids=["exit", "stall", "no Python", "parentheses"],
)
def test_a_file_that_brings_its_worker_down_is_named(
    tmp_path: Path,
    pack: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    limit: float,
    reason: str,
) -> None:
    tree = tree_of(tmp_path, {"a.py": text})
    report = audited(tree, pack, monkeypatch, limit)
    assert [one.path for one in report.not_analysed] == ["a.py"]
    assert reason in report.not_analysed[0].reason
    assert not report.findings


def test_what_a_worker_says_when_it_ends_is_not_shown(tmp_path: Path, pack: Path) -> None:
    """It comes from a parser, of any size, and may hold what the file holds."""
    tree = tree_of(tmp_path, {"a.py": "word = 'exit \x1b[2J'\n"})
    command = [sys.executable, "-m", "migrator", "audit", "--pack", str(pack)]
    run = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    assert "a.py: ends the process that analyses it" in run.stdout
    assert (run.returncode, run.stderr) == (1, "")


def test_the_run_goes_on_with_a_new_worker(
    tmp_path: Path, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"a{number}.py": "word = 'exit'\n" for number in range(4)}
    tree = tree_of(tmp_path, {**files, "b.py": "word = 2\n"})
    report = audited(tree, pack, monkeypatch)
    assert [one.path for one in report.not_analysed] == sorted(files)
    assert [one.finding.path for one in report.findings] == ["b.py"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits address space")
def test_a_file_that_takes_too_much_memory(
    tmp_path: Path, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = tree_of(tmp_path, {"a.py": "word = 'bloat'\n"})
    report = audited(tree, pack, monkeypatch)
    assert [one.finding.rule for one in report.findings] == ["rule-crashed"]
    assert "MemoryError" in report.findings[0].finding.message


def test_an_item_whose_rule_failed_is_not_done(
    tmp_path: Path, pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = tree_of(tmp_path, {"a.py": "word = 'raise'\n"})
    (item,) = audited(tree, pack, monkeypatch).checklist
    assert (str(item.state), item.evidence) == ("unchecked", "a rule failed on 1 file")


START = """
import os
from multiprocessing import forkserver
from pathlib import Path

from migrator.engine.limits import Limits
from migrator.engine.workers import _Worker

_Worker([Path("pack")], Limits(), ["yaml"]).stop()
told, tell = forkserver.connect_to_new_process([])
os.close(tell)
os.read(told, 1)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork server")
def test_a_worker_that_nobody_tells_what_to_do_says_nothing(tmp_path: Path) -> None:
    """As one that is being started when the run is killed."""
    command = [sys.executable, "-c", START]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
