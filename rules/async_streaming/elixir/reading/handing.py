"""Which calls are handed an event: whole, by its name, or as it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import all_arguments, atom_of, bare, operator

from .context import parameters
from .shapes import TAGS

if TYPE_CHECKING:
    from migrator.languages.elixir import Node


# The tags of events as they are written, before and after.
_WRITTEN = frozenset({*(f":{tag}" for tag in TAGS), *TAGS.values()})


def is_event(node: Node) -> bool:
    """Whether a tuple is an event as it is written, of the legacy API or, moved, of the current."""
    parts = node.children
    return len(parts) == 2 and f":{atom_of(parts[0])}" in _WRITTEN


def handed_to(node: Node) -> Node | None:
    """The call that `node` is an argument of, by a pipe too."""
    parent = node.parent
    if parent is not None and parent.kind == "binary_operator" and operator(parent) == "|>":
        call = parent.child("right")
        return call if call is not None and call.kind == "call" and call is not node else None
    call = parent.parent if parent is not None and parent.kind == "arguments" else None
    return call if call is not None and call.kind == "call" else None


def passed_on(function: Node) -> Node | None:
    """The call that is all that `function` does: `on(event)` of `fn event -> on(event) end`."""
    if function.kind == "unary_operator":
        code, event = function.child("operand"), "&1"
    else:
        clause = function.children[0] if len(function.children) == 1 else None
        given = parameters(clause) if clause is not None else []
        right = clause.child("right") if clause is not None else None
        if len(given) != 1 or given[0].kind != "identifier" or right is None:
            return None
        code = right.children[0] if len(right.children) == 1 else None
        event = given[0].text
    code = bare(code) if code is not None else None
    if code is not None and code.kind == "binary_operator" and operator(code) == "|>":
        code = code.child("right")
    if code is None or code.kind != "call":
        return None
    return code if [one.text for one in all_arguments(code)] == [event] else None
