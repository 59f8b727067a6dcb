"""A last event in its legacy shape, read or written.

`("complete", text)` is now `("done", {"content": text, "tokens": ..., "finish_reason": ...})`.
A pattern or a test keeps its meaning by taking the content out; an event that is written gets
`None` for tokens and finish reason, which its author may know better.

    case ("complete", text): ...
    # becomes
    case ("done", {"content": text}): ...

Safe and review as for `event-shape`. A comparison with a whole last event is review: it becomes
a comparison of tag and content, for there are more keys now. That a last event brings more than
its text is advice, once for each handler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Finding, Look, Source

TRIGGERS = (
    ("async_streaming", "complete"),
    ("handle_event", "complete"),
    ("pipeline", "streaming", "complete"),
    ("pipeline", "llm", "complete"),
)


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from .events import events

    yield from events.findings(source, look, "last-event")
