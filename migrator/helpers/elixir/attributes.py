"""Module attributes: what they are called, and the texts of those that document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import arguments, is_local

if TYPE_CHECKING:
    from migrator.languages.elixir import Node

_DOCS = ("doc", "moduledoc", "typedoc", "shortdoc")


def attribute_name(node: Node) -> str | None:
    """`name` for `@name` and `@name value`."""
    if node.kind != "unary_operator" or not node.text.startswith("@"):
        return None
    operand = node.child("operand")
    if operand is not None and operand.kind == "call":
        operand = operand.child("target")
    return operand.text if operand is not None and operand.kind == "identifier" else None


def value_set(node: Node) -> Node | None:
    """The one value that `@name value` sets."""
    operand = node.child("operand")
    given = arguments(operand) if operand is not None and operand.kind == "call" else []
    return given[0] if len(given) == 1 else None


def is_doc(node: Node) -> bool:
    """Whether `node` is the text of `@doc`, `@moduledoc` or the like."""
    if node.kind not in ("string", "sigil"):
        return False
    call = node.parent.parent if node.parent is not None else None
    return (
        call is not None
        and is_local(call, *_DOCS)
        and call.parent is not None
        and attribute_name(call.parent) is not None
        and arguments(call) == [node]
    )
