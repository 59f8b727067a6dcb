"""Where events go on to functions of this file other than by the name of a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability
from migrator.helpers.python.scopes import parameters

from ..moves.role import Role
from ..reading.classes import (
    Function,
    definition,
    instance_class,
    local_bases,
    methods_called,
    returned_by,
    yielded_by,
)
from ..reading.instances import methods_of_instances
from ..reading.meaning import remembered
from ..reading.targets import reached
from .recorded import asked_of_items

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..reading.meaning import Meaning
    from .subjects import Key, Subjects


#: How far an event is followed from one expression to the next.
MAX_STEPS = 12
#: What gives one of several things as it is: an event among them stays one.
GIVE = frozenset({cst.Await, cst.BooleanOperation, cst.Call, cst.IfExp, cst.NamedExpr})
#: What no event is, and what most calls are given.
NO_EVENTS = frozenset(
    {cst.ConcatenatedString, cst.Float, cst.FormattedString, cst.Integer, cst.SimpleString}
)


def hand_on(subjects: Subjects, call: cst.Call, arg: cst.Arg) -> None:
    """Note the parameters that `arg` of `call` hands an event to, or many of them at once."""
    if arg.star:
        return
    taking = reached(subjects.meaning, call, arg)
    if taking:
        many = subjects.several.key(arg.value)
        key = many or subjects.event(arg.value)
        for function, param in taking:
            _note(subjects, function, param, key, call, many=many is not None)
    asked = definition(subjects.meaning, arg.value)
    if isinstance(asked, cst.FunctionDef):
        collection = asked_of_items(subjects.meaning, arg.value)
        key = subjects.several.key(collection) if collection is not None else None
        for param in list(parameters(asked.params))[:1]:
            _note(subjects, asked, param, key, call, many=False)


def given_as_is(meaning: Meaning, node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """What `node`, one of `GIVE`, may give as it is."""
    if isinstance(node, cst.Call):
        yield from given_back(meaning, node)
    elif isinstance(node, cst.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, cst.BooleanOperation):
        yield from (node.left, node.right)
    elif isinstance(node, (cst.Await, cst.NamedExpr)):
        yield node.expression if isinstance(node, cst.Await) else node.value


def given_back(meaning: Meaning, call: cst.Call) -> Iterator[cst.BaseExpression]:
    """What the function of this file that `call` calls returns."""
    for function in _called(meaning, call.func):
        yield from returned_by(meaning, function)


def given_out(meaning: Meaning, call: cst.Call) -> Iterator[cst.BaseExpression]:
    """What the generator of this file that `call` calls yields, one by one."""
    for function in _called(meaning, call.func):
        yield from yielded_by(meaning, function)


def iterator(meaning: Meaning, node: cst.BaseExpression) -> cst.FunctionDef | None:
    """The `__iter__` of the class of this file that `node` is an instance of."""
    owner = instance_class(meaning, node)
    for base in local_bases(meaning, owner) if owner is not None else ():
        for binding in meaning.names.scopes[base].bindings.get("__iter__", ()):
            if isinstance(binding.node, cst.FunctionDef):
                return binding.node
    return None


@remembered
def _called(meaning: Meaning, func: cst.BaseExpression) -> Iterator[cst.FunctionDef]:
    function = definition(meaning, func)
    if isinstance(function, cst.FunctionDef):
        yield function
    yield from methods_called(meaning, func) or methods_of_instances(meaning, func)


def _note(
    subjects: Subjects,
    function: Function,
    param: cst.Param,
    key: Key | None,
    call: cst.Call,
    *,
    many: bool,
) -> None:
    role = subjects.role(key)
    if role is None or function in subjects.roles.functions:
        return
    meaning = subjects.meaning
    line = meaning.source.position(meaning.tree.spans[call].start).line
    reason = f"it is handed {'the events' if many else 'the event'} at line {line}"
    handed = Role(
        Applicability.REVIEW,
        reason,
        role.legacy,
        handed=True,
        kept=role.kept,
        recorded=many or role.recorded,
        written=role.written,
    )
    for binding in meaning.names.scopes[function].bindings.get(param.name.value, ()):
        if binding.node is param and many:
            subjects.hold(subjects.recorded.places, binding, handed)
        elif binding.node is param and binding not in subjects.roles.params:
            subjects.hold(subjects.handed, binding, handed)
