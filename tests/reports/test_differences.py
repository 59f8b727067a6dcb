"""Which lines differ: the steps make the one text of the other, in time that grows with both."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.reports.differences import groups, steps

LINES = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"\n", b"d"]), max_size=40)


@given(LINES, LINES)
def test_steps_make_the_one_of_the_other(before: list[bytes], after: list[bytes]) -> None:
    made: list[bytes] = []
    here = there = 0
    for kind, start, end, new_start, new_end in steps(before, after):
        assert (start, new_start) == (here, there)
        here, there = end, new_end
        made += before[start:end] if kind == "equal" else after[new_start:new_end]
        lengths = (end > start, new_end > new_start)
        if kind == "equal":
            assert before[start:end] == after[new_start:new_end]
        assert lengths == {"delete": (True, False), "insert": (False, True)}.get(kind, (True, True))
    assert (here, there) == (len(before), len(after))
    assert made == after


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("abc", "axc", ["equal 0:1 0:1", "replace 1:2 1:2", "equal 2:3 2:3"]),
        ("abc", "ac", ["equal 0:1 0:1", "delete 1:2 1:1", "equal 2:3 1:2"]),
        ("ac", "abbc", ["equal 0:1 0:1", "insert 1:1 1:3", "equal 1:2 3:4"]),
        ("abcd", "axyd", ["equal 0:1 0:1", "replace 1:3 1:3", "equal 3:4 3:4"]),
        ("", "a", ["insert 0:0 0:1"]),
        ("ab", "", ["delete 0:2 0:0"]),
    ],
)
def test_what_is_small_is_found(before: str, after: str, expected: list[str]) -> None:
    found = steps([line.encode() for line in before], [line.encode() for line in after])
    assert [f"{kind} {a}:{b} {c}:{d}" for kind, a, b, c, d in found] == expected


class Line(bytes):
    """A line that counts what it is compared with."""

    compared = 0

    __hash__ = bytes.__hash__

    def __eq__(self, other: object) -> bool:
        Line.compared += 1
        return bytes.__eq__(self, other)  # type: ignore[arg-type]

    def __ne__(self, other: object) -> bool:
        return not self == other


def alternating(count: int) -> tuple[list[bytes], list[bytes]]:
    lines = [Line(b"%d" % (number % 150)) for number in range(count)]
    return (
        [one for line in lines for one in (line, Line(b"old"))],
        [one for line in lines for one in (line, Line(b"new"))],
    )


def all_alike(count: int) -> tuple[list[bytes], list[bytes]]:
    """Lines that stand there again and again, moved."""
    lines = [Line(b"%d" % (number % 199)) for number in range(count)]
    return lines, [*lines[7:], *lines[:7]]


def all_new(count: int) -> tuple[list[bytes], list[bytes]]:
    return [Line(b"a%d" % at) for at in range(count)], [Line(b"b%d" % at) for at in range(count)]


@pytest.mark.parametrize("make", [alternating, all_alike, all_new])
def test_no_text_costs_more_than_its_length(make: object) -> None:
    assert callable(make)

    def compared(count: int) -> int:
        before, after = make(count)
        Line.compared = 0
        assert list(groups(before, after, 3))
        return Line.compared

    few, many = compared(2000), compared(4000)
    assert many < 2.6 * max(few, 10_000)
