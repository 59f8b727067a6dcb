"""A chunk event in its legacy shape, read or written.

`("chunk", text)` is now `("delta", {"content": text})`: the tag changes, and the text is the
content of the second element. What follows a pattern or a test runs as before.

    case ("chunk", text): ...
    # becomes
    case ("delta", {"content": text}): ...

Safe in `handle_event` of a class that derives from a handler of the library, in a function given
as handler, in what is written to them, and where the text of events is read from a list that only
such a handler fills. Review elsewhere in a file that imports the library or such a handler, tests
of what was kept included. Manual where the event passes through a table of functions, or a name
holds the text on one way and the mapping on another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Finding, Look, Source

TRIGGERS = (
    ("async_streaming",),
    ("handle_event", "chunk"),
    ("pipeline", "streaming", "chunk"),
    ("pipeline", "llm", "chunk"),
    ("pipeline", "on_event"),
)


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from .events import events
    from .flow import roles
    from .told import project

    yield from events.findings(source, look, "event-shape")
    yield from roles.roles(source, look).handed
    yield from events.kept(source, look)
    yield from project.given_now(source, look)
