"""An llm step in a dict literal that does not stream.

Each llm step must set `stream: true`, in code as in YAML; the rule looks at files that import
`pipeline`.

    {"id": "draft", "type": "llm", "provider": "claude"}
    # becomes
    {"id": "draft", "type": "llm", "stream": True, "provider": "claude"}

A step streams by its own key (`async_stream` counts as well), by what it unpacks, or by a
`defaults` dict beside the steps it is in. The fix is review: it changes what runs. An explicit
`False` is manual, since someone chose it; any other value is left to the author.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Finding, Look, Source

# With the quotes: `llm` is part of many names. The last two are words of a step that names its
# model: see `model-cannot-stream`.
TRIGGERS = (
    ('"llm"', "pipeline"),
    ("'llm'", "pipeline"),
    ('"llm"', "provider", "model"),
    ("'llm'", "provider", "model"),
)


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from .steps import streaming
    from .told import handler_facts

    yield from streaming.findings(source, look)
    yield from handler_facts.models(source, look)
