"""Files of any name, bytes, mode and attributes: an undo is the identity, and `git apply` makes of
the patch of a dry run what an apply makes of the plan."""

from __future__ import annotations

import io
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
import trees
from faulty_disk import FaultyDisk, nothing
from hypothesis import given
from hypothesis import strategies as st
from promises import assert_holds, git_applies

from migrator.engine.state import folder_for
from migrator.engine.transaction import hold
from migrator.model import Change, Plan
from migrator.reports import diff

pytestmark = pytest.mark.skipif(os.name == "nt", reason="names and modes of POSIX")

LINUX = sys.platform == "linux"
# Not every system takes any bytes, and some take `a` and `A`, and `é` in two spellings, for one.
BYTES = [bytes([one]) for one in range(1, 256) if one not in b"/."]
PARTS = BYTES if LINUX else [bytes([one]) for one in b"abcdefg \n\t\"'\\%*-+=:"]
NAMES = st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map(b"".join).map(os.fsdecode)
LINES = [b"a\n", b"b\n", b"\n", b"a\r\n", b"\r", b"\xff\n", b" \t\n", b"\f\n", b"--- a\n", b"@@\n"]
DATA = st.builds(
    lambda lines, last: b"".join(lines) + last,
    st.lists(st.sampled_from(LINES), max_size=8),
    st.sampled_from([b"", b"\\", b"c", b"\xe2\x80\xae"]),
)
MODES = st.sampled_from([0o644, 0o600, 0o755, 0o4711, 0o666, 0o444])
ATTRIBUTES = st.dictionaries(st.sampled_from(["user.a", "user.\u00e9"]), st.binary(max_size=4))


class File(NamedTuple):
    """A file as it is, and the bytes that an apply is to give it."""

    before: bytes
    after: bytes
    mode: int
    attributes: dict[str, bytes]

    def make(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.before)
        if trees.xattr is not None:
            for name, value in self.attributes.items():
                trees.xattr.setxattr(str(path), name, value)
        path.chmod(self.mode)


FILES = st.builds(File, DATA, DATA, MODES, ATTRIBUTES)
PATHS = st.builds(
    lambda folders, name: "/".join([*folders, name + ".f"]), st.lists(NAMES, max_size=2), NAMES
)


def test_undo_is_the_identity_and_a_patch_makes_the_same(tmp_path: Path) -> None:
    tree, patched = tmp_path / "tree", tmp_path / "patched"
    every: list[Change] = []

    @given(st.dictionaries(PATHS, FILES, min_size=1, max_size=3))
    def example(files: dict[str, File]) -> None:
        shutil.rmtree(tree, ignore_errors=True)
        for path, file in files.items():
            file.make(tree / path)
        before = trees.seen(tree)
        changes = [
            Change(path, file.before, file.after)
            for path, file in files.items()
            if file.before != file.after
        ]
        with hold([str(tree)], print, FaultyDisk(nothing)) as held:
            outcome = held.write([one._replace(path=str(tree / one.path)) for one in changes])
        written = {
            path: file
            for path, file in files.items()
            if file.before != file.after and file.mode & 0o222
        }
        assert sorted(outcome.written) == sorted(str(tree / path) for path in written)
        assert set(outcome.left.values()) <= {"is read-only"}
        assert trees.seen(tree) == {
            path: replace(one, data=written[path].after) if path in written else one
            for path, one in before.items()
        }
        number = len(every)
        for path, file in written.items():
            every.append(Change(f"{number}/{path}", file.before, file.after))
            (patched / f"{number}/{path}").parent.mkdir(parents=True, exist_ok=True)
            (patched / f"{number}/{path}").write_bytes(file.before)
        with hold([str(tree)], print, FaultyDisk(nothing)) as held:
            assert not held.undo().left
        assert trees.seen(tree) == before
        for journal in folder_for(tree).glob("*.journal"):
            journal.unlink()

    example()
    sink = io.BytesIO()
    diff.render(Plan(tuple(every)), sink, color=False)
    git_applies(patched, sink.getvalue())
    assert_holds(patched, {one.path: one.after for one in every})
