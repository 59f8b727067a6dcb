"""The legacy `invoke`, named in YAML.

`pipeline.async_streaming.invoke` is now `pipeline.llm.invoke`, `Pipeline.AsyncStreaming.invoke!` is
`Pipeline.LLM.invoke!`, and both take other arguments: review, whatever key names them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Finding, Look, Source

TRIGGERS = (("AsyncStreaming", "invoke"), ("async_streaming", "invoke"))


def check(source: Source, look: Look) -> Iterator[Finding]:
    from . import _legacy

    yield from _legacy.findings(source, "legacy-call")
