"""Values of the model as bytes, and back: plain JSON in which each value says what it is.

Only values of the types below can be made, by their fields alone, whatever the bytes are.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from migrator.engine.check import Checked
from migrator.engine.suppress import Directive
from migrator.model import (
    Applicability,
    Edit,
    EditBytes,
    Excerpt,
    Fact,
    Finding,
    Fix,
    Located,
    Position,
    Severity,
    Span,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_TYPES: dict[str, Callable[..., Any]] = {
    one.__name__: one
    for one in (
        Applicability,
        Checked,
        Directive,
        Edit,
        EditBytes,
        Excerpt,
        Fact,
        Finding,
        Fix,
        Located,
        Position,
        Severity,
        Span,
    )
}
#: What gives the parts of a value of each type.
_PARTS: dict[str, Callable[[Any], tuple[Any, ...]]] = {
    name: attrgetter(*(field.name for field in fields(one))) if is_dataclass(one) else tuple
    for name, one in _TYPES.items()
}
_PLAIN = frozenset((str, int, bool, type(None)))


def encoded(value: Any) -> bytes:
    """`value` as bytes; raises `TypeError` where some of it is of another type."""
    return json.dumps(_tree(value), separators=(",", ":")).encode("ascii")


def decoded(data: bytes) -> Any:
    """The value that was encoded; raises `ValueError` where there was none."""
    try:
        return _value(json.loads(data))
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(str(error)) from None


def _tree(value: Any) -> Any:
    kind: type = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple:
        return _trees(value)
    if kind is bytes:
        return {"bytes": value.decode("latin-1")}
    if kind is dict:
        return {"dict": [[_tree(key), _tree(one)] for key, one in value.items()]}
    if kind is frozenset:
        return {"set": sorted(_trees(value), key=json.dumps)}
    name = kind.__name__
    if name not in _TYPES or _TYPES[name] is not kind:
        raise TypeError(f"{name} is no type of the model")
    if issubclass(kind, Enum):
        return {name: [value.value]}
    return {name: _trees(_PARTS[name](value))}


def _trees(values: Iterable[Any]) -> list[Any]:
    # Most are plain: to ask that here costs half of what a call does.
    return [one if one.__class__ in _PLAIN else _tree(one) for one in values]


def _value(tree: Any) -> Any:
    if isinstance(tree, list):
        return _values(tree)
    if not isinstance(tree, dict):
        return tree
    ((kind, parts),) = tree.items()
    if kind == "bytes":
        return parts.encode("latin-1")
    if kind == "dict":
        return {_value(key): _value(one) for key, one in parts}
    if kind == "set":
        return frozenset(_values(parts))
    return _TYPES[kind](*_values(parts))


def _values(trees: Iterable[Any]) -> tuple[Any, ...]:
    return tuple([one if one.__class__ in _PLAIN else _value(one) for one in trees])
