"""Events and their tags, compared with others or asked for by them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

import libcst as cst

from migrator import Applicability, Edit
from migrator.helpers.python.rewrite import whole

from ..flow.event_tags import tags_in, tags_of_display
from ..flow.regions import regions
from ..flow.shapes import CHUNK, COMPLETE, LEGACY_TAGS, event_tag, string_of
from ..reading.assertions import sides
from ..reading.mappings import below
from . import event_edits
from .places import BY_NAME, NO_QUOTES, Places, Test

if TYPE_CHECKING:
    from ..flow.subjects import Key

_CHAINED = "the tag is compared with several things at once"


class Comparisons:
    """Finds what compares events, or their tags, in one file."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.meaning = places.meaning
        self.tree = places.tree
        self.source = places.source
        self.subjects = places.subjects

    def compared(self, node: cst.Comparison | cst.Call) -> None:
        """`event[0] == "chunk"` and its like, whole events compared, and such assertions."""
        found = sides(node)
        if found is None:
            if isinstance(node, cst.Comparison):
                self._otherwise(node)
            return
        left, right, among, positive = found
        if not among:
            for one, other in ((left, right), (right, left)):
                if self._is_event(other, one):
                    self._whole(node, one, other)
                    return
                key = self.subjects.apart.tag(one)
                if key is not None:
                    self._tested(node, key, other, positive=positive)
                    return
                self._all_tags(one, other)
            return
        key = self.subjects.apart.tag(left)
        if key is not None:
            self._tested(node, key, right, positive=positive)
        elif isinstance(left, cst.SimpleString):
            if (key := self._of_collected(right)) is not None:
                self.places.retagged(left, [left], key)
            elif self.subjects.role(key := self.subjects.event(right)) is not None and key:
                self._tested(node, key, left, positive=positive)
        elif isinstance(right, (cst.Tuple, cst.List, cst.Set)):
            self._among(left, right)

    def _otherwise(self, node: cst.Comparison) -> None:
        """A comparison of several things, or by another operator."""
        if len(node.comparisons) != 1:
            self._chained(node)
            return
        operator = node.comparisons[0].operator
        if isinstance(operator, (cst.Is, cst.IsNot)):
            right = node.comparisons[0].comparator
            self._identical(node, right, positive=isinstance(operator, cst.Is))

    def _identical(
        self, node: cst.Comparison, right: cst.BaseExpression, *, positive: bool
    ) -> None:
        """`event[0] is "chunk"`, which holds for the literals of most programs."""
        for one, other in ((node.left, right), (right, node.left)):
            if (
                string_of(one) in LEGACY_TAGS
                and (key := self.subjects.apart.tag(other)) is not None
            ):
                self._tested(node, key, one, positive=positive)

    def _chained(self, node: cst.Comparison) -> None:
        """`"chunk" == event[0] == other`."""
        sides = [node.left, *(target.comparator for target in node.comparisons)]
        tags = {tag for side in sides if (tag := string_of(side)) in LEGACY_TAGS}
        for side in sides:
            key = self.subjects.apart.tag(side)
            role = self.subjects.role(key)
            if key is not None and (tags or (role is not None and role.legacy)):
                self.places.add(node, tags or {CHUNK}, role, trouble=_CHAINED, key=key)
                self.places.tests.append(Test(None, key, frozenset({"?"}), [], '"', []))
                return

    def _tested(
        self,
        node: cst.Comparison | cst.Call,
        key: Key,
        other: cst.BaseExpression,
        *,
        positive: bool,
    ) -> None:
        role = self.subjects.role(key)
        literals, unknown, hidden = tags_in(self.meaning, other)
        tags = {string_of(literal) or "" for literal in literals}
        legacy = tags & set(LEGACY_TAGS)
        if isinstance(other, (cst.Tuple, cst.List, cst.Set)):
            self.places.settled.add(other)
        if hidden or (unknown and role is not None and role.legacy):
            if role is not None or legacy or hidden:
                self.places.add(node, hidden or {CHUNK}, role, trouble=BY_NAME, key=key)
            self.places.tests.append(Test(None, key, frozenset({"?"}), [], '"', []))
            return
        place = self.places.add(node, legacy, role, key=key) if legacy else None
        if place is not None:
            for literal in literals:
                if string_of(literal) in LEGACY_TAGS:
                    place.edits.append(event_edits.retagged(self.source, literal))
        holds, fails = (
            list(regions(self.subjects, self.tree, node, positive=one, is_sure=is_sure))
            for one, is_sure in ((positive, False), (not positive, True))
        )
        quote = literals[0].quote[0] if literals else '"'
        self.places.tests.append(Test(place, key, frozenset(tags), holds, quote, literals, fails))

    def _all_tags(self, one: cst.BaseExpression, other: cst.BaseExpression) -> None:
        """`[kind for kind, _ in events] == ["chunk", "complete"]`."""
        key = self._of_collected(one)
        for display in below(other) if key is not None else ():
            self.places.retagged(display, tags_of_display(display), key)

    def _of_collected(self, node: cst.BaseExpression) -> Key | None:
        """The event whose tags `node` is a collection of."""
        item = self.subjects.apart.collected(node)
        return self.subjects.apart.tag(item) if item is not None else None

    def asked(self, node: cst.Call | cst.Subscript) -> None:
        """`kinds.count("chunk")`, `counts["chunk"]`, where tags are what is counted."""
        literal: cst.CSTNode | None = None
        base: cst.BaseExpression | None = None
        if isinstance(node, cst.Subscript):
            index = node.slice[0].slice if len(node.slice) == 1 else None
            literal, base = (index.value if isinstance(index, cst.Index) else None), node.value
        elif isinstance(node.func, cst.Attribute) and node.args:
            if node.func.attr.value in ("count", "get", "index", "pop"):
                literal, base = node.args[0].value, node.func.value
        if not isinstance(literal, cst.SimpleString) or base is None:
            return
        if string_of(literal) not in LEGACY_TAGS:
            return
        key = self._of_collected(base)
        if key is None and self.subjects.role(event := self.subjects.event(base)) is not None:
            key = event if isinstance(node, cst.Call) else None
        if key is None:
            return
        place = self.places.retagged(literal, [literal], key)
        if place is not None and isinstance(self._made_by(base), cst.DictComp):
            place.trouble = "the tags are the keys of a dict, and what it holds may be the mapping"

    def _made_by(self, node: cst.BaseExpression) -> cst.BaseExpression | None:
        item = self.subjects.apart.collected(node)
        around = self.tree.parents[item] if item is not None else None
        return around if isinstance(around, cst.BaseExpression) else None

    def _is_event(
        self, display: cst.BaseExpression, other: cst.BaseExpression
    ) -> TypeGuard[cst.Tuple | cst.List]:
        """Whether `display`, compared with `other`, is an event as it is written."""
        if not isinstance(display, (cst.Tuple, cst.List)) or len(display.elements) != 2:
            return False
        role = self.subjects.role(self.subjects.event(other))
        if event_tag(display) is not None:
            return isinstance(display, cst.Tuple) or role is not None
        _, unknown, hidden = tags_in(self.meaning, display.elements[0].value)
        return role is not None and role.legacy and (unknown or bool(hidden))

    def _whole(
        self,
        node: cst.Comparison | cst.Call,
        event: cst.BaseExpression,
        display: cst.Tuple | cst.List,
    ) -> None:
        tag = event_tag(display)
        self.places.settled.add(display)
        key = self.subjects.event(event)
        role = self.subjects.role(key)
        if tag is None:
            _, _, hidden = tags_in(self.meaning, display.elements[0].value)
            self.places.add(node, hidden or {CHUNK}, role, trouble=BY_NAME)
            return
        if (pair := self.subjects.apart.anew(key)) is not None:
            self.places.retagged(display, [tag], self.subjects.apart.tag_of_another(pair))
            return
        name = string_of(tag) or ""
        if name == CHUNK or isinstance(event, cst.Tuple):
            place = self.places.add(display, {name}, role)
            if place:
                place.take(self.places.current(display, tag))
            return
        place = self.places.add(node, {name}, role)
        if place is None:
            return
        place.level = min(place.level, Applicability.REVIEW)
        is_made = (cst.Call, cst.Await, cst.NamedExpr)
        if isinstance(display, cst.List) or any(isinstance(part, is_made) for part in below(event)):
            place.trouble = "compare the tag and the content by themselves"
            return
        quote = event_edits.quote_at(self.source, event, tag.quote[0])
        span = whole(self.tree, event)
        text = self.source.text[span.start : span.end]
        if quote is None:
            place.trouble = NO_QUOTES
            return
        parts = f"({text}[0], {text}[1][{quote}content{quote}])"
        place.edits += [
            Edit(self.source.path, span, parts),
            event_edits.retagged(self.source, tag),
        ]

    def _among(self, event: cst.BaseExpression, events: cst.Tuple | cst.List | cst.Set) -> None:
        """`event in [("chunk", ""), ...]`."""
        role = self.subjects.role(self.subjects.event(event))
        for element in events.elements:
            display = element.value
            tag = event_tag(display) if isinstance(display, cst.Tuple) else None
            if tag is None or not isinstance(display, cst.Tuple):
                continue
            self.places.settled.add(display)
            name = string_of(tag) or ""
            place = self.places.add(display, {name}, role)
            if place is None:
                continue
            if self.places.is_hashed(display):
                place.trouble = "an event is no longer hashable"
            elif name == COMPLETE:
                place.trouble = "compare the tag and the content by themselves"
            else:
                place.take(self.places.current(display, tag))
