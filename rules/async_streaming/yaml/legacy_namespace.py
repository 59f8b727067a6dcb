"""Names of the legacy namespace in YAML.

Both spellings move: `Pipeline.AsyncStreaming.X` is now `Pipeline.Streaming.X`, and
`pipeline.async_streaming.X` is `pipeline.streaming.X`. Safe where a handler is named (under
`async_handler` or `stream_handler`, in lists too), review under any other key. A name inside a
longer text, a block scalar or a comment is text and stays.
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
