"""A handler that a step names and that the sources do not define.

A name in YAML or in a step config is looked up when the step runs: the guide's "handler not
invoked". It must exist among the sources and take one event (`handle_event(self, event)` in
Python). A name in the legacy namespace is looked up after its rename; one in the current namespace
comes with the library and is taken to exist, unless the sources define that namespace themselves.
`&Module.handle_event/1` names the module. A class, an instance or a function that a step config in
Python holds itself must take an event as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Fact, Finding, Look, Source

TRIGGERS = ()


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    yield from ()


def learn(facts: Sequence[Fact], look: Look) -> Iterator[Fact]:
    from . import _lookup

    yield from _lookup.wanted(facts, look)


def conclude(facts: Sequence[Fact], look: Look) -> Iterator[Finding]:
    from . import _lookup

    yield from _lookup.findings(facts, look)
