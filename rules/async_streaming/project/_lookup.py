"""Handlers by name: what is wanted, where it is defined, and whether it takes an event."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, cast

from migrator import NOT_ANALYSED, Finding, Severity
from migrator.helpers.python.modules import modules
from migrator.helpers.worklist import Worklist

from .._facts import (
    ANY,
    BASES,
    CALLED,
    CURRENT_LIBRARY,
    HANDLER_BASES,
    HANDLER_DEF,
    HANDLER_HELD,
    HANDLER_HIDDEN,
    HANDLER_USE,
    REFUSES,
    STARRED,
    TAKES,
    UNKNOWN,
    handler_wanted,
    in_library,
    is_elixir,
    places,
)
from .._names import PYTHON_CURRENT
from ._linearization import linearization

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Fact, Look

RULE = "handler-not-found"
_NOT_DEFINED = "is not defined in these sources"
_ISSUE = 'the guide has this among its common issues: "handler not invoked"'
_ELIXIR_SUFFIXES = (".ex", ".exs")


def wanted(facts: Sequence[Fact], look: Look) -> Iterator[Fact]:
    """Each name or place that a step gives, and each that its definition leads to."""
    names = {fact.key for fact in facts if fact.kind in (HANDLER_USE, HANDLER_HELD)}
    for fact in facts:
        if fact.kind == HANDLER_DEF:
            shape, value = cast("tuple[str, tuple[str, ...]]", fact.value)
            if shape in (BASES, CALLED, ANY, STARRED):
                names.update(value)
        elif fact.kind == HANDLER_BASES:
            names.update(cast("tuple[str, ...]", fact.value))
    for name in sorted(names):
        fact = handler_wanted(name, look)
        if fact.files or fact.words:
            yield fact


def findings(facts: Sequence[Fact], look: Look) -> Iterator[Finding]:
    """The uses whose name leads nowhere, or to something that takes no event."""
    lookup = _Lookup(facts, look)
    for fact in facts:
        if fact.kind in (HANDLER_USE, HANDLER_HELD) and fact.span is not None:
            is_held = fact.kind == HANDLER_HELD
            problem = lookup.problem(fact.key, is_held=is_held)
            # What a step holds is there, wherever it was defined.
            if problem is None or (is_held and problem == _NOT_DEFINED):
                continue
            called = fact.key.rpartition(":")[2]
            message = f"the handler `{called}` {problem}: it would not be invoked"
            evidence = (lookup.evidence(fact.key), _ISSUE)
            yield Finding(RULE, fact.path, fact.span, Severity.ERROR, message, evidence)


class _Lookup:
    """The definitions of all files."""

    def __init__(self, facts: Sequence[Fact], look: Look) -> None:
        self.look = look
        self.defined: dict[str, tuple[str, str | tuple[str, ...]]] = {
            fact.key: cast("tuple[str, str | tuple[str, ...]]", fact.value)
            for fact in facts
            if fact.kind == HANDLER_DEF
        }
        self.bases: dict[str, tuple[str, ...]] = {
            fact.key: cast("tuple[str, ...]", fact.value)
            for fact in facts
            if fact.kind == HANDLER_BASES
        }
        self.hidden = {fact.key for fact in facts if fact.kind == HANDLER_HIDDEN}
        self.unread = {fact.path.rpartition(".")[0] for fact in facts if fact.kind == NOT_ANALYSED}
        self.has_elixir = any(path.endswith(_ELIXIR_SUFFIXES) for path in look.paths)
        #: An Elixir file that was not read as a whole may define any module.
        self.misses_elixir = any(
            fact.kind == NOT_ANALYSED and fact.path.endswith(_ELIXIR_SUFFIXES) for fact in facts
        )
        self.has_library = any(fact.kind == CURRENT_LIBRARY for fact in facts)

    def evidence(self, name: str) -> str:
        """Where it was looked for."""
        looked = places(name, self.look)
        if self._is_in_elixir(name) and not looked:
            return f"no module of the Elixir sources is called `{name}` and has `handle_event/1`"
        if not looked:
            return f"no module of the sources is called as the first parts of `{name}`"
        return "looked for at " + ", ".join(f"`{place}`" for place in looked)

    def problem(self, name: str, *, is_held: bool = False) -> str | None:
        """What is wrong with the handler of that name; `None` where nothing is known to be.

        What a step holds itself may be called as it is. Imports are followed, breadth first as good
        as depth first: one definition that takes an event, or that cannot be told, is enough. Of a
        class and its bases the first that has the method decides, where their order is known.
        """
        waiting, seen = deque([name]), {name}
        reason = None
        while waiting:
            current = waiting.popleft()
            looked = places(current, self.look)
            if self._is_in_elixir(current):
                if self.misses_elixir:
                    return None
                if current in self.defined or not looked:
                    looked = [current, *looked]
            is_named = ":" not in current and looked in ([], [current])
            if is_named and current not in self.defined:
                if self._elsewhere(current, current != name):
                    return None
            if any(place.partition(":")[0] in self.unread for place in looked):
                return None
            found = next((place for place in looked if place in self.defined), None)
            if found is None and self._comes_with_the_library(current):
                return None
            if found is None:
                reason = reason or _NOT_DEFINED
                continue
            shape, value = self.defined[found]
            if shape == CALLED and is_held:
                return None
            if shape in (BASES, CALLED, ANY, STARRED):
                more = cast("tuple[str, ...]", value)
                if shape in (BASES, CALLED):
                    reason = "has no `handle_event`"
                    more = self._deciding(found)
                elif not value:
                    reason = reason or _NOT_DEFINED
                elif shape == STARRED:
                    more = tuple(one for one in more if one not in self.hidden)
                    reason = reason if more else reason or _NOT_DEFINED
                waiting += [one for one in more if one not in seen]
                seen.update(more)
            elif shape == REFUSES:
                reason = f"cannot take one event ({value})"
            else:
                assert shape == TAKES or not value
                return None
        return reason

    def _deciding(self, owner: str) -> tuple[str, ...]:
        """What decides about the method of the class at `owner`, which has none of its own."""
        order = linearization(owner, self._bases)
        if order is None:
            return self._bases(owner)
        for at, one in enumerate(order[1:], start=1):
            shape, _ = self.defined.get(one, ("", ""))
            if shape in (TAKES, REFUSES, UNKNOWN):
                return (one,)
            if shape != BASES:
                return tuple(order[at:])  # it may have the method or not
        return ()

    def _bases(self, owner: str) -> tuple[str, ...]:
        """The bases of the class at `owner`, by their places where these are known."""
        shape, value = self.defined.get(owner, ("", ""))
        bases = value if shape in (BASES, CALLED) else self.bases.get(owner, ())
        return tuple(map(self._led, bases))

    def _led(self, name: str) -> str:
        """The place that `name` leads to, if it is one alone."""
        for current in (left := Worklist(name)):
            place = next((one for one in places(current, self.look) if one in self.defined), "")
            shape, value = self.defined.get(place, ("", ""))
            if shape != ANY or len(value) != 1:
                return place or current
            left.add(value)
        return name

    def _is_in_elixir(self, name: str) -> bool:
        return self.has_elixir and is_elixir(name)

    def _elsewhere(self, name: str, is_followed: bool) -> bool:
        """Whether a name that no module of the sources has may well exist."""
        if in_library(name):
            return self._comes_with_the_library(name)
        # An import or a base from an installed package; but what a step names itself must be here.
        return is_followed

    def _comes_with_the_library(self, name: str) -> bool:
        """Whether it is a name of the library's, and the sources do not define its namespace."""
        if not in_library(name):
            return False
        if is_elixir(name):
            return not self.has_library
        return not modules(self.look.paths).ending(tuple(PYTHON_CURRENT.split(".")))
