"""Verbs for rules that look at YAML: texts read, names and pairs written."""

from __future__ import annotations

import re

from migrator.languages.yaml import (
    BLOCKS,
    Alias,
    Mapping,
    Node,
    Scalar,
    Sequence,
    children,
    is_text,
    resolved,
)
from migrator.model import Edit, Source, Span

_LINE_END = re.compile(r"\r\n|\r|\n")
_REST_OF_LINE = re.compile(r"[ \t]*(?:(?<=[ \t])#[^\r\n]*)?(?=[\r\n]|\Z)")
_BETWEEN = re.compile(r"( *):([ \t]*)")
_COMMA = re.compile(r"\s*,")
_BLANKS = re.compile(r"[ \t]*(?=\})")


def text_of(node: Node) -> str | None:
    """What a scalar says, or the one an alias stands for; `None` where a tag makes it else."""
    node = resolved(node)
    return node.value if isinstance(node, Scalar) and is_text(node) else None


def line_of(node: Node) -> str | None:
    """As `text_of`, and `None` for a block scalar, which is text for people."""
    node = resolved(node)
    is_block = isinstance(node, Scalar) and node.style in BLOCKS
    return None if is_block else text_of(node)


def respell(source: Source, scalar: Scalar, old: str, new: str) -> Edit:
    """Replace `old` by `new` where `scalar` spells it out, else all that is between its quotes."""
    start, end = scalar.written
    text = source.text[start:end]
    if text == scalar.value:
        at = start + text.index(old)
    elif scalar.style in BLOCKS:
        at = start + text.rindex(old)  # the comment of its header may hold it too
    else:
        return Edit(source.path, scalar.written, scalar.value.replace(old, new, 1))
    return Edit(source.path, Span(at, at + len(old)), new)


def add_after(
    source: Source, mapping: Mapping, pair: tuple[Node, Node], key: str, value: str
) -> tuple[Edit, ...]:
    """Add `key: value` to `mapping` behind `pair`, in the style of that pair.

    No edits where the pair's indentation cannot be repeated, or its value would change.
    """
    first, last = pair
    quote = first.style if isinstance(first, Scalar) and first.style in ("'", '"') else ""
    end = max(first.span.end, last.span.end)
    name = f"{quote}{key}{quote}"
    added = f"{name}{_colon(source, pair, len(name), is_quoted=bool(quote))}{value}"
    if mapping.flow:
        return _in_flow(source, mapping, pair, end, added)
    indent = _indent(source, mapping, first)
    if indent is None:
        return ()
    line_end = _line_end(source, end)
    if end > 0 and source.text[end - 1] in "\r\n":
        return (Edit(source.path, Span(end, end), f"{indent}{added}{line_end}"),)
    rest = _REST_OF_LINE.match(source.text, end)
    if rest is None or _takes_line_end(source, last):
        return ()
    at = rest.end()
    return (Edit(source.path, Span(at, at), f"{line_end}{indent}{added}"),)


def _takes_line_end(source: Source, value: Node) -> bool:
    """Whether a line end behind `value` would be a part of it: of a block scalar, but for `>-`.

    That may be the last of what `value` holds.
    """
    last = _last(value)
    if not isinstance(last, Scalar) or last.style not in BLOCKS:
        return False
    header = _LINE_END.split(source.text[slice(*last.written)], maxsplit=1)[0]
    return "-" not in header.partition("#")[0]


def _last(node: Node) -> Node:
    """The node that is written last in a block, or `node` itself."""
    while isinstance(node, (Mapping, Sequence)) and not node.flow:
        parts = list(children(node))[-2:]
        if not parts:
            break
        # A value that nothing is written for ends where its key does.
        node = max(parts, key=lambda part: part.span.end)
    return node


def add_first(source: Source, mapping: Mapping, key: str, value: str) -> tuple[Edit, ...]:
    """Add `key: value` to `mapping`, which is written as empty braces and holds nothing."""
    begin = source.text.index("{", *mapping.span) + 1
    blanks = _BLANKS.match(source.text, begin)
    # What else may stand in them is a comment, or lines: those stay behind the pair.
    at = blanks.end() if blanks is not None else begin
    inside = source.text[begin:at] if blanks is not None else ""
    return (Edit(source.path, Span(at, at), f"{key}: {value}{inside}"),)


