"""Modules of the legacy namespace whose current name is that of another module of the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Fact

from ..._names import current_name
from .fate import OLD
from .meaning import Meaning, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Look, Source

_MOVES = "elixir-moves"
_TAKEN = "elixir-taken"


def is_taken(meaning: Meaning, name: str) -> bool:
    """Whether the current name of the legacy module `name` is taken."""
    return (_TAKEN, current_name(name) or "") in meaning.known


def facts(source: Source, look: Look) -> Iterator[Fact]:
    """The names that modules of `source` are to have, and those of other files that they have."""
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return
    for module in meaning.names.modules:
        new = current_name(module.name) if module.name else None
        if new is not None:
            yield Fact(_MOVES, new, path=source.path)
        elif module.name and (_MOVES, module.name) in meaning.known:
            yield Fact(_TAKEN, module.name, path=source.path)


def learn(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Who may have such a name is asked, and who uses the old one is told."""
    for fact in facts:
        leaf = fact.key.rpartition(".")[2]
        if fact.kind == _MOVES:
            yield Fact(_MOVES, fact.key, words=(("defmodule", leaf),))
        elif fact.kind == _TAKEN:
            yield Fact(_TAKEN, fact.key, words=((leaf, OLD),))
