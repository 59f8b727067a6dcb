"""The behaviour `Pipeline.AsyncStreaming.Handler`.

Handlers have the behaviour `Pipeline.Streaming.Handler`: the name is the same, the events that
`handle_event/1` takes are not (see `event-shape` and `last-event`).

    @behaviour Pipeline.AsyncStreaming.Handler
    # becomes
    @behaviour Pipeline.Streaming.Handler

Safe where the name is resolved by aliases and scopes; see `legacy-namespace`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Finding, Look, Source

TRIGGERS = (("AsyncStreaming", "Handler"), ("async_streaming", "Handler"))


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from .moves import moves, strings

    yield from moves.findings(source, look, "legacy-handler")
    yield from strings.findings(source, look, "legacy-handler")
