"""What a rule writes instead, in pieces: its own text, holes, and the names of modules."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from migrator.helpers.python.rewrite import whole
from migrator.helpers.python.scopes import dotted_text
from migrator.languages.python import parse
from migrator.languages.python_nodes import children
from migrator.model import Source, Span
from migrator.patterns.holes import HOLE
from migrator.patterns.python.holes import hole_of, rest_of, rest_of_parameters
from migrator.patterns.python.snippets import is_builtin
from migrator.patterns.python.spans import head_of, head_span, is_block

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.patterns.holes import Snippet

    #: How a dotted name is written there; the second is the chain it takes the place of, if any.
    Spell = Callable[[str, cst.CSTNode | None], str]


class Piece(NamedTuple):
    """A part of a template: `text`, or what takes its place.

    `kind` is `text`, `hole`, `rest`, `parameters` or `name`; `hole` is where it stands.
    """

    kind: str
    text: str
    hole: cst.CSTNode | None = None


class Template:
    """What a rule writes instead, as a tree and as pieces."""

    def __init__(self, snippet: Snippet) -> None:
        self.snippet = snippet

    @cached_property
    def _source(self) -> Source:
        code = self.snippet.code
        is_expression = self.snippet.form in ("expression", "decorator")
        return Source("replace.py", f"({code})" if is_expression else code, "python")

    @cached_property
    def root(self) -> cst.CSTNode:
        """The statement or expression that the snippet is."""
        line = parse(self._source).module.body[0]
        if not isinstance(line, cst.SimpleStatementLine):
            return line
        statement = line.body[0]
        if self.snippet.form == "statement":
            return statement
        assert isinstance(statement, cst.Expr)
        return statement.value

    def pieces(self, node: cst.CSTNode) -> list[Piece]:
        """`node` of this template, in order."""
        tree, text = parse(self._source), self._source.text
        is_root = node is self.root
        start, end = head_span(text, tree.spans, node) if is_root else whole(tree, node)
        found: list[Piece] = []
        done = start
        for span, piece in sorted(self._special(node), key=lambda one: one[0]):
            if span.start > done:
                found.append(Piece("text", text[done : span.start]))
            found.append(piece)
            done = span.end
        if end > done:
            found.append(Piece("text", text[done:end]))
        return found

    def _special(self, node: cst.CSTNode) -> list[tuple[Span, Piece]]:
        spans = parse(self._source).spans
        rest = rest_of(node)
        if rest is not None:
            return [(spans[node], Piece("rest", rest))]
        hole = hole_of(node)
        if hole is not None:
            return [(spans[node], Piece("hole", hole, node))]
        dotted = dotted_text(node)
        if dotted and HOLE not in dotted:
            is_plain = "." not in dotted and is_builtin(dotted)
            is_plain = is_plain or dotted == self.snippet.target
            return [] if is_plain else [(spans[node], Piece("name", dotted))]
        if isinstance(node, cst.Attribute):
            return [*self._special(node.value), *self._attribute(node.attr)]
        if isinstance(node, cst.Arg):
            return self._special(node.value)
        rest = rest_of_parameters(node) if isinstance(node, cst.Parameters) else None
        if rest is not None:
            return [(spans[node], Piece("parameters", rest))]
        if (
            isinstance(node, cst.Param)
            and (hole := hole_of(node.name))
            and node.star in ("*", "**")
        ):
            # What stands there has the stars too.
            return [(spans[node], Piece("hole", hole, node.name))]
        if isinstance(node, cst.Param) and hole_of(node.name) is None:
            # The name of a new parameter is only text.
            parts = [one for one in children(node) if one is not node.name]
            return [one for part in parts for one in self._special(part)]
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            # The name of what is defined stands for nothing but itself.
            parts = [one for one in head_of(node) if one is not node.name or hole_of(one)]
        else:
            parts = head_of(node) if is_block(node) else list(children(node))
        return [one for part in parts for one in self._special(part)]

    def _attribute(self, node: cst.Name) -> list[tuple[Span, Piece]]:
        hole = hole_of(node)
        return [] if hole is None else [(parse(self._source).spans[node], Piece("hole", hole))]

    def around(self, hole: cst.CSTNode) -> cst.CSTNode | None:
        """What `hole` is a part of, if it is not all there is."""
        return None if hole is self.root else parse(self._source).parents[hole]

    def ancestors(self, hole: cst.CSTNode) -> list[cst.CSTNode]:
        """What `hole` stands in, innermost first."""
        return list(parse(self._source).ancestors(hole))

    def has(self, kind: type[cst.CSTNode]) -> bool:
        """Whether it writes something of that kind."""
        return bool(parse(self._source).of(kind))

    @property
    def has_parentheses(self) -> bool:
        """Whether the rule writes parentheses around all of it."""
        is_expression = self.snippet.form in ("expression", "decorator")
        return len(getattr(self.root, "lpar", ())) > is_expression
