"""Names of the legacy namespace in YAML.

Both spellings move: `Pipeline.AsyncStreaming.X` is now `Pipeline.Streaming.X`, and
`pipeline.async_streaming.X` is `pipeline.streaming.X`. Safe where `async_handler` names a handler
(in lists too), review under any other key and in tags (`!!python/name:pipeline.async_streaming.X`).
A name inside a longer text, a block scalar or a comment is text and stays; where a handler is
named, a longer text without blanks (`${HANDLER:-Pipeline.AsyncStreaming.X}`) is reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Finding, Look, Source

TRIGGERS = (("AsyncStreaming",), ("async_streaming",))


def check(source: Source, look: Look) -> Iterator[Finding]:
    from . import _legacy

    yield from _legacy.findings(source, "legacy-namespace")
