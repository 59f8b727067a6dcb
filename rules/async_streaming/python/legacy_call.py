"""A use of the legacy `invoke`.

`invoke` is now `pipeline.llm.invoke`: it takes the context first, and the handler as a function.

    from pipeline.async_streaming import ConsoleHandler, invoke
    invoke(prompt=ctx.prompt, handler=ConsoleHandler)
    # becomes
    from pipeline.streaming import ConsoleHandler
    from pipeline.llm import invoke
    invoke(ctx, prompt=ctx.prompt, stream=True, on_event=ConsoleHandler.handle_event)

Safe where prompt and handler are given by themselves and the context is at hand: `X` where the
prompt is `X.prompt`, or a parameter `ctx` or `context` of the function around the call. Review
with `**rest`, with a context from a function further out, and where the handler cannot be
resolved. Manual otherwise; the import of `invoke` then stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Finding, Look, Source

TRIGGERS = (("async_streaming", "invoke"),)


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from .moves import calls, imports, moves, strings

    plan = imports.imports(source, look)
    yield from moves.findings(source, look, "legacy-call")
    for use in calls.uses(source, look):
        yield moves.of_use(source, plan, use)
    yield from strings.findings(source, look, "legacy-call")
