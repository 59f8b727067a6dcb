"""What an undo restores, what it refuses, and journals that are not trusted."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import faulty_disk
import pytest
import trees

from migrator.engine.state import folder_for
from migrator.engine.transaction import history, hold
from migrator.engine.transaction.journal import digest
from migrator.engine.transaction.journals import KEPT
from migrator.engine.transaction.outcome import Outcome
from migrator.errors import MigrateError
from migrator.model import Change

QUICK = faulty_disk.FaultyDisk(faulty_disk.nothing)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four files, all of them changed, and the current folder."""
    folder = tmp_path / "tree"
    folder.mkdir()
    trees.nested(folder)
    monkeypatch.chdir(folder)
    apply()
    return folder


def apply() -> Outcome:
    return write(trees.changes(Path()))


def write(changes: list[Change]) -> Outcome:
    with hold((), print, QUICK) as held:
        return held.write(changes)


def undo() -> Outcome:
    with hold((), print, QUICK) as held:
        return held.undo()


def data(tree: Path) -> set[bytes]:
    return {path.read_bytes()[:19] for path in tree.rglob("*.yaml")}


def test_all_is_as_before(tree: Path) -> None:
    assert data(tree) == {(trees.NEW + b"#\n" * 9)[:19]}
    assert sorted(undo().written) == ["a.yaml", "b/c.yaml", "b/d.yaml", "b/e/f.yaml"]
    assert data(tree) == {trees.OLD}


def test_twice_is_harmless(tree: Path) -> None:
    undo()
    assert undo() == Outcome()
    assert data(tree) == {trees.OLD}


def test_applies_are_taken_back_one_by_one(tree: Path) -> None:
    path = tree / "a.yaml"
    first = path.read_bytes()
    write([Change("a.yaml", first, b"second\n")])
    undo()
    assert path.read_bytes() == first
    assert apply() == Outcome()
    undo()
    assert data(tree) == {trees.OLD}
    assert undo() == Outcome()


def test_a_file_edited_since_is_left_and_named(tree: Path) -> None:
    (tree / "a.yaml").write_bytes(b"mine\n")
    (tree / "b" / "c.yaml").unlink()
    outcome = undo()
    assert outcome.left == {
        "a.yaml": "was changed since it was written",
        "b/c.yaml": "is gone",
    }
    assert outcome.written == ["b/d.yaml", "b/e/f.yaml"]
    assert (tree / "a.yaml").read_bytes() == b"mine\n"
    assert undo().left.keys() == outcome.left.keys()


def test_what_was_left_can_be_taken_back_later(tree: Path) -> None:
    after = (tree / "a.yaml").read_bytes()
    (tree / "a.yaml").write_bytes(b"mine\n")
    undo()
    (tree / "a.yaml").write_bytes(after)
    assert undo() == Outcome(["a.yaml"])
    assert data(tree) == {trees.OLD}


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_a_mode_given_since_is_that_of_before(tree: Path) -> None:
    before = (tree / "a.yaml").stat().st_mode
    (tree / "a.yaml").chmod(0o700)
    undo()
    assert (tree / "a.yaml").stat().st_mode == before


def test_history(tree: Path) -> None:
    (one,) = history(".")
    assert (one.state, one.paths) == (
        "applied",
        ("a.yaml", "b/c.yaml", "b/d.yaml", "b/e/f.yaml"),
    )
    (tree / "a.yaml").write_bytes(b"mine\n")
    undo()
    assert [one.state for one in history(".")] == ["taken back in part"]


def test_an_apply_that_wrote_nothing_is_not_taken_back(tree: Path) -> None:
    write([Change("a.yaml", b"not what it is", b"x")])
    assert [one.state for one in history(".")] == ["applied"]
    undo()
    assert data(tree) == {trees.OLD}


def test_old_journals_go(tree: Path) -> None:
    for number in range(KEPT + 5):
        before = (tree / "a.yaml").read_bytes()
        write([Change("a.yaml", before, b"%d\n" % number)])
    assert len(history(".")) == KEPT


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flip(data: bytes) -> bytes:
    return data.replace(b'"before":"Y', b'"before":"Z', 1)


