"""What of a file takes the legacy events for now, since something is suppressed.

Who is given to a call that is suppressed does, and who derives from a handler of the library that
is. What other files tell of theirs is told to this one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from .._names import PYTHON_LEGACY, in_namespace
from ._behind import Behind, behind
from ._classes import local_bases
from ._far_calls import handed_far
from ._handler_classes import handler_classes
from ._legacy_names import based_on, bases_in_library, of_library, suppressed_names, told, why_of
from ._meaning import METHOD, Meaning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ._moved_calls import Use


@dataclass(frozen=True)
class Staying:
    """What takes the legacy events for now, each with why: functions of this file, and names."""

    meaning: Meaning
    functions: dict[cst.CSTNode, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def of_class(self, owner: cst.ClassDef) -> str:
        """Why the handler `owner` of this file takes them; an empty text if it does not."""
        for base in local_bases(self.meaning, owner):
            for binding in self.meaning.names.scopes[base].bindings.get(METHOD, ()):
                if binding.node in self.functions:
                    return self.functions[binding.node]
        return based_on(self.meaning, owner, self.names)


def staying(meaning: Meaning, uses: Sequence[Use]) -> Staying:
    """What of this file, and what is named in it, takes the legacy events for now."""
    names = {**told(meaning, "python-held"), **held_names(meaning, uses)}
    found = Staying(meaning, names=names)
    for taken, why in all_taken(meaning, uses, names):
        if taken.is_open:
            taken.all()
        for function in taken.functions:
            found.functions.setdefault(function, why)
    return found


def all_taken(
    meaning: Meaning, uses: Sequence[Use], names: Mapping[str, str]
) -> Iterator[tuple[Behind, str]]:
    for use in uses:
        if use.kept and use.handler is not None:
            yield behind(meaning, use.handler), use.kept
    for arg, why in handed_on(meaning):
        yield behind(meaning, arg.value), why
    for owner, why in based(meaning, names):
        taken = Behind(meaning)
        taken.instance(owner)
        yield taken, why
    for arg, why in _made_with(meaning, names):
        yield behind(meaning, arg.value), why
    for place, why in told(meaning, "python-kept").items():
        for taken in _at(meaning, place):
            yield taken, why


def held_names(meaning: Meaning, uses: Sequence[Use]) -> dict[str, str]:
    """The names of the library that stay in this file, each with why."""
    found = suppressed_names(meaning)
    kept = [(use.handler, use.kept) for use in uses if use.kept and use.handler is not None]
    for handler, why in (*kept, *((arg.value, why) for arg, why in handed_on(meaning))):
        for name in of_library(meaning, handler, behind(meaning, handler)):
            found.setdefault(name, why)
    known = told(meaning, "python-kept")
    for owner in handler_classes(meaning) if known else ():
        why = known.get(f"{meaning.names.place}{meaning.names.scopes[owner].qualname}", "")
        for name in bases_in_library(meaning, owner) if why else ():
            found.setdefault(name, why)
    return found


def based(
    meaning: Meaning, names: Mapping[str, str] | None = None
) -> Iterator[tuple[cst.ClassDef, str]]:
    """The classes of this file that derive from a handler that stays, with why they do.

    What that does with the events it does with the legacy ones.
    """
    names = suppressed_names(meaning) if names is None else names
    for owner in handler_classes(meaning) if names else ():
        if why := based_on(meaning, owner, names):
            yield owner, why


def _made_with(meaning: Meaning, names: Mapping[str, str]) -> Iterator[tuple[cst.Arg, str]]:
    """What handlers of the library that stay are made with, and hand the events on to."""
    if not any(in_namespace(name, PYTHON_LEGACY) for name in names):
        return
    for call in meaning.tree.of(cst.Call):
        name = meaning.meaning(call.func)
        if name is not None and in_namespace(name, PYTHON_LEGACY) and (why := why_of(names, name)):
            for arg in call.args:
                yield arg, why


def handed_on(meaning: Meaning) -> Iterator[tuple[cst.Arg, str]]:
    """What functions of other files give on to calls that stay, with why those do."""
    keeps = told(meaning, "python-keeps-handler")
    for place, _, arg in handed_far(meaning) if keeps else ():
        if place in keeps:
            yield arg, keeps[place]


def shared(meaning: Meaning, stays: Staying) -> Iterator[tuple[str, str]]:
    """What other files give as handler, and what of this file is told its events stays."""
    given = [*meaning.known.of("python-given"), *meaning.known.of("python-given-result")]
    for place in given if stays.functions else ():
        for taken in _at(meaning, place):
            held = [one for one in taken.functions if one in stays.functions]
            if held:
                yield place, stays.functions[held[0]]


def _at(meaning: Meaning, place: str) -> Iterator[Behind]:
    """What takes the events of what this file has at `place`, if that is its own."""
    owner, _, name = place.rpartition(".")
    for binding in meaning.names.module.bindings.get(place.removeprefix(meaning.names.place), ()):
        taken = Behind(meaning)
        taken.of(binding)
        yield taken
    for node, scope in meaning.names.scopes.items():
        if isinstance(node, cst.ClassDef) and f"{meaning.names.place}{scope.qualname}" == owner:
            taken = Behind(meaning)
            taken.attribute(node, name)
            yield taken
