"""Where state is kept, and what is refused."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from migrator.engine.state import base_folder, existing_folder_for, folder_for, root_of
from migrator.errors import MigrateError

posix = pytest.mark.skipif(os.name == "nt", reason="links, modes and owners of POSIX")


def test_each_root_has_a_folder_of_its_own(tmp_path: Path, state: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    assert existing_folder_for(one) is None
    assert not state.exists()
    folder = folder_for(one)
    assert folder == folder_for(one) == existing_folder_for(one)
    assert folder != folder_for(other)
    assert folder.is_relative_to(state)
    assert (folder / "root").read_bytes() == os.fsencode(one) + b"\n"


@posix
def test_a_link_to_a_root_is_that_root(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "root", target_is_directory=True)
    assert folder_for(tmp_path / "link") == folder_for(tmp_path / "root")


@posix
def test_it_is_the_users_alone(tmp_path: Path, state: Path) -> None:
    folder = folder_for(tmp_path)
    for made in (state, folder.parent, folder):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700


def made_a_link(state: Path) -> None:
    target = state.with_name("elsewhere")
    target.mkdir(mode=0o700)
    state.symlink_to(target, target_is_directory=True)


def made_a_file(state: Path) -> None:
    state.write_text("")


def made_somebody_elses(state: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only the superuser gives folders away")
    state.mkdir(mode=0o700)
    os.chown(state, 65534, 65534)


def made_writable(state: Path) -> None:
    state.mkdir()
    state.chmod(0o777)


@posix
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (made_a_link, "is a link"),
        (made_a_file, "is no folder"),
        (made_somebody_elses, "belongs to another user"),
        (made_writable, "can be written by others"),
    ],
)
def test_what_is_not_trusted(tmp_path: Path, state: Path, make: object, said: str) -> None:
    assert callable(make)
    make(state)
    with pytest.raises(MigrateError, match=said):
        folder_for(tmp_path)


@posix
def test_the_folder_of_a_root_is_checked_as_well(tmp_path: Path) -> None:
    folder = folder_for(tmp_path)
    folder.rename(folder.with_name("moved"))
    folder.symlink_to(folder.with_name("moved"), target_is_directory=True)
    for had in (folder_for, existing_folder_for):
        with pytest.raises(MigrateError, match="is a link"):
            had(tmp_path)


def test_a_relative_path_would_lie_in_the_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIGRATE_STATE_DIR", "state")
    with pytest.raises(MigrateError, match="must be an absolute path"):
        base_folder()


@pytest.mark.parametrize("place", [".", "state", "a/b/state", "link/state"])
def test_it_does_not_lie_in_the_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    root = tmp_path / "root"
    root.mkdir(mode=0o700)
    (tmp_path / "beside").mkdir()
    if place.startswith("link"):
        (tmp_path / "link").symlink_to(root, target_is_directory=True)
        place = f"../{place}"
    given = os.path.abspath(root / place)  # noqa: PTH100
    monkeypatch.setenv("MIGRATE_STATE_DIR", given)
    with pytest.raises(MigrateError, match="the tree that it is about"):
        folder_for(root)
    assert existing_folder_for(root) is None
    assert not list(root.iterdir())
    assert folder_for(tmp_path / "beside").is_dir()
    assert existing_folder_for(root) is None


@pytest.mark.skipif(sys.platform != "linux", reason="the specification of XDG")
@pytest.mark.parametrize(
    ("given", "base"),
    [
        ("/x/state", "/x/state/migrate"),
        ("", "/home/u/.local/state/migrate"),
        ("relative", "/home/u/.local/state/migrate"),
    ],
)
def test_the_users_state_folder(monkeypatch: pytest.MonkeyPatch, given: str, base: str) -> None:
    monkeypatch.delenv("MIGRATE_STATE_DIR")
    monkeypatch.setenv("HOME", "/home/u")
    monkeypatch.setenv("XDG_STATE_HOME", given)
    assert base_folder() == Path(base)


def test_roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = tmp_path / "repository"
    project = repository / "project"
    plain = tmp_path / "plain"
    for folder in (repository / ".git", project / "src", plain / "sub"):
        folder.mkdir(parents=True)
    (project / "pyproject.toml").write_text("")
    (project / "src" / "a.py").write_text("")
    monkeypatch.chdir(plain)
    assert root_of(project / "src" / "a.py") == repository
    assert root_of(Path("sub")) == root_of(Path()) == plain
    assert root_of(tmp_path) == tmp_path
    monkeypatch.setenv("MIGRATE_STATE_DIR", str(plain / "state"))
    assert root_of(Path("sub")) == plain / "sub"
    assert root_of(Path()) == plain
    (repository / ".git").rmdir()
    assert root_of(project / "src") == project
