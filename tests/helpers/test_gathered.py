"""What things lead to, in circles too, gathered with each of them looked at once."""

from __future__ import annotations

from collections import Counter

from migrator.helpers.gathered import gathered


def test_all_on_the_way_is_found_and_looked_at_once() -> None:
    leads = {1: [2, 3], 2: [4], 3: [4], 4: [5], 5: []}
    looked: Counter[int] = Counter()

    def ahead(one: int) -> list[int]:
        looked[one] += 1
        return leads[one]

    known: dict[int, tuple[int, ...]] = {}
    assert set(gathered(1, known, lambda one: [one * 10], ahead)) == {10, 20, 30, 40, 50}
    assert set(gathered(3, known, lambda one: [one * 10], ahead)) == {30, 40, 50}
    assert set(looked.values()) == {1}


def test_what_is_in_a_circle_has_all_in_common_and_what_leads_there_more() -> None:
    leads = {"in": ["a"], "a": ["b"], "b": ["c", "a"], "c": ["a", "out"], "out": []}
    known: dict[str, tuple[str, ...]] = {}

    def asked(one: str) -> set[str]:
        return set(gathered(one, known, lambda found: [found], leads.__getitem__))

    assert asked("b") == asked("a") == asked("c") == {"a", "b", "c", "out"}
    assert asked("in") == {"in", "a", "b", "c", "out"}
    assert asked("out") == {"out"}


def test_circles_side_by_side_do_not_mix() -> None:
    leads = {1: [2, 3], 2: [1], 3: [4], 4: [3], 5: [1]}
    known: dict[int, tuple[int, ...]] = {}
    assert set(gathered(5, known, lambda one: [one], leads.__getitem__)) == {1, 2, 3, 4, 5}
    assert set(gathered(4, known, lambda one: [one], leads.__getitem__)) == {3, 4}


def test_a_long_way_takes_no_stack() -> None:
    known: dict[int, tuple[int, ...]] = {}
    found = gathered(
        0,
        known,
        lambda one: [one] if one == 5000 else [],
        lambda one: {one + 1} if one < 5000 else (),
    )
    assert found == (5000,)
