"""The base class `Handler` of the legacy package.

Handlers derive from the `Handler` of `pipeline.streaming`: the name is the same, the events that
`handle_event` takes are not (see `event-shape` and `last-event`).

    from pipeline.async_streaming import Handler
    # becomes
    from pipeline.streaming import Handler

Safe where the name is resolved through imports and scopes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Finding, Look, Source

TRIGGERS = (("async_streaming", "Handler"), ("AsyncStreaming", "Handler"))


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from .moves import moves, strings

    yield from moves.findings(source, look, "legacy-handler")
    yield from strings.findings(source, look, "legacy-handler")
