"""Names of the namespace `Pipeline.AsyncStreaming` in Elixir.

Modules of `Pipeline.AsyncStreaming` are now in `Pipeline.Streaming`, under the same names.

    alias Pipeline.AsyncStreaming.ConsoleHandler
    # becomes
    alias Pipeline.Streaming.ConsoleHandler

Safe where the name is resolved as the compiler does it: by aliases and their scopes, those that
`use` brings among them, nested modules, `__MODULE__`; a module of the project's own in the
namespace moves with all that names it.
With `alias Pipeline.AsyncStreaming` the short name changes too; where the new one is taken, `as:`
keeps the old one. While a call that is not moved needs a directive, that directive stays. A string
or quoted atom that is a name as a whole is safe; comments and docs are review.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Fact, Finding, Look, Source

TRIGGERS = (
    ("AsyncStreaming",),
    ("async_streaming",),
    ("__using__", "Pipeline"),  # brings a `Pipeline` of its own, perhaps
)


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from .moves import moves, strings
    from .reading import library, stays, taken

    yield from moves.findings(source, look, "legacy-namespace")
    yield from strings.findings(source, look, "legacy-namespace")
    yield from moves.facts(source, look)
    yield from library.facts(source, look)
    yield from taken.facts(source, look)
    yield from stays.facts(source, look)


def learn(facts: Sequence[Fact], look: Look) -> Iterator[Fact]:
    from .moves import moves
    from .reading import library, stays, taken

    yield from moves.learn(facts)
    yield from library.learn(facts)
    yield from taken.learn(facts)
    yield from stays.learn(facts)
