"""What a rule writes instead, in pieces: its own text, holes, and the names of modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from migrator.helpers.elixir.calls import bare, operator
from migrator.patterns.elixir.snippets import full_name, hole, rest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node
    from migrator.model import Span
    from migrator.patterns.elixir.snippets import ElixirSnippet

# What binds tighter than an operator beside it, whatever that is.
_ATOMS = frozenset(
    {
        "access_call",
        "alias",
        "atom",
        "bitstring",
        "block",
        "boolean",
        "char",
        "charlist",
        "float",
        "identifier",
        "integer",
        "list",
        "map",
        "nil",
        "quoted_atom",
        "sigil",
        "string",
        "tuple",
    }
)
_TIGHT = frozenset({"access_call", "binary_operator", "dot", "unary_operator"})


class Piece(NamedTuple):
    """A part of a template: `text`, or a `hole`, `rest` or `module` that takes its place."""

    kind: str
    text: str
    is_loose: bool = True


class Template:
    """A snippet that is written."""

    def __init__(self, snippet: ElixirSnippet) -> None:
        self.snippet = snippet
        self.root = bare(snippet.root)

    def pieces(self, node: Node) -> list[Piece]:
        """`node` of this template, in order."""
        text = self.snippet.source.text
        found: list[Piece] = []
        done = node.span.start
        for span, piece in self._special(node):
            if span.start > done:
                found.append(Piece("text", text[done : span.start]))
            found.append(piece)
            done = span.end
        if node.span.end > done:
            found.append(Piece("text", text[done : node.span.end]))
        return found

    def _special(self, node: Node) -> Iterator[tuple[Span, Piece]]:
        name = rest(node)
        if name is not None:
            yield node.span, Piece("rest", name)
        elif (name := hole(node)) is not None:
            is_loose = node is self.root or not is_tight(node)
            yield node.span, Piece("hole", name, is_loose)
        elif (name := full_name(node)) is not None:
            yield node.span, Piece("module", name)
        else:
            for child in node.children:
                yield from self._special(child)


def is_tight(node: Node) -> bool:
    """Whether `node` stands where what is no atom needs parentheses."""
    around = node.parent
    if around is None or around.kind not in _TIGHT:
        return False
    return not (around.kind == "binary_operator" and operator(around) in ("=", "->", "::", "|"))


def is_atom(node: Node) -> bool:
    """Whether `node` may stand beside any operator as it is."""
    if node.kind == "call":
        found = node.of("arguments")
        has_parentheses = found is None or found.text.startswith("(")
        return has_parentheses and node.of("do_block") is None
    if node.kind == "unary_operator":
        return node.text.startswith("@") and " " not in node.text
    return node.kind in _ATOMS


def is_simple(node: Node) -> bool:
    """Whether it does not matter when and how often `node` is evaluated."""
    if node.kind in ("string", "charlist", "sigil", "quoted_atom"):
        return node.of("interpolation") is None
    if node.kind in ("list", "tuple", "keywords", "map", "map_content", "pair", "block"):
        return all(map(is_simple, node.children))
    if node.kind == "unary_operator":
        return node.text[:1] in "@&-"
    return node.kind in _ATOMS or node.kind in ("anonymous_function", "keyword")
