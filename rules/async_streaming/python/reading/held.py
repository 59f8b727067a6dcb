"""The values that assignments give to variables and attributes, as far as they are written out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from .classes import entered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.helpers.python.scopes import Binding

    from .meaning import Meaning


def value_of(meaning: Meaning, binding: Binding) -> cst.BaseExpression | None:
    """The expression whose value `binding` gives its name: `first, second = one, other`."""
    if binding.kind == "with":
        return entered(meaning, binding)
    if binding.value is None or binding.index is None:
        return binding.value
    target = meaning.tree.parents[meaning.tree.parents[binding.node]]
    if isinstance(target, (cst.List, cst.Tuple)):
        for one, value in side_by_side(target, binding.value):
            if one is binding.node:
                return value
    return None


def side_by_side(
    target: cst.BaseExpression, value: cst.BaseExpression
) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """`target` and `value`, or their elements one by one: `self.ctx, self.sink = ctx, sink`."""
    displays = cst.List, cst.Tuple
    if not isinstance(target, displays):
        yield target, value
    elif isinstance(value, displays) and len(target.elements) == len(value.elements):
        elements = [*target.elements, *value.elements]
        if not any(isinstance(element, cst.StarredElement) for element in elements):
            for one, other in zip(target.elements, value.elements, strict=True):
                yield one.value, other.value


def is_none(value: cst.BaseExpression | None) -> bool:
    """Whether `value` is written as `None`."""
    return isinstance(value, cst.Name) and value.value == "None"
