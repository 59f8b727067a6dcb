"""Statements that are written above and below the one that takes the place of what is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import is_local
from migrator.helpers.elixir.statements import is_module, statements_in
from migrator.model import Applicability, Edit, Span
from migrator.patterns.elixir.matching import Pattern
from migrator.patterns.elixir.template import is_simple
from migrator.patterns.gaps import line_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from migrator.languages.elixir import Node
    from migrator.model import Source
    from migrator.patterns.elixir.matching import Match
    from migrator.patterns.elixir.meaning import Meaning
    from migrator.patterns.elixir.snippets import ElixirSnippet
    from migrator.patterns.elixir.weighing import Doubt

_BODIES = ("after_block", "block", "body", "do_block", "else_block", "source")
_DIRECTIVES = ("alias", "import", "require", "use")


def beside(
    meaning: Meaning, node: Node, new: ElixirSnippet, written: Callable[[ElixirSnippet], str]
) -> Iterator[Edit]:
    """Lines with what is beside the statement `node` when it becomes `new`.

    A directive that the code around has already is not written once more.
    """
    source = meaning.source
    line, last = _lines(source, node)
    indent = source.text[line.start : node.span.start]
    text = source.text[last.start : last.end]
    newline = line_end(source, node.span.end)
    above = [written(one) for one in new.above if not _is_there(meaning, one, node)]
    below = [written(one) for one in new.below if not _is_there(meaning, one, node)]
    if above:
        lines = "".join(f"{one}{newline}{indent}" for one in above)
        yield Edit(source.path, Span(node.span.start, node.span.start), lines)
    if below:
        end = last.start + len(text.rstrip("\r\n"))
        lines = "".join(f"{newline}{indent}{one}" for one in below)
        yield Edit(source.path, Span(end, end), lines)


def is_beside(meaning: Meaning, node: Node, new: ElixirSnippet) -> bool:
    """Whether all that `new` has above and below it stands beside `node` already."""
    above, below = (
        [one for one in snippets if not _is_there(meaning, one, node)]
        for snippets in (new.above, new.below)
    )
    if not above and not below:
        return True
    if node.parent is None or node.parent.kind not in _BODIES:
        return False
    statements = statements_in(node.parent)
    at = next(at for at, one in enumerate(statements) if one is node)
    found = statements[max(at - len(above), 0) : at + len(below) + 1]
    snippets = [*above, new, *below]
    return len(found) == len(snippets) and all(
        one is node or Pattern(snippet).match(meaning, one) is not None
        for one, snippet in zip(found, snippets, strict=True)
    )


def no_place(source: Source, node: Node, new: ElixirSnippet, match: Match) -> Iterator[Doubt]:
    """What keeps lines away from beside `node`, which is `match`, or changes what they mean."""
    line, last = _lines(source, node)
    behind = source.text[node.span.end : last.end].strip()
    is_alone = not source.text[line.start : node.span.start].strip()
    body = node.parent
    if (
        body is None
        or body.kind not in _BODIES
        or not is_alone
        or (behind and not behind.startswith("#"))
    ):
        yield Applicability.MANUAL, "what stands beside it then has no line of its own"
    elif new.below and not is_module(body) and statements_in(body)[-1] is node:
        yield Applicability.REVIEW, "it is what the code around it returns"
    held = (*match.holes.values(), *(one for rest in match.rests.values() for one in rest))
    if new.above and not all(map(is_simple, held)):
        yield Applicability.REVIEW, "it is evaluated in another order"


def _lines(source: Source, node: Node) -> tuple[Span, Span]:
    first, last = (source.line_span(source.position(at).line) for at in node.span)
    return first, last


def _is_there(meaning: Meaning, wanted: ElixirSnippet, node: Node) -> bool:
    if not is_local(wanted.root, *_DIRECTIVES) or node.parent is None:
        return False
    pattern = Pattern(wanted)
    others = (one for one in statements_in(node.parent) if one is not node)
    return any(pattern.match(meaning, one) is not None for one in others)
