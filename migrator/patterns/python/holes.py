"""Which nodes of a snippet's tree are holes, and what they are called."""

from __future__ import annotations

import libcst as cst

from migrator.patterns.holes import HOLE, REST


def hole_of(node: cst.CSTNode) -> str | None:
    """The name of the hole for one thing that `node` is, `None` if it is none."""
    if isinstance(node, cst.Name) and node.value.startswith(HOLE):
        return node.value[len(HOLE) :]
    return None


def rest_of(node: cst.CSTNode) -> str | None:
    """The name of the hole for any number of arguments, items or indices that `node` is."""
    if isinstance(node, cst.SubscriptElement):
        node = node.slice
    if isinstance(node, (cst.Arg, cst.Index)) and not node.star:
        return None
    if not isinstance(node, (cst.Arg, cst.Index, cst.StarredElement, cst.StarredDictElement)):
        return None
    value = node.value
    if isinstance(value, cst.Name) and value.value.startswith(REST):
        return value.value[len(REST) :]
    return None


def rest_of_parameters(node: cst.Parameters) -> str | None:
    """The name of the hole for any number of parameters that is the last of `node`."""
    star = node.star_arg
    name = star.name.value if isinstance(star, cst.Param) else ""
    return name[len(REST) :] if name.startswith(REST) else None
