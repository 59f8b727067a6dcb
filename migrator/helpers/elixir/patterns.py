"""Whether a place is in a pattern, where names are bound, or in an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import arguments, is_local, operator

if TYPE_CHECKING:
    from migrator.languages.elixir import Node

DEFINITIONS = ("def", "defp", "defmacro", "defmacrop")
_ATTRIBUTES_OF_TYPES = frozenset({"type", "typep", "opaque", "spec", "callback", "macrocallback"})
# Macros whose first argument is a pattern.
_MATCHERS = (
    "match?",
    "assert_receive",
    "assert_received",
    "refute_receive",
    "refute_received",
)
_CONTAINERS = frozenset(
    {
        "tuple",
        "list",
        "map",
        "map_content",
        "keywords",
        "pair",
        "struct",
        "bitstring",
        "arguments",
        "block",
    }
)


def is_pattern(node: Node) -> bool:
    """Whether `node` stands in a pattern."""
    child = node
    for parent in node.up():
        if parent.kind == "binary_operator":
            sign = operator(parent)
            is_left = parent.child("left") is child
            if sign in ("=", "<-") and is_left:
                return True
            if (sign == "when" and not is_left) or (sign in ("\\\\", "<-") and not is_left):
                return False
            if sign in ("==", "===", "!=", "!==", "|>", "&&", "||", "and", "or", "in"):
                return False
        elif parent.kind == "stab_clause":
            return parent.child("left") is child and not _is_cond(parent)
        elif parent.kind == "call":
            if is_local(parent, *_MATCHERS):
                return _argument(parent, node) == 0
            return _is_head(parent)
        elif parent.kind not in _CONTAINERS:
            return False
        child = parent
    return False


def _is_cond(clause: Node) -> bool:
    around = clause.parent
    return around is not None and around.kind == "do_block" and is_local(around.parent, "cond")


def _argument(call: Node, node: Node) -> int | None:
    """Which argument of `call` holds `node`, from 0."""
    for place, argument in enumerate(arguments(call)):
        if argument.span.start <= node.span.start < argument.span.end:
            return place
    return None


def _is_head(call: Node) -> bool:
    """Whether `call` is the head of a definition, `f(a)` of `def f(a) do`."""
    return definition_of(call) is not None


def definition_of(head: Node) -> Node | None:
    """The `def` that `head` is the head of, with or without a guard."""
    node = head
    parent = node.parent
    if parent is not None and parent.kind == "binary_operator" and operator(parent) == "when":
        if parent.child("left") is not node:
            return None
        node, parent = parent, parent.parent
    call = parent.parent if parent is not None and parent.kind == "arguments" else None
    if call is not None and is_local(call, *DEFINITIONS) and arguments(call)[:1] == [node]:
        return call
    return None


def unguarded(head: Node) -> Node:
    """What a definition has as its head, without its guard."""
    left = head.child("left") if operator(head) == "when" else None
    return head if left is None else left


def head_of(definition: Node) -> tuple[str, int, int] | None:
    """The name of what a `def` defines, and the least and the most arguments that it takes."""
    given = arguments(definition)
    head = given[0] if given else None
    if head is not None and head.kind == "binary_operator" and operator(head) == "when":
        head = head.child("left")
    if head is None or head.kind not in ("call", "identifier"):
        return None
    if head.kind == "identifier":
        return head.text, 0, 0
    target = head.child("target")
    if target is None or target.kind != "identifier":
        return None
    parameters = arguments(head)
    defaults = sum(
        1 for node in parameters if node.kind == "binary_operator" and operator(node) == "\\\\"
    )
    return target.text, len(parameters) - defaults, len(parameters)


def in_guard(node: Node) -> bool:
    """Whether `node` stands behind `when`, or in what `defguard` defines."""
    child = node
    for around in node.up():
        if around.kind == "binary_operator" and operator(around) == "when":
            return around.child("right") is child
        if around.kind in ("do_block", "body") or is_local(around, *DEFINITIONS):
            return False
        child = around
    return False


def in_type(node: Node) -> bool:
    """Whether `node` stands in a typespec."""
    for around in node.up():
        if around.kind == "unary_operator" and operator(around) == "@":
            return is_typespec(around)
        if around.kind in ("do_block", "stab_clause", "anonymous_function"):
            return False
    return False


def is_typespec(node: Node) -> bool:
    """Whether `node` is the attribute `@type`, `@spec` or the like."""
    operand = node.child("operand") if operator(node) == "@" else None
    target = operand.child("target") if operand is not None else None
    return target is not None and target.text in _ATTRIBUTES_OF_TYPES
