"""Maps and keyword lists as they are written, and which of them are steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator import Span
from migrator.helpers.elixir.attributes import attribute_name
from migrator.helpers.elixir.calls import (
    arguments,
    atom_of,
    is_local,
    key_name,
    name_of,
    operator,
    pairs,
    receiver,
    text_in,
)
from migrator.helpers.elixir.patterns import is_pattern
from migrator.helpers.elixir.variables import variables

from .context import below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from .meaning import Meaning

#: Keys that make a mapping a step.
MARKS = ("type", "provider")
STEPS = "steps"
HOLDERS = frozenset({STEPS, "parallel", "branches"})
# `type` says something else in a schema of options.
_OTHER_TYPES = frozenset(
    {
        "any", "array", "atom", "boolean", "float", "integer", "keyword_list", "list", "map",
        "module", "non_empty_keyword_list", "non_neg_integer", "null", "number", "object", "pid",
        "pos_integer", "string",
    }
)  # fmt: skip


# What may end with keywords that are no list of their own.
_ENDED = ("arguments", "tuple")


@dataclass(frozen=True)
class Entry:
    """A key and its value; `name` is the node with the key's name, `node` the whole entry."""

    key: str
    name: Node
    value: Node
    node: Node


def mappings(meaning: Meaning) -> Iterator[Node]:
    """The maps, keyword lists and keywords at the end of arguments and tuples of a file."""
    for node in meaning.tree.of("keywords", "list", "map"):
        if node.kind == "map" or (node.kind == "list" and entries(node)):
            yield node
        elif node.kind == "keywords" and node.parent is not None:
            if node.parent.kind in _ENDED:
                yield node


def entries(mapping: Node) -> list[Entry]:
    """The entries of a map or keyword list; `{key, value}` in a list is one."""
    found = [Entry(*pair) for pair in pairs(mapping)]
    if mapping.kind == "list":
        for child in mapping.children:
            if child.kind == "tuple" and len(child.children) == 2:
                first, second = child.children
                name = key_name(first)
                if name is not None and (key := text_of(first)) is not None:
                    found.append(Entry(key, name, second, child))
    return found


def entry(mapping: Node, key: str) -> Entry | None:
    """The entry of `mapping` under `key`."""
    return next((one for one in entries(mapping) if one.key == key), None)


def text_of(node: Node | None) -> str | None:
    """The text of a plain string or the name of an atom."""
    if node is None:
        return None
    return text_in(node) if node.kind == "string" else atom_of(node)


def holders(node: Node) -> Iterator[tuple[Node, str]]:
    """The mappings around `node`, innermost first, each with the key that `node` stands under."""
    key, child = "", node
    for around in node.up():
        if around.kind == "pair" or (around.kind == "binary_operator" and operator(around) == "=>"):
            left = around.child("key") or around.child("left")
            name = key_name(left) if left is not None else None
            key = name.text.strip(':"').rstrip().removesuffix(":") if name is not None else ""
        elif (
            around.kind == "map"
            or (
                around.kind == "keywords"
                and around.parent is not None
                and around.parent.kind in _ENDED
            )
            or (around.kind == "list" and key and child.kind in ("keywords", "tuple"))
        ):
            yield around, key
        elif around.kind == "tuple":
            first = around.children[0] if around.children else None
            key = text_of(first) or key
        elif around.kind in ("do_block", "body", "stab_clause", "call"):
            return
        child = around


def why_step(meaning: Meaning, mapping: Node) -> str | None:
    """Why `mapping` is a step or stands inside one; `None` where nothing shows it."""
    if reason := _own(meaning, mapping):
        return reason
    for holder, key in holders(mapping):
        if key == STEPS:
            return f"it stands under `{STEPS}` at line {meaning.line(holder)}"
        if reason := _own(meaning, holder):
            return reason
    return _named_steps(meaning, mapping)


def _own(meaning: Meaning, mapping: Node) -> str | None:
    for one in entries(mapping):
        if one.key in MARKS and not (one.key == "type" and text_of(one.value) in _OTHER_TYPES):
            return f"the mapping at line {meaning.line(mapping)} is a step: it has `{one.key}`"
    return None


def _named_steps(meaning: Meaning, mapping: Node) -> str | None:
    """`steps = [...]` and `@steps [...]`."""
    child = mapping
    for around in mapping.up():
        if around.kind == "binary_operator" and operator(around) == "=":
            left = around.child("left")
            if left is not None and left is not child and left.text == STEPS:
                return f"it is a part of `{STEPS}`, set at line {meaning.line(around)}"
            return None
        if attribute_name(around) == STEPS:
            return f"it is a part of `@{STEPS}`, set at line {meaning.line(around)}"
        if around.kind not in ("list", "arguments", "call", "tuple", "map", "map_content"):
            return None
        if around.kind == "call" and not is_local(around, STEPS):
            return None
        child = around
    return None


def leads_to_step(meaning: Meaning, node: Node | None) -> str | None:
    """Why the expression `node` is a step: a literal, or a variable that holds one."""
    if node is None:
        return None
    if node.kind in ("map", "list"):
        return why_step(meaning, node)
    if node.kind == "identifier":
        return _variable(meaning, node)
    if node.kind == "binary_operator" and operator(node) == "|>":
        return leads_to_step(meaning, node.child("left"))
    if node.kind == "call" and name_of(node) in ("put", "put_new", "merge", "delete"):
        given = arguments(node)
        return leads_to_step(meaning, given[0]) if given and receiver(node) is not None else None
    return None


def _variable(meaning: Meaning, node: Node) -> str | None:
    """What the variable was last bound to before `node`: each binding must show a step."""
    function = next((one for one in node.up() if is_local(one, "def", "defp", "test")), None)
    if function is None:
        return None
    reason = None
    before = Span(function.span.start, node.span.start)
    named = variables(meaning.source).chosen(_is_side, node.text, before)
    for one in dict.fromkeys(name.parent for name in named if name.parent is not None):
        left, right = one.child("left"), one.child("right")
        if right is not None and right.kind == "identifier" and right.text == node.text:
            if left is not None and left.kind == "map" and is_pattern(left):
                reason = why_step(meaning, left)
            continue
        if left is None or left.kind != "identifier" or left.text != node.text:
            continue
        if right is None or right.span.end > node.span.start:
            continue
        if operator(one) == "=":
            known = reason if _is_made_of(right, node.text) else None
            reason = leads_to_step(meaning, right) if right.kind != "call" or not known else known
        elif operator(one) == "<-":
            reason = _steps_of(meaning, right)
    return reason


def _is_side(name: Node) -> bool:
    """Whether `name` is one side of an operator, as it is where it is bound or taken apart."""
    return name.parent is not None and name.parent.kind == "binary_operator"


def _is_made_of(node: Node, name: str) -> bool:
    return any(one.kind == "identifier" and one.text == name for one in below(node))


def _steps_of(meaning: Meaning, node: Node) -> str | None:
    """Why each item of `node` is a step."""
    if node.kind == "call" and name_of(node) == STEPS and receiver(node) is not None:
        return f"it is one of `{node.text}`, at line {meaning.line(node)}"
    if node.kind == "access_call" and text_of(node.child("key")) == STEPS:
        return f"it is one of `{node.text}`, at line {meaning.line(node)}"
    return None
