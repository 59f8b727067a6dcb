"""Several processes at once, an editor among them, and kills at any moment: nothing is lost."""

from __future__ import annotations

import contextlib
import importlib
import os
import random
import select
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import trees
from faulty_disk import FaultyDisk, PlainDisk, nothing
from processes import alone, in_child, process

from migrator.engine.contents import Contents, contents
from migrator.engine.state import folder_for
from migrator.engine.transaction import hold, unfinished
from migrator.engine.transaction.disk import Folder
from migrator.engine.transaction.outcome import Outcome
from migrator.model import Change

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes of POSIX")

NIGHTLY = bool(os.environ.get("MIGRATE_NIGHTLY"))
KILLS = 1000 if NIGHTLY else 300
RACES = 1000 if NIGHTLY else 200


# What is imported when it is needed: each of some thousand forks would do that again.
for name in ("recover", "undo", "write"):
    importlib.import_module(f"migrator.engine.transaction.{name}")
importlib.import_module("ctypes")


def quick() -> FaultyDisk:
    return FaultyDisk(nothing)


def at_once(*works: Callable[[], object]) -> None:
    """Do each in a process of its own, all at the same time, and wait for them."""
    with contextlib.ExitStack() as stack:
        for work in works:
            stack.enter_context(process(work))


def apply(tree: Path, changes: list[Change] | None = None) -> Outcome:
    with hold([str(tree)], lambda _: None, quick()) as held:
        return held.write(trees.changes(tree) if changes is None else changes)


def undo(tree: Path) -> Outcome:
    with hold([str(tree)], lambda _: None, quick()) as held:
        return held.undo()


def forget(tree: Path) -> None:
    """Remove the journals: each of the next processes would read all of them."""
    for journal in folder_for(tree).glob("*.journal"):
        journal.unlink()


def kills(folder: str) -> None:
    chance = random.Random(1)  # noqa: S311
    tree = Path(folder)
    trees.nested(tree)
    before = trees.seen(tree)
    cut_short = 0
    for number in range(KILLS):
        with process(lambda: apply(tree)) as (child, end):
            select.select([end], [], [], chance.uniform(0, 0.02))
            os.kill(child, signal.SIGKILL)
        cut_short += bool(unfinished([str(tree)]))
        now = trees.seen(tree)
        for path, one in before.items():
            assert now[path].data in (one.data, one.data.replace(trees.OLD, trees.NEW)), number
        undo(tree)
        assert trees.seen(tree) == before, number
        forget(tree)
    assert cut_short


def test_kills_at_random_moments(tmp_path: Path) -> None:
    """One tree, applied and taken back again and again, and killed at each."""
    alone(kills, tmp_path)


def applies(folder: str) -> None:
    tree, names = Path(folder), ["a.txt", "b.txt"]

    def add(number: int) -> None:
        with hold([folder], lambda _: None, quick()) as held:
            read = [(str(tree / name), (tree / name).read_bytes()) for name in names]
            held.write([Change(path, data, data + b"%d\n" % number) for path, data in read])

    for race in range(RACES):
        numbers = range(2 + race % 7)
        for name in names:
            (tree / name).write_bytes(b"")
        at_once(*(lambda number=number: add(number) for number in numbers))
        for name in names:
            assert sorted((tree / name).read_text().split()) == [str(number) for number in numbers]
        forget(tree)
    assert sorted(trees.seen(tree)) == names


def test_applies_at_once(tmp_path: Path) -> None:
    """Two to eight, each adds a line to every file; the lock is held from reading to writing."""
    alone(applies, tmp_path)


def hook(folder: str) -> None:
    tree = Path(folder)
    for number in range(8):
        (tree / f"{number}.yaml").write_bytes(trees.OLD)
    before = trees.seen(tree)
    changes = trees.changes(tree)
    for _ in range(RACES):
        at_once(*(lambda own=changes[number::4]: apply(tree, own) for number in range(4)))
        assert {one.data for one in trees.seen(tree).values()} == {trees.NEW}
        for _ in range(4):
            undo(tree)
        assert trees.seen(tree) == before
        forget(tree)


def test_four_processes_of_a_hook(tmp_path: Path) -> None:
    """Each is given files of its own; all are written, and undo takes them back one by one."""
    alone(hook, tmp_path)


def editor(folder: str) -> None:
    chance = random.Random(2)  # noqa: S311
    tree = Path(folder)
    trees.nested(tree)
    before = trees.seen(tree)
    written = left = 0
    for number in range(RACES):
        mine = b"mine %d\n" % number
        moment = chance.uniform(0, 0.01)
        reports = tree.parent / "written"

        def work(report: Path = reports) -> None:
            report.write_text("\n".join(apply(tree).written))

        with process(work) as (_, end):
            select.select([end], [], [], moment)
            saved = tree.parent / "new"
            saved.write_bytes(mine)
            saved.replace(tree / "a.yaml")
        assert (tree / "a.yaml").read_bytes() == mine, number
        now = trees.seen(tree)
        assert now.keys() == before.keys()
        assert {now[path].data[:13] for path in before if path != "a.yaml"} == {trees.NEW}
        undo(tree)
        assert (tree / "a.yaml").read_bytes() == mine, number
        told = reports.read_text().split("\n")
        written, left = written + (str(tree / "a.yaml") in told), left + (len(told) == 3)
        (tree / "a.yaml").write_bytes(before["a.yaml"].data)
        assert trees.seen(tree) == before
        forget(tree)
    assert written and left


