"""What a printer needs of a finding and only its source can tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.languages import language
from migrator.model import EditBytes, Excerpt, Finding, Located, Source, in_order
from migrator.model.fingerprint import LineHashes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from migrator.model import Position, Span

_CONTEXT = 2


def locate(finding: Finding, source: Source, scopes: Mapping[int, str] | None = None) -> Located:
    """`finding` with lines, columns, byte offsets and more that only the source can tell.

    `scopes` names what stands around an offset in characters.
    """
    start, end = source.position(finding.span.start), source.position(finding.span.end)
    fixing = in_order(finding.fix.edits) if finding.fix else []
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
        (scopes or {}).get(finding.span.start, ""),
    )


def scopes_at(offsets: Collection[int], source: Source) -> dict[int, str]:
    """What stands around each of `offsets`, outermost first, with dots between."""
    if not offsets:
        return {}
    named = sorted(
        language(source.language).enclosing(source), key=lambda one: (one[0].start, -one[0].end)
    )
    found: dict[int, str] = {}
    around: list[tuple[Span, str]] = []
    place = 0
    for offset in sorted(offsets):
        while place < len(named) and named[place][0].start <= offset:
            around.append(named[place])
            place += 1
        around = [one for one in around if offset < one[0].end]
        found[offset] = ".".join(name for _, name in around)
    return found


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
