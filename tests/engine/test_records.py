"""Files of lines that a person commits: written whole, or left as they were."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
import trees

from migrator.engine import records
from migrator.errors import MigrateError

posix = pytest.mark.skipif(os.name == "nt", reason="links and modes of POSIX")


@posix
def test_mode_and_attributes_stay(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    records.write(file, ["1"])
    file.chmod(0o640)
    if trees.xattr is not None:
        trees.xattr.setxattr(str(file), "user.note", b"\0kept")
    before = trees.seen(tmp_path)["a.jsonl"]
    records.write(file, ["2", "3"])
    (after,) = trees.seen(tmp_path).values()
    assert after.data == b"2\n3\n"
    assert (after.mode, after.owner, after.extended) == (before.mode, before.owner, before.extended)


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".a.jsonl.123.new").write_text("half of a li")
    (tmp_path / ".a.jsonl.mine.new").write_text("")
    records.write(tmp_path / "a.jsonl", ["1"])
    assert sorted(os.listdir(tmp_path)) == [".a.jsonl.mine.new", "a.jsonl"]  # noqa: PTH208


def a_link(file: Path) -> None:
    file.symlink_to("elsewhere")


def a_pipe(file: Path) -> None:
    os.mkfifo(file)


def read_only(file: Path) -> None:
    file.write_bytes(b"1\n")
    file.chmod(0o444)


def linked_twice(file: Path) -> None:
    file.write_bytes(b"1\n")
    file.with_name("other").hardlink_to(file)


@posix
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (a_link, "is no regular file any more"),
        (a_pipe, "is no regular file any more"),
        (read_only, "is read-only"),
        (linked_twice, "has more than one hard link"),
    ],
)
def test_what_is_not_to_be_written_stays(
    tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    file = tmp_path / "a.jsonl"
    make(file)
    before = {one.name: stat.S_IFMT(one.lstat().st_mode) for one in tmp_path.iterdir()}
    with pytest.raises(MigrateError, match=f"{re.escape(str(file))}: {said}"):
        records.write(file, ["2"])
    assert before == {one.name: stat.S_IFMT(one.lstat().st_mode) for one in tmp_path.iterdir()}


@pytest.mark.parametrize("line", [b"[" * 200_000, b"1" * 5000, b"\xff", b"<<<<<<< x"])
def test_a_line_that_is_none_is_named(tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"[]\n" + line + b"\n")
    with pytest.raises(MigrateError, match=r"a\.jsonl:2: is no line of a list: "):
        list(records.read(file, "a list"))
