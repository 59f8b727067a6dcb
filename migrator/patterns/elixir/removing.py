"""What it costs in certainty to take a statement out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import operator
from migrator.helpers.elixir.statements import is_module, statements_in, taken_out
from migrator.model import Applicability
from migrator.patterns.elixir.template import is_simple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node
    from migrator.patterns.elixir.matching import Match
    from migrator.patterns.elixir.meaning import Meaning

MANUAL, REVIEW = Applicability.MANUAL, Applicability.REVIEW


def costs(meaning: Meaning, node: Node, match: Match) -> Iterator[tuple[Applicability, str]]:
    """How far it is no more than proven that `node` may go, and why."""
    source, body = meaning.source, node.parent
    if body is None or taken_out(source, node, frozenset((node,))) is None:
        yield MANUAL, "it is a part of something else, or of a line with other code"
        return
    if not is_module(body) and statements_in(body)[-1] is node:
        yield REVIEW, "it is what the code around it returns"
    if operator(node) == "=":
        yield REVIEW, "what it binds may matter to what follows"
    for one in (*match.holes.values(), *(one for rest in match.rests.values() for one in rest)):
        if not is_simple(one):
            yield REVIEW, f"`{' '.join(one.text.split())}` is no longer evaluated"
    start, end = (source.line_span(source.position(at).line) for at in node.span)
    if any(start.start <= one.span.start < end.end for one in meaning.comments):
        yield REVIEW, "a comment on its line may be about it"
