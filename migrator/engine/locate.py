"""What a printer needs of a finding and only its source can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.model import EditBytes, Excerpt, Finding, Located, Source
from migrator.model.fingerprint import LineHashes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from migrator.model import Position

_CONTEXT = 2


def locate(finding: Finding, source: Source) -> Located:
    """`finding` with lines, columns, byte offsets and more that only the source can tell."""
    start, end = source.position(finding.span.start), source.position(finding.span.end)
    fixing = sorted(set(finding.fix.edits), key=lambda edit: edit.span) if finding.fix else []
    edits = tuple(
        EditBytes(
            source.byte_offset(edit.span.start),
            source.byte_offset(edit.span.end),
            edit.text,
            source.position(edit.span.start),
            source.position(edit.span.end),
        )
        for edit in fixing
    )
    return Located(
        finding,
        start,
        end,
        edits,
        tuple(source.lines[start.line - 1 : end.line]),
        source.once(_line_hashes)[start.line],
        source.encoding,
        _around([(start, end), *((edit.first, edit.last) for edit in edits)], source.lines),
    )


def _around(
    touched: Iterable[tuple[Position, Position]], lines: Sequence[str]
) -> tuple[Excerpt, ...]:
    """The lines that are touched, with some before and after; what meets is one excerpt."""
    ranges: list[list[int]] = []
    for start, end in sorted(touched):
        first, last = max(0, start.line - 1 - _CONTEXT), end.line + _CONTEXT
        if ranges and first <= ranges[-1][1]:
            ranges[-1][1] = max(ranges[-1][1], last)
        else:
            ranges.append([first, last])
    return tuple(Excerpt(first + 1, tuple(lines[first:last])) for first, last in ranges)


def _line_hashes(source: Source) -> LineHashes:
    return LineHashes(source.to_bytes())
