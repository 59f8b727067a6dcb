"""From a rewritten libcst node to the smallest edits that make it so."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import libcst as cst
from libcst._nodes.internal import CodegenState

from migrator.languages.python import Tree, parse
from migrator.languages.python_nodes import children
from migrator.model import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# A token and its text, or a whole node that both trees share.
Piece = tuple[object, str]


class _Pieces(CodegenState):
    """Prints a node as pieces, where a node that is in `shared` is one piece."""

    def __init__(self, tree: Tree, shared: frozenset[cst.CSTNode], indents: list[str]) -> None:
        super().__init__(tree.module.default_indent, tree.module.default_newline)
        self.indent_tokens = indents
        self.shared = shared
        self.pieces: list[Piece] = []
        self._inside: cst.CSTNode | None = None
        self._held: list[str] = []

    def before_codegen(self, node: cst.CSTNode) -> None:
        if self._inside is None and node in self.shared:
            self._inside, self._held = node, []

    def after_codegen(self, node: cst.CSTNode) -> None:
        if self._inside is node:
            self._inside = None
            if text := "".join(self._held):
                self.pieces.append((node, text))

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.add_token(token)

    def add_token(self, value: str) -> None:
        if self._inside is not None:
            self._held.append(value)
        elif value:
            self.pieces.append((value, value))


def whole(tree: Tree, node: cst.CSTNode) -> Span:
    """The span of an expression with the parentheses it stands in."""
    span = tree.spans[node]
    left, right = getattr(node, "lpar", ()), getattr(node, "rpar", ())
    return Span(
        tree.spans[left[0]].start if left else span.start,
        tree.spans[right[-1]].end if right else span.end,
    )


def rewrite(source: Source, old: cst.CSTNode, new: cst.CSTNode) -> tuple[Edit, ...]:
    """The edits that turn the expression, pattern or argument `old` of `source` into `new`.

    Nodes that `new` took over from `old` are left as they are, with their comments and layout;
    of the rest each changed run of tokens is one edit.
    """
    tree = parse(source)
    shared = frozenset(_nodes(old)) & frozenset(_nodes(new)) - {old}
    indents = _indents(tree, old)
    before, after = _pieces(tree, old, shared, indents), _pieces(tree, new, shared, indents)
    offsets = [whole(tree, old).start]
    for _, text in before:
        offsets.append(offsets[-1] + len(text))
    edits = []
    matcher = SequenceMatcher(None, [key for key, _ in before], [key for key, _ in after], False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            text = "".join(text for _, text in after[new_start:new_end])
            edits.append(Edit(source.path, Span(offsets[start], offsets[end]), text))
    return tuple(edits)


def _indents(tree: Tree, node: cst.CSTNode) -> list[str]:
    return [
        tree.module.default_indent if block.indent is None else block.indent
        for block in tree.ancestors(node)
        if isinstance(block, cst.IndentedBlock)
    ][::-1]


def _pieces(
    tree: Tree, node: cst.CSTNode, shared: frozenset[cst.CSTNode], indents: list[str]
) -> list[Piece]:
    state = _Pieces(tree, shared, list(indents))
    node._codegen(state)
    return state.pieces


def _nodes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting += children(current)
