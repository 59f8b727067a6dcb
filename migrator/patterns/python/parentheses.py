"""Whether an expression needs parentheses where another one stands: by how tightly both bind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Mapping

# Loosest first; what is in none of these is one thing, whatever stands beside it.
_LEVELS: tuple[tuple[type[cst.CSTNode], ...], ...] = (
    (cst.Tuple, cst.GeneratorExp, cst.NamedExpr, cst.Yield),
    (cst.Lambda,),
    (cst.IfExp,),
    (cst.Or,),
    (cst.And,),
    (cst.Not,),
    (cst.Comparison,),
    (cst.BitOr,),
    (cst.BitXor,),
    (cst.BitAnd,),
    (cst.LeftShift, cst.RightShift),
    (cst.Add, cst.Subtract),
    (cst.Multiply, cst.MatrixMultiply, cst.Divide, cst.FloorDivide, cst.Modulo),
    (cst.Minus, cst.Plus, cst.BitInvert),
    (cst.Power,),
    (cst.Await, cst.ConcatenatedString),
)
#: These stand in parentheses nearly everywhere.
OPEN = _LEVELS[0]
_ATOM = len(_LEVELS)
# What stands here is one thing, or gets parentheses.
_TIGHT = (
    cst.Attribute, cst.Call, cst.Subscript, cst.BinaryOperation, cst.UnaryOperation,
    cst.BooleanOperation, cst.Comparison, cst.ComparisonTarget, cst.Await, cst.IfExp,
    cst.StarredElement, cst.StarredDictElement, cst.CompFor, cst.CompIf, cst.Decorator,
)  # fmt: skip
# Here a tuple, and what is yielded, stand without.
_WHOLE = (cst.Expr, cst.Assign, cst.AnnAssign, cst.AugAssign, cst.Return)


def has_parentheses(node: cst.CSTNode) -> bool:
    """Whether `node` has parentheses of its own."""
    return bool(getattr(node, "lpar", ()))


def is_atom(node: cst.CSTNode) -> bool:
    """Whether `node` is one thing wherever it stands."""
    return has_parentheses(node) or _level(node) == _ATOM


def needs_parentheses(new: cst.CSTNode, old: cst.CSTNode, parent: cst.CSTNode) -> bool:
    """Whether `new` needs parentheses in the place of `old`, a part of `parent`.

    Parentheses that `old` has stay, and are enough.
    """
    if has_parentheses(old) or has_parentheses(new):
        return False
    if isinstance(new, cst.BaseNumber):
        return isinstance(parent, cst.Attribute)
    if isinstance(parent, cst.FormattedStringExpression):
        # Behind the brace another brace, or a colon in it, means something else.
        return isinstance(new, (cst.Dict, cst.Set, cst.DictComp, cst.SetComp, cst.Lambda, *OPEN))
    if isinstance(new, OPEN):
        is_whole = isinstance(parent, _WHOLE) and isinstance(new, (cst.Tuple, cst.Yield))
        return not is_whole and type(new) is not type(old)
    is_tight = isinstance(parent, _TIGHT) or bool(isinstance(parent, cst.Arg) and parent.star)
    return is_tight and _level(new) < _level(old)


def _level(node: cst.CSTNode) -> int:
    operator = getattr(node, "operator", None)
    kind = node if not isinstance(operator, cst.CSTNode) else operator
    return next((at for at, kinds in enumerate(_LEVELS) if isinstance(kind, kinds)), _ATOM)


def is_set(parents: Mapping[cst.CSTNode, cst.CSTNode], node: cst.CSTNode) -> bool:
    """Whether what stands at `node` is set or deleted, and not read."""
    child, parent = node, parents[node]
    while isinstance(parent, (cst.Element, cst.StarredElement, cst.Tuple, cst.List)):
        child, parent = parent, parents[parent]
    if isinstance(parent, (cst.AssignTarget, cst.AsName, cst.Del)):
        return True
    has_target = (cst.AnnAssign, cst.AugAssign, cst.For, cst.CompFor, cst.NamedExpr)
    return isinstance(parent, has_target) and parent.target is child
