"""Where an event may go many ways in an Elixir file, the work does not multiply with each."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from in_process import audited

#: Calls for a file of 24 of something.
MOST = 3_000_000


def handler(body: str, functions: str = "") -> str:
    return (
        "defmodule Desk.Handler do\n  @behaviour Pipeline.AsyncStreaming.Handler\n"
        f"  def handle_event(event) do\n{body}  end\n{functions}end\n"
    )


def functions_of_functions(count: int) -> str:
    """Functions that give what others give, by as many ways as there are, whole and in parts."""
    body = (
        "    elem(f0(event), 1)\n    {:ok, one} = f1(event)\n"
        "    for x <- f2(event), do: elem(x, 1)\n"
    )
    functions = "".join(
        f"  def f{at}(x), do: if(x, do: f{(at + 1) % count}(x), else: f{(at * 7) % count}(x))\n"
        for at in range(count)
    )
    return handler(body, functions)


def helpers_of_helpers(count: int) -> str:
    """Functions that hand the event on to the one before them."""
    functions = "".join(f"  def f{at + 1}(x), do: f{at}(x)\n" for at in range(count))
    return handler(f"    f{count}(event)\n", f"  def f0(x), do: elem(x, 1)\n{functions}")


def names_of_names(count: int) -> str:
    """Names that are set to parts of one another."""
    sets = "".join(f"    {{a{at + 1}, b{at + 1}}} = {{b{at}, a{at}}}\n" for at in range(count))
    return handler(f"    {{a0, b0}} = {{event, event}}\n{sets}    elem(a{count}, 1)\n")


def pairs_of_kinds(count: int) -> str:
    """Pairs that are put together with the kind of an event, and taken for events."""
    shown = "    show({elem(event, 0), 'a'})\n" * count
    return handler(shown, "  def show({:chunk, text}), do: text\n")


def messages(count: int) -> str:
    """Events that are sent, and whatever is received."""
    one = "    send(self(), event)\n    receive do\n      got -> elem(got, 1)\n    end\n"
    return handler(one * count)


def counted(make: Callable[[int], str], count: int) -> int:
    """How many functions are called to audit the file."""
    found = 0

    def seen(frame: Any, event: str, value: Any) -> None:
        nonlocal found
        found += event == "call"

    sys.setprofile(seen)
    try:
        report = audited({"a.ex": make(count).encode()})
    finally:
        sys.setprofile(None)
    assert report.findings
    assert not report.not_analysed
    return found


@pytest.mark.parametrize(
    "make", [functions_of_functions, helpers_of_helpers, names_of_names, pairs_of_kinds, messages]
)
def test_many_ways_cost_no_more_than_the_square(make: Callable[[int], str]) -> None:
    counted(make, 4)  # what is imported and kept at the first time is no work of the file
    few, many = counted(make, 8), counted(make, 24)
    assert many < 9 * few
    assert many < MOST
