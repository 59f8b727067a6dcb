"""Handlers that are made without a `class`: by `type`, or by giving one a `handle_event`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from migrator.helpers.python.literals import text_of

from ..._names import PYTHON_LEGACY, in_namespace
from ..reading.attributes import settings
from ..reading.classes import class_of, instance_class
from ..reading.meaning import METHOD, Meaning
from ..reading.set_methods import methods_set
from .far_decorators import methods_set_far
from .handler_classes import handler_classes, is_handler_class, is_legacy_based

if TYPE_CHECKING:
    from collections.abc import Iterator


class Made(NamedTuple):
    """The function `value` takes the events, behind `self` if `bound`.

    It is not `sure` where it takes the place of another one, which may be in front of it.
    """

    value: cst.BaseExpression
    reason: str
    is_legacy: bool
    bound: bool
    sure: bool = True


def made_handlers(meaning: Meaning) -> Iterator[Made]:
    """The methods that handlers are given without a `def` in their class."""
    for call in meaning.tree.of(cst.Call):
        if not isinstance(call.func, cst.Name) or meaning.names.reaching(call.func):
            continue
        values = [arg.value for arg in call.args if not arg.star and not arg.keyword]
        if len(values) != 3 or len(call.args) != 3:
            continue
        if call.func.value == "type" and isinstance(values[1], cst.Tuple):
            bases = [element.value for element in values[1].elements]
            known = [found for base in bases if (found := _handler(meaning, base)) is not None]
            for value in _given(values[2]) if known else ():
                yield Made(value, *known[0], bound=True)
    for owner, reason in handler_classes(meaning).items():
        sure = METHOD not in meaning.names.scopes[owner].bindings
        for one in methods_set(meaning, owner):
            is_legacy = is_legacy_based(meaning, owner)
            yield Made(one.value, reason, is_legacy, bound=one.bound, sure=sure)
    for value, is_legacy in methods_set_far(meaning):
        reason = "it becomes the method of a handler of another file, by a decorator"
        yield Made(value, reason, is_legacy, bound=True, sure=False)
    for holder, value in settings(meaning, METHOD):
        if class_of(meaning, holder) is None and (found := _handler(meaning, holder)) is not None:
            yield Made(value, *found, bound=True)


def given_to_handlers(meaning: Meaning) -> Iterator[tuple[cst.Call, cst.ClassDef, bool]]:
    """The classes of this file that look like handlers, where one is made with an instance.

    With the call, `TeeHandler(Duck())`, and whether the handler that it makes is a legacy one.
    """
    handlers = handler_classes(meaning)
    ducks = {
        node
        for node, scope in meaning.names.scopes.items()
        if isinstance(node, cst.ClassDef) and METHOD in scope.bindings and node not in handlers
    }
    for call in meaning.tree.of(cst.Call) if ducks else ():
        for arg in call.args:
            owner = instance_class(meaning, arg.value)
            if owner in ducks and owner is not None:
                made = _handler(meaning, call.func)
                if made is not None:
                    yield call, owner, made[1]


def _given(members: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The `handle_event` among the members of a class that `type` makes."""
    if isinstance(members, cst.Dict):
        for element in members.elements:
            if isinstance(element, cst.DictElement) and text_of(element.key) == METHOD:
                yield element.value
    elif isinstance(members, cst.Call):
        for arg in members.args:
            if arg.keyword is not None and arg.keyword.value == METHOD:
                yield arg.value


def _handler(meaning: Meaning, node: cst.BaseExpression) -> tuple[str, bool] | None:
    """Why the class `node` is a handler, and whether it is one of the legacy library."""
    owner = class_of(meaning, node)
    if owner is not None:
        reason = handler_classes(meaning).get(owner)
        return (reason, is_legacy_based(meaning, owner)) if reason is not None else None
    name = meaning.meaning(node)
    if name is None or not is_handler_class(meaning, name):
        return None
    known = meaning.known.get(("python-handler", name)) == "legacy"
    return f"`{name}` is a handler", known or in_namespace(name, PYTHON_LEGACY)
