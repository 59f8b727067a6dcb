"""Handlers that go from one file to another by way of what gives a parameter on as handler.

A function does, and so does a method, or a class that keeps what it is made with in an attribute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Fact
from migrator.helpers.python.scopes import dotted_text, parameters

from ..reading.attributes import self_values
from ..reading.callees import fields
from ..reading.classes import bases_of, defines, instance_class, is_static, local_bases
from ..reading.far_classes import class_elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.helpers.python.scopes import Binding

    from ..reading.meaning import Meaning

_TAKES = "python-takes-handler"


def handed_far(meaning: Meaning) -> Iterator[tuple[str, bool, cst.Arg]]:
    """What calls give to functions and classes of other files that give it on as handler.

    With the place of the function, and whether it is the legacy `invoke` that it calls.
    """
    told = meaning.known.of(_TAKES)
    for call in meaning.tree.of(cst.Call) if told else ():
        place = next((one for one in _places_called(meaning, call.func) if one in told), "")
        taken = told.get(place)
        if not isinstance(taken, tuple) or any(arg.star for arg in call.args):
            continue
        index, name, legacy = taken
        for at, arg in enumerate(call.args):
            if (arg.keyword.value == name) if arg.keyword else (at == index):
                yield place, legacy, arg


def _places_called(meaning: Meaning, func: cst.BaseExpression) -> Iterator[str]:
    """The places of the functions or classes of other files that `func` may name."""
    name = meaning.meaning(func)
    if name is not None:
        yield name
    elif isinstance(func, cst.Attribute):
        owner = class_elsewhere(meaning, func.value)
        owners = [owner] if owner is not None else []
        if isinstance(func.value, cst.Call) and dotted_text(func.value.func) == "super":
            around = next(
                (one for one in meaning.tree.ancestors(func) if isinstance(one, cst.ClassDef)), None
            )
            bases = bases_of(around) if around is not None else []
            owners = [base for one in bases if (base := meaning.meaning(one)) is not None]
        for one in owners:
            # Who makes an instance names the class.
            yield f"{one}.{func.attr.value}".removesuffix(".__init__")


def taking(meaning: Meaning, handler: cst.BaseExpression, *, legacy: bool) -> Iterator[Fact]:
    """That something in the module gives a parameter of its own on as `handler`."""
    path, own = meaning.source.path, meaning.names.place
    for binding in _bindings(meaning, handler):
        yield from _by_parameter(meaning, binding, legacy=legacy)
    owner = instance_class(meaning, handler.value) if isinstance(handler, cst.Attribute) else None
    if owner is None or not isinstance(handler, cst.Attribute):
        return
    for base in local_bases(meaning, owner):
        for value in self_values(meaning, base, handler.attr.value):
            for binding in _bindings(meaning, value):
                yield from _by_parameter(meaning, binding, legacy=legacy)
    known = list(fields(meaning, owner))
    if handler.attr.value in known and not defines(meaning, owner, "__init__"):
        place = f"{own}{meaning.names.scopes[owner].qualname}"
        taken = (known.index(handler.attr.value), handler.attr.value, legacy)
        yield Fact("takes-handler", place, taken, path)


def _bindings(meaning: Meaning, node: cst.BaseExpression) -> Iterator[Binding]:
    """What gives `node` its value where it is a name, or one of several: `sink or Console()`."""
    if isinstance(node, cst.Name):
        yield from meaning.names.reaching(node)
    elif isinstance(node, (cst.BooleanOperation, cst.IfExp)):
        first, second = (
            (node.body, node.orelse) if isinstance(node, cst.IfExp) else (node.left, node.right)
        )
        yield from _bindings(meaning, first)
        yield from _bindings(meaning, second)


def _by_parameter(meaning: Meaning, binding: Binding, *, legacy: bool) -> Iterator[Fact]:
    function, param = binding.scope.node, binding.node
    around = binding.scope.around
    if not isinstance(param, cst.Param) or not isinstance(function, cst.FunctionDef):
        return
    if param.star or around is None or around.kind not in ("class", "module"):
        return
    place = f"{meaning.names.place}{binding.scope.qualname}"
    index = list(parameters(function.params)).index(param)
    if around.kind == "class":
        if not is_static(function):
            index -= 1
        place = place.removesuffix(".__init__")  # who calls it names the class
    yield Fact("takes-handler", place, (index, binding.name, legacy), meaning.source.path)
