"""The assertions of unittest, which compare as operators do: `self.assertEqual(one, other)`."""

from __future__ import annotations

from typing import NamedTuple

import libcst as cst

_EQUAL = {
    "assertCountEqual": True,
    "assertEqual": True,
    "assertEquals": True,
    "assertListEqual": True,
    "assertNotEqual": False,
    "assertNotEquals": False,
    "assertSequenceEqual": True,
    "assertSetEqual": True,
    "assertTupleEqual": True,
}
_AMONG = {"assertIn": True, "assertNotIn": False}


class Sides(NamedTuple):
    """What is compared with what: whether one is equal to the other, or among what that holds.

    `positive`: it is to be so, and not the contrary.
    """

    left: cst.BaseExpression
    right: cst.BaseExpression
    among: bool
    positive: bool


def sides(node: cst.CSTNode) -> Sides | None:
    """What `node`, a comparison of two things or an assertion of unittest, compares."""
    if isinstance(node, cst.Comparison) and len(node.comparisons) == 1:
        target = node.comparisons[0]
        operator = target.operator
        is_among = isinstance(operator, (cst.In, cst.NotIn))
        if is_among or isinstance(operator, (cst.Equal, cst.NotEqual)):
            positive = isinstance(operator, (cst.In, cst.Equal))
            return Sides(node.left, target.comparator, is_among, positive)
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and len(node.args) > 1:
        name = node.func.attr.value
        wanted = _EQUAL.get(name, _AMONG.get(name))
        first, second = node.args[:2]
        if wanted is not None and not (first.star or second.star):
            return Sides(first.value, second.value, name in _AMONG, wanted)
    return None
