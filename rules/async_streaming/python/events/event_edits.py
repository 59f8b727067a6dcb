"""The edits of an event: its tag, and its text as the `content` of a mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Edit, Source, Span
from migrator.helpers.python.rewrite import whole
from migrator.languages.python import parse

from ..flow.shapes import COMPLETE, LEGACY_TAGS, string_of
from ..reading.mappings import pairs

if TYPE_CHECKING:
    from collections.abc import Sequence


def retagged(source: Source, literal: cst.SimpleString) -> Edit:
    """The current tag in the place of a legacy one."""
    start, end = parse(source).spans[literal]
    quote = len(literal.quote)
    inner = Span(start + len(literal.prefix) + quote, end - quote)
    return Edit(source.path, inner, LEGACY_TAGS[string_of(literal) or ""])


def quote_at(source: Source, node: cst.CSTNode, preferred: str) -> str | None:
    """Quotes for a new key at `node`: none that ends an f-string around it on Python 3.10."""
    taken = {
        around.start[-1]
        for around in (node, *parse(source).ancestors(node))
        if isinstance(around, cst.FormattedString) and len(around.end) == 1
    }
    free = [quote for quote in (preferred, '"', "'") if quote not in taken]
    return free[0] if free else None


def wrapped(source: Source, span: Span, before: str, after: str) -> tuple[Edit, Edit]:
    """What is at `span` between `before` and `after`."""
    return (
        Edit(source.path, Span(span.start, span.start), before),
        Edit(source.path, Span(span.end, span.end), after),
    )


def written(
    source: Source, around: cst.CSTNode, tag: cst.SimpleString, text: cst.BaseExpression
) -> Sequence[Edit] | None:
    """The event in `around` as it is written now; `None` where no quotes are left for its keys."""
    quote = quote_at(source, around, tag.quote[0])
    if quote is None:
        return None
    if isinstance(text, cst.Dict) and any(one.key == "content" for one in pairs(text)):
        return (retagged(source, tag),)  # of today's shape but for its tag
    more = ""
    if string_of(tag) == COMPLETE:
        more = f", {quote}tokens{quote}: None, {quote}finish_reason{quote}: None"
    span = whole(parse(source), text)
    # In a tuple `name := value` stands as it is, in a dict in parentheses alone.
    opening, closing = ("(", ")") if isinstance(text, cst.NamedExpr) and not text.lpar else ("", "")
    content = wrapped(source, span, f"{{{quote}content{quote}: {opening}", f"{closing}{more}}}")
    return (retagged(source, tag), *content)


def read(source: Source, node: cst.BaseExpression, preferred: str) -> Edit | None:
    """The content of the mapping that `node` is now; `None` where no quotes are left."""
    quote = quote_at(source, node, preferred)
    if quote is None:
        return None
    # With its last character, for something else may be put behind the expression.
    end = whole(parse(source), node).end
    last = source.text[end - 1 : end]
    return Edit(source.path, Span(end - 1, end), f"{last}[{quote}content{quote}]")
