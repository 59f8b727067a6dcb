"""What is written above and below what takes the place of a decorator or a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.model import Applicability, Edit, Span
from migrator.patterns.gaps import line_end
from migrator.patterns.python.matching import Pattern
from migrator.patterns.python.weighing import is_simple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from migrator.patterns.holes import Snippet
    from migrator.patterns.python.matching import Match
    from migrator.patterns.python.meaning import Meaning
    from migrator.patterns.python.weighing import Doubt


def lines_beside(
    meaning: Meaning, node: cst.CSTNode, new: Snippet, written: Callable[[Snippet], str]
) -> Iterator[Edit]:
    """Lines with the statements that are beside what the statement `node` becomes: `new`."""
    for snippets, is_above in ((new.above, True), (new.below, False)):
        if snippets:
            lines = [written(one) for one in snippets]
            yield _added(meaning, meaning.tree.parents[node], lines, is_above=is_above)


def no_place(meaning: Meaning, node: cst.CSTNode, new: Snippet, match: Match) -> Iterator[Doubt]:
    """What keeps lines away from beside the statement `node`, or changes what they mean."""
    line = meaning.tree.parents[node]
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        yield Applicability.MANUAL, "what stands beside it then has no line of its own"
    rests = (one for rest in match.rests.values() for one in rest)
    values = (one.value if isinstance(one, (cst.Arg, cst.BaseElement)) else one for one in rests)
    if new.above and not all(map(is_simple, (*match.holes.values(), *values))):
        yield Applicability.REVIEW, "it is evaluated in another order"


def decorators_beside(
    meaning: Meaning,
    node: cst.CSTNode,
    becoming: Mapping[cst.CSTNode, Snippet],
    written: Callable[[Snippet], str],
) -> Iterator[Edit]:
    """Lines with what stands beside the decorator `node` then, unless it is there already.

    `becoming` has what it and other decorators become: where several of a function get the same, it
    stands above or below all of them. `written` tells how each of them is spelled here.
    """
    decorator = meaning.tree.parents[node]
    function = meaning.tree.parents[decorator]
    assert isinstance(function, (cst.FunctionDef, cst.ClassDef))

    def place(wanted: Snippet, at: int) -> cst.CSTNode:
        several = [
            one
            for one in function.decorators
            if (snippet := becoming.get(one.decorator))
            if any(other.code == wanted.code for other in (*snippet.above, *snippet.below))
        ]
        return several[at]

    new = becoming[node]
    for snippets, at in ((new.above, 0), (new.below, -1)):
        by_place: dict[cst.CSTNode, list[str]] = {}
        for one in snippets:
            pattern = Pattern(one, {})
            others = (other.decorator for other in function.decorators if other is not decorator)
            if not any(pattern.match(meaning, other) for other in others):
                by_place.setdefault(place(one, at), []).append(f"@{written(one)}")
        for where, lines in by_place.items():
            yield _added(meaning, where, lines, is_above=at == 0)


def is_beside(meaning: Meaning, node: cst.CSTNode, new: Snippet) -> bool:
    """Whether all that `new` has above and below it stands beside `node` already."""
    if not new.above and not new.below:
        return True
    line = meaning.tree.parents[node]
    around = meaning.tree.parents[line]
    if isinstance(around, (cst.FunctionDef, cst.ClassDef)):
        decorators = [one.decorator for one in around.decorators]
        wanted = (Pattern(one, {}) for one in (*new.above, *new.below))
        return all(any(one.match(meaning, other) for other in decorators) for one in wanted)
    if not isinstance(around, (cst.Module, cst.IndentedBlock)):
        return False
    at = next(at for at, one in enumerate(around.body) if one is line)
    lines = around.body[max(at - len(new.above), 0) : at + len(new.below) + 1]
    snippets = (*new.above, new, *new.below)
    return len(lines) == len(snippets) and all(
        one is line or _is_such(meaning, one, snippet)
        for one, snippet in zip(lines, snippets, strict=True)
    )


def _is_such(meaning: Meaning, line: cst.CSTNode, snippet: Snippet) -> bool:
    """Whether `line` is what `snippet` says, and nothing else."""
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return False
    statement: cst.CSTNode = line.body[0]
    if snippet.form == "expression" and isinstance(statement, cst.Expr):
        statement = statement.value
    return Pattern(snippet, {}).match(meaning, statement) is not None


def _added(meaning: Meaning, place: cst.CSTNode, lines: Sequence[str], *, is_above: bool) -> Edit:
    """The edit that adds `lines` above or below what is at `place`."""
    source = meaning.source
    start, end = meaning.tree.spans[place]
    first, last = (source.line_span(source.position(at).line) for at in (start, end))
    indent = source.text[first.start : start]
    newline = line_end(source, end)
    if is_above:
        text = "".join(f"{one}{newline}{indent}" for one in lines)
        return Edit(source.path, Span(start, start), text)
    behind = last.start + len(source.text[last.start : last.end].rstrip("\r\n"))
    text = "".join(f"{newline}{indent}{one}" for one in lines)
    return Edit(source.path, Span(behind, behind), text)
