"""What it costs in certainty to take a statement or a decorator out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.removal import statement_of
from migrator.model import Applicability
from migrator.patterns.python.spans import text_at
from migrator.patterns.python.weighing import is_simple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.patterns.python.matching import Match
    from migrator.patterns.python.meaning import Meaning

MANUAL, REVIEW = Applicability.MANUAL, Applicability.REVIEW


def costs(meaning: Meaning, node: cst.CSTNode, match: Match) -> Iterator[tuple[Applicability, str]]:
    """How far it is no more than proven that `node` may go, and why."""
    statement = statement_of(meaning.source, node)
    if statement is None:
        yield MANUAL, "it is a part of something else, so that it is left to you"
        return
    if not isinstance(statement, (cst.Expr, cst.Decorator)):
        yield REVIEW, "what it does or sets may matter to what follows"
    for one in (*match.holes.values(), *(one for rest in match.rests.values() for one in rest)):
        value = one.value if isinstance(one, (cst.Arg, cst.BaseElement)) else one
        if not is_simple(value):
            text = " ".join(text_at(meaning, value).split())
            yield REVIEW, f"`{text}` is no longer evaluated"
    if _has_comment(meaning, statement):
        yield REVIEW, "a comment on its line may be about it"


def _has_comment(meaning: Meaning, statement: cst.CSTNode) -> bool:
    """Whether a comment is on one of its lines, whatever else is: that may go next."""
    source, spans = meaning.source, meaning.tree.spans
    start, end = (source.line_span(source.position(at).line) for at in spans[statement])
    return any(start.start <= spans[one].start < end.end for one in meaning.tree.of(cst.Comment))
