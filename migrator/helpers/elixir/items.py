"""Arguments, pairs and elements between brackets: kept, replaced, added, taken out."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from migrator.model import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.languages.elixir import Node


def rearranged(
    source: Source, items: Sequence[Node], new: Sequence[int | str], at: int
) -> tuple[Edit, ...]:
    """Make `new` of `items`: a number keeps the item with that index, a text is a new item.

    What is kept is not edited, and so keeps its comments and its layout. New items take the places
    of those that go; further ones stand in the layout the items have. `at` is where the first item
    would stand if there is none. Raises `ValueError` where kept items leave their order.
    """
    if not items:
        text = ", ".join(map(str, new))
        return (Edit(source.path, Span(at, at), text),) if text else ()
    edits: list[Edit] = []
    kept = [-1, *(one for one in new if isinstance(one, int)), len(items)]
    if any(first >= second for first, second in pairwise(kept)):
        raise ValueError("kept items must stay in their order")
    texts: list[str] = []
    done = 0
    for one in (*new, len(items)):
        if isinstance(one, str):
            texts.append(one)
            continue
        edits += _between(source, items, done, one, texts)
        done, texts = one + 1, []
    return tuple(edits)


def _between(
    source: Source, items: Sequence[Node], first: int, last: int, texts: Sequence[str]
) -> list[Edit]:
    """Write `texts` in the place of the items from `first` up to `last`."""
    count = last - first
    edits = [
        Edit(source.path, item.span, text)
        for item, text in zip(items[first:last], texts, strict=False)
    ]
    if len(texts) < count:
        edits.append(Edit(source.path, _cut(items, first + len(texts), last), ""))
    elif more := texts[count:]:
        edits.append(_added(source, items, last, more))
    return edits


def _cut(items: Sequence[Node], first: int, last: int) -> Span:
    if last < len(items):
        return Span(items[first].span.start, items[last].span.start)
    if first:
        return Span(items[first - 1].span.end, items[last - 1].span.end)
    return Span(items[first].span.start, items[last - 1].span.end)


def _added(source: Source, items: Sequence[Node], place: int, texts: Sequence[str]) -> Edit:
    """`texts` before the item at `place`, or behind the last one."""
    between = _separator(source, items)
    if place < len(items):
        start = items[place].span.start
        return Edit(source.path, Span(start, start), "".join(f"{one}{between}" for one in texts))
    end = items[-1].span.end
    return Edit(source.path, Span(end, end), "".join(f"{between}{one}" for one in texts))


def _separator(source: Source, items: Sequence[Node]) -> str:
    """What stands between two items; where each has a line of its own, the same indentation."""
    line = source.line_span(source.position(items[0].span.start).line)
    before = source.text[line.start : items[0].span.start]
    if before.strip():
        return ", "
    end = "\r\n" if source.text[: line.end].endswith("\r\n") else "\n"
    return f",{end}{before}"
