"""Statements and decorators that go: with their lines, and `pass` where a block would be empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.languages.python import parse
from migrator.model import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Container, Sequence


def statement_of(source: Source, node: cst.CSTNode) -> cst.CSTNode | None:
    """The statement or decorator that is nothing but `node`; `None` where it is part of another."""
    around = parse(source).parents[node]
    if isinstance(around, (cst.Expr, cst.Decorator)):
        return around
    return node if isinstance(node, cst.BaseSmallStatement) else None


def removed(source: Source, node: cst.CSTNode, gone: Container[cst.CSTNode]) -> Edit:
    """The edit that takes the statement or decorator `node` out, as `gone`, with it in it, are.

    Those that go together may share an edit.
    """
    tree = parse(source)
    line = tree.parents[node]
    if isinstance(node, cst.Decorator) or not isinstance(
        line, (cst.SimpleStatementLine, cst.SimpleStatementSuite)
    ):
        return _lines(source, tree.spans[node], is_first=False)
    stays = [one not in gone for one in line.body]
    if any(stays):
        return _from_line(source, line.body, line.body.index(node), stays)
    span = Span(tree.spans[line.body[0]].start, tree.spans[line.body[-1]].end)
    if isinstance(line, cst.SimpleStatementSuite):
        return Edit(source.path, span, "pass")
    block = tree.parents[line]
    body: Sequence[cst.CSTNode] = getattr(block, "body", ())
    if isinstance(block, cst.IndentedBlock) and body[0] is line and _is_empty(block, gone):
        return Edit(source.path, span, "pass")
    return _lines(source, span, is_first=bool(body) and body[0] is line)


def _is_empty(block: cst.IndentedBlock, gone: Container[cst.CSTNode]) -> bool:
    return all(
        isinstance(line, cst.SimpleStatementLine) and all(one in gone for one in line.body)
        for line in block.body
    )


def _from_line(
    source: Source, items: Sequence[cst.CSTNode], place: int, stays: Sequence[bool]
) -> Edit:
    """One of several statements of a line goes with what parts it from another."""
    spans = parse(source).spans
    if any(stays[place:]):
        cut = Span(spans[items[place]].start, spans[items[place + 1]].start)
    else:
        last = max(at for at, one in enumerate(stays) if one)
        cut = Span(spans[items[last]].end, spans[items[-1]].end)
    return Edit(source.path, cut, "")


def _lines(source: Source, span: Span, *, is_first: bool) -> Edit:
    """All lines of `span`, with as many blank ones behind them as stay before: all, if first."""
    first, last = (source.position(at).line for at in span)
    blank = 0
    while not is_first and first - blank > 1 and _is_blank(source, first - blank - 1):
        blank += 1
    end = source.line_span(last).end
    while end < len(source.text) and (is_first or blank) and _is_blank(source, last + 1):
        last, blank = last + 1, blank - 1
        end = source.line_span(last).end
    return Edit(source.path, Span(source.line_span(first).start, end), "")


def _is_blank(source: Source, line: int) -> bool:
    start, end = source.line_span(line)
    return not source.text[start:end].strip()
