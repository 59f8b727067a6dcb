"""Names as the compiler sees them: what a short name stands for where it is written.

Each case marks references by `name#number`; what they stand for was checked with Elixir 1.14.
"""

from __future__ import annotations

import re
from textwrap import dedent

import pytest

from migrator.helpers.elixir.names import Brought, handed_on, names, sentences
from migrator.model import Source

CASES = {
    "an alias holds to the end of its block": (
        """
        defmodule M do
          def a do
            alias One.Two
            Two@1
          end
          def b, do: Two@2
        end
        """,
        {1: "One.Two", 2: "Two"},
    ),
    "not before its line": ("[A@1]\nalias One.A\n[A@2]\n", {1: "A", 2: "One.A"}),
    "as": ("alias One.Two, as: T\n[T@1, Two@2, T.X@3]\n", {1: "One.Two", 2: "Two", 3: "One.Two.X"}),
    "braces": (
        "alias One.{Two, Three.Four}\n[Two@1, Four@2, Three@3]\n",
        {1: "One.Two", 2: "One.Three.Four", 3: "Three"},
    ),
    "an alias through an alias": (
        "alias One, as: O\nalias O.Two\n[Two@1]\n",
        {1: "One.Two"},
    ),
    "the last one counts": ("alias One.A\nalias Two.A\n[A@1]\n", {1: "Two.A"}),
    "else has not what do has": (
        "if x do\n  alias One.A\n  A@1\nelse\n  A@2\nend\nA@3\n",
        {1: "One.A", 2: "A", 3: "A"},
    ),
    "each clause has its own": (
        "case x do\n  1 -> alias One.A; A@1\n  2 -> A@2\nend\n",
        {1: "One.A", 2: "A"},
    ),
    "a function without a name": (
        "f = fn -> alias One.A; A@1 end\nA@2\n",
        {1: "One.A", 2: "A"},
    ),
    "do as a keyword": (
        "if x, do: (alias One.A; A@1), else: A@2\n[A@3]\n",
        {1: "One.A", 2: "A", 3: "A"},
    ),
    "parentheses are no scope": ("(alias One.A; A@1)\n[A@2]\n", {1: "One.A", 2: "One.A"}),
    "a nested module": (
        """
        defmodule Out do
          defmodule In do
            def a, do: In@1
          end
          def b, do: {In@2, In.Deep@3}
        end
        [In@4]
        """,
        {1: "Out.In", 2: "Out.In", 3: "Out.In.Deep", 4: "In"},
    ),
    "a nested module of two parts": (
        "defmodule Out do\n  defmodule In.Deep do\n  end\n  def a, do: [In@1, In.Deep@2]\nend\n",
        {1: "Out.In", 2: "Out.In.Deep"},
    ),
    "a nested module takes no alias": (
        "defmodule Out do\n  alias One.In\n  defmodule In do\n  end\n  [In@1]\nend\n",
        {1: "Out.In"},
    ),
    "from the root": (
        "alias My.Pipeline\n[Elixir.Pipeline.A@1, Pipeline.A@2]\n",
        {1: "Pipeline.A", 2: "My.Pipeline.A"},
    ),
    "a nested module from the root": (
        "defmodule Out do\n  defmodule Elixir.One.Two do\n  end\n  [One.Two@1]\nend\n",
        {1: "One.Two"},
    ),
    "require with as": ("require One.A, as: B\n[B@1]\n", {1: "One.A"}),
    "the module itself": (
        """
        defmodule One.Two do
          alias __MODULE__, as: Me
          alias __MODULE__.In
          [Me@1, In@2]
        end
        """,
        {1: "One.Two", 2: "One.Two.In"},
    ),
    "an implementation": (
        "defmodule Out do\n  defimpl P, for: Q do\n    [Q@1]\n  end\n  [P@2]\nend\n",
        {1: "Q", 2: "P"},
    ),
}


def resolved(text: str, brought: frozenset[Brought] = frozenset()) -> dict[int, str]:
    """What each marked reference of `text` stands for, by its number."""
    marks: dict[int, int] = {}
    plain = ""
    for piece in re.split(r"(@\d+)", dedent(text).lstrip("\n")):
        if piece[:1] == "@" and piece[1:].isdigit():
            marks[len(plain)] = int(piece[1:])
        else:
            plain += piece
    found = names(Source("a.ex", plain, "elixir"), brought)
    return {
        marks[one.node.span.end]: one.name for one in found.references if one.node.span.end in marks
    }


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_what_a_name_stands_for(text: str, expected: dict[int, str]) -> None:
    assert resolved(text) == expected


def test_what_use_brings_holds_behind_it() -> None:
    brought = frozenset({Brought("Base", "alias", "B", "One.Two", always=True)})
    assert resolved("[B@1]\nuse Base\n[B@2]\n", brought) == {1: "B", 2: "One.Two"}


def test_what_a_module_hands_on() -> None:
    text = dedent(
        """\
        defmodule Base do
          alias One.Own
          defmacro __using__(_) do
            quote do
              alias One.Two
              import One.Three
            end
          end
          def form do
            quote do
              alias One.Five
            end
          end
        end
        """
    )
    assert set(handed_on(names(Source("a.ex", text, "elixir")))) == {
        Brought("Base", "alias", "Two", "One.Two", always=True),
        Brought("Base", "import", "", "One.Three", always=True),
        Brought("Base", "alias", "Five", "One.Five", always=False, part="form"),
    }


def test_a_line_is_explained() -> None:
    source = Source("a.ex", "alias One.Two, as: T\nT.f(Enum)\n", "elixir")
    assert list(sentences(source, 2)) == [
        "`T` is `One.Two`, aliased at line 1",
        "`Enum` is the full name of a module: no alias holds for its first part here",
    ]


def test_a_name_in_braces_is_explained_whole() -> None:
    source = Source("a.ex", "alias One.{Two, Three.Four}\n", "elixir")
    assert list(sentences(source, 1))[1:] == [
        "`One.Two` is the full name of a module: no alias holds for its first part here",
        "`One.Three.Four` is the full name of a module: no alias holds for its first part here",
    ]
