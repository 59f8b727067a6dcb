"""In YAML too the work grows as the file does: counted in calls, not in the machine's time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from in_process import audited


def chained(first: str, pair: str = "kN: 1") -> Callable[[int], str]:
    """Makes mappings each of which merges the one before, and steps that merge each of them."""

    def made(count: int) -> str:
        links = "".join(
            f"s{at}: &s{at}\n  <<: *s{at - 1}\n  {pair.replace('N', str(at))}\n"
            for at in range(1, count)
        )
        steps = "".join(f"  - <<: *s{at}\n" for at in range(count))
        return f"s0: &s0 {first}\n{links}steps:\n{steps}"

    return made


def lists(count: int) -> str:
    """Steps that merge one list of mappings."""
    bases = "".join(f"s{at}: &s{at} {{k{at}: 1}}\n" for at in range(count))
    items = "".join(f"  - *s{at}\n" for at in range(count))
    steps = "  - {type: llm, <<: *all}\n" * count
    return f"{bases}all: &all\n{items}steps:\n{steps}"


def shared(count: int) -> str:
    """Steps that many others have, each with defaults of its own that come to the same."""
    steps = "".join(f"  - {{type: llm, id: s{at}}}\n" for at in range(count))
    jobs = "  - defaults: {stream: false, model: small}\n    steps: *all\n" * count
    return f"all: &all\n{steps}jobs:\n{jobs}"


def counted(make: Callable[[int], str], count: int) -> int:
    """The Python calls that an audit of what `make` makes takes."""
    found, data = 0, make(count).encode()

    def seen(frame: Any, event: str, arg: Any) -> None:
        nonlocal found
        found += event == "call"

    sys.setprofile(seen)
    try:
        report = audited({"a.yaml": data})
    finally:
        sys.setprofile(None)
    assert report.findings
    assert not report.not_analysed
    return found


@pytest.mark.parametrize(
    "make",
    [
        chained("{type: llm, async_stream: true}"),
        chained("{type: llm}"),
        chained("{type: llm, stream: true}", "async_stream: N"),
        chained("{type: llm, async_stream: true}", "stream: N"),
        chained("{type: llm}", "kN: {type: llm}"),
        chained("{type: llm, steps: [{type: llm}]}", "defaults: {stream: N}"),
        lists,
        shared,
    ],
    ids=[
        "streams",
        "does not stream",
        "old keys",
        "new keys",
        "steps in them",
        "defaults",
        "lists",
        "shared",
    ],
)
def test_twice_the_merges_are_about_twice_the_work(make: Callable[[int], str]) -> None:
    counted(make, 4)  # what is imported and kept at the first time is no work of the file
    few, many = counted(make, 40), counted(make, 80)
    assert many < 2.3 * few
