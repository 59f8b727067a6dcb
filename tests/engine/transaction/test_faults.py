"""A fault at every step: each file is old or new, the next run clears up, undo is exact."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path

import faulty_disk
import pytest
import trees
from faulty_disk import FaultyDisk, PlainDisk, ShortDisk
from processes import alone, in_child

from migrator.engine.transaction import hold
from migrator.errors import MigrateError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes and modes of POSIX")

FAULTS: dict[str, Callable[[], None]] = {
    "full": faulty_disk.fails(errno.ENOSPC),
    "input or output error": faulty_disk.fails(errno.EIO),
    "not allowed": faulty_disk.fails(errno.EACCES),
    "interrupted": faulty_disk.interrupted,
    "killed": faulty_disk.killed,
}


DISKS = {"exchanged": FaultyDisk, "renamed": PlainDisk}


class Tree:
    """A tree made anew for each fault, and what every fault has to leave true."""

    def __init__(self, path: Path, kind: str) -> None:
        self.path = path
        path.mkdir()
        trees.TREES[kind](path)
        self.before = trees.seen(path)
        self.changes = trees.changes(path)

    def apply(self, disk: FaultyDisk) -> None:
        with hold([str(self.path)], print, disk) as held:
            held.write(self.changes)

    def undo(self, disk: FaultyDisk) -> list[str]:
        with hold([str(self.path)], print, disk) as held:
            held.undo()
        return held.found

    def recover(self, disk: FaultyDisk) -> list[str]:
        with hold([str(self.path)], print, disk) as held:
            return held.found

    def assert_old_or_new(self, *, strays: bool) -> None:
        now = trees.seen(self.path)
        for path, one in self.before.items():
            assert now[path].data in (one.data, one.data.replace(trees.OLD, trees.NEW)), path
            assert (now[path].mode, now[path].extended) == (one.mode, one.extended)
        assert strays or now.keys() == self.before.keys()

    def assert_recovers(self) -> None:
        """The next run leaves no stray, the one after finds nothing, and undo is exact."""
        quiet = FaultyDisk(faulty_disk.nothing)
        self.recover(quiet)
        self.assert_old_or_new(strays=False)
        assert self.undo(quiet) == []
        assert trees.seen(self.path) == self.before


def steps(path: Path, kind: str, work: Callable[[Tree, FaultyDisk], object]) -> int:
    disk = FaultyDisk(faulty_disk.nothing)
    work(Tree(path / "count", kind), disk)
    return disk.calls


def called(function: Callable[..., object], *arguments: object) -> None:
    """The same as `alone`, here."""
    function(*map(str, arguments))


def survive(fault: Callable[[], None], work: Callable[[], object]) -> None:
    """Do work that the fault may end, in whatever way."""
    if fault is faulty_disk.killed:
        in_child(work)
        return
    with contextlib.suppress(OSError, MigrateError, KeyboardInterrupt):
        work()


def applies(folder: str, kind: str, fault: str, disk: str, after: str) -> None:
    for at in range(steps(Path(folder), kind, Tree.apply)):
        tree = Tree(Path(folder, str(at)), kind)
        failing = DISKS[disk](FAULTS[fault], at, after=after == "after")
        survive(FAULTS[fault], lambda tree=tree, disk=failing: tree.apply(disk))
        tree.assert_old_or_new(strays=fault == "killed")
        tree.assert_recovers()


@pytest.mark.parametrize("after", ["before", "after"])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", trees.TREES)
@pytest.mark.parametrize("disk", DISKS)
def test_apply(tmp_path: Path, kind: str, fault: str, after: str, disk: str) -> None:
    run = alone if fault == "killed" else called
    run(applies, tmp_path, kind, fault, disk, after)


def undoes(folder: str, kind: str, fault: str, after: str) -> None:
    def applied(path: Path) -> Tree:
        tree = Tree(path, kind)
        tree.apply(FaultyDisk(faulty_disk.nothing))
        assert trees.seen(path) != tree.before
        return tree

    counting = FaultyDisk(faulty_disk.nothing)
    applied(Path(folder, "count")).undo(counting)
    for at in range(counting.calls):
        tree = applied(Path(folder, str(at)))
        disk = FaultyDisk(FAULTS[fault], at, after=after == "after")
        survive(FAULTS[fault], lambda tree=tree, disk=disk: tree.undo(disk))
        tree.assert_old_or_new(strays=fault == "killed")
        tree.assert_recovers()


@pytest.mark.parametrize("after", ["before", "after"])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", trees.TREES)
def test_undo(tmp_path: Path, kind: str, fault: str, after: str) -> None:
    run = alone if fault == "killed" else called
    run(undoes, tmp_path, kind, fault, after)


def recoveries(folder: str, fault: str) -> None:
    last = steps(Path(folder), "nested", Tree.apply)

    def cut_short(path: Path) -> Tree:
        tree = Tree(path, "nested")
        in_child(lambda: tree.apply(FaultyDisk(faulty_disk.killed, last - 12)))
        assert len({one.data for one in trees.seen(path).values()}) == 2
        return tree

    counting = FaultyDisk(faulty_disk.nothing)
    (found,) = cut_short(Path(folder, "half")).recover(counting)
    assert "was cut short; what it had written was taken back: " in found
    for at in range(counting.calls):
        tree = cut_short(Path(folder, str(at)))
        disk = FaultyDisk(FAULTS[fault], at)
        survive(FAULTS[fault], lambda tree=tree, disk=disk: tree.recover(disk))
        tree.assert_old_or_new(strays=True)
        tree.assert_recovers()


@pytest.mark.parametrize("fault", FAULTS)
def test_recovery(tmp_path: Path, fault: str) -> None:
    """Half of the files are written when an apply is killed, and recovery fails as well."""
    alone(recoveries, tmp_path, fault)


@pytest.mark.parametrize("kind", trees.TREES)
def test_a_disk_that_takes_little_at_a_time(tmp_path: Path, kind: str) -> None:
    tree = Tree(tmp_path / "tree", kind)
    tree.apply(ShortDisk(faulty_disk.nothing))
    now = trees.seen(tree.path)
    assert [now[Path(one.path).relative_to(tree.path).as_posix()].data for one in tree.changes] == [
        one.before if one.path.endswith("read-only.yaml") else one.after for one in tree.changes
    ]
    tree.undo(ShortDisk(faulty_disk.nothing))
    assert trees.seen(tree.path) == tree.before
