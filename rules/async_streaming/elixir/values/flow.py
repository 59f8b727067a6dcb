"""How a value goes on in one file: by names, branches, functions, lists, messages and stores.

Which value it is that is followed, and where it comes from, is told by a `Flow` of that value.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from migrator import Applicability
from migrator.helpers.elixir.calls import bare, is_local, operator, pairs
from migrator.helpers.elixir.patterns import DEFINITIONS, head_of

from ..reading.bindings import Kind, Match, binder, is_match, matched
from ..reading.clauses import covered
from ..reading.meaning import GIVES, GIVES_LIST
from .calling import calling_of
from .messages import may_be, sent_elsewhere
from .parts import argument_place, is_capture, leads
from .results import results
from .stores import RECEIVED
from .ways import Part, parameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from migrator.languages.elixir import Node

    from ..reading.bindings import Step
    from ..reading.meaning import Meaning

#: How long a way a value may go from one name or call to the next.
_STEPS = 50
# How deep in others: what a function hands itself in a tuple has no end.
_NESTED = 7
# What is no value at all, where the other branch has one.
_NOTHING = frozenset({"atom", "boolean", "nil"})
SAFE, REVIEW, MANUAL = Applicability.SAFE, Applicability.REVIEW, Applicability.MANUAL


class Flow(ABC):
    """The values of one kind in one file.

    `taken` are the functions that take such values, each with the places of the parameters, and
    `lists` those that take lists of them. An answer is how certain it is that something is one,
    `None` where it is none, and `MANUAL` where it is one on one way and not on another.
    """

    #: Whether values of this kind are told of from file to file.
    follows_facts = False

    def __init__(
        self,
        meaning: Meaning,
        taken: Mapping[Node, frozenset[int]],
        lists: Mapping[Node, frozenset[int]],
    ) -> None:
        self.meaning = meaning
        self.taken = taken
        self.lists = lists
        self.calling = calling_of(meaning)
        self._covered: dict[Node, set[Node]] = {}
        self._values: dict[tuple[Node, str], Applicability | None] = {}
        self._parts: dict[Part, Applicability | None] = {}
        self._elsewhere = sent_elsewhere(meaning) if self.follows_facts else {}
        self._depth = 0

    def forget(self) -> None:
        """Forget what was told: `taken` or `lists` holds more than it did."""
        self._values.clear()
        self._parts.clear()

    def value(self, node: Node, name: str = "") -> Applicability | None:
        """How certain it is that the expression `node` is one.

        What a call makes of one may be one where it goes on by the same `name`.
        """
        key = (bare(node), name)
        if key not in self._values:
            self._values[key] = None  # what is told by itself, or at the end of a long way
            if self._depth < _STEPS:
                self._depth += 1
                self._values[key] = self._told(*key)
                self._depth -= 1
        return self._values[key]

    def items(self, node: Node) -> Applicability | None:
        """How certain it is that `node` is a list of them."""
        return self._part(Part(Kind.ITEM, bare(node), ()))

    def of_pattern(self, pattern: Node) -> Applicability | None:
        """How certain it is that one is matched to `pattern`."""
        found = matched(pattern)
        if found is None or (found.clause is not None and self._is_covered(found.clause)):
            return None
        if found.kind is Kind.MESSAGE:
            return self._received(found)
        if found.kind is Kind.VALUE and not found.path:
            return self.value(found.node, pattern.text if pattern.kind == "identifier" else "")
        path = found.path
        if found.kind is Kind.PARAMETER:
            path = (parameter(found.place), *path)
        return self._part(Part(found.kind, found.node, path))

    def given(self, function: Node) -> Mapping[int, Applicability]:
        """Which parameters of `function` are such values, and how certain that is."""
        if function in self.taken:
            return dict.fromkeys(self.taken[function], SAFE)
        if is_local(function, *DEFINITIONS):
            return {}
        calls = list(self.calling.of(function))
        found: dict[int, Applicability] = {}
        for place in range(max(map(len, calls), default=0)):
            level = self._argument(function, place, ())
            if level is not None:
                found[place] = level
        return found

    # What a value of the kind is by itself

    @abstractmethod
    def source(self, node: Node) -> Applicability | None:
        """How certain it is that the expression `node` is one where nothing else is known."""

    @abstractmethod
    def source_of(self, pattern: Node) -> Applicability | None:
        """The same of the name `pattern`, by what stands around it; `None` says nothing."""

    @abstractmethod
    def can_be(self, pattern: Node) -> bool:
        """Whether one can match the name `pattern` at all."""

    @abstractmethod
    def made_of(self, node: Node, name: str) -> Applicability | None:
        """How certain it is that what `node` makes, and is called `name` as before, is one."""

    # Names

    def _named(self, node: Node) -> Applicability | None:
        if (place := argument_place(node)) is not None:
            function = next(filter(is_capture, node.up()), None)
            return self.given(function).get(place) if function is not None else None
        pattern = binder(self.meaning.source, node, node.text)
        if pattern is None or not self.can_be(pattern):
            return None
        level = self.source_of(pattern)
        return level if level is not None else self.of_pattern(pattern)

    # Parts

    def _part(self, part: Part) -> Applicability | None:
        """How certain it is that what `part` leads to is one."""
        if part.kind is Kind.VALUE and not part.path:
            return self.value(part.node)
        if part not in self._parts:
            self._parts[part] = None
            if self._depth < _STEPS and len(part.path) < _NESTED:
                self._depth += 1
                self._parts[part] = self._led(part)
                self._depth -= 1
        return self._parts[part]

    def _led(self, part: Part) -> Applicability | None:
        if part.kind is Kind.PARAMETER:
            return self._parameter(part)
        if part.kind is Kind.MESSAGE:
            return self._received(Match(part.kind, part.node, part.path))
        if part.kind is Kind.ITEM and not part.path and self._is_given(part.node, GIVES_LIST):
            return REVIEW
        ways = leads(self.calling, part)
        if not ways.parts:
            return self._kept(part.path) if part.kind is Kind.VALUE else None
        levels = [self._part(one) for one in ways.parts]
        if ways.is_any:
            levels = [one for one in levels if one is not None]
        return either(levels)

    def _kept(self, path: tuple[Step, ...]) -> Applicability | None:
        """The same of what is kept in the file under the key that is asked for, wherever that is.

        It is asked where nothing tells what it is asked of.
        """
        if not path or path[0].kind != "key":
            return None
        kept = self.calling.stores.under(str(path[0].place))
        found = [self._part(Part(Kind.VALUE, one, path[1:])) for one in kept]
        return REVIEW if any(one is not None for one in found) else None

    def _parameter(self, part: Part) -> Applicability | None:
        """How certain it is that a function gets one where `part` tells of its parameter."""
        function, place, path = part.node, int(part.path[0].place), part.path[1:]
        if not path and function in self.taken:
            return SAFE if place in self.taken[function] else None
        if function in self.lists and place in self.lists[function]:
            is_item = len(path) == 1 and path[0].kind == "list"
            return REVIEW if is_item else None
        level = self._argument(function, place, path)
        if level is None and place == 0:
            return self._received(Match(Kind.MESSAGE, function, path), function)
        return level

    def _argument(self, function: Node, place: int, path: tuple[Step, ...]) -> Applicability | None:
        """How certain it is that what `path` leads to in an argument of `function` is one."""
        is_definition = is_local(function, *DEFINITIONS)
        if is_definition and not path:
            return None  # it is noted where it is handed
        levels = []
        for one in self.calling.of(function):
            if place < len(one):
                kind, node, steps = one[place]
                if kind is Kind.ENTRY:
                    kept = (self.value(pair.value) for pair in pairs(node))
                    levels.append(None if path or either(kept) is None else MANUAL)
                else:
                    levels.append(self._part(Part(kind, node, (*steps, *path))))
        level = either(levels)
        if level is None and is_definition:
            served = self.calling.stores.served(function, place)
            found = [self._part(Part(Kind.VALUE, one, path)) for one in served]
            level = either(one for one in found if one is not None)
        if level is None and not levels:
            level = self._kept(path)
        return min(level, REVIEW) if level is not None and is_definition else level

    def _received(self, found: Match, definition: Node | None = None) -> Applicability | None:
        """How certain it is that some message of those that the file sends is one there."""
        stores, is_caught = self.calling.stores, found.node.kind == "catch_block"
        sent = stores.thrown if is_caught else stores.received(definition)
        parts = (Part(Kind.VALUE, one, found.path) for one in sent)
        comes = any(self._part(part) is not None for part in parts)
        return REVIEW if comes or (not is_caught and self._comes_in(found, definition)) else None

    def _comes_in(self, found: Match, definition: Node | None) -> bool:
        """Whether another file sends one that may be received there."""
        head = head_of(definition) if definition is not None else None
        callback = head[0] if head is not None else RECEIVED
        return any(may_be(found.path, one) for one in self._elsewhere.get(callback, ()))

    # What an expression is

    def _told(self, node: Node, name: str) -> Applicability | None:
        if is_name(node):
            return self._named(node)
        if (level := self.source(node)) is not None:
            return level
        if is_match(node):
            right = node.child("right")
            return self.value(right) if right is not None else None
        found = [bare(one) for one in results(node)]
        if found and found != [node]:
            return either(self.value(one) for one in found if one.kind not in _NOTHING)
        if self._is_given(node, GIVES):
            return REVIEW
        level = self._led(Part(Kind.VALUE, node, ()))
        return self.made_of(node, name) if level is None and name else level

    def _is_given(self, node: Node, kind: str) -> bool:
        """Whether another file tells by a fact of that `kind` of what the call `node` gives."""
        call = node.child("right") if operator(node) == "|>" else node
        if not self.follows_facts or call is None or call.kind != "call":
            return False
        return self.calling.gives(call, kind)

    def _is_covered(self, clause: Node) -> bool:
        """Whether clauses before take all events of both kinds by their tags."""
        body = clause.parent
        if body is None:
            return False
        if body not in self._covered:
            self._covered[body] = set(covered(body))
        return clause in self._covered[body]


def is_name(node: Node) -> bool:
    """Whether `node` may name a value: a variable, or `&1`."""
    return node.kind == "identifier" or argument_place(node) is not None


def either(levels: Iterable[Applicability | None]) -> Applicability | None:
    """How certain it is of one of several."""
    found = list(levels)
    known = [one for one in found if one is not None]
    if not known:
        return None
    return MANUAL if len(known) < len(found) else min(known)
