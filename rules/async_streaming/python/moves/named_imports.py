"""Strings that import the legacy package, and what of it is taken by way of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability
from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import dotted_text

from ..._names import INVOKE, PYTHON_LEGACY
from ..reading.classes import definition, returned_by
from . import calls
from .moved_calls import root_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..reading.meaning import Meaning

_LEAF = PYTHON_LEGACY.rpartition(".")[2]


def needed_by(meaning: Meaning, node: cst.SimpleString) -> str | None:
    """Why a string that imports the package has to stay: what is taken from the module."""
    call = next(_taking(meaning, node), None)
    if (text_of(node) or "").rpartition(".")[2] != _LEAF or call is None:
        return None
    func = call.func if isinstance(call, cst.Call) else None
    if isinstance(func, cst.Name) and func.value == "__import__":
        return "what is taken from the package behind it has to be renamed as well"
    if meaning.names.imported_by(call) is None:
        return None
    for taken in (*_invokes(meaning, call), *_kept_uses(meaning, call)):
        line = meaning.source.position(meaning.tree.spans[taken].start).line
        return f"the use of `invoke` at line {line} needs it until it is moved by hand"
    return "what it is asked for may be `invoke`" if _is_asked(meaning, call) else None


def _is_asked(meaning: Meaning, call: cst.BaseExpression) -> bool:
    """Whether `call` is asked for a name, and that may be `invoke`: `getattr(call, name)`."""
    asking = meaning.tree.parents[meaning.tree.parents[call]]
    if not isinstance(asking, cst.Call) or dotted_text(asking.func) != "getattr":
        return False
    module, *rest = (arg.value for arg in asking.args)
    if module is not call or not rest:
        return False
    name = text_of(rest[0]) if isinstance(rest[0], cst.SimpleString) else None
    return name is None or name == INVOKE.rpartition(".")[2]


def _invokes(meaning: Meaning, call: cst.BaseExpression) -> Iterator[cst.CSTNode]:
    """Where `invoke` is taken from the module that `call` imports, by way of a variable or not."""
    for attribute in meaning.tree.of(cst.Attribute):
        if attribute.attr.value != "invoke":
            continue
        root: cst.CSTNode = attribute.value
        bindings = meaning.names.reaching(root) if isinstance(root, cst.Name) else []
        called = definition(meaning, root.func) if isinstance(root, cst.Call) else None
        given = returned_by(meaning, called) if isinstance(called, cst.FunctionDef) else ()
        if root is call or call in given or any(binding.value is call for binding in bindings):
            yield attribute


def _kept_uses(meaning: Meaning, call: cst.BaseExpression) -> Iterator[cst.CSTNode]:
    """Where `invoke` is taken by its name, or may be, from a variable that holds the module."""
    for use in calls.uses(meaning.source, meaning.look):
        bindings = meaning.names.reaching(root_of(use.name))
        if use.applicability is Applicability.MANUAL:
            if any(binding.value is call for binding in bindings):
                yield use.name


def _taking(meaning: Meaning, node: cst.SimpleString) -> Iterator[cst.BaseExpression]:
    """The call that `node` is an argument of, or the subscript whose key it is."""
    for around in meaning.tree.ancestors(node):
        if isinstance(around, (cst.Call, cst.Subscript)):
            yield around
        elif not isinstance(around, (cst.Arg, cst.Index, cst.SubscriptElement)):
            return
