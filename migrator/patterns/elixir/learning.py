"""What follows from the facts that declared rules tell of Elixir files; no parser is imported.

See `program` for the facts as seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.model import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BROUGHT, MAY_HIDE = "elixir-brought", "elixir-may-hide"


def learn(facts: Sequence[Fact]) -> Iterator[Fact]:
    """Those who may use a module that brings or hides a name are told."""
    for fact in facts:
        if fact.kind in (BROUGHT, MAY_HIDE):
            leaf = fact.key.rpartition(".")[2]
            yield Fact(fact.kind, fact.key, fact.value, words=((leaf, "use"),))
