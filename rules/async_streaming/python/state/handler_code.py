"""The code that runs as a handler: of a class, a function, a lambda, a bound method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from ..flow.roles import roles
from ..handlers.class_state import methods
from ..handlers.handler_classes import handler_classes
from ..moves import calls
from ..reading.classes import class_of, enclosing_function, local_bases, method_owner
from ..reading.meaning import CURRENT_INVOKE, METHOD, Meaning, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator import Look, Source


@dataclass(frozen=True, eq=False)
class HandlerCode:
    """The code of a handler: a class's methods, a function, a lambda, a bound method."""

    name: str
    reason: str
    code: tuple[cst.CSTNode, ...]
    given: cst.Attribute | None = None
    #: The variable of the module that holds the one instance that is given as handler.
    variable: str = ""


def handler_code(source: Source, look: Look) -> Iterator[HandlerCode]:
    """The code of each handler of `source`."""
    meaning = meaning_of(source, look)
    classes = dict(handler_classes(meaning))
    functions: dict[cst.CSTNode, str] = {}
    for function, role in roles(source, look).functions.items():
        owner = method_owner(meaning, function)
        if owner is None:
            functions[function] = role.reason
        elif owner not in classes:
            classes[owner] = role.reason
    kept = _kept(meaning, _given(source, look, meaning))
    for owner, reason in classes.items():
        code: list[cst.CSTNode] = []
        for base in local_bases(meaning, owner):
            if base is owner or base not in classes:
                code += methods(base)
        name = f"the handler `{owner.name.value}`"
        yield HandlerCode(name, reason, tuple(code), variable=kept.get(owner, ""))
    for function, reason in functions.items():
        name = "this handler"
        if isinstance(function, cst.FunctionDef):
            name = f"the handler `{function.name.value}`"
        yield HandlerCode(name, reason, (function,))
    for given in _given(source, look, meaning):
        # `made.handle_event` is what `made` is as a handler: its class was looked at.
        if isinstance(given, cst.Attribute) and given.attr.value != METHOD:
            yield HandlerCode("this handler", "it is given as handler", (), given)


def _kept(meaning: Meaning, given: Iterable[cst.BaseExpression]) -> dict[cst.ClassDef, str]:
    """The classes whose instance in a variable of the module is given as handler, run for run."""
    found: dict[cst.ClassDef, str] = {}
    for node in given:
        if isinstance(node, cst.Attribute) and node.attr.value == METHOD:
            node = node.value
        if not isinstance(node, cst.Name) or enclosing_function(meaning, node) is None:
            continue
        for binding in meaning.names.reaching(node):
            value = binding.value
            if binding.scope is meaning.names.module and isinstance(value, cst.Call):
                owner = class_of(meaning, value.func)
                if owner is not None and binding.index is None:
                    found[owner] = node.value
    return found


def _given(source: Source, look: Look, meaning: Meaning) -> Iterator[cst.BaseExpression]:
    for use in calls.uses(source, look):
        if use.handler is not None:
            yield use.handler
    for node in meaning.tree.of(cst.Call):
        for arg in node.args:
            if arg.keyword and arg.keyword.value == "on_event":
                if meaning.meaning(node.func) == CURRENT_INVOKE:
                    yield arg.value
