"""What a file has besides its bytes is what its successor has, or the file is left and named."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import trees
from faulty_disk import FaultyDisk, nothing

from migrator.engine.transaction import hold
from migrator.engine.transaction.outcome import Outcome

pytestmark = pytest.mark.skipif(os.name == "nt", reason="modes and attributes of POSIX")

PLATFORM = "migrator.engine.transaction.attributes.sys"
PROVENANCE = "com.apple.provenance"


class Files:
    """Extended attributes as macOS has them, in memory, by inode: a fake of the package `xattr`.

    `silent` are those that it does not take and says nothing of; `given` those of each new file.
    """

    def __init__(self, silent: frozenset[str] = frozenset(), given: bytes | None = None) -> None:
        self._silent = silent
        self._given = given
        self._of: dict[int, dict[str, bytes]] = {}

    def at(self, path: Path) -> dict[str, bytes]:
        return self._by(path.stat().st_ino)

    def _by(self, inode: int) -> dict[str, bytes]:
        new = {} if self._given is None else {PROVENANCE: self._given}
        return self._of.setdefault(inode, new)

    def _open(self, descriptor: int) -> dict[str, bytes]:
        return self._by(os.fstat(descriptor).st_ino)

    def listxattr(self, descriptor: int) -> tuple[str, ...]:
        return tuple(self._open(descriptor))

    def getxattr(self, descriptor: int, name: str) -> bytes:
        return self._open(descriptor)[name]

    def setxattr(self, descriptor: int, name: str, value: bytes) -> None:
        assert name != PROVENANCE
        if name not in self._silent:
            self._open(descriptor)[name] = value

    def removexattr(self, descriptor: int, name: str) -> None:
        assert name != PROVENANCE
        del self._open(descriptor)[name]


@pytest.fixture
def darwin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PLATFORM, SimpleNamespace(platform="darwin"))


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    trees.nested(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def applied(tree: Path) -> Outcome:
    with hold((), print, FaultyDisk(nothing)) as held:
        return held.write(trees.changes(tree))


def undone() -> Outcome:
    with hold((), print, FaultyDisk(nothing)) as held:
        return held.undo()


@pytest.mark.skipif(trees.xattr is None, reason="no calls for extended attributes")
@pytest.mark.usefixtures("darwin")
def test_the_package_for_macos_keeps_them(tree: Path) -> None:
    """The package speaks to other systems as well, so this runs on them, too."""
    assert trees.xattr is not None
    values = {"user.note": b"\0kept\xff", "user.empty": b"", "user.\u00e9": b"x" * 2000}
    for name, value in values.items():
        trees.xattr.setxattr(str(tree / "a.yaml"), name, value)
    before = trees.seen(tree)
    assert not applied(tree).left
    assert trees.seen(tree)["a.yaml"].extended == tuple(sorted(values.items()))
    assert trees.seen(tree)["a.yaml"].data == trees.NEW + before["a.yaml"].data[len(trees.OLD) :]
    assert not undone().left
    assert trees.seen(tree) == before


@pytest.mark.usefixtures("darwin")
def test_what_the_system_does_not_take_is_named(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = Files(silent=frozenset({"com.apple.macl"}))
    monkeypatch.setitem(sys.modules, "xattr", files)  # type: ignore[arg-type]
    files.at(tree / "a.yaml")["com.apple.macl"] = b"\1"
    files.at(tree / "b" / "c.yaml")["com.apple.metadata:tags"] = b"\2"
    before = trees.seen(tree)
    outcome = applied(tree)
    assert outcome.left == {
        str(tree / "a.yaml"): "cannot be written: its attributes cannot be kept"
    }
    assert len(outcome.written) == 3
    assert trees.seen(tree)["a.yaml"] == before["a.yaml"]
    assert files.at(tree / "b" / "c.yaml") == {"com.apple.metadata:tags": b"\2"}
    assert not undone().left
    assert trees.seen(tree) == before
    assert files.at(tree / "b" / "c.yaml") == {"com.apple.metadata:tags": b"\2"}


@pytest.mark.usefixtures("darwin")
def test_what_the_system_writes_itself_is_left_to_it(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = Files(given=b"this program")
    monkeypatch.setitem(sys.modules, "xattr", files)  # type: ignore[arg-type]
    files.at(tree / "a.yaml")[PROVENANCE] = b"another"
    before = trees.seen(tree)
    assert not applied(tree).left
    assert files.at(tree / "a.yaml") == {PROVENANCE: b"this program"}
    assert not undone().left
    assert trees.seen(tree) == before


def test_a_mode_that_the_system_does_not_take_is_named(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bit of a group drops in silence where the user is not of the group."""
    change = os.fchmod
    monkeypatch.setattr(os, "fchmod", lambda file, mode: change(file, mode & ~0o2000))
    (tree / "a.yaml").chmod(0o2755)
    before = trees.seen(tree)
    outcome = applied(tree)
    assert outcome.left == {str(tree / "a.yaml"): "cannot be written: its mode cannot be kept"}
    assert trees.seen(tree)["a.yaml"] == before["a.yaml"]