@pytest.mark.skipif(sys.platform != "linux", reason="names are exchanged on Linux alone")
def test_an_editor_saves_meanwhile(tmp_path: Path) -> None:
    """At a random moment of an apply; what it saved stays, and all other files are written."""
    (tmp_path / "tree").mkdir()
    alone(editor, tmp_path / "tree")


class Editor(FaultyDisk):
    """A disk on which an editor saves the file at one of the steps of its apply."""

    def __init__(self, path: Path, at: int, *, in_place: bool) -> None:
        super().__init__(self._save, at)
        self._path = path
        self._in_place = in_place

    def _save(self) -> None:
        if self._in_place:
            self._path.write_bytes(b"mine\n")
            return
        other = self._path.with_name("editor")
        other.write_bytes(b"mine\n")
        other.replace(self._path)


@pytest.mark.skipif(sys.platform != "linux", reason="names are exchanged on Linux alone")
@pytest.mark.parametrize("in_place", [False, True], ids=["renamed", "in place"])
def test_an_editor_saves_in_between(tmp_path: Path, in_place: bool) -> None:
    path = tmp_path / "a.yaml"
    counting = quick()
    path.write_bytes(trees.OLD)
    with hold([str(tmp_path)], print, counting) as held:
        held.write(trees.changes(tmp_path))
    for at in range(counting.calls):
        path.write_bytes(trees.OLD)
        with hold([str(tmp_path)], print, Editor(path, at, in_place=in_place)) as held:
            outcome = held.write(trees.changes(tmp_path))
        assert path.read_bytes() == b"mine\n", at
        assert outcome.written or outcome.left == {
            str(path): "was changed by something else since it was read"
        }
        assert sorted(trees.seen(tmp_path)) == ["a.yaml"]


class EditorWithoutExchange(Editor):
    """The same where the system cannot exchange names."""

    def exchange(self, folder: Folder, name: str, other: str) -> bool:
        return False


def test_an_editor_saves_before_the_last_comparison(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(trees.OLD)
    counting = PlainDisk(nothing)
    with hold([str(tmp_path)], print, counting) as held:
        held.write(trees.changes(tmp_path))
    after_the_rename = 4  # the folder is synced, the journal opened, written and synced
    for at in range(counting.calls - 1 - after_the_rename):
        path.write_bytes(trees.OLD)
        disk = EditorWithoutExchange(path, at, in_place=False)
        with hold([str(tmp_path)], print, disk) as held:
            outcome = held.write(trees.changes(tmp_path))
        assert path.read_bytes() == b"mine\n", at
        assert outcome.left == {str(path): "was changed by something else since it was read"}


def test_a_file_touched_since_it_was_read_is_left(tmp_path: Path) -> None:
    """Same bytes, but somebody was there."""
    path = tmp_path / "a.yaml"
    path.write_bytes(trees.OLD)
    read = contents(str(path))
    assert isinstance(read, Contents)
    os.utime(path, (1, 1))
    outcome = apply(tmp_path, [Change(str(path), read.data, trees.NEW, read.stamp)])
    assert outcome.left == {str(path): "was changed by something else since it was read"}


def test_a_file_that_is_gone_is_left(tmp_path: Path) -> None:
    outcome = apply(tmp_path, [Change(str(tmp_path / "a.yaml"), trees.OLD, trees.NEW)])
    assert outcome.left == {str(tmp_path / "a.yaml"): "is gone"}
    assert not trees.seen(tmp_path)


def second(folder: str) -> None:
    told: list[Path] = []
    ours, theirs = os.pipe()

    def waits() -> None:
        with hold([folder], lambda root: os.write(theirs, os.fsencode(root))):
            pass

    with contextlib.ExitStack() as stack, hold([folder], told.append) as held:
        stack.enter_context(process(waits))
        assert os.read(ours, 4096) == os.fsencode(folder)
        assert held.found == unfinished([folder]) == []
    assert not told


def test_the_second_is_told_to_wait(tmp_path: Path) -> None:
    alone(second, tmp_path)


def death(folder: str) -> None:
    def die() -> None:
        with hold([folder], print):
            os.kill(os.getpid(), signal.SIGKILL)

    assert os.WIFSIGNALED(in_child(die))
    told: list[Path] = []
    with hold([folder], told.append):
        assert not told


def test_a_lock_dies_with_its_process(tmp_path: Path) -> None:
    alone(death, tmp_path)
