"""What of a file takes the legacy events for now, since something is suppressed.

Who is given to a call that is suppressed does, and who derives from a handler of the library that
is. What other files tell of theirs is told to this one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from ..handlers.far_calls import handed_far
from ..handlers.given import all_behind
from ..handlers.handler_classes import handler_classes
from ..reading.classes import class_of, local_bases
from ..reading.meaning import METHOD, Meaning
from .behind import Behind, behind
from .legacy_names import (
    based_on,
    bases_in_library,
    is_of_library,
    of_library,
    suppressed_names,
    told,
    why_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .moved_calls import Use


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

    def of(self, handler: cst.BaseExpression, taken: Behind) -> str:
        """Why `handler`, behind which is `taken`, takes them; an empty text if it does not."""
        for name in all_behind(self.meaning, handler):
            if why := why_of(self.names, name):
                return why
        return next((self.functions[one] for one in taken.functions if one in self.functions), "")

    def add(self, taken: Behind, why: str) -> None:
        """What is `taken` takes the legacy events for now."""
        for function in taken.functions:
            self.functions.setdefault(function, why)


def staying(meaning: Meaning, uses: Sequence[Use]) -> Staying:
    """What of this file, and what is named in it, takes the legacy events for now."""
    names = {**told(meaning, "python-held"), **_held_names(meaning, uses)}
    found = Staying(meaning, names=names)
    for taken, why in _taken(meaning, uses, names):
        if taken.is_open:
            taken.all()
        found.add(taken, why)
    if found.functions or any(is_of_library(name) for name in names):
        _spread(found)
    return found


def _spread(found: Staying) -> None:
    """Have what a handler is made with stay with it, and the other way round."""
    meaning, handlers = found.meaning, handler_classes(found.meaning)
    made: dict[cst.Call, tuple[cst.ClassDef | None, str]] = {}
    for call in meaning.tree.of(cst.Call):
        owner, name = class_of(meaning, call.func), meaning.meaning(call.func) or ""
        if call.args and (owner in handlers or is_of_library(name)):
            made[call] = owner, name
    behind_args = {call: [behind(meaning, arg.value) for arg in call.args] for call in made}
    while True:
        for call, (owner, name) in made.items():
            of_args = zip(call.args, behind_args[call], strict=True)
            whys = (found.of(arg.value, taken) for arg, taken in of_args)
            why = found.of_class(owner) if owner is not None else why_of(found.names, name)
            if why := why or next(filter(None, whys), ""):
                break
        else:
            return
        del made[call]
        if owner is not None:
            found.add(_of_class(meaning, owner), why)
        else:
            found.names.setdefault(name, why)
        for arg, taken in zip(call.args, behind_args[call], strict=True):
            found.add(taken, why)
            for one in of_library(meaning, arg.value, taken):
                found.names.setdefault(one, why)


def _of_class(meaning: Meaning, owner: cst.ClassDef) -> Behind:
    taken = Behind(meaning)
    taken.instance(owner)
    return taken


def _taken(
    meaning: Meaning, uses: Sequence[Use], names: Mapping[str, str]
) -> Iterator[tuple[Behind, str]]:
    for use in uses:
        if use.kept and use.handler is not None:
            yield behind(meaning, use.handler), use.kept
    for arg, why in handed_on(meaning):
        yield behind(meaning, arg.value), why
    for owner, why in based(meaning, names):
        yield _of_class(meaning, owner), why
    at = told(meaning, "python-kept-at")
    for node in meaning.names.scopes if at else ():
        start = meaning.tree.spans[node].start if node in meaning.tree.spans else -1
        if why := at.get(f"{meaning.names.place}@{start}", ""):
            taken = Behind(meaning)
            taken.itself(node)
            yield taken, why
    for place, why in told(meaning, "python-kept").items():
        for taken in _at(meaning, place):
            yield taken, why


def _held_names(meaning: Meaning, uses: Sequence[Use]) -> dict[str, str]:
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
