"""The lines around a finding, before and after its edits."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.model import Excerpt, Located, Position

KEPT, GONE, COME, HERE = "kept", "gone", "come", "here"
# What is left of a line, and of the lines of one change, that would be longer.
_PART = 120
_MARKED = 2_000
_ROWS = 60


class Part(NamedTuple):
    """Text within a line; `marked` is what changes, or what the finding is about."""

    text: str
    marked: bool


class Row(NamedTuple):
    """A line; `kind` is one of the constants above, `line` its number in the file on disk."""

    kind: str
    line: int | None
    parts: tuple[Part, ...]


def rows(one: Located) -> Iterator[list[Row]]:
    """For each excerpt its lines: with the edits in it made, or with the span marked."""
    for excerpt in one.around:
        made = list(_Comparison(excerpt.line).rows(_segments(one, excerpt)))
        yield made[:_ROWS] + ([Row(KEPT, None, (Part("…", False),))] if made[_ROWS:] else [])


def _segments(one: Located, excerpt: Excerpt) -> Iterator[tuple[str, str]]:
    """The text of `excerpt` in pieces, each with its kind."""
    text = "\n".join(excerpt.lines)
    starts = [0]
    for line in excerpt.lines:
        starts.append(starts[-1] + len(line) + 1)

    def offset(place: Position) -> int | None:
        row = place.line - excerpt.line
        # A place between CR and LF counts as the end of its line.
        inside = 0 <= row < len(excerpt.lines)
        return starts[row] + min(place.column - 1, len(excerpt.lines[row])) if inside else None

    edits = [(offset(edit.first), offset(edit.last), edit.text) for edit in one.edits]
    done = 0
    if all(start is None for start, *_ in edits):
        start, end = offset(one.start), offset(one.end)
        if start is not None and end is not None:
            yield KEPT, text[:start]
            yield HERE, text[start:end]
            done = end
    for start, end, new in edits:
        if start is not None and end is not None:
            yield KEPT, text[done:start]
            yield GONE, text[start:end]
            yield COME, new.replace("\r\n", "\n").replace("\r", "\n")
            done = end
    yield KEPT, text[done:]


class _Comparison:
    """Lines before and after, gathered until they meet again at the end of a line."""

    def __init__(self, line: int) -> None:
        self._line = line
        self._start_anew()

    def _start_anew(self) -> None:
        self._old: list[list[Part]] = [[]]
        self._new: list[list[Part]] = [[]]

    def rows(self, segments: Iterator[tuple[str, str]]) -> Iterator[Row]:
        for kind, text in segments:
            for number, part in enumerate(text.split("\n")):
                if number and kind in (KEPT, HERE):
                    yield from self._flush()
                elif number:
                    (self._old if kind == GONE else self._new).append([])
                self._add(kind, part)
        yield from self._flush()

    def _add(self, kind: str, text: str) -> None:
        if kind != COME:
            _append(self._old[-1], Part(text, kind != KEPT))
        if kind != GONE:
            _append(self._new[-1], Part(text, kind != KEPT))

    def _flush(self) -> Iterator[Row]:
        old, new = self._old, self._new
        self._start_anew()
        before = _alike(old, new)
        yield from self._same(old[:before])
        old, new = old[before:], new[before:]
        after = _alike(old[::-1], new[::-1])
        gone, come = old[: len(old) - after], new[: len(new) - after]
        for parts in gone:
            yield Row(GONE, self._next(), _shortened(parts, whole=not any(come)))
        for parts in come:
            yield Row(COME, None, _shortened(parts, whole=not any(gone)))
        yield from self._same(old[len(gone) :])

    def _same(self, lines: list[list[Part]]) -> Iterator[Row]:
        for parts in lines:
            kind = HERE if any(part.marked for part in parts) else KEPT
            yield Row(kind, self._next(), _shortened(parts))

    def _next(self) -> int:
        self._line += 1
        return self._line - 1


def _append(parts: list[Part], part: Part) -> None:
    if parts and parts[-1].marked == part.marked:
        part = Part(parts.pop().text + part.text, part.marked)
    if part.text:
        parts.append(part)


def _alike(one: list[list[Part]], other: list[list[Part]]) -> int:
    """How many lines from the first on are the same in both."""
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count


def _shortened(parts: list[Part], *, whole: bool = False) -> tuple[Part, ...]:
    """`parts` with what is long cut; no marks where the `whole` line comes or goes.

    Of the text before what is marked the end is kept, of the text behind it the start.
    """
    found = []
    last = len(parts) - 1
    for number, (text, marked) in enumerate(parts):
        limit = _MARKED if marked else _PART
        if len(text) > 2 * limit:
            start = text[:limit] if marked or number or not last else ""
            end = text[-limit:] if marked or number < last else ""
            text = f"{start}…{end}"
        found.append(Part(text, marked and not whole))
    return tuple(found)
