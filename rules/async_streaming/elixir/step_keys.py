"""The step keys `async_stream` and `async_handler` in Elixir.

They are now `stream` and `stream_handler`: the guide removes the prefix everywhere.

    %{type: "llm", provider: "claude", async_stream: true, async_handler: MyApp.Console}
    # becomes
    %{type: "llm", provider: "claude", stream: true, stream_handler: MyApp.Console}

Safe in a map or keyword list that is a step (it has `type` or `provider`, or stands under `steps`),
and where a variable that holds such a literal is asked for the key. Review in other mappings and
look-ups (`step[:async_stream]`, `step.async_stream`, `Map.get/2`, a path of `get_in/2`). Manual
where old and new key stand together. As a mere value the atom stays, and no function of that name
is touched: not `Task.async_stream`, nor one that is imported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Finding, Look, Source

# The last is a key that names a handler: see `handler-not-found`.
TRIGGERS = (("async_stream",), ("async_handler",), ("stream_handler",))


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from .steps import keys
    from .told import handler_facts

    yield from keys.findings(source, look)
    yield from handler_facts.uses(source, look)
    yield from handler_facts.definitions(source, look)
