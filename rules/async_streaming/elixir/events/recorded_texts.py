"""The texts of recorded events that are taken without a question about their tags.

`Enum.map(events, &elem(&1, 1))`, `for {_, text} <- events`: nothing but the name of the list tells
that these are events, in a file that has to do with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Applicability, Edit, Span
from migrator.helpers.elixir.calls import (
    all_arguments,
    arguments,
    atom_of,
    is_local,
    is_piped_into,
    name_of,
    operator,
    receiver,
)
from migrator.helpers.elixir.patterns import is_pattern

from ..reading.context import below, parameters
from ..reading.handing import handed_to
from ..reading.shapes import CHUNK, TAGS, Place, element, function_around, is_name, takes_nothing
from .current import Current, takes_content
from .recorded import EVENTS
from .texts import is_text, is_used_as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from ..reading.meaning import Meaning
    from ..takers.roles import Roles

_APART = "kind and text are taken apart under names of their own"
# Functions that give one of a list.
_ONES = {"List": ("first", "last"), "Enum": ("at", "find", "random")}
_LISTS = ("Enum", "Stream")


def recorded_texts(meaning: Meaning, roles: Roles, current: Current) -> Iterator[Place]:
    """The places that take such a text, by a pattern or by `elem/2`."""
    found = _Texts(meaning, roles, current)
    yield from found.by_patterns()
    yield from found.by_elements()


class _Texts:
    def __init__(self, meaning: Meaning, roles: Roles, current: Current) -> None:
        self.meaning = meaning
        self.roles = roles
        self.current = current

    def by_patterns(self) -> Iterator[Place]:
        for node in self.meaning.tree.of("tuple"):
            kind, text = node.children if len(node.children) == 2 else (None, None)
            if kind is None or text is None or not is_name(kind) or not is_pattern(node):
                continue
            if takes_nothing(self.meaning, text) or takes_content(text):
                continue
            scope = self._drawn(node)
            role = self.roles.role_at(node) if scope is not None else None
            if scope is None or role is None or any(map(_is_tag, below(scope))):
                continue  # by its tags it is told elsewhere
            if self.roles.may_be_legacy or is_text(self.meaning, text, scope):
                level = min(role.level, Applicability.REVIEW)
                yield Place(node, CHUNK, level, role.reason, trouble=_APART)

    def by_elements(self) -> Iterator[Place]:
        path = self.meaning.source.path
        for call in self.meaning.calls:
            subject = element(call, "1")
            if subject is None or not call.text.endswith(")") or self.current.reads(call):
                continue
            role = self.roles.role_at(call) if self._is_one(call, subject) else None
            # Where only the current names are left it may be the map of a current event.
            if role is not None and (
                self.roles.may_be_legacy or is_used_as_text(self.meaning, call)
            ):
                end = call.span.end
                edit = Edit(path, Span(end - 1, end), ").content")
                if is_piped_into(call):
                    edit = Edit(path, Span(end, end), " |> Map.fetch!(:content)")
                level = min(role.level, Applicability.REVIEW)
                yield Place(call, CHUNK, level, role.reason, [edit])

    def _drawn(self, pattern: Node) -> Node | None:
        """The code that `pattern` binds its names for, where recorded events are matched to it."""
        around = pattern.parent
        while around is not None and around.kind in ("list", "block"):
            around = around.parent
        if around is None:
            return None
        if around.kind == "binary_operator" and operator(around) == "|":
            return self._drawn(around)
        if around.kind == "binary_operator" and operator(around) in ("=", "<-"):
            right = around.child("right")
            if right is not None and (self._are_events(right) or self._gives_one(right)):
                loop = next((one for one in around.up() if is_local(one, "for")), None)
                return loop if operator(around) == "<-" else function_around(around)
        for clause in pattern.up():
            if clause.kind == "stab_clause":
                taken = pattern in parameters(clause)[:1] and clause.parent is not None
                return clause if taken and self._goes_through(clause.parent) else None
        return None

    def _is_one(self, call: Node, subject: str) -> bool:
        """Whether `elem(subject, 1)` asks one of recorded events."""
        given = all_arguments(call)[0]
        if self._gives_one(given):
            return True
        for around in call.up():
            if around.kind == "unary_operator" and operator(around) == "&" and subject == "&1":
                return self._goes_through(around)
            if around.kind == "stab_clause":
                if [one.text for one in parameters(around)[:1]] == [subject]:
                    return self._goes_through(around.parent)
            elif is_local(around, "for"):
                drawn = (one for one in arguments(around) if operator(one) == "<-")
                for one in drawn:
                    left, right = one.child("left"), one.child("right")
                    if left is not None and right is not None and left.text == subject:
                        return self._are_events(right)
        return False

    def _goes_through(self, function: Node | None) -> bool:
        """Whether `function` is called with each of recorded events."""
        call = handed_to(function) if function is not None else None
        if call is None or self.meaning.names.name(receiver(call)) not in _LISTS:
            return False
        given = all_arguments(call)
        return bool(given) and given[0] is not function and self._are_events(given[0])

    def _gives_one(self, node: Node) -> bool:
        """Whether `node` is one of recorded events: `List.last(events)`."""
        if operator(node) == "|>":
            right = node.child("right")
            return right is not None and self._gives_one(right)
        if node.kind != "call":
            return False
        named = self.meaning.names.name(receiver(node))
        given = all_arguments(node)
        is_one = is_local(node, "hd") or name_of(node) in _ONES.get(named or "", ())
        return is_one and bool(given) and self._are_events(given[0])

    def _are_events(self, node: Node) -> bool:
        return EVENTS.fullmatch(node.text) is not None


def _is_tag(node: Node) -> bool:
    return node.kind == "atom" and atom_of(node) in TAGS
