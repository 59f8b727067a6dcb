"""Arguments, elements and imported names between brackets: kept, replaced, added, taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.python.literals import insert_after
from migrator.languages.python import parse
from migrator.model import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    import libcst as cst

_MARK = "\0"


def rearranged(
    source: Source, items: Sequence[cst.CSTNode], new: Sequence[int | str], at: int
) -> tuple[Edit, ...]:
    """Make `new` of `items`: a number keeps the item with that index, a text is a new item.

    What is kept is not edited, and so keeps its comments. New items take the places of those
    that go; further ones stand in the layout the items have. `at` is where the first item would
    stand if there is none.
    """
    if not items:
        text = ", ".join(str(one) for one in new)
        return (Edit(source.path, Span(at, at), text),) if text else ()
    edits: list[Edit] = []
    taken: list[int] = []
    added: dict[int, list[str]] = {}
    for first, last, texts in _gaps(len(items), new):
        places = list(range(first, last))
        replaced = texts[: len(places)]
        for place, text in zip(places, replaced, strict=False):
            edits.append(Edit(source.path, parse(source).spans[items[place]], text))
        taken += places[len(replaced) :]
        if texts[len(replaced) :]:
            added[last - 1] = texts[len(replaced) :]
    edits += _removed(source, items, taken)
    for place, texts in added.items():
        edits += _added(source, items, place, texts)
    return tuple(edits)


def _gaps(count: int, new: Sequence[int | str]) -> list[tuple[int, int, list[str]]]:
    """Between two kept items: which old ones stand there, and the texts that come there.

    An index that comes too early or twice for the order to stay is the caller's mistake.
    """
    gaps: list[tuple[int, int, list[str]]] = []
    start, texts = 0, list[str]()
    for one in (*new, count):
        if isinstance(one, str):
            texts.append(one)
            continue
        if one < start:
            raise ValueError("kept items must stay in their order")
        gaps.append((start, one, texts))
        start, texts = one + 1, []
    return gaps


def _removed(source: Source, items: Sequence[cst.CSTNode], taken: Sequence[int]) -> list[Edit]:
    spans = parse(source).spans
    edits = []
    for first, last in _runs(taken):
        if last + 1 < len(items):
            cut = Span(spans[items[first]].start, spans[items[last + 1]].start)
        elif first:
            cut = Span(spans[items[first - 1]].end, spans[items[last]].end)
        else:
            comma = getattr(items[last], "comma", None)
            ends = spans[comma] if comma in spans else spans[items[last]]
            cut = Span(spans[items[first]].start, ends.end)
        edits.append(Edit(source.path, cut, ""))
    return edits


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for place in sorted(places):
        if runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs


def _added(
    source: Source, items: Sequence[cst.CSTNode], place: int, texts: Sequence[str]
) -> list[Edit]:
    """Add `texts` behind the item at `place`, before all items where it is -1."""
    if place < 0:
        start = parse(source).spans[items[0]].start
        line = source.line_span(source.position(start).line)
        indent = source.text[line.start : start]
        between = ", " if indent.strip() else f",{_line_end(source, line)}{indent}"
        return [Edit(source.path, Span(start, start), "".join(f"{one}{between}" for one in texts))]
    model = insert_after(source, items, place, _MARK)
    *before, (path, span, text) = model
    # Where the comma is an edit of its own, the new items need theirs between them.
    joined = ("," if before else "").join(text.replace(_MARK, one) for one in texts)
    return [*before, Edit(path, span, joined)]


def _line_end(source: Source, line: Span) -> str:
    text = source.text[line.start : line.end]
    return text[len(text.rstrip("\r\n")) :] or "\n"
