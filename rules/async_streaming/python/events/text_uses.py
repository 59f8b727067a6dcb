"""Uses of the second of an event that show a text: a mapping has no `upper`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from migrator.languages.python import Tree

_OF_TEXT = frozenset(dir(str)) - frozenset(dir(dict))
_TEXTS = (cst.ConcatenatedString, cst.FormattedString, cst.SimpleString)


def is_text(tree: Tree, node: cst.BaseExpression) -> bool:
    """Whether what is done with `node` can be done with a text, and with no mapping."""
    parent = tree.parents[node]
    if isinstance(parent, cst.Attribute):
        return parent.attr.value in _OF_TEXT
    if isinstance(parent, cst.Subscript):
        return parent.value is node and isinstance(parent.slice[0].slice, cst.Slice)
    if isinstance(parent, cst.BinaryOperation):
        other = parent.right if parent.left is node else parent.left
        return isinstance(parent.operator, cst.Add) and isinstance(other, _TEXTS)
    if isinstance(parent, cst.Comparison):
        first = parent.comparisons[0]
        is_equality = isinstance(first.operator, (cst.Equal, cst.NotEqual))
        return is_equality and isinstance(first.comparator, _TEXTS)
    return (
        isinstance(parent, cst.BaseSimpleComp) and parent.elt is node and _is_joined(tree, parent)
    )


def _is_joined(tree: Tree, node: cst.CSTNode) -> bool:
    """Whether `node` is what a text joins: `"".join(text for _, text in events)`."""
    arg = tree.parents[node]
    call = tree.parents[arg]
    func = call.func if isinstance(call, cst.Call) else None
    return (
        isinstance(func, cst.Attribute)
        and func.attr.value == "join"
        and isinstance(func.value, _TEXTS)
    )
