"""What a suppressed place of an event keeps: who takes that event goes on to take legacy ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Fact
from migrator.helpers.python.rewrite import whole

from ..flow.takers import takes_events
from ..reading.classes import method_owner
from ..reading.targets import reached

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ..flow.subjects import Subjects
    from ..reading.meaning import Meaning
    from .places import Place


def facts(meaning: Meaning, place: Place, taking: Collection[cst.CSTNode]) -> Iterator[Fact]:
    """`kept-at` for functions and names here, and `kept` for those of other files."""
    taker = place.role.taker if place.role is not None else None
    yield from _of_taker(meaning, taker or place.node, held_by(meaning, place), taking)


def facts_of_written(subjects: Subjects, why: str) -> Iterator[Fact]:
    """The same for what takes events of which is known that they are written alone."""
    meaning = subjects.meaning
    for call in meaning.tree.of(cst.Call):
        for arg in call.args:
            role = subjects.role(subjects.event(arg.value)) if not arg.star else None
            taken = takes_events(meaning, subjects.roles, call) if role and role.written else None
            if taken is not None and taken.taker is not None:
                yield from _of_taker(meaning, taken.taker, why, subjects.functions())


def is_unproven(place: Place) -> bool:
    """Whether nothing proves that the event of `place` is another one than the next."""
    return place.role is None or place.role.written


def _of_taker(
    meaning: Meaning, taker: cst.CSTNode | str, why: str, taking: Collection[cst.CSTNode]
) -> Iterator[Fact]:
    own, path = meaning.names.place, meaning.source.path
    if isinstance(taker, str):
        if ":" in taker:
            yield Fact("kept", taker, why, path)
        else:
            yield Fact("kept-at", f"{own}@{taker}", why, path)
        return
    for node in _around(meaning, taker, taking):
        owner = node if isinstance(node, cst.ClassDef) else method_owner(meaning, node)
        if owner is not None:
            yield Fact("kept", f"{own}{meaning.names.scopes[owner].qualname}", why, path)
        yield Fact("kept-at", f"{own}@{meaning.tree.spans[node].start}", why, path)


def held_by(meaning: Meaning, place: Place) -> str:
    """Why who takes the event of a suppressed place goes on to take legacy ones."""
    line = meaning.source.position(whole(meaning.tree, place.node).start).line
    return f"line {line} of {meaning.source.path} is suppressed, and is about the legacy events"


def _around(
    meaning: Meaning, place: cst.CSTNode, taking: Collection[cst.CSTNode]
) -> set[cst.CSTNode]:
    """What takes the event of `place`, which may be that itself, and who hands it on to there."""
    found: set[cst.CSTNode] = set()
    waiting = [place]
    calls = meaning.tree.of(cst.Call)
    while waiting:
        node = waiting.pop()
        around: cst.CSTNode | None = node
        if not isinstance(node, (cst.ClassDef, cst.FunctionDef, cst.Lambda)):
            around = next((one for one in meaning.tree.ancestors(node) if one in taking), None)
        if around is None or around in found:
            continue
        found.add(around)
        waiting += [
            call
            for call in calls
            for arg in call.args
            for function, _ in reached(meaning, call, arg)
            if function is around
        ]
    return found
