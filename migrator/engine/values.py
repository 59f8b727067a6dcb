"""Values of the model as bytes, and back: plain JSON in which each value says what it is.

Only values of the types below can be made, by their fields alone, whatever the bytes are. A long
text is written once, however often it occurs: every finding brings the lines around it, and a line
may have thousands of findings.
"""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from migrator.engine.checked import Checked, Directive
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
    from collections.abc import Callable, Iterable, Sequence

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
_SHORT = 100  # characters: a text that is not worth being written once


def encoded(value: Any) -> bytes:
    """`value` as bytes; raises `TypeError` where some of it is of another type."""
    texts: dict[str, int] = {}
    tree = _tree(value, texts)
    return json.dumps([list(texts), tree], separators=(",", ":")).encode("ascii")


def decoded(data: bytes) -> Any:
    """The value that was encoded; raises `ValueError` where there was none."""
    try:
        texts, tree = json.loads(data)
        if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
            raise ValueError("what stands in front are no texts")
        return _value(tree, texts)
    except (TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise ValueError(str(error)) from None


def _tree(value: Any, texts: dict[str, int]) -> Any:
    """`value` as a tree in which a number stands for each of `texts`, which grow."""
    kind: type = type(value)
    if kind is str and len(value) > _SHORT:
        return {"text": texts.setdefault(value, len(texts))}
    if kind in _PLAIN:
        return value
    if kind is tuple:
        return _trees(value, texts)
    if kind is bytes:
        return {"bytes": value.decode("latin-1")}
    if kind is dict:
        return {"dict": [[_tree(key, texts), _tree(one, texts)] for key, one in value.items()]}
    if kind is frozenset:
        return {"set": _trees(sorted(value, key=encoded), texts)}
    name = kind.__name__
    if name not in _TYPES or _TYPES[name] is not kind:
        raise TypeError(f"{name} is no type of the model")
    if issubclass(kind, Enum):
        return {name: [value.value]}
    return {name: _trees(_PARTS[name](value), texts)}


def _trees(values: Iterable[Any], texts: dict[str, int]) -> list[Any]:
    # Most are short or plain: to ask that here costs half of what a call does.
    return [
        one
        if (len(one) <= _SHORT if one.__class__ is str else one.__class__ in _PLAIN)
        else _tree(one, texts)
        for one in values
    ]


def _value(tree: Any, texts: Sequence[str]) -> Any:
    if isinstance(tree, list):
        return _values(tree, texts)
    if not isinstance(tree, dict):
        return tree
    ((kind, parts),) = tree.items()
    if kind == "text":
        return texts[parts]
    if kind == "bytes":
        return parts.encode("latin-1")
    if kind == "dict":
        return {_value(key, texts): _value(one, texts) for key, one in parts}
    if kind == "set":
        return frozenset(_values(parts, texts))
    return _TYPES[kind](*_values(parts, texts))


def _values(trees: Iterable[Any], texts: Sequence[str]) -> tuple[Any, ...]:
    return tuple([one if one.__class__ in _PLAIN else _value(one, texts) for one in trees])
