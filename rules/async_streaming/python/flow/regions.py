"""The code that runs only where a test of an event's tag holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.python import Tree

    from .subjects import Subjects


def regions(
    subjects: Subjects, tree: Tree, node: cst.BaseExpression, *, positive: bool, is_sure: bool
) -> Iterator[cst.CSTNode]:
    """The code that runs where the test `node` holds, or does not.

    Where that need not be `is_sure`, another test of the same tag may hold in its place.
    """
    inside: cst.CSTNode = node
    for around in tree.ancestors(node):
        if isinstance(around, cst.BooleanOperation):
            is_and = isinstance(around.operator, cst.And)
            if around.left is inside and is_and == positive:
                yield around.right
            if is_and != positive and (is_sure or not _alike(subjects, around)):
                return
        elif isinstance(around, cst.UnaryOperation) and isinstance(around.operator, cst.Not):
            positive = not positive
        elif isinstance(around, cst.If) and around.test is inside:
            if positive:
                yield around.body
            elif around.orelse is not None:
                yield around.orelse
            elif _leaves(around.body):
                yield from _following(tree, around)
            return
        elif isinstance(around, cst.While) and around.test is inside and positive:
            yield around.body
            return
        elif isinstance(around, cst.IfExp) and around.test is inside:
            yield around.body if positive else around.orelse
            return
        elif isinstance(around, cst.CompIf) and positive:
            yield from _comprehended(tree, around)
            return
        elif isinstance(around, cst.MatchCase) and around.guard is inside and positive:
            yield around.body
            return
        else:
            return
        inside = around


def _following(tree: Tree, statement: cst.If) -> Iterator[cst.CSTNode]:
    block = tree.parents[statement]
    if isinstance(block, (cst.IndentedBlock, cst.Module)):
        yield from block.body[list(block.body).index(statement) + 1 :]


def _alike(subjects: Subjects, node: cst.BooleanOperation) -> bool:
    """Whether both sides of an `or` test the same event's tag."""
    keys = []
    for side in (node.left, node.right):
        if isinstance(side, cst.BooleanOperation):
            return _alike(subjects, side)
        if not isinstance(side, cst.Comparison):
            return False
        keys.append(subjects.apart.tag(side.left))
    return keys[0] is not None and keys[0] == keys[1]


def _comprehended(tree: Tree, condition: cst.CompIf) -> Iterator[cst.CSTNode]:
    loop = tree.parents[condition]
    assert isinstance(loop, cst.CompFor)
    yield from loop.ifs[list(loop.ifs).index(condition) + 1 :]
    if loop.inner_for_in:
        yield loop.inner_for_in
    for around in tree.ancestors(loop):
        if isinstance(around, cst.DictComp):
            yield around.key
            yield around.value
            return
        if isinstance(around, cst.BaseSimpleComp):
            yield around.elt
            return


def _leaves(body: cst.BaseSuite) -> bool:
    """Whether what stands after `body` is not reached through it."""
    last = body.body[-1] if body.body else None
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    return isinstance(last, (cst.Return, cst.Raise, cst.Continue, cst.Break))
