"""Several processes at once, an editor among them, and kills at any moment: nothing is lost."""

from __future__ import annotations

import contextlib
import os
import random
import select
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import trees
from faulty_disk import FaultyDisk, PlainDisk, in_child, nothing

from migrator.engine.contents import Contents, contents
from migrator.engine.transaction import hold, unfinished
from migrator.engine.transaction.disk import Folder
from migrator.engine.transaction.write import Outcome
from migrator.model import Change

pytestmark = pytest.mark.skipif(os.name == "nt", reason="processes of POSIX")

NIGHTLY = bool(os.environ.get("MIGRATE_NIGHTLY"))
KILLS = 1000 if NIGHTLY else 300
RACES = 200 if NIGHTLY else 5


def quick() -> FaultyDisk:
    return FaultyDisk(nothing)


@contextlib.contextmanager
def process(work: object) -> Iterator[tuple[int, int]]:
    """A process that does `work`: its id, and a descriptor that is at its end when it has ended."""
    assert callable(work)
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    os.close(theirs)
    try:
        yield child, ours
    finally:
        os.close(ours)
        os.waitpid(child, 0)


def apply(tree: Path, changes: list[Change] | None = None) -> Outcome:
    with hold([str(tree)], lambda _: None, quick()) as held:
        return held.write(trees.changes(tree) if changes is None else changes)


def undo(tree: Path) -> Outcome:
    with hold([str(tree)], lambda _: None, quick()) as held:
        return held.undo()


def test_kills_at_random_moments(tmp_path: Path) -> None:
    """One tree, applied and taken back again and again, and killed at each."""
    chance = random.Random(1)  # noqa: S311
    trees.nested(tmp_path)
    before = trees.seen(tmp_path)
    cut_short = 0
    for number in range(KILLS):
        with process(lambda: apply(tmp_path)) as (child, end):
            select.select([end], [], [], chance.uniform(0, 0.02))
            os.kill(child, signal.SIGKILL)
        cut_short += bool(unfinished([str(tmp_path)]))
        now = trees.seen(tmp_path)
        for path, one in before.items():
            assert now[path].data in (one.data, one.data.replace(trees.OLD, trees.NEW)), number
        undo(tmp_path)
        assert trees.seen(tmp_path) == before, number
    assert cut_short or KILLS < 300


@pytest.mark.parametrize("count", [2, 4, 8])
def test_applies_at_once(tmp_path: Path, count: int) -> None:
    """Each adds a line to every file; the lock is held from reading to writing."""
    names = ["a.txt", "b.txt"]

    def add(number: int) -> None:
        with hold([str(tmp_path)], lambda _: None, quick()) as held:
            read = [(str(tmp_path / name), (tmp_path / name).read_bytes()) for name in names]
            held.write([Change(path, data, data + b"%d\n" % number) for path, data in read])

    for _ in range(RACES):
        for name in names:
            (tmp_path / name).write_bytes(b"")
        with contextlib.ExitStack() as stack:
            for number in range(count):
                stack.enter_context(process(lambda number=number: add(number)))
        for name in names:
            assert sorted((tmp_path / name).read_text().split()) == [
                str(number) for number in range(count)
            ]
    assert sorted(trees.seen(tmp_path)) == names


def test_four_processes_of_a_hook(tmp_path: Path) -> None:
    """Each is given files of its own; all are written, and undo takes them back one by one."""
    for number in range(8):
        (tmp_path / f"{number}.yaml").write_bytes(trees.OLD)
    before = trees.seen(tmp_path)
    changes = trees.changes(tmp_path)
    with contextlib.ExitStack() as stack:
        for number in range(4):
            own = changes[number::4]
            stack.enter_context(process(lambda own=own: apply(tmp_path, own)))
    assert {one.data for one in trees.seen(tmp_path).values()} == {trees.NEW}
    for _ in range(4):
        undo(tmp_path)
    assert trees.seen(tmp_path) == before


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


def test_the_second_is_told_to_wait(tmp_path: Path) -> None:
    told: list[Path] = []
    ours, theirs = os.pipe()

    def second() -> None:
        with hold([str(tmp_path)], lambda root: os.write(theirs, os.fsencode(root))):
            pass

    with contextlib.ExitStack() as stack, hold([str(tmp_path)], told.append) as held:
        stack.enter_context(process(second))
        assert os.read(ours, 4096) == os.fsencode(tmp_path)
        assert held.found == unfinished([str(tmp_path)]) == []
    assert not told


def test_a_lock_dies_with_its_process(tmp_path: Path) -> None:
    def die() -> None:
        with hold([str(tmp_path)], print):
            os.kill(os.getpid(), signal.SIGKILL)

    assert os.WIFSIGNALED(in_child(die))
    told: list[Path] = []
    with hold([str(tmp_path)], told.append):
        assert not told
