"""Methods that change what they are called on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import parameters

from .mappings import below

if TYPE_CHECKING:
    from .meaning import Meaning

#: Methods of Python's own collections that change them.
MUTATORS = frozenset(
    {
        *("add", "append", "appendleft", "clear", "difference_update", "discard", "extend"),
        *("extendleft", "insert", "intersection_update", "pop", "popitem", "popleft", "push"),
        *("put", "put_nowait", "remove", "reverse", "rotate", "setdefault", "sort", "subtract"),
        *("symmetric_difference_update", "update"),
    }
)
_TARGETS = (cst.AnnAssign, cst.AssignTarget, cst.AugAssign, cst.Del)


def changes_itself(meaning: Meaning, method: cst.FunctionDef) -> bool:
    """Whether `method` sets an attribute of its `self`, or changes what one holds."""
    first = next(parameters(method.params), None)
    for node in below(method.body) if first is not None else ():
        changed: cst.CSTNode | None = None
        if isinstance(node, _TARGETS):
            changed = node.target
        elif isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            changed = node.func.value if node.func.attr.value in MUTATORS else None
        if isinstance(changed, (cst.Attribute, cst.Subscript)):
            root: cst.CSTNode = changed
            while isinstance(root, (cst.Attribute, cst.Subscript)):
                root = root.value
            bindings = meaning.names.reaching(root) if isinstance(root, cst.Name) else ()
            if [binding.node for binding in bindings] == [first]:
                return True
    return False
