"""What the docs of modules refer to: a full name between backticks, as ExDoc reads it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from migrator.helpers.elixir.attributes import is_doc
from migrator.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Tree

# `M.N`, `M.f/1`, `c:M.f/1`, `m:M`, between one backtick or in a link.
_REFERENCE = re.compile(
    r"(?<!`)`(?:[cmt]:)?(?P<module>[A-Z]\w*(?:\.[A-Z]\w*)*)"
    r"(?:\.(?P<function>[a-z_]\w*[!?]?)/(?P<arity>\d+))?`(?!`)"
)


class Reference(NamedTuple):
    """A module, or a function of it, with the spans of both names."""

    span: Span
    module: str
    module_at: Span
    function: str | None
    function_at: Span
    arity: int


def references(tree: Tree) -> Iterator[Reference]:
    """What the docs in `tree` refer to."""
    for node in tree.of("sigil", "string"):
        inside = node.of("quoted_content") if is_doc(node) else None
        if inside is None:
            continue
        start = inside.span.start
        for match in _REFERENCE.finditer(inside.text):
            yield Reference(
                _span(match, 0, start),
                match["module"],
                _span(match, "module", start),
                match["function"],
                _span(match, "function", start),
                int(match["arity"] or 0),
            )


def _span(match: re.Match[str], group: str | int, offset: int) -> Span:
    start, end = match.span(group)
    return Span(start + offset, end + offset)
