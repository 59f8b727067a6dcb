"""What stands behind an expression that is given as handler."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.worklist import Worklist

from ..learnt.learning import GIVEN, GIVEN_RESULT
from ..reading.attributes import values_of_attribute
from ..reading.contents import contents, handed_out, values_of
from ..reading.far_classes import class_elsewhere
from ..reading.handed import handed_to
from ..reading.instances import instances

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..reading.meaning import Meaning


def all_behind(meaning: Meaning, node: cst.BaseExpression) -> Iterator[str]:
    """The names of all that may be told the events of a handler: of what it is made with, too."""
    return (name for name, _ in names_behind(meaning, node, is_whole=True))


def names_behind(
    meaning: Meaning, *handlers: cst.BaseExpression, is_whole: bool = False
) -> Iterator[tuple[str, str]]:
    """What stands behind handlers: their own names, or what makes them, with the kind of fact.

    As a `whole` it is also what calls here give to a parameter, and what it is made with.
    """
    left = Worklist(*((handler, GIVEN) for handler in handlers))
    for one, kind in left:
        if isinstance(one, (cst.Attribute, cst.Name)):
            yield from _named(meaning, one, kind)
            parts = _values(meaning, one, is_whole=is_whole)
        elif isinstance(one, cst.Call):
            is_partial = one.args and meaning.meaning(one.func) == "functools.partial"
            out = handed_out(meaning, one)
            if out is None:
                out = [one.args[0].value if is_partial else one.func]
                kind = kind if is_partial else GIVEN_RESULT
            parts = out + [arg.value for arg in one.args if is_whole]
        else:
            parts = _within(meaning, one)
        left.add((part, kind) for part in parts)


def _named(
    meaning: Meaning, node: cst.Attribute | cst.Name, kind: str
) -> Iterator[tuple[str, str]]:
    """The name by which other files know `node`, and what they know to make it."""
    name = meaning.meaning(node)
    if name is not None:
        yield name, kind
    else:
        # Which star import brings it is told once these have been looked at.
        yield from ((one, kind) for one in meaning.by_stars(node))
    if isinstance(made := meaning.known.get(("python-made", name or "")), str):
        yield made, GIVEN_RESULT
    if isinstance(node, cst.Attribute):
        for owner in (class_elsewhere(meaning, node.value), *instances(meaning, node.value)):
            if isinstance(owner, str) and ":" in owner:
                yield f"{owner}.{node.attr.value}", kind


def _values(
    meaning: Meaning, node: cst.Attribute | cst.Name, *, is_whole: bool
) -> list[cst.BaseExpression]:
    """What a variable or an attribute holds; as a `whole`, also what calls give to a parameter."""
    if isinstance(node, cst.Attribute):
        return list(values_of_attribute(meaning, node))
    bindings = meaning.names.reaching(node)
    values = [value for binding in bindings for value in values_of(meaning, binding)]
    for binding in bindings if is_whole else ():
        if isinstance(binding.node, cst.Param):
            values += handed_to(meaning, binding.node)
    return values


def _within(meaning: Meaning, node: cst.BaseExpression) -> list[cst.BaseExpression]:
    """What `node`, no name and no call, may be one of."""
    if isinstance(node, cst.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, cst.BooleanOperation):
        return [node.left, node.right]
    if isinstance(node, cst.Await):
        return [node.expression]
    if isinstance(node, cst.NamedExpr):
        return [node.value]
    return contents(meaning, node.value) if isinstance(node, cst.Subscript) else []
