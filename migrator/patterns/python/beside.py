"""Decorators that are written above and below the one that takes the place of what is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.model import Edit, Span
from migrator.patterns.python.matching import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from migrator.patterns.holes import Snippet
    from migrator.patterns.python.meaning import Meaning


def beside(
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
            if not any(pattern.match(meaning, other.decorator) for other in function.decorators):
                by_place.setdefault(place(one, at), []).append(f"@{written(one)}")
        for where, lines in by_place.items():
            yield _added(meaning, where, lines, is_above=at == 0)


def _added(meaning: Meaning, place: cst.CSTNode, lines: Sequence[str], *, is_above: bool) -> Edit:
    """The edit that adds `lines` above or below the decorator at `place`."""
    source = meaning.source
    start, end = meaning.tree.spans[place]
    first, last = (source.line_span(source.position(at).line) for at in (start, end))
    indent = source.text[first.start : start]
    line = source.text[last.start : last.end]
    newline = line[len(line.rstrip("\r\n")) :]
    if is_above:
        text = "".join(f"{one}{newline}{indent}" for one in lines)
        return Edit(source.path, Span(start, start), text)
    behind = last.end - len(newline)
    text = "".join(f"{newline}{indent}{one}" for one in lines)
    return Edit(source.path, Span(behind, behind), text)