def swap(data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    lines[1], lines[2] = lines[2], lines[1]
    return b"".join(lines)


def drop(data: bytes) -> bytes:
    lines = data.splitlines(keepends=True)
    return b"".join(lines[:1] + lines[2:])


def forged(number: int = 1, **values: object) -> Callable[[bytes], bytes]:
    """A journal whose digests are right and that says something else, usually of its first file."""

    def forge(data: bytes) -> bytes:
        records = [json.loads(line.partition(b" ")[2]) for line in data.splitlines()]
        records[number].update(values)
        return written(*(json.dumps(record).encode() for record in records))

    return forge


def written(*records: bytes) -> bytes:
    """The lines of these records, with digests that are right."""
    chain, lines = "", []
    for text in records:
        chain = digest(chain.encode() + text)
        lines.append(chain.encode() + b" " + text + b"\n")
    return b"".join(lines)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (cut, "lines are missing"),
        (flip, "line 2 is not what was written"),
        (swap, "line 2 is not what was written"),
        (drop, "line 2 is not what was written"),
        (lambda _: b"", "lines are missing"),
        (lambda _: b"\xff\n", "line 1 is not what was written"),
        (forged(path="../outside.yaml"), "names a file outside of its root"),
        (forged(path="/etc/passwd"), "names a file outside of its root"),
        (forged(path="b/../../x"), "names a file outside of its root"),
        (forged(sibling="../x"), "names a file outside of its root"),
        (forged(sibling="a.yaml"), "names a file outside of its root"),
        (forged(path=7), "lines are missing or of a form"),
        (forged(before="?"), "lines are missing or of a form"),
        (forged(kind="other"), "lines are missing or of a form"),
        (forged(path="\0"), "lines are missing or of a form"),
        (forged(path="\ud800"), "lines are missing or of a form"),
        (forged(mode=0o10000), "lines are missing or of a form"),
        (forged(owner=-1), "lines are missing or of a form"),
        (forged(group=1 << 40), "lines are missing or of a form"),
        (forged(owner="0"), "lines are missing or of a form"),
        (forged(extended=[["user.\0a", ""]]), "lines are missing or of a form"),
        (forged(number=0, verb="other"), "lines are missing or of a form"),
        (forged(number=0, of=[]), "lines are missing or of a form"),
        (forged(number=-2, files=10**12), "lines are missing or of a form"),
        (forged(number=-1, left=[7]), "lines are missing or of a form"),
        (lambda _: written(b"{"), "lines are missing or of a form"),
        (lambda _: written(b"[" * 200_000), "lines are missing or of a form"),
        (lambda _: written(b"1" * 5000), "lines are missing or of a form"),
    ],
)
def test_a_damaged_journal_is_told(tree: Path, damage: Callable[[bytes], bytes], said: str) -> None:
    journal = folder_for(tree) / "00000001.journal"
    journal.write_bytes(damage(journal.read_bytes()))
    after = trees.seen(tree.parent)
    with pytest.raises(MigrateError, match=said):
        undo()
    assert trees.seen(tree.parent) == after
    assert re.search(f"damaged: its? {said}", history(".")[0].state)


@pytest.mark.parametrize(
    "damage", [cut, lambda _: b"", lambda _: b"\xff\n", lambda data: data[:-1]]
)
def test_one_that_does_not_end_is_told_by_the_next_run(
    tree: Path, damage: Callable[[bytes], bytes]
) -> None:
    journal = folder_for(tree) / "00000001.journal"
    journal.write_bytes(damage(journal.read_bytes()))
    with hold((), print, QUICK) as held:
        assert held.found


def test_numbers_may_grow(tree: Path) -> None:
    journal = folder_for(tree) / "00000001.journal"
    journal.rename(journal.with_name("99999999.journal"))
    assert undo().written
    apply()
    assert [one.file.stem for one in history(".")] == ["100000001", "99999999"]
    assert undo().written
    assert data(tree) == {trees.OLD}


def test_a_journal_of_another_root(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    copy = folder_for(tmp_path / "other") / "00000001.journal"
    copy.write_bytes((folder_for(tree) / "00000001.journal").read_bytes())
    assert "is of another root" in history(str(tmp_path / "other"))[0].state


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_a_folder_that_became_a_link_is_not_followed(tree: Path, tmp_path: Path) -> None:
    (tree / "b").rename(tmp_path / "outside")
    (tree / "b").symlink_to(tmp_path / "outside", target_is_directory=True)
    outcome = undo()
    assert outcome.written == ["a.yaml"]
    assert "b/c.yaml" in outcome.left
    assert trees.OLD not in (tmp_path / "outside" / "c.yaml").read_bytes()


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_a_journal_that_is_a_link_is_not_read(tree: Path, tmp_path: Path) -> None:
    journal = folder_for(tree) / "00000001.journal"
    journal.rename(tmp_path / "elsewhere")
    journal.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(MigrateError, match="cannot be read"):
        undo()
