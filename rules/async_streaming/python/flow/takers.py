"""Calls that hand an event on: to a handler, or to a function that is given as one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from migrator import Applicability

from ..handlers.handler_classes import handler_classes, is_handler_class
from ..moves.behind import behind
from ..moves.role import Role
from ..reading.classes import class_of, definition, methods_called, owner_class
from ..reading.far_classes import far_places, is_given_far
from ..reading.held import value_of
from ..reading.instances import instances
from ..reading.meaning import METHOD, at_most

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..moves.role import Roles
    from ..moves.staying import Staying
    from ..reading.meaning import Meaning


class Taken(NamedTuple):
    """Why something takes an event, if it is `sure`, and why a legacy one for now, if it is."""

    reason: str
    kept: str = ""
    taker: cst.CSTNode | str | None = None
    sure: bool = True

    @property
    def role(self) -> Role:
        """What it says of an event that is written there."""
        return Role(at_most(self.sure), self.reason, kept=self.kept, taker=self.taker)


def takes_events(meaning: Meaning, found: Roles, call: cst.Call) -> Taken | None:
    """Why the function that `call` calls takes an event, if it does."""
    func = call.func
    if isinstance(func, cst.Attribute) and func.attr.value == METHOD:
        taken = _handler_behind(meaning, func.value, found.stays)
        return taken or _instance_behind(meaning, func.value, found.stays)
    function = definition(meaning, func)
    for one in (function, *methods_called(meaning, func)) if function is None else (function,):
        role = found.functions.get(one) if one is not None else None
        if role is not None and role.level is Applicability.SAFE:
            reason = f"`{_code(meaning, func)}` takes the events: {role.reason}"
            return Taken(reason, role.kept, one)
    for name in far_places(meaning, func):
        if is_given_far(meaning, name):
            kept = str(meaning.known.get(("python-kept", name)) or "")
            reason = f"`{_code(meaning, func)}` takes the events: it is given as handler"
            return Taken(reason, kept, name)
    return None


def _handler_behind(meaning: Meaning, node: cst.BaseExpression, stays: Staying) -> Taken | None:
    of_class = partial(_of_class, meaning, stays=stays)
    if isinstance(node, cst.Call):
        if isinstance(node.func, cst.Name) and node.func.value == "super":
            for around in meaning.tree.ancestors(node):
                if isinstance(around, cst.ClassDef):
                    return of_class(around)
        owner = class_of(meaning, node.func)
        name = meaning.meaning(node.func)
        made = of_class(owner) if owner is not None else _of_name(meaning, name, stays)
        return made and made._replace(kept=made.kept or _made_with(meaning, node, stays))
    owner = owner_class(meaning, node)
    if owner is not None:
        return of_class(owner)
    if not isinstance(node, cst.Name):
        return _of_name(meaning, meaning.meaning(node), stays)
    return _variable(meaning, node, stays, of_class)


def _instance_behind(meaning: Meaning, node: cst.BaseExpression, stays: Staying) -> Taken | None:
    """The same of an object that comes from somewhere, and may be an instance of a handler."""
    for owner in instances(meaning, node):
        if isinstance(owner, str):
            taken = _of_name(meaning, owner, stays)
        else:
            taken = _of_class(meaning, owner, stays)
        if taken is not None:
            return taken._replace(sure=False)
    return None


def _of_class(meaning: Meaning, owner: cst.ClassDef, stays: Staying) -> Taken | None:
    reason = handler_classes(meaning).get(owner)
    return Taken(reason, stays.of_class(owner), owner) if reason is not None else None


def _made_with(meaning: Meaning, made: cst.Call, stays: Staying) -> str:
    """Why what a handler is made with, and hands the events on to, takes the legacy ones."""
    for arg in made.args if stays.functions else ():
        for function in behind(meaning, arg.value).functions:
            if function in stays.functions:
                return stays.functions[function]
    return ""


def _of_name(meaning: Meaning, name: str | None, stays: Staying) -> Taken | None:
    if name is None or not is_handler_class(meaning, name):
        return None
    kept = str(meaning.known.get(("python-kept", name)) or stays.names.get(name, ""))
    return Taken(f"`{name}` is a handler", kept, name)


def _variable(
    meaning: Meaning,
    node: cst.Name,
    stays: Staying,
    of_class: Callable[[cst.ClassDef], Taken | None],
) -> Taken | None:
    bindings = meaning.names.reaching(node)
    found: set[Taken] = set()
    for binding in bindings:
        taken = None
        if binding.kind == "class" and isinstance(binding.node, cst.ClassDef):
            taken = of_class(binding.node)
        elif binding.kind == "import":
            name = meaning.meaning(node)
            taken = _of_name(meaning, name, stays)
            if taken is None and name and ("python-instance", name) in meaning.known:
                kept = str(meaning.known.get(("python-kept", name)) or "")
                taken = Taken(f"`{name}` is a handler", kept, name)
        elif binding.kind == "parameter" and isinstance(binding.node, cst.Param):
            annotation = binding.node.annotation
            named = annotation.annotation if annotation else None
            if named is not None:
                owner = class_of(meaning, named)
                taken = of_class(owner) if owner is not None else None
                name = meaning.meaning(named)
                if taken is None and (by_name := _of_name(meaning, name, stays)) is not None:
                    taken = Taken(f"its annotation `{name}` is a handler", by_name.kept, name)
        elif isinstance(value := value_of(meaning, binding), (cst.Call, cst.Name)):
            taken = _handler_behind(meaning, value, stays)
        if taken is None:
            return None
        found.add(taken)
    return min(found, key=lambda one: (not one.kept, one.reason), default=None)


def _code(meaning: Meaning, node: cst.CSTNode) -> str:
    start, end = meaning.tree.spans[node]
    return meaning.source.text[start:end]
