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


def test_names_in_typespecs_are_types(tmp_path: Path) -> None:
    rules = pack(tmp_path, elixir__a="summary: s\nfind: Lib.now()\nreplace: DateTime.utc_now()\n")
    before = (
        "defmodule A do\n  import Lib, only: [now: 0]\n  @callback now() :: integer\n"
        "  @type t :: now()\n  @spec a(now()) :: Lib.now()\n  @at now()\n"
        "  def a(_), do: now()\nend\n"
    )
    after = before.replace("  import Lib, only: [now: 0]\n", "")
    after = after.replace("@at now()", "@at DateTime.utc_now()")
    after = after.replace("do: now()", "do: DateTime.utc_now()")
    assert applied(rules, {"a.ex": before}) == {"a.ex": after}
    after = after.replace("Lib.now()", "DateTime.utc_now()")
    assert applied(rules, {"a.ex": before}, unsafe=True) == {"a.ex": after}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Lib.shift(x, days: 1)", "Lib.add(x, 1, :day)"),
        ("Lib.shift x, days: 1", "Lib.add x, 1, :day"),
        ("Lib.shift(x, [days: 1])", "Lib.add(x, 1, :day)"),
        ("x |> Lib.shift(days: f(1))", "x |> Lib.add(f(1), :day)"),
        ("x |> Lib.shift([days: 1])", "x |> Lib.add(1, :day)"),
        ("&Lib.shift(&1, days: 1)", "&Lib.add(&1, 1, :day)"),
        ("Lib.shift(\n  x,\n  # why\n  days: 1\n)", "Lib.add(\n  x,\n  # why\n  1,\n  :day\n)"),
        ("Lib.move(x, to: 1, at: 2)", "Lib.place(x, 2, 1)"),
        ("Lib.move(x, at: 2, to: 1)", "Lib.place(x, 2, 1)"),
        ("Lib.move(x, [at: 2, to: 1])", "Lib.place(x, 2, 1)"),
    ],
)
def test_an_option_that_becomes_an_argument(tmp_path: Path, before: str, after: str) -> None:
    rules = pack(
        tmp_path,
        elixir__a="""
            summary: s
            alternatives:
              - find: "Lib.shift($X, days: $N)"
                replace: "Lib.add($X, $N, :day)"
              - find: "Lib.move($X, to: $T, at: $A)"
                replace: "Lib.place($X, $A, $T)"
        """,
    )
    files = {"a.ex": f"defmodule A do\n  def a(x) do\n    {before}\n  end\nend\n"}
    assert applied(rules, files) == {"a.ex": files["a.ex"].replace(before, after)}


def test_an_argument_behind_options_that_stay_is_left(tmp_path: Path) -> None:
    rules = pack(
        tmp_path,
        elixir__a="""
            summary: s
            find: "Lib.shift($X, $$$OPTIONS)"
            replace: "Lib.add($X, $$$OPTIONS, :day)"
        """,
    )
    files = {"a.ex": "Lib.shift(x, days: 1)\n"}
    (only,) = found(rules, files)
    assert only.fix is None
    assert "an argument would follow the keywords" in only.evidence


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Lib.field(x)", "x.name"),
        ("Lib.field(f(x))", "f(x).name"),
        ("x |> Lib.field()", "x.name"),
        ("Lib.now(1)", "Lib.later()"),
        (
            "Lib.either(x)",
            "case x do\n      nil -> 1\n      _ -> 2\n    end",
        ),
        ("y = Lib.either(x)", "y = case x do\n      nil -> 1\n      _ -> 2\n    end"),
        ("f(Lib.either(x))", "f(case x do\n      nil -> 1\n      _ -> 2\n    end)"),
        ("f Lib.either(x), 1", "f (case x do\n      nil -> 1\n      _ -> 2\n    end), 1"),
        ("f a: Lib.either(x)", "f a: (case x do\n      nil -> 1\n      _ -> 2\n    end)"),
        ("f [Lib.either(x)]", "f [case x do\n      nil -> 1\n      _ -> 2\n    end]"),
        ("if Lib.either(x), do: 1", "if (case x do\n      nil -> 1\n      _ -> 2\n    end), do: 1"),
        ("Lib.wait(x)", "Lib.wait(fn -> x end)"),
    ],
)
def test_calls_that_become_something_else(tmp_path: Path, before: str, after: str) -> None:
    rules = pack(
        tmp_path,
        elixir__a="""
            summary: s
            alternatives:
              - find: Lib.field($X)
                replace: $X.name
              - find: Lib.now($X)
                replace: Lib.later
              - find: Lib.either($X)
                replace: |-
                  case $X do
                    nil -> 1
                    _ -> 2
                  end
              - find: Lib.wait($X)
                replace: "Lib.wait(fn -> $X end)"
                where: {X: {not: {kind: lambda}}}
        """,
    )
    files = {"a.ex": f"defmodule A do\n  def a(x, y) do\n    {before}\n  end\nend\n"}
    assert applied(rules, files) == {"a.ex": files["a.ex"].replace(before, after)}


@pytest.mark.parametrize(
    ("given", "applicability"), [("x", "safe"), ("f(x)", "review"), ("&f/1", "safe")]
)
def test_what_a_function_that_is_written_evaluates_later(
    tmp_path: Path, given: str, applicability: str
) -> None:
    rules = pack(
        tmp_path, elixir__a='summary: s\nfind: Lib.put($X)\nreplace: "Lib.lazy(fn -> $X end)"\n'
    )
    (only,) = found(rules, {"a.ex": f"Lib.put({given})\n"})
    assert only.fix is not None
    assert str(only.fix.applicability) == applicability
