"""Facts of handlers and models named in step configs, and of the handlers that are defined."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Fact, Look, Source


def facts(source: Source, look: Look) -> Iterator[Fact]:
    """Placeholder."""
    yield from ()
