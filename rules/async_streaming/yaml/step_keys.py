"""The step keys `async_stream` and `async_handler` in YAML.

They are now `stream` and `stream_handler`: the guide removes the prefix everywhere.

    async_stream: true                               stream: true
    async_handler: newsroom.handlers.Console         stream_handler: newsroom.handlers.Console

Safe at any depth and in any spelling of the key; its value keeps its own. Manual where old and new
key stand in one mapping, or where the key is an alias of a mere value. Review where a merge key
brings old and new together, or where the key's anchor is used as a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Finding, Look, Source

# The last is a key that names a handler: see `handler-not-found`.
TRIGGERS = (("async_stream",), ("async_handler",), ("stream_handler",))


def check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    from . import _keys

    yield from _keys.findings(source)
    yield from _keys.uses(source)
