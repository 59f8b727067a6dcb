"""An llm step in an Elixir literal that does not stream.

Each llm step must set `stream: true`, in step configs as in YAML; the rule looks at files that name
the library's `Pipeline`.

    %{id: "draft", type: "llm", provider: "claude"}
    # becomes
    %{id: "draft", type: "llm", stream: true, provider: "claude"}

A step streams by its own key (`async_stream` counts as well), or by `defaults` beside the steps it
is in. The fix is review: it changes what runs. An explicit `false` is manual, since someone chose
it; any other value is left to the author.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Finding, Look, Source

# The last is for steps that name their model: see `model-cannot-stream`.
TRIGGERS = (("llm", "type", "Pipeline"), ("llm", "type", "provider", "model"))


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from .steps import streaming

    yield from streaming.findings(source, look)
    yield from streaming.models(source, look)
