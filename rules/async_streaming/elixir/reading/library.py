"""The legacy library itself among the sources: its users do not edit it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Fact

from ..._names import ELIXIR_LEGACY
from .meaning import LIBRARY, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Look, Source

_LEAF = ELIXIR_LEGACY.rpartition(".")[2]


def facts(source: Source, look: Look) -> Iterator[Fact]:
    """That `source` defines the namespace's own module or behaviour."""
    if meaning_of(source, look).defines_library():
        yield Fact(LIBRARY, "", path=source.path)


def learn(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Once it is defined anywhere, all modules in its namespace are the library's."""
    if any(fact.kind == LIBRARY for fact in facts):
        yield Fact(LIBRARY, "", words=(("defmodule", _LEAF),))
