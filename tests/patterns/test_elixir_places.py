"""What is written in Elixir stands where something else stood: brackets, and captures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

RULE = """
    summary: s
    alternatives:
      - {find: "Lib.sub($A, $B)", replace: "$A - $B"}
      - {find: "Lib.negate($A)", replace: "not $A"}
      - {find: "Lib.same($A)", replace: "$A"}
      - {find: "Lib.piped($A, $B)", replace: "$A |> Lib.to($B)"}
      - {find: "Lib.one($A)", replace: "Lib.new($A)"}
      - {find: "Lib.two($A)", replace: "Lib.new($A, 1)"}
      - {find: "Lib.named($A)", replace: "Lib.new(value: $A)"}
      - {find: "Lib.map($A)", replace: "%{a: $A}"}
      - {find: "Lib.adder($A)", replace: "&($A + &1)"}
      - {find: "Lib.size($A)", replace: "Enum.map($A, &String.length/1)"}
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # one thing that became several, in another that changes
        ("Lib.sub(a, Lib.sub(b, c))", "a - (b - c)"),
        ("Lib.sub(Lib.negate(a), b)", "(not a) - b"),
        ("Lib.sub(Lib.same(Lib.negate(a)), b)", "(not a) - b"),
        ("Lib.two(Lib.sub(a, b))", "Lib.new(a - b, 1)"),
        ("Lib.piped(Lib.piped(a, b), c)", "a |> Lib.to(b) |> Lib.to(c)"),
        ("Lib.piped(a |> f(), c)", "a |> f() |> Lib.to(c)"),
        ("Lib.piped(Lib.sub(a, b), c)", "(a - b) |> Lib.to(c)"),
        # a hole that is all there is stands where the whole stood
        ("Lib.same(a + b) * 2", "(a + b) * 2"),
        ("x = Lib.same(a + b)", "x = a + b"),
        ("f(a |> Lib.same())", "f(a)"),
        # keywords are one thing where they do not stand last
        ("Lib.one(a: 1)", "Lib.new(a: 1)"),
        ("Lib.one(x: 1, y: Lib.sub(a, b))", "Lib.new(x: 1, y: a - b)"),
        ("Lib.two(a: 1)", "Lib.new([a: 1], 1)"),
        ("Lib.two([a: 1])", "Lib.new([a: 1], 1)"),
        ("Lib.named(a: 1)", "Lib.new(value: [a: 1])"),
        ("Lib.map(a: 1)", "%{a: [a: 1]}"),
        # captures
        ("f(&Lib.sub(&1, 2))", "f(&(&1 - 2))"),
        ("f(&Lib.size(&1))", "f(&Enum.map(&1, &String.length/1))"),
        ("f(Lib.adder(a))", "f(&(a + &1))"),
    ],
)
def test_written(tmp_path: Path, before: str, after: str) -> None:
    head, tail = "defmodule M do\n  def t(a, b, c) do\n    ", "\n  end\nend\n"
    assert applied(pack(tmp_path, elixir__r=RULE), {"a.ex": f"{head}{before}{tail}"}) == {
        "a.ex": f"{head}{after}{tail}"
    }


def test_a_capture_in_a_capture_is_left_to_a_person(tmp_path: Path) -> None:
    text = "Enum.map(xs, &f(Lib.adder(&1)))\n"
    (finding,) = found(pack(tmp_path, elixir__r=RULE), {"a.ex": text})
    assert finding.fix is None
    assert "a capture cannot stand in another one" in finding.evidence
