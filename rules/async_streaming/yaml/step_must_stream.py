"""An llm step in YAML that does not stream.

A step is a mapping with `type: llm` under `steps`, `parallel` or `branches` at any depth, or an
item of a list at the top. Each must set `stream: true`.

    - id: draft                  - id: draft
      type: llm                    type: llm
      provider: claude             stream: true
                                   provider: claude

A step streams by its own key (`async_stream` counts as well), by a merge key, or by a mapping
`defaults` beside the steps it is in, or further out. The fix is review: it changes what runs. An
explicit `false` is manual, since someone chose it; any other value is left to the author. Manual,
too, where the key would take the place of such a value for another step: of what it merges, or of
its defaults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Finding, Look, Source

TRIGGERS = (("llm", "type"),)


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from . import _streaming

    yield from _streaming.findings(source)
    yield from _streaming.models(source)
