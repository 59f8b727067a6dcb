"""Which lines of two texts differ, found in time that grows with the texts, whatever is in them.

The standard library finds the best answer, and takes for ever where many lines are alike.
"""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    #: What becomes of lines: `equal`, `replace`, `delete` or `insert`, and from and to which.
    Step = tuple[str, int, int, int, int]

# Comparisons that the standard library may need; more take longer than a second or two.
_MOST = 10_000_000
# How many lines may come or go at one place for the lines behind to be found again.
_WINDOW = 10
#: Of a text of so many lines, it leaves out those that are this part of all.
_LONG, _POPULAR = 200, 100


def groups(before: Sequence[bytes], after: Sequence[bytes], context: int) -> Iterator[list[Step]]:
    """The steps from one text to the other, those close together with `context` lines around."""
    if _cost(before, after) <= _MOST:
        matcher = SequenceMatcher(None, before, after)
    else:
        matcher = _Found(before, after)
    yield from matcher.get_grouped_opcodes(context)


class _Found(SequenceMatcher[bytes]):
    """Steps that were found otherwise, for the standard library to group."""

    def __init__(self, before: Sequence[bytes], after: Sequence[bytes]) -> None:
        super().__init__(a=(), b=())
        self._steps = list(steps(before, after))

    def get_opcodes(self) -> list[Step]:  # type: ignore[override]
        return self._steps


def _cost(before: Sequence[bytes], after: Sequence[bytes]) -> int:
    """How often lines are compared at most: for each place that differs, all that are alike."""
    alike = Counter(after)
    most = len(after) // _POPULAR + 1 if len(after) >= _LONG else len(after)
    pairs = sum(count for line in before if (count := alike[line]) <= most)
    differ = sum(one != other for one, other in zip(before, after, strict=False))
    return pairs * (differ + abs(len(before) - len(after)) + 1)


def steps(before: Sequence[bytes], after: Sequence[bytes]) -> Iterator[Step]:
    """The steps from one text to the other, where what differs is small and lies apart."""
    here = there = 0
    while here < len(before) or there < len(after):
        start, other = here, there
        while here < len(before) and there < len(after) and before[here] == after[there]:
            here, there = here + 1, there + 1
        if here > start:
            yield "equal", start, here, other, there
            continue
        while not _meets(before, after, here, there):
            here, there = _next(before, after, here, there)
        if here == start:
            yield "insert", start, here, other, there
        elif there == other:
            yield "delete", start, here, other, there
        else:
            yield "replace", start, here, other, there


def _meets(before: Sequence[bytes], after: Sequence[bytes], here: int, there: int) -> bool:
    """Whether the texts are the same again, or both at their end."""
    if here < len(before) and there < len(after):
        return before[here] == after[there]
    return here == len(before) and there == len(after)


def _next(
    before: Sequence[bytes], after: Sequence[bytes], here: int, there: int
) -> tuple[int, int]:
    """The closest place at which the texts are the same again, else a place further on."""
    if here == len(before) or there == len(after):
        return len(before), len(after)
    for distance in range(1, _WINDOW + 1):
        for one, other in _apart(distance):
            places = here + one, there + other
            if places[0] < len(before) and places[1] < len(after):
                if before[places[0]] == after[places[1]]:
                    return places
    return here + 1, there + 1


def _apart(distance: int) -> Iterator[tuple[int, int]]:
    """Pairs of which the larger is `distance`, those that are most alike first."""
    yield distance, distance
    for less in range(distance - 1, -1, -1):
        yield distance, less
        yield less, distance
