"""Edits of the text between what stays: no more than the tokens that differ."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.model import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_LINE_END = re.compile(r"\r\n|\r|\n")
_TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)


def gap(source: Source, span: Span, text: str) -> Edit:
    """Replace `span` by `text`, less the tokens that both begin or end with."""
    old, new = _TOKEN.findall(source.text[span.start : span.end]), _TOKEN.findall(text)
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    start = span.start + sum(map(len, old[:head]))
    end = span.end - sum(map(len, old[len(old) - tail :]))
    return Edit(source.path, Span(start, end), "".join(new[head : len(new) - tail]))


def filled(
    source: Source,
    outer: Span,
    stands: Sequence[Span | None],
    written: Callable[[int, int], str],
    brackets: Callable[[int], tuple[str, str]],
) -> list[Edit]:
    """The edits that make of `outer` a text in pieces, where those stay that are there in order.

    `stands` has for each piece where it is now, if it is there; `written` gives the text of the
    pieces from one on, up to another, and `brackets` what one that stays gets before and behind.
    """
    kept: list[tuple[int, Span]] = []
    done = outer.start
    for at, span in enumerate(stands):
        if span is not None and done <= span.start and span.end <= outer.end:
            kept.append((at, span))
            done = span.end
    edits: list[Edit] = []
    done, first, closes = outer.start, 0, ""
    for at, span in kept:
        opens, behind = brackets(at)
        text = f"{closes}{written(first, at)}{opens}"
        edits.append(gap(source, Span(done, span.start), text))
        done, first, closes = span.end, at + 1, behind
    text = closes + written(first, len(stands))
    return [*edits, gap(source, Span(done, outer.end), text)]


def in_parentheses(source: Source, outer: Span, edits: Sequence[Edit]) -> list[Edit]:
    """`edits` in `outer`, which gets parentheses."""
    before, behind = Span(outer.start, outer.start), Span(outer.end, outer.end)
    return [Edit(source.path, before, "("), *edits, Edit(source.path, behind, ")")]


def merged(edits: Sequence[Edit]) -> list[Edit]:
    """Edits in order, those that touch made one; nothing of those that do nothing."""
    found: list[Edit] = []
    for path, span, text in edits:
        if (
            found
            and found[-1].span.end == span.start
            and (span.start == span.end or found[-1].span.start == found[-1].span.end)
        ):
            last = found.pop()
            found.append(Edit(path, Span(last.span.start, span.end), last.text + text))
        elif text or span.start != span.end:
            found.append(Edit(path, span, text))
    return found


def increasing(places: Sequence[int | None]) -> frozenset[int]:
    """The indices of a longest rising run of `places`, in which each stands once."""
    runs: list[list[int]] = []
    for at, place in enumerate(places):
        longest: list[int] = []
        for run in runs:
            last = places[run[-1]]
            if last is not None and place is not None and last < place and len(run) > len(longest):
                longest = run
        if place is not None:
            runs.append([*longest, at])
    best: list[int] = max(runs, key=len, default=[])
    return frozenset(best)


def line_end(source: Source, at: int) -> str:
    """What ends the line that `at` is in: where that is the last and nothing does, as others do."""
    line = source.line_span(source.position(at).line)
    text = source.text[line.start : line.end]
    end = text[len(text.rstrip("\r\n")) :]
    first = _LINE_END.search(source.text)
    return end or (first[0] if first else "\n")