def _colon(source: Source, pair: tuple[Node, Node], width: int, *, is_quoted: bool) -> str:
    """What stands between key and value, so that colons or values which are aligned stay so."""
    start, end = pair[0].span.end, pair[1].span.start
    between = _BETWEEN.fullmatch(source.text, start, end)
    if between is None:
        return ": "
    before, after = between.groups()
    if isinstance(pair[0], Alias):
        before = ""  # it needs the blank, a plain key does not
    shorter = pair[0].span.end - pair[0].span.start - width
    if before:
        return f"{' ' * max(1, shorter + len(before))}:{after or ' '}"
    if len(after) > 1 and "\t" not in after:
        return ":" + " " * max(1, shorter + len(after))
    return f":{after}" if after or is_quoted else ": "


def _in_flow(
    source: Source, mapping: Mapping, pair: tuple[Node, Node], end: int, added: str
) -> tuple[Edit, ...]:
    comma_and = _comma(source, mapping, pair)
    if _is_without_braces(source, mapping):
        start = mapping.span.start
        return (
            Edit(source.path, Span(start, start), "{"),
            Edit(source.path, Span(end, end), f"{comma_and}{added}}}"),
        )
    indent = _line_of_its_own(source, mapping, pair)
    if indent is None:
        return (Edit(source.path, Span(end, end), f"{comma_and}{added}"),)
    line_end = _line_end(source, end)
    comma = _COMMA.match(source.text, end)
    if comma:
        end = comma.end()
    rest = _REST_OF_LINE.match(source.text, end)
    if rest is None:
        tail = "," if comma else ""
        return (Edit(source.path, Span(end, end), f"{'' if comma else ','} {added}{tail}"),)
    at = rest.end()
    if comma:
        return (Edit(source.path, Span(at, at), f"{line_end}{indent}{added},"),)
    line = f"{line_end}{indent}{added}"
    if at == end:
        return (Edit(source.path, Span(end, end), f",{line}"),)
    return (Edit(source.path, Span(end, end), ","), Edit(source.path, Span(at, at), line))


def _comma(source: Source, mapping: Mapping, pair: tuple[Node, Node]) -> str:
    """The comma in front of a further pair, and the blank behind it where the mapping has them."""
    between = [
        source.text[value.span.end : key.span.start]
        for (_, value), (key, _) in zip(mapping.pairs, mapping.pairs[1:], strict=False)
    ] or [source.text[pair[0].span.end : pair[1].span.start].replace(":", ",")]
    return "," if "," in between else ", "


def _is_without_braces(source: Source, mapping: Mapping) -> bool:
    """Whether `mapping` is a single pair in a flow sequence, `[key: value]`."""
    first = mapping.pairs[0][0]
    start = mapping.span.start
    return start == first.span.start or source.text[start] == "?"


def _line_of_its_own(source: Source, mapping: Mapping, pair: tuple[Node, Node]) -> str | None:
    """The indentation of `pair` where the pairs of a flow mapping stand one a line."""
    lines = {source.position(key.span.start).line for key, _ in mapping.pairs}
    start = pair[0].span.start
    line = source.line_span(source.position(start).line)
    before = source.text[line.start : start]
    alone = len(lines) == len(mapping.pairs) and not before.strip()
    opened = source.position(mapping.span.start).line
    if len(mapping.pairs) == 1 and source.position(mapping.span.end).line == opened:
        return None
    return before if alone else None


def _indent(source: Source, mapping: Mapping, key: Node) -> str | None:
    """Blanks that lead to the column of `key`, or of its `?` where it is explicit."""
    line = source.line_span(source.position(key.span.start).line)
    before = source.text[line.start : key.span.start]
    begins_with_it = mapping.pairs[0][0] is key and mapping.span.start == key.span.start
    if before.rstrip().endswith("?") and not begins_with_it:
        before = before.rstrip()[:-1]
    if "\t" in before:
        return None
    return " " * len(before)


def _line_end(source: Source, at: int) -> str:
    """The line end that follows `at`, else the first of the file."""
    match = _LINE_END.search(source.text, at) or _LINE_END.search(source.text)
    return match[0] if match else "\n"
