"""The functions of other files that a call may reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from .far_classes import far_places, is_far, own_places
from .instances import instances
from .meaning import Meaning, remembered

if TYPE_CHECKING:
    from collections.abc import Iterator


def possible_places(meaning: Meaning, func: cst.BaseExpression) -> Iterator[str]:
    """The places of what `func` may call: brought by star imports, or of some object a method."""
    found = list(far_places(meaning, func))
    yield from found
    if found:
        return
    yield from sorted(name for name in meaning.meanings(func) if name and is_far(meaning, name))
    if isinstance(func, cst.Attribute):
        for owner in instances(meaning, func.value):
            if isinstance(owner, str):
                yield f"{owner}.{func.attr.value}"


@remembered
def places_called(meaning: Meaning, func: cst.BaseExpression) -> Iterator[tuple[str, str]]:
    """The place of what `func` calls, where another file may define it, or override it.

    With what the kind of a fact about it ends in.
    """
    own = list(own_places(meaning, func))
    yield from own
    for name in possible_places(meaning, func) if not own else ():
        yield name, ""
