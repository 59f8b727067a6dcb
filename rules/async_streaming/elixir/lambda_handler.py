"""A function that is written on the spot as handler.

The guide prefers function captures: a named function can be tested.

    Pipeline.AsyncStreaming.invoke!(prompt: ctx.prompt, handler: fn event -> IO.inspect(event) end)

Advice: nothing is edited. A capture of a named function (`&Printer.show/1`) is what it asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Finding, Look, Source

TRIGGERS = (("AsyncStreaming", "fn"), ("AsyncStreaming", "&"))


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from migrator import Finding, Severity

    from ._calls import uses

    for use in uses(source, look):
        if use.handler is not None and use.given is not None and use.given.is_anonymous:
            yield Finding(
                "lambda-handler",
                source.path,
                use.handler.span,
                Severity.ADVICE,
                "prefer a capture of a named function as handler, so that it can be tested",
                (use.site.evidence, "the guide, section 3: prefer function captures"),
            )
