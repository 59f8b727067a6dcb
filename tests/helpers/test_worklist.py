"""What leads to each other is looked at once each, in the order in which it would be read."""

from __future__ import annotations

import pytest

from migrator.helpers.worklist import Worklist


@pytest.mark.parametrize(
    ("leads", "order"),
    [
        ({}, "a"),
        ({"a": "bc", "b": "d"}, "abdc"),
        ({"a": "bb", "b": "cc"}, "abc"),
        ({"a": "b", "b": "a"}, "ab"),
        ({"a": "bc", "b": "c", "c": "b"}, "abc"),
    ],
)
def test_each_once(leads: dict[str, str], order: str) -> None:
    left = Worklist("a")
    seen = ""
    for one in left:
        seen += one
        left.add(leads.get(one, ""))
    assert seen == order
