"""The legacy behaviour `Handler` itself, named in YAML.

`Pipeline.AsyncStreaming.Handler` is now `Pipeline.Streaming.Handler`; see `legacy-namespace`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Finding, Look, Source

TRIGGERS = (("AsyncStreaming", "Handler"), ("async_streaming", "Handler"))


def check(source: Source, look: Look) -> Iterator[Finding]:
    from . import _legacy

    yield from _legacy.findings(source, "legacy-handler")
