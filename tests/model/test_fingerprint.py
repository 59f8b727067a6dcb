"""The expected values are what github/codeql-action's own code gives for the same bytes."""

from __future__ import annotations

import pytest

from migrator.model.fingerprint import LineHashes

EMPTY = "c129715d7a2bc9a3:1"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", [EMPTY]),
        (b"a\n", ["243cbaa4685aab12:1", EMPTY]),
        (b"a\r\nb\rc", ["7b3788cf31b92be9:1", "e461f42c548ac762:1", "188ff2f224477a1e:1"]),
        ("x = '🌊'\n".encode(), ["c19fd62cc180e06e:1", EMPTY]),
        (b"\xef\xbb\xbfa\n", ["25afd31b599dedcd:1", EMPTY]),
        (b"k: \xff\n", ["1d18e7f87873cef7:1", EMPTY]),
    ],
    ids=["empty", "last line", "line ends", "beyond the BMP", "byte order mark", "not UTF-8"],
)
def test_as_the_uploader_computes_it(data: bytes, expected: list[str]) -> None:
    hashes = LineHashes(data)
    assert [hashes[line] for line in range(1, len(hashes) + 1)] == expected


def test_blanks_do_not_count() -> None:
    assert LineHashes(b"a  b\t:\n")[1] == LineHashes(b"\tab :\n")[1]


def test_equal_lines_are_counted() -> None:
    same = b"x" * 100 + b"\n"
    hashes = LineHashes(same * 3)
    assert [hashes[line].partition(":")[2] for line in (1, 2, 3)] == ["1", "2", "3"]
    assert len({hashes[line].partition(":")[0] for line in (1, 2, 3)}) == 1


def test_only_what_follows_within_a_hundred_characters_counts() -> None:
    line = b"x" * 99 + b"\n"
    assert LineHashes(b"above\n" + line + b"y")[2] == LineHashes(line + b"z")[1]
    assert LineHashes(line[1:] + b"y")[1] != LineHashes(line[1:] + b"z")[1]
