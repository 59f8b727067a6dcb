"""String literals and dict displays: their values, and edits that keep how they are written."""

from __future__ import annotations

import ast
import re
import warnings
from typing import TYPE_CHECKING

import libcst as cst

from migrator.languages.python import parse
from migrator.model import Edit, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LINE_END = re.compile(r"\r\n|\r|\n")
_REST_OF_LINE = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?(?=\r|\n)")


def text_of(node: cst.CSTNode | None) -> str | None:
    """The value of a plain string literal, or of several side by side.

    `None` for bytes, f-strings and anything else.
    """
    if not isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
        return None
    texts: list[str] = []
    for literal in side_by_side(node):
        text = _text_of_one(literal)
        if text is None:
            return None
        texts.append(text)
    return "".join(texts)


def side_by_side(node: cst.BaseString) -> Iterator[cst.BaseString]:
    """The literals that `node` consists of: those side by side, or itself."""
    waiting: list[cst.BaseString] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, cst.ConcatenatedString):
            waiting += (one.right, one.left)
        else:
            yield one


def _text_of_one(node: cst.BaseString) -> str | None:
    if not isinstance(node, cst.SimpleString):
        return None
    prefix, raw = node.prefix.lower(), node.raw_value
    if "b" in prefix or "t" in prefix:
        return None
    if "\\" not in raw or "r" in prefix:
        return raw
    with warnings.catch_warnings():
        # An escape that Python does not know is the author's affair.
        warnings.simplefilter("ignore")
        try:
            value = ast.parse(node.value, mode="eval").body
        except (SyntaxError, ValueError):
            return None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def inside(source: Source, node: cst.SimpleString) -> Span:
    """The span between the quotes."""
    start, end = parse(source).spans[node]
    return Span(start + len(node.prefix) + len(node.quote), end - len(node.quote))


def respell(source: Source, node: cst.SimpleString | cst.ConcatenatedString, text: str) -> Edit:
    """Replace what stands between the quotes by `text`, which must need no escapes.

    Of several literals side by side the first is left, with all of it.
    """
    if isinstance(node, cst.ConcatenatedString):
        span, first = parse(source).spans[node], node.left
        quote = first.quote if isinstance(first, cst.SimpleString) else '"'
        return Edit(source.path, span, f"{quote}{text}{quote}")
    return Edit(source.path, inside(source, node), text)


def insert_after(
    source: Source, items: Sequence[cst.CSTNode], index: int, text: str
) -> tuple[Edit, ...]:
    """Add `text` behind the item at `index`, in the layout the items have.

    `items` are all the elements or arguments between two brackets. Where they stand one a line
    the new one does, and a comment stays with the item it follows.
    """
    spans, whole = parse(source).spans, source.text
    item = items[index]
    start, end = spans[item]
    before = spans[items[index - 1]] if index else None
    after = spans[items[index + 1]] if index + 1 < len(items) else None
    apart = (before is None or _breaks(whole, before.end, start)) and (
        after is None or _breaks(whole, end, after.start)
    )
    begins = _indent(whole, start)
    if not apart or (before is None and after is None and begins is None):
        return (Edit(source.path, Span(end, end), f", {text}"),)
    indent = begins if begins is not None else (after and _indent(whole, after.start)) or ""
    comma = getattr(item, "comma", None)
    has_comma = isinstance(comma, cst.Comma)
    stop = spans[comma].end if isinstance(comma, cst.Comma) else end
    rest = _REST_OF_LINE.match(whole, stop)
    if rest is None:
        return (Edit(source.path, Span(end, end), f",{_newline(whole, end)}{indent}{text}"),)
    line = f"{_newline(whole, rest.end())}{indent}{text}"
    if has_comma:
        return (Edit(source.path, Span(rest.end(), rest.end()), f"{line},"),)
    if rest.end() == end:
        return (Edit(source.path, Span(end, end), f",{line}"),)
    return (
        Edit(source.path, Span(end, end), ","),
        Edit(source.path, Span(rest.end(), rest.end()), line),
    )


def _breaks(text: str, start: int, end: int) -> bool:
    return _LINE_END.search(text, start, end) is not None


def _indent(text: str, start: int) -> str | None:
    """The blanks before `start`, if nothing else stands on its line before it."""
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    blanks = text[line:start]
    return blanks if not blanks.strip(" \t\f") else None


def _newline(text: str, start: int) -> str:
    """The line end that comes next, or else the first of the text."""
    found = _LINE_END.search(text, start) or _LINE_END.search(text)
    return found[0] if found else "\n"
