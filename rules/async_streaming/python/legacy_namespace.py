"""A name of the legacy package `pipeline.async_streaming`.

The package is now `pipeline.streaming`, with the same submodules and the same names in them,
`invoke` aside (see `legacy-call`).

    from pipeline.async_streaming import ConsoleHandler as CH
    # becomes
    from pipeline.streaming import ConsoleHandler as CH

Safe where the name is resolved through imports and scopes, and in a string that is a dotted
legacy name as a whole. Review in comments and docstrings. Longer strings are left alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Fact, Finding, Look, Source

TRIGGERS = (("async_streaming",), ("AsyncStreaming",))


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from .moves import moves, strings
    from .told import project

    yield from moves.findings(source, look, "legacy-namespace")
    yield from strings.findings(source, look, "legacy-namespace")
    yield from project.facts(source, look)


def learn(facts: Sequence[Fact], look: Look) -> Iterator[Fact]:
    from .learnt import learning

    yield from learning.learn(facts, look)
