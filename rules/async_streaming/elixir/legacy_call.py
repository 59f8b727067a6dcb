"""A use of the legacy `Pipeline.AsyncStreaming.invoke!/1`.

It is now `Pipeline.LLM.invoke!/2`: the context comes first, and the handler is a function.

    Pipeline.AsyncStreaming.invoke!(
      prompt: ctx.prompt,
      handler: Pipeline.AsyncStreaming.ConsoleHandler
    )
    # becomes
    Pipeline.LLM.invoke!(
      ctx,
      prompt: ctx.prompt,
      stream: true,
      on_event: &Pipeline.Streaming.ConsoleHandler.handle_event/1
    )

Safe where prompt and handler are written in the call, the handler is a module, a capture or a
function, and the context is at hand: `x` where the prompt is `x.prompt`, or a parameter `ctx` or
`context` of the function around. Review where the handler is a variable, an attribute or a call,
and with a context of a function further out. Manual otherwise: at the end of a pipe, with a
variable as the keyword list, by `apply/3` or a capture, with a `stream:` of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Finding, Look, Source

TRIGGERS = (("AsyncStreaming", "invoke"),)


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from .moves import moves, strings

    yield from moves.findings(source, look, "legacy-call")
    yield from strings.findings(source, look, "legacy-call")
