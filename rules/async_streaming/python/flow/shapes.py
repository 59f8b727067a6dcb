"""The shapes of events in code: their tags, and how their parts are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.literals import text_of

if TYPE_CHECKING:
    from collections.abc import Collection

CHUNK, COMPLETE = "chunk", "complete"
LEGACY_TAGS = {CHUNK: "delta", COMPLETE: "done"}
CURRENT_TAGS = frozenset(LEGACY_TAGS.values())
ALL_TAGS = CURRENT_TAGS | LEGACY_TAGS.keys()


def is_sequence(node: cst.BaseExpression) -> bool:
    """Whether `node` is `tuple` or `list`."""
    return isinstance(node, cst.Name) and node.value in ("tuple", "list")


def attribute_called(node: cst.CSTNode) -> str | None:
    """The method that the call `node` calls, by its last name."""
    func = node.func if isinstance(node, cst.Call) else None
    return func.attr.value if isinstance(func, cst.Attribute) else None


def key_of(node: cst.Subscript) -> str | None:
    """The string that `node` subscripts with."""
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        return string_of(node.slice[0].slice.value)
    return None


def index_of(node: cst.Subscript) -> int | None:
    """The integer that `node` subscripts with."""
    if len(node.slice) != 1 or not isinstance(node.slice[0].slice, cst.Index):
        return None
    value = node.slice[0].slice.value
    sign = 1
    if isinstance(value, cst.UnaryOperation) and isinstance(value.operator, cst.Minus):
        sign, value = -1, value.expression
    return sign * int(value.value, 0) if isinstance(value, cst.Integer) else None


def string_of(node: cst.CSTNode) -> str | None:
    """The text of a plain string literal."""
    return text_of(node) if isinstance(node, cst.SimpleString) else None


def tags_of(pattern: cst.CSTNode) -> list[cst.SimpleString]:
    """The string literals that the tag's pattern names, alternatives and `as` included."""
    if isinstance(pattern, cst.MatchSequenceElement):
        return tags_of(pattern.value)
    if isinstance(pattern, cst.MatchValue):
        value = pattern.value
        named = isinstance(value, cst.SimpleString) and string_of(value) is not None
        return [value] if named and isinstance(value, cst.SimpleString) else []
    if isinstance(pattern, cst.MatchAs) and pattern.pattern:
        return tags_of(pattern.pattern)
    if isinstance(pattern, cst.MatchClass) and len(pattern.patterns) == 1:
        is_text = isinstance(pattern.cls, cst.Name) and pattern.cls.value == "str"
        return tags_of(pattern.patterns[0]) if is_text and not pattern.kwds else []
    if isinstance(pattern, cst.MatchOr):
        return [tag for option in pattern.patterns for tag in tags_of(option.pattern)]
    return []


def event_tag(
    node: cst.Tuple | cst.List, tags: Collection[str] = LEGACY_TAGS
) -> cst.SimpleString | None:
    """The tag, a legacy one if `tags` are no others, that begins a tuple of an event's shape."""
    if len(node.elements) != 2 or isinstance(node.elements[0], cst.StarredElement):
        return None
    first = node.elements[0].value
    if isinstance(first, cst.SimpleString) and string_of(first) in tags:
        return first
    return None


def part_unpacked(pair: cst.Tuple | cst.List, position: int) -> int | None:
    """Which part of an event that is unpacked into `pair` goes to the name at `position`."""
    stars = _stars(pair)
    if not stars:
        return position if len(pair.elements) == 2 else None
    return position if position < stars[0] else position + 2 - len(pair.elements)


def _stars(display: cst.Tuple | cst.List) -> list[int]:
    return [
        at for at, element in enumerate(display.elements) if isinstance(element, cst.StarredElement)
    ]
