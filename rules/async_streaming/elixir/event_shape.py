"""A chunk event in its legacy shape, in a pattern or built.

`{:chunk, text}` is now `{:delta, %{content: text}}`: the tag changes, and the text is the content
of the second element. What follows a pattern runs as before.

    def handle_event({:chunk, text}), do: IO.write(text)
    # becomes
    def handle_event({:delta, %{content: text}}), do: IO.write(text)

Safe in a module with the behaviour, in a function given as handler, and in what is handed to
`handle_event/1` of a handler. Review elsewhere in a file that names the namespace, in a function
that another file names as handler, and with `elem/2`. Manual where kind and text are taken apart
under names of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Fact, Finding, Look, Source

# A handler that another file names, or a base of handlers, need not hold an event itself.
TRIGGERS = (
    ("AsyncStreaming",),
    ("Pipeline", "Streaming", "Handler"),
    ("Pipeline", "Streaming", "chunk"),
    ("Pipeline", "on_event"),
)


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from .events import events
    from .told import role_facts

    yield from events.findings(source, look, "event-shape")
    yield from role_facts.facts(source, look)


def learn(facts: Sequence[Fact], look: Look) -> Iterator[Fact]:
    from .told import role_facts

    yield from role_facts.learn(facts)
