"""How the classes of Python files are derived from one another, by what all files tell.

Nothing here parses: see `learning`.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from migrator import Fact


class Derivations:
    """The classes of all files; `final` tells where a name leads."""

    def __init__(self, by_kind: Mapping[str, Sequence[Fact]], final: Callable[[str], str]) -> None:
        self._instances = by_kind.get("instance", ())
        self._facts = by_kind.get("class", ())
        self._final = final

    @cached_property
    def _derived(self) -> dict[str, list[str]]:
        """Each class with those that name it as a base."""
        found: dict[str, list[str]] = {}
        for fact in self._facts:
            assert isinstance(fact.value, tuple)
            for base in fact.value[0]:
                found.setdefault(self._final(base), []).append(fact.key)
        return found

    def with_derived(self, classes: list[str]) -> set[str]:
        """`classes` and all that derive from them, at any remove."""
        found: set[str] = set()
        waiting = classes
        while waiting:
            place = waiting.pop()
            if place not in found:
                found.add(place)
                waiting += self._derived.get(place, ())
        return found

    def inherited(self, place: str, *, is_above: bool = False) -> Iterator[str]:
        """The attributes of bases that the attribute at `place` may be, down to who defines it.

        With `is_above` it is one of `super()`. Until a class is looked at it may define anything.
        """
        owner, dot, name = place.rpartition(".")
        waiting = [owner] if dot else []
        seen: set[str] = set()
        while waiting:
            current = waiting.pop(0)
            if current in seen or ":" not in current:
                continue
            seen.add(current)
            bases, names = self._classes.get(current, ((), frozenset()))
            if current != owner:
                yield f"{current}.{name}"
            if name in names and not (is_above and current == owner):
                return
            waiting = [*(self._final(base) for base in bases), *waiting]

    def above(self, place: str) -> set[str]:
        """All that the class at `place` derives from."""
        found: set[str] = set()
        waiting = list(self.bases(place))
        while waiting:
            base = waiting.pop()
            if base not in found:
                found.add(base)
                waiting += self.bases(base)
        return found

    def sharing(self, place: str) -> set[str]:
        """The classes that may take events by a method that the class at `place` has as well."""
        having = [one for one in (place, *self.above(place)) if self._takes(one)]
        return self.with_derived(having)

    def _takes(self, place: str) -> bool:
        """Whether a class has a method that takes events itself."""
        _, names = self._classes.get(place, ((), frozenset[str]()))
        return not names.isdisjoint(("__call__", "handle_event"))

    def bases(self, place: str) -> Sequence[str]:
        """The bases of the class at `place`, where those lead."""
        return [self._final(base) for base in self._classes.get(place, ((), ()))[0]]

    @cached_property
    def _classes(self) -> dict[str, tuple[tuple[str, ...], frozenset[str]]]:
        """The bases of each class and the names it gives itself; an instance has its class's."""
        found: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {
            fact.key: ((str(fact.value),), frozenset()) for fact in self._instances
        }
        for fact in self._facts:
            assert isinstance(fact.value, tuple)
            bases, _, _, _, names = fact.value
            found[fact.key] = (bases, frozenset(names))
        return found

    def overriding(self, place: str) -> set[str]:
        """The methods that may override the one at `place`."""
        owner, dot, method = place.rpartition(".")
        owners = self.with_derived([owner]) - {owner} if dot else set[str]()
        return {f"{other}.{method}" for other in owners}
