"""State of a handler module that outlives a run.

State belongs to each run: the guide moves mutable state out of the global Agent, into processes
that a run starts for itself. A handler module that is an Agent, or a GenServer under a fixed name,
mixes the texts of runs that go on side by side.

    defmodule MyApp.Collector do
      use Agent                                                        # reported
      @behaviour Pipeline.AsyncStreaming.Handler
      def start_link(_), do: Agent.start_link(fn -> [] end, name: __MODULE__)   # reported
    end

Looked at are modules with the behaviour, legacy or current. A GenServer without a name is fine.
Manual: where the state belongs is a decision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Finding, Look, Source

TRIGGERS = (
    ("Pipeline", "Agent"),
    ("Pipeline", "GenServer"),
)


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from .state import state

    yield from state.findings(source, look)
