"""What a rule writes instead, in pieces: its own text, holes, and the names of modules."""

from __future__ import annotations

import re
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
# An expression, and neither one of its parameters nor a function by its name and arity.
_CAPTURE = re.compile(r"&(?!\d+\Z|.*/\s*\d+\)?\Z)", re.DOTALL)
_NAMED = re.compile(r"@\S+|&\d+")
_TIGHT = frozenset({"access_call", "binary_operator", "dot", "unary_operator"})
# What has nothing around what stands in it.
_OPEN = frozenset({"binary_operator", "keywords", "pair", "unary_operator"})


class Piece(NamedTuple):
    """A part of a template: `text`, or a `hole`, `rest` or `module` that takes its place.

    A hole may be `left_of` an operator.
    """

    kind: str
    text: str
    is_loose: bool = True
    left_of: str | None = None


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
            around = node.parent
            is_left = around is not None and around.child("left") is node
            sign = operator(around) if around is not None and is_left else None
            yield node.span, Piece("hole", name, is_loose, sign)
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


def is_in_open_call(node: Node) -> bool:
    """Whether `node` stands in the arguments of a call without parentheses.

    A block that is written there would be that of the call.
    """
    for around in node.up():
        if around.kind == "arguments":
            return not around.text.startswith("(")
        if around.kind not in _OPEN:
            return False
    return False


def is_atom(node: Node) -> bool:
    """Whether `node` may stand beside any operator as it is."""
    if node.kind == "call":
        found = node.of("arguments")
        has_parentheses = found is None or found.text.startswith("(")
        return has_parentheses and node.of("do_block") is None
    if node.kind == "unary_operator":
        return bool(_NAMED.fullmatch(node.text))
    return node.kind in _ATOMS


def is_capture(node: Node) -> bool:
    """Whether `node` is a function made of an expression, as in `&(&1 + 1)`: these do not nest."""
    return node.kind == "unary_operator" and bool(_CAPTURE.match(node.text))


def is_capture_in(node: Node) -> bool:
    """Whether there is such a function in `node`."""
    return is_capture(node) or any(map(is_capture_in, node.children))


def is_simple(node: Node) -> bool:
    """Whether it does not matter when and how often `node` is evaluated."""
    if node.kind in ("string", "charlist", "sigil", "quoted_atom"):
        return node.of("interpolation") is None
    if node.kind in ("list", "tuple", "keywords", "map", "map_content", "pair", "block"):
        return all(map(is_simple, node.children))
    if node.kind == "unary_operator":
        return node.text[:1] in "@&-"
    return node.kind in _ATOMS or node.kind in ("anonymous_function", "keyword")
