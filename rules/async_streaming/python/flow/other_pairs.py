"""Pairs that the file itself writes, and that are no events, though a tag comes with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from ..reading.contents import items, looped_over
from ..reading.held import value_of
from .shapes import ALL_TAGS, string_of

if TYPE_CHECKING:
    from migrator.helpers.python.scopes import Binding

    from ..reading.meaning import Meaning
    from .subjects import Key


def is_another(meaning: Meaning, key: Key) -> bool:
    """Whether all that is behind `key` is written in this file, and none of it can be an event."""
    kind, behind = key
    if kind == "loop":
        assert isinstance(behind, cst.CSTNode)
        given = list(_looped(meaning, behind))
    else:
        bindings = behind if kind == "name" else ()
        assert isinstance(bindings, Iterable)
        given = [value for binding in bindings for value in _given(meaning, binding)]
    return bool(given) and all(map(_is_no_event, given))


def _given(meaning: Meaning, binding: Binding) -> Iterable[cst.BaseExpression | None]:
    if binding.kind == "for":
        return _looped(meaning, binding.node)
    return [value_of(meaning, binding)]


def _looped(meaning: Meaning, target: cst.CSTNode) -> Iterable[cst.BaseExpression | None]:
    looped = looped_over(meaning, target)
    return [None] if looped is None else items(meaning, *looped)


def _is_no_event(value: cst.BaseExpression | None) -> bool:
    """Whether `value` is known to be no tag beside a text."""
    if not isinstance(value, (cst.List, cst.Tuple)):
        return False
    parts = [element.value for element in value.elements]
    if any(isinstance(element, cst.StarredElement) for element in value.elements):
        return False
    tag = string_of(parts[0]) if parts else None
    is_other_tag = tag is not None and tag not in ALL_TAGS
    return len(parts) != 2 or is_other_tag or isinstance(parts[1], cst.BaseNumber)
