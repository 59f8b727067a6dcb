"""Where a part of a value comes from: what is written, names, parameters, and what calls give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import bare, operator, pairs

from ..reading.bindings import Kind, Step, binder, matched, part_of
from .functions import given_by
from .results import results
from .ways import Part, Ways, inside, parameter

if TYPE_CHECKING:
    from migrator.languages.elixir import Node

    from .calling import Calling

_NO_WAY = Ways(())


def leads(calling: Calling, part: Part) -> Ways:
    """What `part` is, or is a part of, one step further."""
    kind, path = part.kind, part.path
    node = bare(part.node)
    if kind is Kind.VALUE and path:
        if (within := part_of(node, path[0])) is not None:
            return Ways((Part(Kind.VALUE, within, path[1:]),))
        if (base := _updated(node)) is not None and path[0].kind == "key":
            return Ways((Part(kind, base, path),))
        if path[0].kind == "list":
            # Where in a list it stands does not show any more: it is one of its items.
            return Ways((Part(Kind.ITEM, node, path[1:]),))
    if node.kind == "identifier" or argument_place(node) is not None:
        return _by_name(calling, node, kind, path)
    if kind is Kind.ITEM and node.kind in ("list", "map"):
        return _items(node, path)
    if kind is Kind.ITEM and operator(node) in ("++", "--"):
        sides = node.children if operator(node) == "++" else node.children[:1]
        return Ways(tuple(Part(kind, one, path) for one in sides), is_any=True)
    branches = tuple(one for one in results(node) if one is not node)
    if branches:
        return Ways(tuple(Part(kind, one, path) for one in branches), is_any=kind is Kind.ITEM)
    call = node.child("right") if operator(node) == "|>" else node
    if call is None or call.kind not in ("access_call", "call"):
        return _NO_WAY
    ways = given_by(calling, call, kind, path)
    if ways is not None:
        return ways
    found = (Part(kind, one, path) for one in calling.results(call))
    entries = calling.stores.entries(call) if kind is Kind.ITEM else []
    return Ways((*found, *(Part(Kind.VALUE, one, path) for one in entries)))


def argument_place(node: Node) -> int | None:
    """The place of the parameter that `&1` or the like stands for."""
    operand = node.child("operand") if node.kind == "unary_operator" else None
    if operand is None or operator(node) != "&" or operand.kind != "integer":
        return None
    return int(operand.text) - 1


def is_capture(node: Node) -> bool:
    """Whether `node` is a function made by `&`, and not the `&1` in one."""
    operand = node.child("operand") if node.kind == "unary_operator" else None
    return operator(node) == "&" and operand is not None and operand.kind != "integer"


def _updated(node: Node) -> Node | None:
    """What `%{map | key: value}` is made from."""
    content = node.of("map_content") if node.kind == "map" else None
    first = content.children[0] if content is not None and content.children else None
    return first.child("left") if first is not None and operator(first) == "|" else None


def _items(node: Node, path: tuple[Step, ...]) -> Ways:
    """The items of a list or a map as it is written: of a map, and of keywords, they are pairs."""
    rests = [one for one in node.children if operator(one) == "|"]
    alone = [
        one
        for one in node.children
        if one not in rests and one.kind not in ("keywords", "map_content")
    ]
    found = [Part(Kind.VALUE, one, path) for one in alone]
    for one in rests if node.kind == "list" else ():
        left, right = one.child("left"), one.child("right")
        found += [Part(Kind.VALUE, left, path)] if left is not None else []
        found += [Part(Kind.ITEM, right, path)] if right is not None else []
    if path and path[0].kind == "tuple" and path[0].place == 1:
        found += (Part(Kind.VALUE, pair.value, path[1:]) for pair in pairs(node))
    # The rest of a list may well be empty.
    return Ways(tuple(found), is_any=bool(rests))


def _by_name(calling: Calling, name: Node, kind: Kind, path: tuple[Step, ...]) -> Ways:
    """What the variable, or the `&1`, `name` is one of."""
    path = inside(kind, path)
    place = argument_place(name)
    if place is not None:
        function = next(filter(is_capture, name.up()), None)
        return _by_parameter(function, place, path) if function is not None else _NO_WAY
    pattern = binder(calling.meaning.source, name, name.text)
    found = matched(pattern) if pattern is not None else None
    if found is None:
        return _NO_WAY
    if found.kind is Kind.PARAMETER:
        return _by_parameter(found.node, found.place, (*found.path, *path))
    return Ways((Part(found.kind, found.node, (*found.path, *path)),))


def _by_parameter(function: Node, place: int, path: tuple[Step, ...]) -> Ways:
    return Ways((Part(Kind.PARAMETER, function, (parameter(place), *path)),))
