"""What one Python file tells the others of steps, so that a step is known where it is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Fact, Look, Source

from ..._names import STEP_KEYS
from ..reading import callees
from ..reading.mappings import pairs
from ..reading.meaning import Meaning, meaning_of
from ..steps.keys import is_spelled
from ..steps.steps import Steps, steps

if TYPE_CHECKING:
    from collections.abc import Iterator


def facts(source: Source, look: Look) -> Iterator[Fact]:
    """`step`: a name of this module is (or returns) a step; `takes`: a parameter has a legacy
    name; `step-given`: a function of another file is given a step."""
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return
    speaks = any(key in source.text for key in STEP_KEYS)
    if not speaks and not any(
        place.startswith(meaning.names.place) for place in meaning.known.of("python-wanted")
    ):
        return
    found = steps(source, look)
    yield from callees.facts(meaning, tuple(STEP_KEYS))
    yield from _names(meaning, found)
    if speaks:
        yield from _elsewhere(meaning, found)


def _names(meaning: Meaning, found: Steps) -> Iterator[Fact]:
    for name, bindings in meaning.names.module.bindings.items():
        place, last = f"{meaning.names.place}{name}", bindings[-1]
        if isinstance(last.node, cst.FunctionDef):
            returned = found.returned.get(last.node, ())
            if returned and all(found.leads(value) for value in returned):
                yield Fact("step", place, "returns", meaning.source.path)
        elif last.value is not None and last.index is None and found.leads(last.value):
            yield Fact("step", place, "is", meaning.source.path)


def _elsewhere(meaning: Meaning, found: Steps) -> Iterator[Fact]:
    path = meaning.source.path
    asked = set(found.asked)
    for node in meaning.tree.of(cst.Call):
        name = meaning.meaning(node.func)
        if name is None or ":" not in name or name.startswith(meaning.names.place):
            continue
        given = tuple(
            arg.keyword.value if arg.keyword else index
            for index, arg in enumerate(node.args)
            if not arg.star and found.leads(arg.value)
        )
        if given:
            yield Fact("step-given", name, given, path)
        if given or any(pair.key in STEP_KEYS for pair in pairs(node)):
            asked.add(name)
    # `async_stream` is a part of the package's name: what has no more than that has no key.
    for name in sorted(asked) if is_spelled(meaning.source) else ():
        yield Fact("wanted", name, None, path)
