"""What a suppressed place of an event keeps: who takes that event goes on to take legacy ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Fact

from ._classes import method_owner
from ._targets import reached

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ._meaning import Meaning
    from ._places import Place


def facts(meaning: Meaning, place: Place, taking: Collection[cst.CSTNode]) -> Iterator[Fact]:
    """`kept-at` for functions and names here, and `kept` for those of other files."""
    own, path = meaning.names.place, meaning.source.path
    why = held_by(meaning, place)
    taker = place.role.taker if place.role is not None else None
    if isinstance(taker, str):
        if ":" in taker:
            yield Fact("kept", taker, why, path)
        else:
            yield Fact("kept-at", f"{own}@{taker}", why, path)
        return
    nodes = _around(meaning, place.node, taking) if taker is None else {taker}
    for node in nodes:
        owner = node if isinstance(node, cst.ClassDef) else method_owner(meaning, node)
        if owner is not None:
            yield Fact("kept", f"{own}{meaning.names.scopes[owner].qualname}", why, path)
        yield Fact("kept-at", f"{own}@{meaning.tree.spans[node].start}", why, path)


def held_by(meaning: Meaning, place: Place) -> str:
    """Why who takes the event of a suppressed place goes on to take legacy ones."""
    line = meaning.source.position(meaning.tree.spans[place.node].start).line
    return f"line {line} of {meaning.source.path} is suppressed, and is about the legacy events"


def _around(
    meaning: Meaning, place: cst.CSTNode, taking: Collection[cst.CSTNode]
) -> set[cst.CSTNode]:
    """The functions that the event of `place` is handed by, from one to the other."""
    found: set[cst.CSTNode] = set()
    waiting = [place]
    calls = meaning.tree.of(cst.Call)
    while waiting:
        node = waiting.pop()
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
