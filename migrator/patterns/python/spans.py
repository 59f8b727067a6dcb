"""Where code stands that a pattern has matched: with its parentheses, a block's head alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.rewrite import whole
from migrator.languages.python_nodes import children
from migrator.model import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from migrator.patterns.python.meaning import Meaning


def bare(node: cst.CSTNode) -> cst.CSTNode:
    """The expression that `node` is where it is a statement of nothing else."""
    return node.value if isinstance(node, cst.Expr) else node


def is_block(node: cst.CSTNode) -> bool:
    """Whether `node` is a statement with a body."""
    return isinstance(node, cst.BaseCompoundStatement)


def head_of(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The parts of the head of a block; of anything else, itself."""
    if not is_block(node):
        return [node]
    return [one for one in children(node) if not isinstance(one, (cst.BaseSuite, cst.Decorator))]


def head_span(text: str, spans: Mapping[cst.CSTNode, Span], node: cst.CSTNode) -> Span:
    """All of `node`, which stands in `text`; of a block the head, up to its colon."""
    start, end = spans[node]
    if isinstance(node, cst.BaseCompoundStatement):
        body = spans[node.body].start
        end = start + text[start:body].rfind(":") + 1
    return Span(start, end)


def span_at(meaning: Meaning, node: cst.CSTNode) -> Span:
    """The span of `node`: with its parentheses, of a parameter with all that is said of it."""
    spans = meaning.tree.spans
    if isinstance(node, cst.Param):
        said = (node.default, node.annotation and node.annotation.annotation)
        last = next((one for one in said if one), node.name)
        return Span(spans[node].start, span_at(meaning, last).end)
    return whole(meaning.tree, node) if isinstance(node, cst.BaseExpression) else spans[node]


def text_at(meaning: Meaning, node: cst.CSTNode) -> str:
    """The text of `node` at its span."""
    start, end = span_at(meaning, node)
    return meaning.source.text[start:end]
