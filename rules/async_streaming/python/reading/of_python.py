"""What belongs to Python itself: a list, a queue, `sys.stdout`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import libcst as cst

from .attributes import self_values
from .classes import local_bases, owner_class

if TYPE_CHECKING:
    from .meaning import Meaning

_MAX_DEPTH = 8
# What makes things of Python itself: the rest may give whatever it is handed.
_MAKE_OWN_THINGS = frozenset(
    {"bytearray", "dict", "frozenset", "list", "open", "set", "sorted", "str", "tuple"}
)


def is_of_python(meaning: Meaning, node: cst.BaseExpression, depth: int = 0) -> bool:
    """Whether `node` is such a thing."""
    key = (node, depth)
    if key not in meaning.builtin:
        meaning.builtin[key] = _is_of_python(meaning, node, depth)
    return meaning.builtin[key]


def _is_of_python(meaning: Meaning, node: cst.BaseExpression, depth: int) -> bool:
    if depth > _MAX_DEPTH:
        return False
    if isinstance(node, (cst.List, cst.Dict, cst.Set, cst.BaseString, cst.ListComp)):
        return True
    root = node.func if isinstance(node, cst.Call) else node
    name = meaning.meaning(root) if isinstance(root, (cst.Name, cst.Attribute)) else None
    if name is not None:
        return name.partition(".")[0] in sys.stdlib_module_names
    values: list[cst.BaseExpression | None] = []
    if isinstance(root, cst.Attribute) and root is node:
        owner = owner_class(meaning, root.value)
        for base in local_bases(meaning, owner) if owner is not None else ():
            values += self_values(meaning, base, root.attr.value)
    elif isinstance(root, cst.Name):
        bindings = meaning.names.reaching(root)
        if root is not node:
            return not bindings and root.value in _MAKE_OWN_THINGS
        values = [one.value if one.index is None else None for one in bindings]
    return bool(values) and all(
        value is not None and is_of_python(meaning, value, depth + 1) for value in values
    )
