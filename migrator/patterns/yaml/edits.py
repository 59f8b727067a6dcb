"""What becomes of the value at a path: edits in the style of what stands there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.languages.yaml import Mapping, Node, Scalar, Sequence, comments
from migrator.model import Edit, Source, Span

if TYPE_CHECKING:
    from migrator.patterns.yaml.paths import Place

# Plain, this stays one scalar; with a colon in it, behind a letter: `12:30` may be a number.
_PLAIN = re.compile(r"[A-Za-z0-9_./+@-][\w ./+@${}-]*|[A-Za-z_](?:[\w ./+@${}-]|:(?=[\w./+@-]))*")
_BRACE = re.compile(r"[{}]")
_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)")
_REST_IN_FLOW = re.compile(r"[ \t]*,?[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)")
# What YAML 1.1, if not 1.2, takes for something else than a text.
_NO_TEXT = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null|~)|[-+]?\.?\d[\w.:+-]*")
_DASH = re.compile(r"[ \t]*-[ \t]+\Z")


def respelled(
    source: Source, scalar: Scalar, text: str, *, in_flow: bool = False, is_name: bool = False
) -> tuple[Edit, ...]:
    """Write `text` in place of what `scalar` says, in its quotes; so that it stays a text, where it
    `is_name`.
    """
    if scalar.style in ("|", ">") or "\n" in text:
        return ()
    if scalar.style == "'":
        text = text.replace("'", "''")
    elif scalar.style == '"':
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    elif (
        not _PLAIN.fullmatch(text)
        or text.endswith(" ")
        or (in_flow and _BRACE.search(text))
        or (is_name and _NO_TEXT.fullmatch(text))
    ):
        text = f"'{text.replace(chr(39), chr(39) * 2)}'"
    return (Edit(source.path, scalar.written, text),)


def taken_out(source: Source, place: Place) -> tuple[Edit, ...]:
    """Take the pair or the item at `place` out; nothing where that leaves an empty collection."""
    if place.mapping is not None and place.pair is not None:
        starts = [key.span.start for key, _ in place.mapping.pairs]
        ends = [max(key.span.end, value.span.end) for key, value in place.mapping.pairs]
        at = place.mapping.pairs.index(place.pair)
        return _cut(source, place.mapping, starts, ends, at)
    if place.sequence is not None:
        starts = [item.span.start for item in place.sequence.items]
        ends = [item.span.end for item in place.sequence.items]
        at = next(number for number, item in enumerate(place.sequence.items) if item is place.node)
        return _cut(source, place.sequence, starts, ends, at)
    return ()


def _cut(
    source: Source, holder: Mapping | Sequence, starts: list[int], ends: list[int], at: int
) -> tuple[Edit, ...]:
    if len(starts) == 1:
        return ()
    text = source.text
    if holder.flow:
        first = source.line_span(source.position(starts[at]).line).start
        lines = _REST_IN_FLOW.match(text, ends[at])
        if lines is not None and not text[first : starts[at]].strip():
            return (Edit(source.path, Span(first, lines.end()), ""),)
        cut = Span(starts[at], starts[at + 1]) if at + 1 < len(starts) else None
        cut = cut or Span(ends[at - 1], ends[at])
        is_said = any(cut.start <= one.start < cut.end for one in comments(source))
        return () if is_said else (Edit(source.path, cut, ""),)
    last = starts[at] + len(text[starts[at] : ends[at]].rstrip())
    rest = _REST_OF_LINE.match(text, last)
    line = source.line_span(source.position(starts[at]).line)
    before = text[line.start : starts[at]]
    if rest is None:
        return ()
    is_item = isinstance(holder, Sequence)
    if not before.strip() or (is_item and _DASH.fullmatch(before)):
        return (Edit(source.path, Span(line.start, rest.end()), ""),)
    if at + 1 < len(starts) and _DASH.search(before):
        between = text[rest.end() : starts[at + 1]]
        if not between.strip():
            return (Edit(source.path, Span(starts[at], starts[at + 1]), ""),)
    return ()


def aliased(node: Node, anchored: tuple[Node, ...]) -> bool:
    """Whether `node` stands in something that is used in a second place by an alias."""
    return any(
        one.span.start <= node.span.start and node.span.end <= one.span.end for one in anchored
    )
