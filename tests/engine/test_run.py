"""A run over files that come and go, or that are not to be had."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from migrator.engine.packs import builtin_folder
from migrator.engine.run import Run, Settings

OLD = b"async_stream: true\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tree"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def run(*paths: str) -> Run:
    return Run(Settings(paths=paths, packs=(builtin_folder() / "async_streaming",)))


def link(path: Path) -> None:
    path.symlink_to("b.yaml")


@pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")
@pytest.mark.parametrize(
    ("becomes", "reason"),
    [
        (lambda _: None, "cannot be read: No such file or directory"),
        (link, "is a symbolic link, and links are not followed"),
        (os.mkfifo, "is no regular file"),
        (Path.mkdir, "is no regular file"),
        (lambda path: path.write_bytes(b"#" * 6 * 1024**2), "is larger than 5 MiB"),
    ],
    ids=["gone", "link", "pipe", "folder", "large"],
)
def test_what_becomes_of_a_file_before_its_turn_is_told(
    tree: Path, becomes: Callable[[Path], object], reason: str
) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tree / name).write_bytes(OLD)
    with run() as going:
        (tree / "a.yaml").unlink()
        becomes(tree / "a.yaml")
        report = going.audit().report()
    assert [(one.path, one.reason) for one in report.not_analysed] == [("a.yaml", reason)]
    assert [one.finding.path for one in report.findings] == ["b.yaml"]
    assert (report.counts.seen, report.counts.not_analysed, report.counts.reported) == (2, 1, 1)


def test_a_file_that_changes_while_it_is_looked_at(tree: Path) -> None:
    (tree / "a.yaml").write_bytes(OLD)
    with run() as going:
        audit = going.audit()
        (tree / "a.yaml").write_bytes(b"# mine\n" + OLD)
        plan = going.plan(audit)
    assert not plan.changes
    assert {one.reason for one in plan.skipped} == {
        "it was changed by something else while it was looked at"
    }


@pytest.mark.skipif(os.name == "nt", reason="paths of POSIX")
def test_a_path_too_long_is_named(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "a.yaml").write_bytes(OLD)
    for _ in range(30):
        Path("d" * 200).mkdir()
        monkeypatch.chdir("d" * 200)
    Path("a.yaml").write_bytes(OLD)
    monkeypatch.chdir(tree)
    with run() as going:
        report = going.audit().report()
    assert [one.finding.path for one in report.findings] == ["a.yaml"]
    assert [reason for _, reason in report.skipped] == ["cannot be listed: File name too long"]


def test_a_file_given_twice_counts_once(tree: Path) -> None:
    (tree / "a.yaml").write_bytes(OLD)
    with run("a.yaml", "./a.yaml", ".", "a.yaml") as going:
        audit = going.audit()
        assert len(audit.report().findings) == audit.report().counts.seen == 1
        assert [one.path for one in going.plan(audit).changes] == ["a.yaml"]


@pytest.mark.usefixtures("tree")
def test_an_empty_tree() -> None:
    with run() as going:
        audit = going.audit()
        assert audit.report().counts.seen == 0
        assert going.plan(audit).changes == ()
