"""Text as the tool holds it: spans and edits count characters, bytes are made at the door."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    T = TypeVar("T")

_LINE_END = re.compile(r"\r\n|\r|\n")


class Span(NamedTuple):
    """A half-open range in characters of `Source.text`."""

    start: int
    end: int


class Gap(NamedTuple):
    """A part of a source that could not be analysed, and why."""

    span: Span
    reason: str


class Position(NamedTuple):
    """A place as an editor shows it: line and column count from 1, columns in characters."""

    line: int
    column: int


class Edit(NamedTuple):
    """Replace the characters of `span` in the file `path` by `text`."""

    path: str
    span: Span
    text: str

    def meets(self, other: Edit) -> bool:
        """Whether both cannot be made in one text."""
        return self.span.start < other.span.end and other.span.start < self.span.end


@dataclass(frozen=True)
class Source:
    """One file as text, with what is needed to give its bytes back exactly.

    `path` is relative to the working folder and written with `/`; `bom` holds the bytes of a byte
    order mark, which is not part of `text`.

    `memo` has what was derived from it: by the function that made it, or, what was made for one
    `Look` alone, by a tuple.
    """

    path: str
    text: str
    language: str
    encoding: str = "utf-8"
    bom: bytes = b""
    memo: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def from_bytes(
        cls, path: str, data: bytes, language: str, encoding: str = "utf-8", bom: bytes = b""
    ) -> Source:
        """Decode `data`; raises `UnicodeError` where a byte has no meaning in `encoding`."""
        return cls(path, data[len(bom) :].decode(encoding), language, encoding, bom)

    def to_bytes(self, text: str | None = None) -> bytes:
        """Encode `text` (this source's own when left out): the exact inverse of `from_bytes`."""
        return self.bom + (self.text if text is None else text).encode(self.encoding)

    def byte_offset(self, offset: int) -> int:
        """Where the character at `offset` begins in the file as it is on disk."""
        return len(self.bom) + len(self.text[:offset].encode(self.encoding))

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without what ends them."""
        return _LINE_END.split(self.text)

    def position(self, offset: int) -> Position:
        """Line and column of the character at `offset`; LF, CRLF and CR end a line."""
        line = bisect_right(self._line_starts, offset)
        return Position(line, offset - self._line_starts[line - 1] + 1)

    def line_span(self, line: int) -> Span:
        """The span of the line with that number (from 1), its line end included."""
        starts = self._line_starts
        return Span(starts[line - 1], starts[line] if line < len(starts) else len(self.text))

    def once(self, make: Callable[[Source], T]) -> T:
        """What `make` derives from this source, made at the first call and kept with it."""
        if make not in self.memo:
            self.memo[make] = make(self)
        result: T = self.memo[make]
        return result

    def forget_looks(self) -> None:
        """Drop what was derived for one look alone."""
        for key in [key for key in self.memo if isinstance(key, tuple)]:
            del self.memo[key]


def in_order(edits: Iterable[Edit]) -> list[Edit]:
    """Each of `edits` once, by its span; those of one span, as insertions are, as they came."""
    return sorted(dict.fromkeys(edits), key=lambda edit: edit.span)


def splice(text: str, edits: Iterable[Edit]) -> str:
    """Apply `edits` of one file, `in_order`. Raises `ValueError` if two overlap."""
    pieces: list[str] = []
    done = 0
    for edit in in_order(edits):
        if edit.span.start < done or edit.span.end < edit.span.start:
            raise ValueError(f"edits overlap at character {edit.span.start} of {edit.path}")
        pieces += (text[done : edit.span.start], edit.text)
        done = edit.span.end
    return "".join((*pieces, text[done:]))


def moved(span: Span, edits: Iterable[Edit]) -> Span:
    """Where what stands at `span` is once `edits` of its file are made.

    Of a replaced text that a bound of `span` lies in, all is taken in.
    """
    start, end = span
    shift = grown = 0
    for edit in in_order(edits):
        change = len(edit.text) - (edit.span.end - edit.span.start)
        if edit.span.end <= span.start:
            shift += change
        elif edit.span.start < span.end:
            start, end = min(start, edit.span.start), max(end, edit.span.end)
            grown += change
    return Span(start + shift, end + shift + grown)
