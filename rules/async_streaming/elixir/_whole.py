"""Which names stand for an event as a whole: parameters, what is set to them, what hides them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from migrator import Applicability, Span
from migrator.helpers.elixir.calls import (
    all_arguments,
    atom_of,
    bare,
    is_local,
    operator,
    receiver,
)
from migrator.helpers.elixir.calls import arguments as written
from migrator.helpers.elixir.patterns import DEFINITIONS
from migrator.helpers.elixir.variables import variables

from ._clauses import covered
from ._context import below, is_matched, is_pinned, match_of, parameters, wholes
from ._shapes import TAGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from migrator.languages.elixir import Node

    from ._meaning import Meaning

_TAGS = frozenset({*TAGS, *(tag.removeprefix(":") for tag in TAGS.values())})
_BLOCKS = frozenset({"block", "body", "do_block", "else_block", "source"})
#: How often an event may be set to one name after another.
_STEPS = 50
_LOOPS = frozenset({"Enum", "Stream"})
# `None` where a name is not bound, `False` where it is, to something else than an event.
Bound: TypeAlias = "Applicability | Literal[False] | None"
SAFE, REVIEW = Applicability.SAFE, Applicability.REVIEW


class Whole:
    """The names of whole events in one file.

    `taken` are the functions that take events, each with the places of the parameters.
    """

    def __init__(self, meaning: Meaning, taken: Mapping[Node, frozenset[int]]) -> None:
        self.meaning = meaning
        self.taken = taken
        self._covered: dict[Node, set[Node]] = {}
        self._values: dict[tuple[Node, str], Applicability | None] = {}
        self._asked: list[Node] = []

    def forget(self) -> None:
        """Forget what was told: `taken` holds more than it did."""
        self._values.clear()

    def level(self, node: Node, code: str) -> Applicability | None:
        """How certain it is that `code` is a whole event at `node`; `None` where it is none.

        What a call makes of one, and goes on by the same name, is for review.
        """
        child = node
        for around in node.up():
            found: Bound = None
            if code == "&1":
                if is_capture(around):
                    return SAFE if 0 in self._places(around) else None
            elif around.kind == "stab_clause":
                found = self._by_clause(around, code)
            elif is_local(around, *DEFINITIONS):
                return self._by_parameters(around, around, code) or None
            elif is_local(around, "for", "with"):
                found = self._by_generators(around, node, code)
            elif around.kind in _BLOCKS:
                found = self._by_match(around, child, code)
            if found is not None:
                return found or None
            child = around
        return None

    def since_head(self, node: Node, code: str) -> Applicability | None:
        """The same where the head of the clause around says that `code` is an event there."""
        child = node
        for around in node.up():
            if around.kind in _BLOCKS:
                found = self._by_match(around, child, code)
                if found is not None:
                    return found or None
            elif around.kind == "stab_clause" or is_local(around, *DEFINITIONS):
                if any(binds(pattern, code) for pattern in parameters(around)):
                    break
            child = around
        return SAFE

    # What binds a name

    def _by_parameters(self, clause: Node, function: Node, code: str) -> Bound:
        for place, parameter in enumerate(parameters(clause)):
            bound = _bound(parameter, code)
            if bound is not None:
                is_event = bound and place in self._places(function)
                return SAFE if is_event and not self._is_covered(clause) else False
        return None

    def _by_clause(self, clause: Node, code: str) -> Bound:
        block = clause.parent
        if block is None:
            return None
        if block.kind == "anonymous_function":
            return self._by_parameters(clause, block, code)
        call = block.parent
        if is_local(call, "cond"):
            return None
        bound = [
            one for pattern in parameters(clause) if (one := _bound(pattern, code)) is not None
        ]
        if not bound:
            return None
        subject = all_arguments(call)[:1] if call is not None and is_local(call, "case") else []
        if not all(bound) or not subject or self._is_covered(clause):
            return False
        return self._value(subject[0]) or False

    def _by_generators(self, call: Node, node: Node, code: str) -> Bound:
        for one in reversed(written(call)):
            if operator(one) not in ("=", "<-") or one.span.end > node.span.start:
                continue
            left, right = one.child("left"), one.child("right")
            bound = _bound(left, code) if left is not None else None
            if bound is None or right is None:
                continue
            if not bound:
                return False
            if is_local(call, "for") and operator(one) == "<-":
                return SAFE if self._holds_events(right) else False
            return self._value(right) or False
        return None

    def _by_match(self, block: Node, child: Node, code: str) -> Bound:
        before = Span(block.span.start, child.span.start)
        for name in variables(self.meaning.source).latest(is_matched, code, before):
            match = match_of(name)
            while match is not None and match.parent is not None and _is_match(match.parent):
                match = match.parent
            if match is None or match.parent is not block or match.span.end > child.span.start:
                continue
            left, right = match.child("left"), match.child("right")
            while right is not None and _is_match(right):
                right = right.child("right")
            if left is not None and right is not None:
                return (self._value(right, code) or False) if _bound_in(match, code) else False
        return None

    # What an expression is

    def _value(self, node: Node, name: str = "") -> Applicability | None:
        """How certain it is that `node` is a whole event.

        What a call makes of one may be one where it goes on by the same `name`.
        """
        key = (bare(node), name)
        if key not in self._values:
            self._values[key] = None  # what is told by itself, or at the end of a long way
            if len(self._asked) < _STEPS:
                self._asked.append(key[0])
                self._values[key] = self._told(*key)
                self._asked.pop()
        return self._values[key]

    def _told(self, node: Node, name: str) -> Applicability | None:
        if is_name(node):
            return self.level(node, node.text)
        if node.kind in ("binary_operator", "call"):
            made = (one for one in below(node) if is_name(one) and one.text == name)
            return REVIEW if any(self.level(one, name) for one in made) else None
        return None

    def _holds_events(self, node: Node) -> bool:
        """Whether `node` is a list of whole events as it is written."""
        node = bare(node)
        return node.kind == "list" and bool(node.children) and all(map(self._value, node.children))

    def _places(self, function: Node) -> frozenset[int]:
        """Which parameters of `function` are events."""
        if function in self.taken:
            return self.taken[function]
        call = function.parent.parent if function.parent is not None else None
        if call is None or call.kind != "call" or function.parent not in call.children:
            return frozenset()
        given = all_arguments(call)[:1]
        on = self.meaning.names.name(receiver(call))
        is_event = bool(given) and (
            (is_local(call, "then", "tap") and self._value(given[0]) is not None)
            or (on in _LOOPS and self._holds_events(given[0]))
        )
        return frozenset({0}) if is_event else frozenset()

    def _is_covered(self, clause: Node) -> bool:
        """Whether clauses before take all events of both kinds by their tags."""
        body = clause.parent
        if body is None:
            return False
        if body not in self._covered:
            self._covered[body] = set(covered(body))
        return clause in self._covered[body]


def is_name(node: Node) -> bool:
    """Whether `node` may name an event: a variable, or `&1`."""
    return node.kind == "identifier" or node.text == "&1"


def is_capture(node: Node) -> bool:
    """Whether `node` is a function made by `&`, and not the `&1` in one."""
    operand = node.child("operand") if node.kind == "unary_operator" else None
    return operator(node) == "&" and operand is not None and operand.kind != "integer"


def _bound(pattern: Node, code: str) -> bool | None:
    """Whether `pattern` binds `code` to all of an event: `None` where it does not bind it."""
    if pattern.kind == "binary_operator" and operator(pattern) == "when":
        left = pattern.child("left")
        return _bound(left, code) if left is not None else None
    found = list(wholes(pattern))
    if any(one.kind == "identifier" and one.text == code for one in found):
        return all(map(_may_be_event, found))
    return False if binds(pattern, code) else None


def binds(pattern: Node, name: str) -> bool:
    """Whether `pattern` binds the variable `name`."""
    return any(
        one.kind == "identifier" and one.text == name and not is_pinned(one)
        for one in below(pattern)
    )


def _bound_in(match: Node, code: str) -> bool:
    """Whether the `=`, or one of several, binds `code` to all that is on the right."""
    sides = [match.child("left")]
    right = match.child("right")
    while right is not None and _is_match(right):
        sides.append(right.child("left"))
        right = right.child("right")
    return any(one is not None and one.text == code for one in sides)


def _is_match(node: Node) -> bool:
    return node.kind == "binary_operator" and operator(node) == "="


def _may_be_event(pattern: Node) -> bool:
    """Whether an event can match `pattern`, by its size and its tag."""
    if pattern.kind in ("list", "map", "struct"):
        return False
    if pattern.kind != "tuple":
        return True
    tag = atom_of(pattern.children[0]) if pattern.children else None
    return len(pattern.children) == 2 and (tag is None or tag in _TAGS)
