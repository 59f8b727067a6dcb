"""Elixir as a tree whose spans count characters, and what a mistake can reach in it."""

from __future__ import annotations

from textwrap import dedent

import pytest

from migrator.engine.sources import read
from migrator.errors import NotAnalysedError
from migrator.languages import elixir
from migrator.model import Source


def source(text: str) -> Source:
    return Source("a.ex", text, "elixir")


def aliases(text: str) -> list[tuple[str, int]]:
    """The aliases of the tree, each with where it stands."""
    tree = elixir.parse(source(text))
    return [(node.text, node.span.start) for node in tree.nodes if node.kind == "alias"]


@pytest.mark.parametrize(
    "before",
    [
        "",
        "# Grüße aus Köln 🎉\n",
        '"„Über alles“"\r\n',
        "größe = 1\n",
        "\N{ZERO WIDTH JOINER}é\n".replace("\N{ZERO WIDTH JOINER}", "x"),
        "\t\t",
    ],
)
def test_spans_count_characters(before: str) -> None:
    assert aliases(f"{before}A.B") == [("A.B", len(before))]


def test_children_parts_and_what_is_around() -> None:
    tree = elixir.parse(source("f(a, # why\n  b)\n"))
    call = tree.root.children[0]
    given = call.of("arguments")
    target = call.child("target")
    assert given is not None and target is not None
    assert (call.kind, target.text) == ("call", "f")
    assert [node.text for node in given.children] == ["a", "b"]
    assert [node.kind for node in given.children[0].up()] == ["arguments", "call", "source"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"# Gr\xfc\xdfe\nx\n", "is not utf-8: byte 4 has no meaning in it"),
        (b"\xff\xfex\x00", "is UTF-16 or UTF-32, which Elixir does not read: save it as UTF-8"),
        (b"x = \x00\n", "holds a NUL byte at offset 4"),
    ],
)
def test_bytes_that_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(NotAnalysedError) as error:
        read("a.ex", data, "elixir")
    assert str(error.value) == reason


def test_a_byte_order_mark_is_no_character() -> None:
    read_source = read("a.ex", b"\xef\xbb\xbfA.B\n", "elixir")
    assert read_source.bom == b"\xef\xbb\xbf"
    assert [node.span for node in elixir.parse(read_source).nodes if node.kind == "alias"] == [
        (0, 3)
    ]


def refusal(text: str) -> str:
    """Why nothing of `text` is looked at."""
    try:
        (gap,) = elixir.gaps(source(text))
    except NotAnalysedError as error:
        return str(error)
    assert gap.span == (0, len(text))
    return gap.reason


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("defmodule A do\n  def a, do: 1\n  end\nend\n", "line 4, column 1"),
        ("defmodule A do\n  def a do\n    1\nend\n", "line 4, column 4"),
        ('defmodule A do\n  @doc """\n  never closed\nend\n', "line 1, column 13"),
        ("defmodule A do\nend)\n", "line 2, column 4"),
        ("x = [1, 2\n", "line 1, column 10"),
    ],
    ids=["stray end", "missing end", "open heredoc", "stray parenthesis", "open list"],
)
def test_what_does_not_parse_is_refused(text: str, place: str) -> None:
    assert refusal(text).startswith(f"does not parse as Elixir at {place}")


BESIDE = dedent(
    """\
    defmodule Before do
      alias One.Before
    end

    defmodule Broken do
      alias Two.Broken
      def list, do: [1, 2
    end

    defmodule After do
      alias Three.After
    end
    """
)


def test_a_mistake_reaches_no_further_than_its_module() -> None:
    assert [name for name, _ in aliases(BESIDE)] == ["Before", "One.Before", "After", "Three.After"]
    (gap,) = elixir.gaps(source(BESIDE))
    assert BESIDE[gap.span.start : gap.span.end].startswith("defmodule Broken do")
    assert BESIDE[gap.span.start : gap.span.end].endswith("2\nend")
    assert gap.reason.startswith("does not parse as Elixir at line ")
    assert gap.reason.endswith("; lines 5 to 8 are left alone")


def test_behind_a_module_that_is_not_closed_nothing_is_sure() -> None:
    text = BESIDE.replace("[1, 2\nend", "[1, 2\n  end\n")
    (gap,) = elixir.gaps(source(text))
    assert gap.span.end == len(text)
    assert [name for name, _ in aliases(text)] == ["Before", "One.Before"]


def branch(test: str, sign: str) -> str:
    return indented(
        f"""
        {test} ->
          [a, b] = split(text, "{sign}", parts: 2)

          with {{x, ""}} <- parse(a),
               {{y, ""}} <- parse(b) do
            {{:ok, x {sign} y}}
          else
            _ -> {{:error, :nothing}}
          end
        """
    )


def indented(text: str) -> str:
    return "".join(f"        {line}\n" if line else "\n" for line in dedent(text).splitlines())


@pytest.mark.parametrize("before", range(4))
@pytest.mark.parametrize("after", range(1, 5))
def test_blocks_that_stand_deep_in_each_other_are_no_mistake(before: int, after: int) -> None:
    """tree-sitter-elixir 0.3.5 reports a missing `end` in many of these, and all are valid."""
    middle = indented(
        """
        has?(text, "-") and not starts?(text, "-") ->
          case {trim(a), trim(b)} do
            {left, right} when left != "" ->
              with {x, ""} <- parse(left),
                   {y, ""} <- parse(right) do
                {:ok, x - y}
              else
                _ -> {:error, :nothing}
              end

            _ ->
              {:error, :nothing}
          end
        """
    )
    branches = [branch("has?(text, 1)", "+")] * before + [middle]
    branches += [branch("has?(text, 2)", "*")] * after
    opening = (
        'defmodule A do\n  def sum(text) do\n    case text do\n      "" ->\n        {:ok, 0}\n\n'
    )
    opening += "      _ ->\n        cond do\n"
    text = opening + "".join(branches) + "        end\n    end\n  end\n\n  alias One.Two\nend\n"
    assert elixir.gaps(source(text)) == ()
    assert ("One.Two", text.index("One.Two")) in aliases(text)
