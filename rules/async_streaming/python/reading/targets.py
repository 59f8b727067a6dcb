"""The functions that a call may reach, also by way of what a variable or an attribute holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.worklist import Worklist

from .attributes import values_of_attribute
from .classes import Function, definition, is_static, methods_called, received, takes
from .contents import contents, values_of
from .handed import handed_to
from .instances import methods_of_instances
from .meaning import Meaning, remembered

if TYPE_CHECKING:
    from collections.abc import Iterator


@remembered
def reached(meaning: Meaning, call: cst.Call, arg: cst.Arg) -> Iterator[tuple[Function, cst.Param]]:
    """The parameters that `arg` of `call` reaches first, in functions and lambdas of this file."""
    found = list(received(meaning, call, arg))
    yield from found
    for value in held(meaning, call.func) if not found else ():
        if isinstance(value, cst.Lambda):
            yield from takes(value, 0, call, arg)
        elif isinstance(function := definition(meaning, value), cst.FunctionDef):
            yield from takes(function, 0, call, arg)
        for method in methods_called(meaning, value):
            yield from takes(method, 0 if is_static(method) else 1, call, arg)
    for method in methods_of_instances(meaning, call.func) if not found else ():
        yield from takes(method, 0 if is_static(method) else 1, call, arg)


def held(meaning: Meaning, node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """All that `node`, a variable, an attribute or an item of a collection, may hold."""
    left = Worklist(node)
    for one in left:
        if one is not node:
            yield one
        left.add(_held_at_once(meaning, one))


def _held_at_once(meaning: Meaning, node: cst.BaseExpression) -> list[cst.BaseExpression]:
    """The same, without what those hold in turn."""
    if isinstance(node, cst.Name):
        values: list[cst.BaseExpression] = []
        for binding in meaning.names.reaching(node):
            if isinstance(binding.node, cst.Param):
                values += handed_to(meaning, binding.node)
            else:
                values += values_of(meaning, binding)
        return values
    if isinstance(node, cst.Attribute):
        return list(values_of_attribute(meaning, node))
    if isinstance(node, cst.Subscript):
        return contents(meaning, node.value)
    return []
