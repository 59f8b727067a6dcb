"""What stands behind an expression that is given as handler."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from ._attributes import values_of_attribute
from ._classes import handed_to
from ._contents import contents, handed_out, values_of
from ._far_classes import class_elsewhere
from ._learning import GIVEN, GIVEN_RESULT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._meaning import Meaning


def all_behind(meaning: Meaning, node: cst.BaseExpression) -> Iterator[str]:
    """The names of all that may be told the events of a handler: of what it is made with, too."""
    return (name for name, _ in names_behind(meaning, node, is_whole=True))


def names_behind(
    meaning: Meaning,
    node: cst.BaseExpression,
    kind: str = GIVEN,
    depth: int = 0,
    *,
    is_whole: bool = False,
) -> Iterator[tuple[str, str]]:
    """What stands behind a handler: its own name, or what it is made by, with the kind of fact.

    As a `whole` it is also what calls here give to a parameter, and what it is made with.
    """
    if depth > 8:
        return
    if isinstance(node, cst.IfExp):
        parts = [node.body, node.orelse]
    elif isinstance(node, cst.BooleanOperation):
        parts = [node.left, node.right]
    elif isinstance(node, (cst.Await, cst.NamedExpr)):
        parts = [node.expression if isinstance(node, cst.Await) else node.value]
    elif isinstance(node, cst.Subscript):
        parts = contents(meaning, node.value)
    elif isinstance(node, cst.Call):
        called = meaning.meaning(node.func)
        if (out := handed_out(meaning, node)) is not None:
            parts = out
        elif called == "functools.partial" and node.args:
            parts = [node.args[0].value]
        else:
            parts, kind = [node.func], GIVEN_RESULT
        parts += [arg.value for arg in node.args] if is_whole else []
    else:
        name = meaning.meaning(node)
        if name is not None:
            yield name, kind
        if isinstance(made := meaning.known.get(("python-made", name or "")), str):
            yield made, GIVEN_RESULT
        if isinstance(node, cst.Attribute):
            owner = class_elsewhere(meaning, node.value)
            if owner is not None and ":" in owner:
                yield f"{owner}.{node.attr.value}", kind
        bindings = meaning.names.reaching(node) if isinstance(node, cst.Name) else ()
        parts = [value for binding in bindings for value in values_of(meaning, binding)]
        if isinstance(node, cst.Attribute):
            parts += values_of_attribute(meaning, node)
        for binding in bindings if is_whole else ():
            if isinstance(binding.node, cst.Param):
                parts += handed_to(meaning, binding.node)
    for part in parts:
        yield from names_behind(meaning, part, kind, depth + 1, is_whole=is_whole)
