"""What is known of the other files, which remembers what it was asked.

A file is looked at before anything is known, and again with what was learnt. Where that answers all
questions of the first time alike, what was derived then holds.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping
    from typing import TypeVar

    from migrator import Fact

    T = TypeVar("T")

    Facts = frozenset[Fact]


@lru_cache(maxsize=2)
def _by_key(facts: Facts) -> Mapping[tuple[str, str | None], Hashable]:
    return {(fact.kind, fact.key): fact.value for fact in facts}


@lru_cache(maxsize=2)
def _by_kind(facts: Facts) -> dict[str, dict[str, Hashable]]:
    found: dict[str, dict[str, Hashable]] = {}
    # In an order that does not hang on how the set came about: what is derived is compared.
    for fact in sorted(facts, key=lambda one: (one.kind, one.key)):
        found.setdefault(fact.kind, {})[fact.key] = fact.value
    return found


def _of(facts: Facts, kind: str, besides: str | None) -> Mapping[str, Hashable]:
    found = _by_kind(facts).get(kind, {})
    if besides is None:
        return found
    return {key: value for key, value in found.items() if not key.startswith(besides)}


class Known:
    """Facts, by their kind and key; a fact without a value is there, and has `None`."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._by_key = _by_key(facts)
        self._asked: set[tuple[str, str | None]] = set()
        self._kinds: dict[tuple[str, str | None], Mapping[str, Hashable]] = {}
        self._derived: dict[Callable[[Facts], object], object] = {}

    def get(self, asked: tuple[str, str]) -> Hashable:
        """The value of the fact of that kind and key; `None` if there is none."""
        self._asked.add(asked)
        return self._by_key.get(asked)

    def __contains__(self, asked: tuple[str, str | None]) -> bool:
        self._asked.add(asked)
        return asked in self._by_key

    def of(self, kind: str, *, besides: str | None = None) -> Mapping[str, Hashable]:
        """The values of all facts of a kind, by key; `besides` those whose key begins so."""
        asked = (kind, besides)
        if asked not in self._kinds:
            self._kinds[asked] = _of(self._facts, kind, besides)
        return self._kinds[asked]

    def derived(self, make: Callable[[Facts], T]) -> T:
        """What `make`, which keeps what it makes, derives from all facts."""
        found = make(self._facts)
        self._derived[make] = found
        return found

    def tells(self, facts: Facts) -> bool:
        """Tell these facts from now on, if they answer alike what was asked before."""
        if facts is self._facts or facts == self._facts:
            return True
        now, before = _by_key(facts), self._by_key
        alike = (
            all(
                (one in now) == (one in before) and now.get(one) == before.get(one)
                for one in self._asked
            )
            and all(_of(facts, *asked) == found for asked, found in self._kinds.items())
            and all(make(facts) == found for make, found in self._derived.items())
        )
        if alike:
            self._facts, self._by_key = facts, now
        return alike
