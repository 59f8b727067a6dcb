"""State that outlives a run, written by a handler.

State belongs to each run: the guide moves mutable state out of global processes. A handler that
writes a global, an attribute of its class or a singleton mixes the texts of runs that go on side
by side.

    EVENTS = []

    class Collect(Handler):
        def handle_event(self, event):
            EVENTS.append(event)        # reported
    # rather
    class Collect(Handler):
        def __init__(self):
            self.events = []

Looked at are classes that derive from a handler of the library, legacy or current, at any remove,
and functions given as handler, with the functions of the file they call. What `__init__` gives
each instance is fine, unless one instance in a variable of the module is given for every run; so
is what is only read. Manual: where the state belongs is a decision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Fact, Finding, Look, Source

TRIGGERS = (("async_streaming",), ("pipeline", "streaming"), ("pipeline", "on_event"))


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from .handlers import class_state
    from .state import state

    yield from state.findings(source, look)
    yield from class_state.facts(source, look)


def learn(facts: Sequence[Fact], look: Look) -> Iterator[Fact]:
    from .learnt import learning

    yield from learning.class_states(facts)
