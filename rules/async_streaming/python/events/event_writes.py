"""Events that code writes: as a tuple or a list, or in parts as the arguments of a call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability

from ..flow.event_tags import tags_in
from ..flow.shapes import CHUNK, LEGACY_TAGS, event_tag, is_sequence, string_of
from ..flow.takers import Taken, takes_events
from ..flow.written import is_unpacked, may_be_event
from . import event_edits
from .made_events import MadeEvents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..flow.subjects import Key
    from ..moves.role import Role
    from .places import Places

_WRITTEN_BY_NAME = "the tag is written by a name: change what it stands for, and the text here"
_EITHER = "write the two events that this may be one by one"
# What a collection is asked with one of its items.
_ASKS_FOR = frozenset({"count", "index", "remove"})
_UNPACKED = "the tag and the text get names of their own: change them, and what is asked of them"


class Writes:
    """Finds what writes events in one file."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.meaning = places.meaning
        self.tree = places.tree
        self.source = places.source
        self.subjects = places.subjects
        self.made = MadeEvents(places)

    def of_display(self, display: cst.Tuple | cst.List) -> None:
        """`("chunk", text)`, if it is an event."""
        tag = event_tag(display)
        if tag is None:
            self._by_name(display)
            return
        if display in self.places.settled:
            return
        name = string_of(tag) or ""
        taken = self._taken(display)
        second = display.elements[1]
        if taken is None and isinstance(display, cst.List):
            return
        if isinstance(second.value, cst.BaseNumber):
            return
        if taken is None and not may_be_event(display):
            return
        role = (
            taken.role if taken else self.subjects.made.get(display) or self._kept_beside(display)
        )
        place = self.places.add(display, {name}, role)
        if place is not None:
            if isinstance(second, cst.StarredElement):
                place.trouble = "what the star brings is not known here"
            elif is_unpacked(self.meaning, display):
                place.trouble = _UNPACKED
            elif self.places.is_hashed(display):
                place.trouble = "an event is no longer hashable"
            elif self._is_ordered(display):
                place.trouble = "events have no order any more"
            else:
                place.take(self.places.current(display, tag))

    def _by_name(self, display: cst.Tuple | cst.List) -> None:
        """`(CHUNK, text)`: who changes what the name stands for must write the text anew."""
        if len(display.elements) != 2 or display in self.places.settled:
            return
        first, second = (element.value for element in display.elements)
        if not isinstance(first, (cst.Attribute, cst.IfExp, cst.Name)):
            return
        literals, _, hidden = tags_in(self.meaning, first)
        hidden |= {string_of(literal) or "" for literal in literals} & set(LEGACY_TAGS)
        taken = self._taken(display)
        if taken is None:
            around = self.tree.parents[display]
            is_pair = isinstance(display, cst.Tuple) and not isinstance(second, cst.BaseNumber)
            if not is_pair or isinstance(around, cst.ComparisonTarget):
                return
            if string_of(second) in LEGACY_TAGS or tags_in(self.meaning, second)[2]:
                return  # two tags side by side are no event
        elif self.subjects.apart.tag(first) is not None:
            return  # the tag of another event: it goes on
        if hidden or taken is not None:
            role = taken.role if taken else self.subjects.made.get(display)
            trouble = _EITHER if isinstance(first, cst.IfExp) else _WRITTEN_BY_NAME
            self.places.add(display, hidden or {CHUNK}, role, trouble=trouble)

    def of_call(self, call: cst.Call) -> None:
        """`self.on("chunk", text)`, where the function is handed the parts of events as well."""
        args: dict[int, cst.BaseExpression] = {}
        role = None
        for arg in call.args:
            taken = self.subjects.parts_handed.taken(call, arg) if not arg.star else None
            if taken is not None:
                key, part = taken
                role = self._handed(key)
                args[part] = arg.value
        tag = args.get(0)
        name = string_of(tag) if tag is not None else None
        if not isinstance(tag, cst.SimpleString) or name not in LEGACY_TAGS:
            if not args:
                self.made.of_call(call, self._taken)
            return
        place = self.places.add(tag, {name}, role)
        if place is not None and 1 in args:
            place.take(event_edits.written(self.source, call, tag, args[1]))
        elif place is not None:
            place.take(event_edits.retagged(self.source, tag))

    def _handed(self, key: Key) -> Role | None:
        """The role of the parts that a function takes, which goes on to take them if one stays."""
        role = self.subjects.role(key)
        kind, taker = key
        if role is None or kind != "parts" or not isinstance(taker, cst.CSTNode):
            return role
        return replace(role, taker=None if taker in self.subjects.parts_handed.told else taker)

    def _taken(self, display: cst.BaseExpression) -> Taken | None:
        """Why what `display` is given to takes events, if it provably does."""
        parent = self.tree.parents[display]
        while isinstance(parent, (cst.BooleanOperation, cst.IfExp)) or self._is_copied(parent):
            parent = self.tree.parents[parent]
        if isinstance(parent, cst.Param):
            return self._taken_by(parent)
        call = self.tree.parents[parent]
        if not isinstance(parent, cst.Arg) or parent.star or not isinstance(call, cst.Call):
            return None
        return takes_events(self.meaning, self.places.roles, call)

    def _is_copied(self, node: cst.CSTNode) -> bool:
        """Whether `node` is a call of `tuple` or `list`, or what one is given."""
        call = self.tree.parents[node] if isinstance(node, cst.Arg) else node
        return isinstance(call, cst.Call) and len(call.args) == 1 and is_sequence(call.func)

    def _taken_by(self, param: cst.Param) -> Taken | None:
        """Why `param`, whose default is asked about, provably takes events."""
        function = self.tree.parents[self.tree.parents[param]]
        for binding in self.meaning.names.scopes[function].bindings[param.name.value]:
            role = self.places.roles.params.get(binding) if binding.node is param else None
            if role is not None and role.legacy and role.level is Applicability.SAFE:
                return Taken(role.reason, role.kept, function)
        return None

    def _kept_beside(self, display: cst.Tuple | cst.List) -> Role | None:
        """What is known of the events that `display`, or a list of such, is compared with."""
        node: cst.CSTNode = display
        while isinstance(around := self.tree.parents[node], (cst.Element, cst.List, cst.Tuple)):
            node = around
        for other in _compared_with(self.tree.parents, node):
            if (role := self.subjects.role(self.subjects.several.key(other))) is not None:
                return role
        return None

    def _is_ordered(self, display: cst.CSTNode) -> bool:
        parent = self.tree.parents[display]
        if isinstance(parent, cst.ComparisonTarget):
            parent = self.tree.parents[parent]
        ordering = (cst.LessThan, cst.LessThanEqual, cst.GreaterThan, cst.GreaterThanEqual)
        return isinstance(parent, cst.Comparison) and any(
            isinstance(target.operator, ordering) for target in parent.comparisons
        )


def _compared_with(
    parents: Mapping[cst.CSTNode, cst.CSTNode], node: cst.CSTNode
) -> Iterator[cst.BaseExpression]:
    """What `node` is compared with: by an operator, `items.count(node)`, `assertEqual(...)`."""
    around = parents[node]
    comparison = parents[around] if isinstance(around, cst.ComparisonTarget) else around
    if isinstance(comparison, cst.Comparison):
        yield comparison.left
        yield from (target.comparator for target in comparison.comparisons)
    call = parents[around] if isinstance(around, cst.Arg) else None
    if isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute):
        if call.func.attr.value in _ASKS_FOR:
            yield call.func.value
        elif call.func.attr.value.startswith("assert"):
            yield from (arg.value for arg in call.args)
