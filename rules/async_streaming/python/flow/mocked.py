"""The events that a mock was called with: `handler.handle_event.call_args.args[0]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability
from migrator.helpers.python.literals import text_of

from ..._names import PYTHON_LEGACY, in_namespace
from ..moves.role import Role
from ..reading.classes import entered_call
from ..reading.meaning import METHOD
from .shapes import index_of

if TYPE_CHECKING:
    from migrator.helpers.python.scopes import Binding

    from ..reading.meaning import Meaning

_LAST = frozenset({"await_args", "call_args"})
_ALL = frozenset({"await_args_list", "call_args_list", "mock_calls"})
_MAX_NAMES = 4


def mocked_role(meaning: Meaning) -> Role:
    """The role of what a mock of the method was called with."""
    is_legacy = any(in_namespace(name, PYTHON_LEGACY) for _, name in meaning.imports())
    reason = f"a mock of `{METHOD}` was called with it"
    return Role(Applicability.REVIEW, reason, is_legacy, handed=True, recorded=True)


def mocked(meaning: Meaning, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The mock of the method that was called with the event `node`, if it is one."""
    if isinstance(node, cst.Name):
        bindings = meaning.names.reaching(node)
        return _bound(meaning, bindings[0]) if len(bindings) == 1 else None
    if not isinstance(node, cst.Subscript) or index_of(node) != 0:
        return None
    args = node.value
    if isinstance(args, cst.Attribute):
        return _called(meaning, args.value) if args.attr.value == "args" else None
    if isinstance(args, cst.Subscript):
        return _called(meaning, args.value) if index_of(args) == 0 else None
    given = meaning.names.reaching(args) if isinstance(args, cst.Name) else []
    if len(given) != 1 or given[0].index != 0 or given[0].value is None:
        return None
    return _called(meaning, given[0].value)


def _bound(meaning: Meaning, binding: Binding) -> cst.BaseExpression | None:
    """The same of a name: `event = mock.call_args.args[0]`, `(event,), _ = mock.call_args`."""
    if binding.value is not None and binding.index is None:
        value = binding.value
        return mocked(meaning, value) if isinstance(value, cst.Subscript) else None
    if binding.kind not in ("assign", "for"):
        return None
    parents = meaning.tree.parents
    alone = parents[parents[binding.node]]
    if not isinstance(alone, (cst.List, cst.Tuple)) or len(alone.elements) != 1:
        return None
    pair = parents[parents[alone]]
    if not isinstance(pair, (cst.List, cst.Tuple)) or pair.elements[0].value is not alone:
        return None
    around = parents[pair]
    if isinstance(around, (cst.CompFor, cst.For)):
        return _mock(meaning, around.iter, _ALL)
    assign = parents[around]
    return _called(meaning, assign.value) if isinstance(assign, cst.Assign) else None


def _called(meaning: Meaning, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The mock of which `node` is one call."""
    for _ in range(_MAX_NAMES):
        if isinstance(node, cst.Subscript) and index_of(node) is not None:
            return _mock(meaning, node.value, _ALL)
        if not isinstance(node, cst.Name):
            return _mock(meaning, node, _LAST)
        bindings = meaning.names.reaching(node)
        around = meaning.tree.parents.get(bindings[0].node) if len(bindings) == 1 else None
        if isinstance(around, (cst.CompFor, cst.For)):
            return _mock(meaning, around.iter, _ALL) if around.target is bindings[0].node else None
        if around is None or bindings[0].value is None or bindings[0].index is not None:
            return None
        node = bindings[0].value
    return None


def _mock(
    meaning: Meaning, node: cst.BaseExpression, names: frozenset[str]
) -> cst.BaseExpression | None:
    """The mock whose attribute `node` is, one of `names`, if it stands for the method."""
    if not isinstance(node, cst.Attribute) or node.attr.value not in names:
        return None
    mock = node.value
    if isinstance(mock, cst.Attribute):
        return mock if mock.attr.value == METHOD else None
    bindings = meaning.names.reaching(mock) if isinstance(mock, cst.Name) else ()
    call = entered_call(meaning, bindings[0]) if len(bindings) == 1 else None
    named = [text_of(arg.value) or "" for arg in call.args] if call is not None else []
    return mock if any(name.rpartition(".")[2] == METHOD for name in named) else None
