"""Class decorators that stand in another file than the handlers they are written above."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Fact

from ..reading.decorators import decorating_far
from ..reading.set_methods import is_replaced, methods_set
from .handler_classes import handler_classes, is_legacy_based

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..reading.meaning import Meaning

_REPLACES = "python-replaces"


def facts(meaning: Meaning) -> Iterator[Fact]:
    """The decorators elsewhere of handlers, and those of this file that replace their methods."""
    path, own = meaning.source.path, meaning.names.place
    for owner in handler_classes(meaning):
        for place in _decorators(meaning, owner):
            if ":" in place and not place.startswith(own):
                yield Fact("decorates", place, is_legacy_based(meaning, owner), path)
    for param, one in decorating_far(meaning).items():
        if is_replaced(meaning, param):
            yield Fact("replaces", one.place, None, path)


def is_replaced_far(meaning: Meaning, owner: cst.ClassDef) -> bool:
    """Whether a decorator of another file puts something in the place of methods of `owner`."""
    return any((_REPLACES, place) in meaning.known for place in _decorators(meaning, owner))


def methods_set_far(meaning: Meaning) -> Iterator[tuple[cst.BaseExpression, bool]]:
    """What decorators of this file set as `handle_event` of handlers of other files.

    With whether one of those handlers is a legacy one.
    """
    for param, one in decorating_far(meaning).items():
        for method in methods_set(meaning, param):
            yield method.value, one.is_legacy


def _decorators(meaning: Meaning, owner: cst.ClassDef) -> Iterator[str]:
    for decorator in owner.decorators:
        made = decorator.decorator
        name = meaning.meaning(made.func if isinstance(made, cst.Call) else made)
        if name is not None:
            yield name
