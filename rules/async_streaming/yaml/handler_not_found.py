"""A handler that a step in YAML names and that the sources do not define.

What stands under `async_handler` or `stream_handler`, or in a list there, is looked up once all
files are seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Look, Source

TRIGGERS = (("async_handler",), ("stream_handler",))


def check(source: Source, look: Look) -> Iterator[Fact]:
    from . import _handlers

    yield from _handlers.uses(source)
