"""What git tracks although .gitignore names it is told, and its index is read as git reads it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from command import migrate

from migrator.engine.discover import discover


def _git(folder: Path, *words: str) -> bytes:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    done = subprocess.run(("git", *identity, *words), cwd=folder, check=True, capture_output=True)
    return done.stdout


def _files(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("async_stream: true\n")


@pytest.fixture(params=["2", "3", "4"])
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """A repository whose .gitignore names files that it tracks, by an index of each version."""
    monkeypatch.chdir(tmp_path)
    _git(tmp_path, "init", "--quiet")
    _git(tmp_path, "config", "index.version", request.param)
    names = ["lib/a.yaml", "lib/b/c.yaml", "lib/d.txt", "lib/vendor/e.yaml", "alone.yaml", "x.yaml"]
    _files(tmp_path, *names, "other/lib.yaml", "lib2/a.yaml", "gone/a.yaml")
    _git(tmp_path, "add", ".")
    if request.param == "3":
        _git(tmp_path, "update-index", "--skip-worktree", "alone.yaml")
    _git(tmp_path, "update-index", "--index-version", request.param)
    (tmp_path / "gone" / "a.yaml").unlink()
    _files(tmp_path, "lib/new.yaml")
    (tmp_path / ".gitignore").write_text("/lib/\nalone.yaml\n/gone/\n")
    assert (tmp_path / ".git" / "index").read_bytes()[7:8] == bytes([int(request.param)])
    return tmp_path


def test_what_git_tracks_and_ignores_is_noted(tree: Path) -> None:
    walk = discover(())
    assert sorted(walk.tracked) == ["alone.yaml", "lib/a.yaml", "lib/b/c.yaml"]
    assert sorted(walk.files) == ["lib2/a.yaml", "other/lib.yaml", "x.yaml"]
    assert walk.excluded["ignored by git"] == 3


def test_an_index_is_read_as_git_reads_it(tree: Path) -> None:
    for number in range(40):  # names of all lengths, and many that share a beginning
        _files(tree, f"lib/{'n' * number}/{number}.yaml")
    _files(tree, "lib/\N{LATIN SMALL LETTER E WITH ACUTE}.yaml", f"lib/{'lo/' * 400}long.yaml")
    _git(tree, "add", "--force", ".")
    listed = map(os.fsdecode, _git(tree, "ls-files", "-z", "lib").split(b"\0"))
    by_git = sorted(name for name in listed if name.endswith(".yaml") and "vendor" not in name)
    assert sorted(discover(()).tracked) == ["alone.yaml", *by_git]
    assert len(by_git) > 40


def test_many_that_are_ignored(tree: Path) -> None:
    for number in range(100):
        _files(tree, f"many/{number}.yaml", f"many/{number}/a.yaml")
    _git(tree, "add", "--force", "many/7.yaml", "many/8/a.yaml", "lib2/a.yaml")
    (tree / "many" / ".gitignore").write_text("*.yaml\n[0-9]*/\n")
    noted = sorted(discover(()).tracked)
    assert noted == ["alone.yaml", "lib/a.yaml", "lib/b/c.yaml", "many/7.yaml", "many/8/a.yaml"]


def test_a_folder_below_tells_of_itself_alone(tree: Path) -> None:
    (tree / "other" / ".gitignore").write_text("lib.yaml\n")
    assert list(discover(["other"]).tracked) == ["other/lib.yaml"]


def test_a_worktree_has_an_index_of_its_own(tree: Path) -> None:
    _git(tree, "add", ".gitignore")
    _git(tree, "commit", "--quiet", "--message", "all")
    _git(tree, "worktree", "add", "--quiet", "--detach", "side")
    (tree / "side" / "lib" / "b" / "c.yaml").unlink()
    assert sorted(discover(["side"]).tracked) == [
        "side/alone.yaml",
        "side/gone/a.yaml",
        "side/lib/a.yaml",
    ]


def test_an_object_format_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _git(tmp_path, "init", "--quiet", "--object-format=sha256")
    _files(tmp_path, "lib/a.yaml", "b.yaml")
    _git(tmp_path, "add", ".")
    (tmp_path / ".gitignore").write_text("lib/\n")
    assert list(discover(()).tracked) == ["lib/a.yaml"]


@pytest.mark.parametrize("tree", ["2", "4"], indirect=True)
def test_an_index_that_is_cut_or_wrong_tells_nothing(tree: Path) -> None:
    file = tree / ".git" / "index"
    whole = file.read_bytes()
    for cut in range(0, len(whole) - 20, 7):
        file.write_bytes(whole[:cut])
        assert discover(()).files
    for at in range(0, len(whole), 3):
        file.write_bytes(whole[:at] + b"\xff" + whole[at + 1 :])
        assert discover(()).files


def test_a_named_folder_that_is_ignored_is_told(tree: Path) -> None:
    walk = discover(["lib"])
    assert not walk.files
    assert list(walk.skipped) == ["lib"]
    assert "ignored by git" in walk.skipped["lib"]


def test_only_what_speaks_of_the_old_api_is_told(tree: Path) -> None:
    (tree / "alone.yaml").write_text("stream: true\n")
    told = migrate(tree, "audit", "--format", "json")
    reason = "is in git, but left out, as .gitignore names it: name it to have it looked at"
    skipped = json.loads(told.stdout)["skipped"]
    assert skipped == [{"path": name, "reason": reason} for name in ("lib/a.yaml", "lib/b/c.yaml")]
    assert told.stderr == f"warning: lib/a.yaml, lib/b/c.yaml: {reason}\n"
    assert not json.loads(migrate(tree, "audit", "--format", "json", "lib/a.yaml").stdout)[
        "skipped"
    ]


def test_a_folder_that_is_ignored_is_no_file_looked_at(tree: Path) -> None:
    told = migrate(tree, "audit", "gone")
    assert told.stdout.splitlines()[-1] == "Nothing is left to migrate (0 files looked at)."
    assert told.stderr.startswith("warning: gone: is ignored by git")


def test_a_link_in_the_place_of_a_folder_is_not_followed(tree: Path) -> None:
    (tree / "lib").rename(tree / "moved")
    (tree / "lib").symlink_to("moved")
    (tree / "moved" / ".gitignore").write_text("*\n")
    assert list(discover(()).tracked) == ["alone.yaml"]
