"""Tests that drive streaming without a tag, or collect its events by hand.

The guide tags tests that depend on live streaming, so that `mix test --only streaming` runs them:

    @tag :streaming
    test "prints the draft", %{ctx: ctx} do
      Pipeline.LLM.invoke!(ctx, prompt: ctx.prompt, stream: true, on_event: &Printer.show/1)
    end

`@moduletag`, `@describetag` and `streaming: true` count as well. For tests that collect events by
hand it has `Pipeline.TestMode.StreamingRecorder`. Advice: nothing is edited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Finding, Look, Source

TRIGGERS = (("Pipeline", "invoke", "test"),)


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from .events import tests

    yield from tests.findings(source, look)
