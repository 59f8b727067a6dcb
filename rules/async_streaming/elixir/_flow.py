"""How a value goes on in one file: by names, branches, functions, lists, messages and stores.

Which value it is that is followed, and where it comes from, is told by a `Flow` of that value.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from migrator import Applicability
from migrator.helpers.elixir.calls import (
    all_arguments,
    bare,
    is_local,
    name_of,
    operator,
    pairs,
)

from ._bindings import Kind, Match, Step, binder, is_match, matched
from ._calling import LOOPS, Argument, Calling
from ._clauses import covered
from ._meaning import GIVES, GIVES_LIST
from ._parts import Part, asked_for, leads
from ._results import results, results_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from migrator.languages.elixir import Node

    from ._meaning import Meaning

#: How long a way a value may go from one name or call to the next.
_STEPS = 50
# Functions that give one of a list, and such as give a list of the same items.
_ONES = {
    "List": frozenset({"first", "last"}),
    "Enum": frozenset({"at", "fetch!", "find", "max_by", "min_by", "random"}),
}
_SAME = frozenset(
    {
        *("concat", "drop", "drop_while", "filter", "reject", "reverse", "shuffle", "slice"),
        *("sort", "sort_by", "take", "take_while", "to_list", "uniq", "uniq_by"),
    }
)
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
        self.calling = Calling(meaning)
        self._covered: dict[Node, set[Node]] = {}
        self._values: dict[tuple[Node, str], Applicability | None] = {}
        self._lists: dict[Node, Applicability | None] = {}
        self._parts: dict[Part, Applicability | None] = {}
        self._depth = 0

    def forget(self) -> None:
        """Forget what was told: `taken` or `lists` holds more than it did."""
        self._values.clear()
        self._lists.clear()
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
        node = bare(node)
        if node not in self._lists:
            self._lists[node] = None
            if self._depth < _STEPS:
                self._depth += 1
                self._lists[node] = self._listed(node)
                self._depth -= 1
        return self._lists[node]

    def of_pattern(self, pattern: Node) -> Applicability | None:
        """How certain it is that one is matched to `pattern`."""
        found = matched(pattern)
        if found is None or (found.clause is not None and self._is_covered(found.clause)):
            return None
        if found.kind is Kind.PARAMETER:
            return self._parameter(found)
        if found.kind is Kind.MESSAGE:
            return self._received(found)
        if found.kind is Kind.VALUE and not found.path:
            return self.value(found.node, pattern.text if pattern.kind == "identifier" else "")
        return self._part(Part(found.kind, found.node, found.path))

    def given(self, function: Node) -> Mapping[int, Applicability]:
        """Which parameters of `function` are such values, and how certain that is."""
        if function in self.taken:
            return dict.fromkeys(self.taken[function], SAFE)
        calls = list(self.calling.of(function))
        found: dict[int, Applicability] = {}
        for place in range(max(map(len, calls), default=0)):
            level = either(self._argument(one[place]) for one in calls if place < len(one))
            if level is not None:
                found[place] = level
        return found

    def _argument(self, argument: Argument, path: tuple[Step, ...] = ()) -> Applicability | None:
        if argument.kind is Kind.ENTRY:
            kept = (self.value(pair.value) for pair in pairs(argument.node))
            return None if path or either(kept) is None else MANUAL
        return self._part(Part(argument.kind, argument.node, path))

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
        if node.kind != "identifier":
            function = next(filter(is_capture, node.up()), None)
            return self.given(function).get(0) if function is not None else None
        pattern = binder(self.meaning.source, node, node.text)
        if pattern is None or not self.can_be(pattern):
            return None
        level = self.source_of(pattern)
        return level if level is not None else self.of_pattern(pattern)

    def _parameter(self, found: Match) -> Applicability | None:
        """How certain it is that a function gets one where the pattern of its parameter says."""
        level: Applicability | None = None
        if not found.path:
            level = self.given(found.node).get(found.place)
        elif found.node in self.lists:
            is_item = len(found.path) == 1 and found.path[0].kind == "list"
            level = REVIEW if is_item and found.place in self.lists[found.node] else None
        else:
            level = either(
                self._argument(one[found.place], found.path)
                for one in self.calling.of(found.node)
                if found.place < len(one)
            )
        is_first = level is None and found.place == 0
        return self._received(found, found.node) if is_first else level

    def _part(self, part: Part) -> Applicability | None:
        """How certain it is that what `part` leads to is one."""
        if not part.path:
            tell = self.items if part.kind is Kind.ITEM else self.value
            return tell(part.node)
        if part not in self._parts:
            self._parts[part] = None
            if self._depth < _STEPS:
                self._depth += 1
                self._parts[part] = either(map(self._part, leads(self.calling, part)))
                self._depth -= 1
        return self._parts[part]

    def _received(self, found: Match, definition: Node | None = None) -> Applicability | None:
        """How certain it is that some message of those that the file sends is one there."""
        stores, is_caught = self.calling.stores, found.node.kind == "catch_block"
        sent = stores.thrown if is_caught else stores.received(definition)
        parts = (Part(Kind.VALUE, one, found.path) for one in sent)
        comes = any(self._part(part) is not None for part in parts)
        return REVIEW if comes else None

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
        part = asked_for(self.calling, node)
        if part is not None and (level := self._part(part)) is not None:
            return level
        call = node.child("right") if operator(node) == "|>" else node
        told = self._called(call) if call is not None and call.kind == "call" else None
        return self.made_of(node, name) if told is None and name else told

    def _called(self, call: Node) -> Applicability | None:
        """How certain it is that what `call` gives is one."""
        given, name = all_arguments(call), name_of(call) or ""
        module = self.calling.module(call)
        if given and (is_local(call, "hd") or name in _ONES.get(module, ())):
            return self.items(given[0])
        if is_local(call, "tap") and given:
            return self.value(given[0])
        if is_local(call, "then") and len(given) == 2:
            return either(map(self.value, results_of(given[1])))
        if self.follows_facts and self.calling.gives(call, GIVES):
            return REVIEW
        return either(map(self.value, self.calling.results(call)))

    def _listed(self, node: Node) -> Applicability | None:
        if node.kind == "list":
            heads = [one.child("left") if operator(one) == "|" else one for one in node.children]
            return either(self.value(one) for one in heads if one is not None)
        if node.kind == "identifier":
            return self._listed_by_name(node)
        if operator(node) == "++":
            found = [one for one in map(self.items, node.children) if one is not None]
            return min(found, default=None)
        inside = [bare(one) for one in results(node)]
        if inside and inside != [node]:
            found = [one for one in map(self.items, inside) if one is not None]
            return min(found, default=None)
        part = asked_for(self.calling, node)
        if part is not None:
            path = (*part.path, Step("list", 0, node))
            if (level := self._part(part._replace(path=path))) is not None:
                return level
        call = node.child("right") if operator(node) == "|>" else node
        return self._listed_by_call(call) if call is not None and call.kind == "call" else None

    def _listed_by_name(self, node: Node) -> Applicability | None:
        pattern = binder(self.meaning.source, node, node.text)
        found = matched(pattern) if pattern is not None else None
        if found is None:
            return None
        if found.path:
            step = Step("list", 0, node)
            is_value = found.kind is Kind.VALUE
            return (
                self._part(Part(found.kind, found.node, (*found.path, step))) if is_value else None
            )
        if found.kind is Kind.PARAMETER:
            return REVIEW if found.place in self.lists.get(found.node, ()) else None
        return self.items(found.node) if found.kind is Kind.VALUE else None

    def _listed_by_call(self, call: Node) -> Applicability | None:
        given = all_arguments(call)
        if is_local(call, "for"):
            return either(map(self.value, results_of(call)))
        if given and self.calling.module(call) in LOOPS:
            if name_of(call) == "map" and len(given) == 2:
                return either(map(self.value, results_of(given[1])))
            return self.items(given[0]) if name_of(call) in _SAME else None
        if self.follows_facts and self.calling.gives(call, GIVES_LIST):
            return REVIEW
        if entries := list(self.calling.stores.entries(call)):
            return either(map(self.value, entries))
        found = [one for one in map(self.items, self.calling.results(call)) if one is not None]
        return min(found, default=None)

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
    return node.kind == "identifier" or node.text == "&1"


def is_capture(node: Node) -> bool:
    """Whether `node` is a function made by `&`, and not the `&1` in one."""
    operand = node.child("operand") if node.kind == "unary_operator" else None
    return operator(node) == "&" and operand is not None and operand.kind != "integer"


def either(levels: Iterable[Applicability | None]) -> Applicability | None:
    """How certain it is of one of several."""
    found = list(levels)
    known = [one for one in found if one is not None]
    if not known:
        return None
    return MANUAL if len(known) < len(found) else min(known)
