"""Attributes that a class gives as handler, where other files give them another value.

A class that derives from it may, and so may whoever has an instance of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Fact

from ..learnt.learning import GIVEN_OWN, OVERRIDES
from ..reading.attributes import self_values, settings
from ..reading.far_classes import class_elsewhere
from ..reading.kinds import Kind
from .handlers import given, members

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..reading.meaning import Meaning


def facts(meaning: Meaning) -> Iterator[Fact]:
    """`overrides`: what the attributes that others give as handler are here."""
    path = meaning.source.path
    for place, owner, name, _ in _own(meaning):
        for found in members(meaning, owner, name):
            if found is not None and found.kind is not Kind.NEITHER:
                yield Fact(OVERRIDES, place, found.kind.value, path)
    for place, value, _ in _set_far(meaning):
        if (found := given(meaning, value)).kind is not Kind.NEITHER:
            yield Fact(OVERRIDES, place, found.kind.value, path)


def values_set(meaning: Meaning) -> Iterator[tuple[cst.BaseExpression, bool]]:
    """What such attributes are set to here, and whether it is the legacy `invoke` that gets it."""
    for _, owner, name, legacy in _own(meaning):
        for value in self_values(meaning, owner, name):
            yield value, legacy
    for _, value, legacy in _set_far(meaning):
        yield value, legacy


def _own(meaning: Meaning) -> Iterator[tuple[str, cst.ClassDef, str, bool]]:
    """The attributes of classes of this file, which derive from one that gives them as handler."""
    told = _told(meaning)
    for owner, scope in meaning.names.scopes.items() if told else ():
        if isinstance(owner, cst.ClassDef):
            own = f"{meaning.names.place}{scope.qualname}"
            for name, legacy in told.get(own, ()):
                yield f"{own}.{name}", owner, name, legacy


def _set_far(meaning: Meaning) -> Iterator[tuple[str, cst.BaseExpression, bool]]:
    """What the attributes of instances of classes of other files are set to."""
    for owner, names in _told(meaning).items():
        if not owner.startswith(meaning.names.place):
            for name, legacy in names:
                for holder, value in settings(meaning, name):
                    if class_elsewhere(meaning, holder) == owner:
                        yield f"{owner}.{name}", value, legacy


def _told(meaning: Meaning) -> dict[str, list[tuple[str, bool]]]:
    """The classes whose attributes are given as handler, with those attributes."""
    found: dict[str, list[tuple[str, bool]]] = {}
    for place, legacy in meaning.known.of(f"python-{GIVEN_OWN}").items():
        owner, _, name = place.rpartition(".")
        found.setdefault(owner, []).append((name, bool(legacy)))
    return found
