"""What only a text can be: where a current event brings a map there, the code is a legacy one's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import is_local, name_of, operator, receiver
from migrator.helpers.elixir.variables import variables

from ..reading.handing import handed_to
from ..reading.shapes import compared_with

if TYPE_CHECKING:
    from migrator.languages.elixir import Node

    from ..reading.meaning import Meaning

_TEXTS = frozenset({"bitstring", "string"})
_OF_TEXTS = ("byte_size", "is_binary", "is_bitstring")
_WRITES = frozenset({"binwrite", "puts", "write"})
_MAPS = ("flat_map", "map")


def is_text(meaning: Meaning, pattern: Node, function: Node) -> bool:
    """Whether what `pattern` takes in `function` is a text: by itself, or by how its name is used.

    A map in such a place would raise an error.
    """
    if pattern.kind in _TEXTS or operator(pattern) == "<>":
        return True
    return pattern.kind == "identifier" and any(
        is_used_as_text(meaning, use)
        for use in variables(meaning.source).named(pattern.text, function.span)
    )


def is_used_as_text(meaning: Meaning, use: Node) -> bool:
    """Whether the value of `use` is used as a text, or the list that it is an item of as texts."""
    around = use.parent
    # Texts are written in lists as well.
    written = around if around is not None and around.kind == "list" else use
    if _is_written(meaning, written) or _is_written(meaning, use):
        return True
    if around is not None and (around.kind == "interpolation" or operator(around) == "<>"):
        return True
    value = _whole(use)
    items = _items_of(meaning, value)
    if items is not None:
        call = handed_to(items)
        is_joined = call is not None and name_of(call) == "join"
        return is_joined or _is_written(meaning, items) or _is_compared(items, "list")
    return _is_compared(value, "string")


def _is_written(meaning: Meaning, node: Node) -> bool:
    call = handed_to(node)
    if call is None:
        return False
    module = meaning.names.name(receiver(call))
    if module == "IO" and name_of(call) in _WRITES:
        return True
    return module == "String" or is_local(call, *_OF_TEXTS)


def _whole(node: Node) -> Node:
    """The pipe that `node` ends, or `node` itself."""
    around = node.parent
    if around is not None and operator(around) == "|>" and around.child("right") is node:
        return around
    return node


def _items_of(meaning: Meaning, item: Node) -> Node | None:
    """The list of which `item` makes the items: by `Enum.map` or `for`."""
    around = item.parent
    if around is None:
        return None
    if around.kind == "pair":
        loop = next((one for one in around.up() if one.kind == "call"), None)
        return loop if is_local(loop, "for") else None
    function: Node | None = None
    if around.kind == "unary_operator" and operator(around) == "&":
        function = around
    elif around.kind == "body" and around.children[-1] is item and around.parent is not None:
        function = around.parent.parent
    elif around.kind == "do_block" and is_local(around.parent, "for"):
        return around.parent if around.children[-1] is item else None
    call = handed_to(function) if function is not None else None
    if call is None or name_of(call) not in _MAPS:
        return None
    return _whole(call) if meaning.names.name(receiver(call)) in ("Enum", "Stream") else None


def _is_compared(value: Node, kind: str) -> bool:
    """Whether `value` is compared with a text (a "string"), or with a "list" that holds one."""
    for other in compared_with(value):
        texts = other.children if kind == "list" else [other]
        if other.kind == kind and any(one.kind == "string" for one in texts):
            return True
    return False
