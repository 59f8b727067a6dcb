"""The step keys `async_stream` and `async_handler` in code.

They are now `stream` and `stream_handler`: the guide removes the prefix everywhere.

    {"type": "llm", "provider": "claude", "async_stream": True, "async_handler": ConsoleHandler}
    # becomes
    {"type": "llm", "provider": "claude", "stream": True, "stream_handler": ConsoleHandler}

Safe inside a dict or call that is a step (it has `type` or `provider`, or sits under `steps`), and
where a step is asked for the key (`step["async_stream"]`, `.get`, `.pop`, `.setdefault`, `in`).
Review elsewhere: nothing then proves that it is a step. Manual where old and new key stand
together, and where the keyword is the parameter of a function that the sources define: rename it
there as well. Only the key is edited; a string that is a mere value stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Fact, Finding, Look, Source

# The last four are words of a step that names its handler: see `handler-not-found`.
TRIGGERS = (
    ("async_stream",),
    ("async_handler",),
    ("stream_handler", '"llm"'),
    ("stream_handler", "'llm'"),
    ("stream_handler", "provider"),
    ("stream_handler", "steps"),
)


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from .steps import keys
    from .told import handler_facts, step_facts

    yield from keys.findings(source, look)
    yield from step_facts.facts(source, look)
    yield from handler_facts.uses(source, look)
    yield from handler_facts.definitions(source, look)


def learn(facts: Sequence[Fact], look: Look) -> Iterator[Fact]:
    from .learnt import learning

    yield from learning.steps(facts)
