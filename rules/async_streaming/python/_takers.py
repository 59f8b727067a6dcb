"""Calls that provably hand an event on: to a handler, or to a function that is given as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability

from ._classes import class_of, definition, methods_called, owner_class
from ._far_classes import far_places, is_given_far
from ._handler_classes import handler_classes, is_handler_class
from ._held import value_of
from ._meaning import METHOD

if TYPE_CHECKING:
    from ._meaning import Meaning
    from ._role import Roles


def takes_events(meaning: Meaning, found: Roles, call: cst.Call) -> str | None:
    """Why the function that `call` calls provably takes an event, if it does."""
    func = call.func
    if isinstance(func, cst.Attribute) and func.attr.value == METHOD:
        return _handler_behind(meaning, func.value)
    function = definition(meaning, func)
    for one in (function, *methods_called(meaning, func)) if function is None else (function,):
        role = found.functions.get(one) if one is not None else None
        if role is not None and role.level is Applicability.SAFE and not role.kept:
            return f"`{_code(meaning, func)}` takes the events: {role.reason}"
    for name in far_places(meaning, func):
        if is_given_far(meaning, name) and ("python-kept", name) not in meaning.known:
            return f"`{_code(meaning, func)}` takes the events: it is given as handler"
    return None


def _handler_behind(meaning: Meaning, node: cst.BaseExpression) -> str | None:
    handlers = _moving(meaning)
    if isinstance(node, cst.Call):
        if isinstance(node.func, cst.Name) and node.func.value == "super":
            for around in meaning.tree.ancestors(node):
                if isinstance(around, cst.ClassDef):
                    return handlers.get(around)
        owner = class_of(meaning, node.func)
        if owner is not None:
            return handlers.get(owner)
        name = meaning.meaning(node.func)
        return f"`{name}` is a handler" if _moves(meaning, name) else None
    owner = owner_class(meaning, node)
    if owner is not None:
        return handlers.get(owner)
    if not isinstance(node, cst.Name):
        name = meaning.meaning(node)
        return f"`{name}` is a handler" if _moves(meaning, name) else None
    return _variable(meaning, node)


def _moving(meaning: Meaning) -> dict[cst.ClassDef, str]:
    """The handler classes of the file that no suppressed call sends the legacy events to."""
    place, scopes = meaning.names.place, meaning.names.scopes
    return {
        owner: reason
        for owner, reason in handler_classes(meaning).items()
        if ("python-kept", f"{place}{scopes[owner].qualname}") not in meaning.known
    }


def _moves(meaning: Meaning, name: str | None) -> bool:
    """Whether `name` is a handler class that no suppressed call sends the legacy events to."""
    return is_handler_class(meaning, name) and ("python-kept", name) not in meaning.known


def _variable(meaning: Meaning, node: cst.Name) -> str | None:
    bindings = meaning.names.reaching(node)
    reasons = set()
    for binding in bindings:
        reason = None
        if binding.kind == "class" and isinstance(binding.node, cst.ClassDef):
            reason = _moving(meaning).get(binding.node)
        elif binding.kind == "import":
            name = meaning.meaning(node)
            is_instance = ("python-instance", name) in meaning.known
            if _moves(meaning, name) or (
                is_instance and ("python-kept", name) not in meaning.known
            ):
                reason = f"`{name}` is a handler"
        elif binding.kind == "parameter" and isinstance(binding.node, cst.Param):
            annotation = binding.node.annotation
            named = annotation.annotation if annotation else None
            if named is not None:
                owner = class_of(meaning, named)
                if owner is not None and owner in _moving(meaning):
                    reason = _moving(meaning)[owner]
                elif _moves(meaning, meaning.meaning(named)):
                    reason = f"its annotation `{meaning.meaning(named)}` is a handler"
        elif isinstance(value := value_of(meaning, binding), (cst.Call, cst.Name)):
            reason = _handler_behind(meaning, value)
        if reason is None:
            return None
        reasons.add(reason)
    return min(reasons, default=None)


def _code(meaning: Meaning, node: cst.CSTNode) -> str:
    start, end = meaning.tree.spans[node]
    return meaning.source.text[start:end]
