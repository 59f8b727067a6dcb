"""What the variables and collections of a file hold, as far as it is written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from ._classes import owner_class
from ._meaning import Meaning, meaning_of, once

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from migrator import Look, Source
    from migrator.helpers.python.scopes import Binding

_MAX_DEPTH = 8
_DISPLAYS = (cst.List, cst.Set, cst.Tuple)
_GIVE_AGAIN = frozenset({"iter", "list", "reversed", "set", "sorted", "tuple"})
_OF_DICT = frozenset({"copy", "items", "values"})
_PUTS = frozenset({"add", "append", "appendleft", "insert"})
LOOKUPS = frozenset({"get", "pop", "setdefault"})


def value_of(meaning: Meaning, binding: Binding) -> cst.BaseExpression | None:
    """The expression whose value `binding` gives its name: `first, second = one, other`."""
    if binding.value is None or binding.index is None:
        return binding.value
    target = meaning.tree.parents[meaning.tree.parents[binding.node]]
    if isinstance(target, (cst.List, cst.Tuple)):
        for one, value in side_by_side(target, binding.value):
            if one is binding.node:
                return value
    return None


def values_of(meaning: Meaning, binding: Binding) -> list[cst.BaseExpression]:
    """All that `binding` may give its name, as far as it is written out, in a loop as well."""
    value = value_of(meaning, binding)
    if value is not None:
        return [value]
    collection = looped_over(meaning, binding.node) if binding.kind == "for" else None
    return contents(meaning, collection) if collection is not None else []


def side_by_side(
    target: cst.BaseExpression, value: cst.BaseExpression
) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """`target` and `value`, or their elements one by one: `self.ctx, self.sink = ctx, sink`."""
    displays = cst.List, cst.Tuple
    if not isinstance(target, displays):
        yield target, value
    elif isinstance(value, displays) and len(target.elements) == len(value.elements):
        elements = [*target.elements, *value.elements]
        if not any(isinstance(element, cst.StarredElement) for element in elements):
            for one, other in zip(target.elements, value.elements, strict=True):
                yield one.value, other.value


def contents(
    meaning: Meaning, node: cst.BaseExpression, depth: int = 0
) -> list[cst.BaseExpression]:
    """What the collection `node` holds, the values of a dict; nothing where it is not known."""
    inner: cst.BaseExpression | None = None
    added: list[cst.BaseExpression] = []
    if isinstance(node, (*_DISPLAYS, cst.Dict)):
        return [element.value for element in node.elements]
    if isinstance(node, cst.Name):
        bindings = meaning.names.reaching(node)
        inner = value_of(meaning, bindings[0]) if len(bindings) == 1 else None
    elif isinstance(node, cst.Call):
        inner = given_again(node)
    if (place := _place(meaning, node)) is not None:
        added = once(_put, meaning.source, meaning.look).get(place, [])
    held = contents(meaning, inner, depth + 1) if inner is not None and depth < _MAX_DEPTH else []
    return held + added


def _place(meaning: Meaning, node: cst.CSTNode) -> Hashable | None:
    """Tells the variable, or the attribute of the instances of a class, that `node` names."""
    if isinstance(node, cst.Name):
        bindings = meaning.names.reaching(node)
        return bindings[0] if len(bindings) == 1 else None
    if isinstance(node, cst.Attribute) and (owner := owner_class(meaning, node.value)) is not None:
        return owner, node.attr.value
    return None


def _put(source: Source, look: Look) -> dict[Hashable, list[cst.BaseExpression]]:
    """What is put into each collection of the file after it is made, or is assigned to `self`."""
    meaning = meaning_of(source, look)
    found: dict[Hashable, list[cst.BaseExpression]] = {}
    for node in meaning.tree.of(cst.Assign, cst.Call):
        for collection, value in _puts(node):
            if (place := _place(meaning, collection)) is not None:
                found.setdefault(place, []).append(value)
    return found


def _puts(node: cst.Assign | cst.Call) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """The collections that `node` puts something into, with what that is."""
    if isinstance(node, cst.Call):
        func = node.func
        if isinstance(func, cst.Attribute) and func.attr.value in _PUTS and node.args:
            yield func.value, node.args[-1].value
        return
    for target in node.targets:
        if isinstance(target.target, cst.Subscript):
            yield target.target.value, node.value
        elif isinstance(target.target, cst.Attribute):
            displays = (*_DISPLAYS, cst.Dict)
            for element in node.value.elements if isinstance(node.value, displays) else ():
                yield target.target, element.value


def given_again(node: cst.Call) -> cst.BaseExpression | None:
    """The collection whose contents the call `node` gives again: `list(items)`."""
    func = node.func
    if isinstance(func, cst.Attribute) and func.attr.value in _OF_DICT and not node.args:
        return func.value
    if isinstance(func, cst.Name) and func.value in _GIVE_AGAIN and len(node.args) == 1:
        return node.args[0].value
    return None


def looped_over(meaning: Meaning, target: cst.CSTNode) -> cst.BaseExpression | None:
    """The collection whose items a loop gives to `target`, by way of `enumerate` and `items`."""
    around = meaning.tree.parents[target]
    if isinstance(around, (cst.CompFor, cst.For)):
        return around.iter
    pair = meaning.tree.parents[around]
    loop = meaning.tree.parents[pair]
    if (
        not isinstance(pair, (cst.List, cst.Tuple))
        or not isinstance(loop, (cst.CompFor, cst.For))
        or not isinstance(loop.iter, cst.Call)
        or [element.value for element in pair.elements][1:] != [target]
    ):
        return None
    func = loop.iter.func
    if isinstance(func, cst.Attribute) and func.attr.value == "items":
        return func.value
    if isinstance(func, cst.Name) and func.value == "enumerate" and loop.iter.args:
        return loop.iter.args[0].value
    return None
