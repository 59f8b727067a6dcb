"""What is synced before what: a kill does not lose the system's memory, a power cut does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import trees

from migrator.engine.transaction import hold
from migrator.engine.transaction.disk import Disk, Folder


class Recorder(Disk):
    """Notes each call; a file goes by the name it was opened with."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._names: dict[int, str] = {}

    def _note(self, verb: str, name: str) -> None:
        known = ".migrate-" in name
        self.calls.append(f"{verb} {'sibling' if known else name}")

    def create(self, folder: Folder, name: str) -> int:
        self._note("create", name)
        descriptor = super().create(folder, name)
        self._names[descriptor] = name
        return descriptor

    def append_to(self, folder: Folder, name: str, length: int) -> int:
        self._note("append to", name)
        descriptor = super().append_to(folder, name, length)
        self._names[descriptor] = name
        return descriptor

    def write(self, descriptor: int, data: memoryview) -> int:
        done = super().write(descriptor, data)
        if self.calls[-1].split()[0] != "write":
            self._note("write", self._names[descriptor])
        return done

    def sync(self, descriptor: int) -> None:
        super().sync(descriptor)
        self._note("sync", self._names[descriptor])

    def rename(self, folder: Folder, name: str, onto: str) -> None:
        super().rename(folder, name, onto)
        self._note("rename onto", onto)

    def exchange(self, folder: Folder, name: str, other: str) -> bool:
        done = super().exchange(folder, name, other)
        self._note("exchange" if done else "cannot exchange", other)
        return done

    def remove(self, folder: Folder, name: str) -> None:
        super().remove(folder, name)
        self._note("remove", name)

    def sync_folder(self, folder: Folder) -> None:
        super().sync_folder(folder)
        self._note("sync folder", folder.path.name)


@pytest.mark.skipif(sys.platform != "linux", reason="the steps of Linux")
def test_the_order_of_an_apply(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    trees.one_file(tree)
    disk = Recorder()
    with hold([str(tree)], print, disk) as held:
        held.write(trees.changes(tree))
    state = disk.calls[4].removeprefix("sync folder ")
    assert disk.calls == [
        "create 00000001.new",
        "write 00000001.new",
        "sync 00000001.new",
        "rename onto 00000001.journal",
        f"sync folder {state}",
        "create sibling",
        "write sibling",
        "sync sibling",
        "exchange a.yaml",
        "remove sibling",
        "sync folder tree",
        "append to 00000001.journal",
        "write 00000001.journal",
        "sync 00000001.journal",
    ]
