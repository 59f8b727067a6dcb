"""A last event in its legacy shape, in a pattern or built.

`{:complete, text}` is now `{:done, %{content: text, tokens: _, finish_reason: _}}`. A pattern keeps
its meaning by taking the content out; an event that is built gets `nil` for tokens and finish
reason, which its author may know better.

    def handle_event({:complete, text}), do: IO.puts(text)
    # becomes
    def handle_event({:done, %{content: text}}), do: IO.puts(text)

Safe and review as for `event-shape`. A comparison with a whole last event is review: it becomes a
comparison of tag and content, for there are more keys now. That a last event brings more than its
text is advice, once for each handler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Finding, Look, Source

TRIGGERS = (
    ("AsyncStreaming", "complete"),
    ("Pipeline", "Streaming", "complete"),
    ("Pipeline", "on_event", "complete"),
)


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from .events import events

    yield from events.findings(source, look, "last-event")
