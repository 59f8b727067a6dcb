"""The places that read or write legacy events, each with the edits that move it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability, Edit, Finding, Fix, Look, Severity, Source
from migrator.helpers.python.rewrite import whole

from . import _event_edits
from ._meaning import Meaning, meaning_of, once
from ._regions import regions
from ._roles import Role, Roles, concerned, roles, takes_events
from ._subjects import (
    CHUNK,
    COMPLETE,
    CURRENT_TAGS,
    LEGACY_TAGS,
    Key,
    Subject,
    Subjects,
    below,
    index_of,
    string_of,
    tags_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_RULES = {CHUNK: "event-shape", COMPLETE: "last-event"}
_SHAPES = {
    CHUNK: '`("chunk", text)` is now `("delta", {"content": text})`',
    COMPLETE: '`("complete", text)` is now `("done", {"content": text, "tokens": ..., '
    '"finish_reason": ...})`',
}
_NO_QUOTES = "no quotes are left for the key inside this f-string"
_ADVICE = "a last event now brings `tokens` and `finish_reason` beside its content"


@dataclass(eq=False)
class Place:
    """One place that speaks of legacy events, of one tag or both."""

    node: cst.CSTNode
    tags: frozenset[str]
    level: Applicability
    role: Role | None
    edits: list[Edit] = field(default_factory=list)
    trouble: str = ""
    key: Key | None = None

    def take(self, edits: Edit | Sequence[Edit] | None) -> None:
        """Add `edits`; without any, the place is one for a person."""
        if edits is None:
            self.trouble = _NO_QUOTES
        else:
            self.edits += [edits] if isinstance(edits, Edit) else edits


@dataclass(eq=False)
class Test:
    """A comparison of an event's tag, or a case, and the code that runs where it holds."""

    place: Place | None
    key: Key
    tags: frozenset[str]
    regions: list[cst.CSTNode]
    quote: str
    literals: list[cst.SimpleString]


def findings(source: Source, look: Look, rule: str) -> Iterator[Finding]:
    """What `rule` (`event-shape` or `last-event`) finds in `source`."""
    for finding in once(_findings, source, look):
        if finding.rule == rule:
            yield finding


def _findings(source: Source, look: Look) -> Sequence[Finding]:
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return ()
    found = roles(source, look)
    reason = concerned(meaning)
    if not found.params and reason is None:
        return ()
    return tuple(_Finder(meaning, found, reason).findings())


class _Finder:
    def __init__(self, meaning: Meaning, found: Roles, concerned_by: str | None) -> None:
        self.meaning = meaning
        self.tree = meaning.tree
        self.source = meaning.source
        self.roles = found
        self.concerned = concerned_by
        self.subjects = Subjects(meaning, found)
        self.places: list[Place] = []
        self.tests: list[Test] = []
        self.regions: dict[cst.CSTNode, list[Test]] = {}
        self.settled: set[cst.CSTNode] = set()

    def findings(self) -> Iterator[Finding]:
        for node in list(self.tree.spans):
            if isinstance(node, cst.Comparison):
                self._comparison(node)
            elif isinstance(node, cst.MatchSequence):
                self._pattern(node)
            elif isinstance(node, cst.Match):
                self._match_on_tag(node)
        for node in list(self.tree.spans):
            if isinstance(node, (cst.Tuple, cst.List)):
                self._written(node)
        for test in self.tests:
            for region in test.regions:
                self.regions.setdefault(region, []).append(test)
        for subject in list(self.subjects.by_key.values()):
            self._reads(subject)
        for place in self.places:
            yield from self._of_place(place)
        yield from self._advice()

    # Levels

    def _level(self, role: Role | None) -> Applicability | None:
        """How certain it is that this is an event; `None`: it has nothing to do with them."""
        if role is not None:
            return role.level
        return Applicability.REVIEW if self.concerned else None

    def _add(
        self,
        node: cst.CSTNode,
        tags: Iterable[str],
        role: Role | None,
        *,
        trouble: str = "",
        key: Key | None = None,
        level: Applicability | None = None,
    ) -> Place | None:
        found = self._level(role) if level is None else level
        if found is None:
            return None
        place = Place(node, frozenset(tags), found, role, trouble=trouble, key=key)
        self.places.append(place)
        return place

    # Tests of the tag

    def _comparison(self, node: cst.Comparison) -> None:
        if len(node.comparisons) != 1:
            return
        target = node.comparisons[0]
        operator, right = target.operator, target.comparator
        if isinstance(operator, (cst.Equal, cst.NotEqual)):
            for one, other in ((node.left, right), (right, node.left)):
                if isinstance(other, cst.Tuple) and _event_tag(other) is not None:
                    self._whole(node, one, other)
                    return
                key = self.subjects.tag(one)
                if key is not None:
                    self._tested(node, key, other, positive=isinstance(operator, cst.Equal))
                    return
        elif isinstance(operator, (cst.In, cst.NotIn)):
            key = self.subjects.tag(node.left)
            if key is not None:
                self._tested(node, key, right, positive=isinstance(operator, cst.In))
            elif isinstance(right, (cst.Tuple, cst.List, cst.Set)):
                self._among(node.left, right)

    def _tested(
        self, node: cst.Comparison, key: Key, other: cst.BaseExpression, *, positive: bool
    ) -> None:
        role = self.subjects.role(key)
        literals, unknown, hidden = self._literals(other)
        tags = {string_of(literal) or "" for literal in literals}
        legacy = tags & set(LEGACY_TAGS)
        if isinstance(other, (cst.Tuple, cst.List, cst.Set)):
            self.settled.add(other)
        if hidden or (unknown and role is not None and role.legacy):
            if role is not None or legacy or hidden:
                trouble = "the tag is compared with a name: change what the name stands for"
                self._add(node, hidden or {CHUNK}, role, trouble=trouble, key=key)
            self.tests.append(Test(None, key, frozenset({"?"}), [], '"', []))
            return
        place = self._add(node, legacy, role, key=key) if legacy else None
        if place is not None:
            for literal in literals:
                if string_of(literal) in LEGACY_TAGS:
                    place.edits.append(_event_edits.retagged(self.source, literal))
        holds = list(regions(self.subjects, self.tree, node, positive=positive))
        quote = literals[0].quote[0] if literals else '"'
        self.tests.append(Test(place, key, frozenset(tags), holds, quote, literals))

    def _literals(
        self, node: cst.BaseExpression
    ) -> tuple[list[cst.SimpleString], bool, frozenset[str]]:
        """The string literals in `node`, whether it holds something else, legacy tags by name."""
        if isinstance(node, (cst.Tuple, cst.List, cst.Set)):
            literals: list[cst.SimpleString] = []
            unknown, hidden = False, frozenset[str]()
            for element in node.elements:
                more, also_unknown, also_hidden = self._literals(element.value)
                literals += more
                unknown, hidden = unknown or also_unknown, hidden | also_hidden
            return literals, unknown, hidden
        if isinstance(node, cst.SimpleString):
            return [node], False, frozenset()
        if isinstance(node, cst.Name):
            for binding in self.meaning.names.reaching(node):
                if binding.value is not None and not isinstance(binding.value, cst.Name):
                    named, unknown, _ = self._literals(binding.value)
                    tags = {string_of(literal) or "" for literal in named}
                    return [], unknown, frozenset(tags & set(LEGACY_TAGS))
        return [], True, frozenset()

    # Whole events

    def _whole(self, node: cst.Comparison, event: cst.BaseExpression, display: cst.Tuple) -> None:
        tag = _event_tag(display)
        assert tag is not None
        name = string_of(tag) or ""
        self.settled.add(display)
        key = self.subjects.event(event)
        role = self.subjects.role(key)
        if name == CHUNK or isinstance(event, cst.Tuple):
            place = self._add(display, {name}, role)
            if place:
                place.take(_event_edits.written(self.source, display, tag))
            return
        place = self._add(node, {name}, role)
        if place is None:
            return
        place.level = min(place.level, Applicability.REVIEW)
        if any(isinstance(part, (cst.Call, cst.Await, cst.NamedExpr)) for part in below(event)):
            place.trouble = "compare the tag and the content by themselves"
            return
        quote = _event_edits.quote_at(self.source, event, tag.quote[0])
        span = whole(self.tree, event)
        text = self.source.text[span.start : span.end]
        if quote is None:
            place.trouble = _NO_QUOTES
            return
        parts = f"({text}[0], {text}[1][{quote}content{quote}])"
        place.edits += [
            Edit(self.source.path, span, parts),
            _event_edits.retagged(self.source, tag),
        ]

    def _among(self, event: cst.BaseExpression, events: cst.Tuple | cst.List | cst.Set) -> None:
        """`event in [("chunk", ""), ...]`."""
        role = self.subjects.role(self.subjects.event(event))
        for element in events.elements:
            display = element.value
            tag = _event_tag(display) if isinstance(display, cst.Tuple) else None
            if tag is None or not isinstance(display, cst.Tuple):
                continue
            self.settled.add(display)
            name = string_of(tag) or ""
            place = self._add(display, {name}, role)
            if place is None:
                continue
            if self._is_hashed(display):
                place.trouble = "an event is no longer hashable"
            elif name == COMPLETE:
                place.trouble = "compare the tag and the content by themselves"
            else:
                place.take(_event_edits.written(self.source, display, tag))

    def _written(self, display: cst.Tuple | cst.List) -> None:
        tag = _event_tag(display)
        if tag is None or display in self.settled:
            return
        name = string_of(tag) or ""
        parent = self.tree.parents[display]
        reason = None
        if isinstance(parent, cst.Arg) and not parent.star:
            call = self.tree.parents[parent]
            if isinstance(call, cst.Call):
                reason = takes_events(self.meaning, self.roles, call)
        second = display.elements[1]
        if reason is None and isinstance(display, cst.List):
            return
        if reason is None and string_of(second.value) in LEGACY_TAGS:
            return  # two tags side by side are no event
        role = Role(Applicability.SAFE, reason) if reason else None
        place = self._add(display, {name}, role)
        if place is not None:
            if isinstance(second, cst.StarredElement):
                place.trouble = "what the star brings is not known here"
            elif self._is_hashed(display):
                place.trouble = "an event is no longer hashable"
            else:
                place.take(_event_edits.written(self.source, display, tag))

    def _is_hashed(self, display: cst.Tuple | cst.List) -> bool:
        parent = self.tree.parents[display]
        if isinstance(parent, cst.DictElement):
            return parent.key is display
        return isinstance(parent, cst.Element) and isinstance(self.tree.parents[parent], cst.Set)

    # Patterns

    def _pattern(self, pattern: cst.MatchSequence) -> None:
        if len(pattern.patterns) != 2:
            return
        first, second = pattern.patterns
        if isinstance(first, cst.MatchStar):
            return
        literals = tags_of(first)
        if not literals:
            return
        tags = {string_of(literal) or "" for literal in literals}
        legacy = tags & set(LEGACY_TAGS)
        key, role = self._pattern_subject(pattern)
        place = self._add(pattern, legacy, role, key=key) if legacy else None
        if key is not None:
            case = self._case(pattern)
            holds: list[cst.CSTNode] = [case.body]
            if case.guard is not None:
                holds.append(case.guard)
            quote = literals[0].quote[0]
            self.tests.append(Test(place, key, frozenset(tags), holds, quote, literals))
        if place is None:
            return
        for literal in literals:
            if string_of(literal) in LEGACY_TAGS:
                place.edits.append(_event_edits.retagged(self.source, literal))
        if isinstance(second, cst.MatchStar):
            if second.name is not None:
                place.trouble = "the star would take the mapping instead of the text"
            return
        if _takes_nothing(second.value):
            return
        if legacy != tags:
            place.trouble = "the pattern also stands for events that are not the library's"
            return
        if isinstance(second.value, cst.MatchMapping):
            return
        quote = literals[0].quote[0]
        span = whole(self.tree, second.value)
        place.edits += _event_edits.wrapped(self.source, span, f"{{{quote}content{quote}: ", "}")

    def _case(self, pattern: cst.CSTNode) -> cst.MatchCase:
        return next(
            around for around in self.tree.ancestors(pattern) if isinstance(around, cst.MatchCase)
        )

    def _pattern_subject(self, pattern: cst.MatchSequence) -> tuple[Key | None, Role | None]:
        match = self.tree.parents[self._case(pattern)]
        assert isinstance(match, cst.Match)
        if self.subjects.is_event_pattern(pattern):
            key = self.subjects.event(match.subject)
            return key, self.subjects.role(key)
        element = self.tree.parents[pattern]
        outer = self.tree.parents[element]
        if (
            isinstance(match.subject, cst.Tuple)
            and isinstance(outer, cst.MatchSequence)
            and isinstance(element, cst.MatchSequenceElement)
            and self.subjects.is_event_pattern(outer)
            and len(outer.patterns) == len(match.subject.elements)
        ):
            index = list(outer.patterns).index(element)
            key = self.subjects.event(match.subject.elements[index].value)
            return key, self.subjects.role(key)
        return None, None

    def _match_on_tag(self, node: cst.Match) -> None:
        """`match event[0]: case "chunk": ...`."""
        key = self.subjects.tag(node.subject)
        if key is None:
            return
        role = self.subjects.role(key)
        for case in node.cases:
            literals = tags_of(case.pattern)
            tags = {string_of(literal) or "" for literal in literals}
            legacy = tags & set(LEGACY_TAGS)
            place = self._add(case.pattern, legacy, role, key=key) if legacy else None
            if place is not None:
                place.edits += [
                    _event_edits.retagged(self.source, literal)
                    for literal in literals
                    if string_of(literal) in LEGACY_TAGS
                ]
            if literals:
                quote = literals[0].quote[0]
                holds: list[cst.CSTNode] = [case.body]
                self.tests.append(Test(place, key, frozenset(tags), holds, quote, literals))

    # Reads of the text

    def _reads(self, subject: Subject) -> None:
        tests = [test for test in self.tests if test.key == subject.key]
        places = [test.place for test in tests if test.place is not None]
        role = subject.role
        if role is None and not places:
            return
        others = any(test.tags - set(LEGACY_TAGS) - CURRENT_TAGS for test in tests)
        current = any(test.tags & CURRENT_TAGS for test in tests)
        dispatched = self._dispatches(subject)
        untested: list[cst.BaseExpression] = []
        for read in sorted(subject.data, key=lambda node: self.tree.spans[node]):
            guards = self._guards(read, subject)
            if not guards:
                untested.append(read)
            for test in guards:
                if test.place is None:
                    continue
                if test.tags - set(LEGACY_TAGS):
                    test.place.trouble = "the same read serves events that are not the library's"
                else:
                    test.place.take(_event_edits.read(self.source, read, test.quote))
        for node in subject.broken:
            guards = self._guards(node, subject)
            for place in [test.place for test in guards if test.place] or places:
                place.trouble = "the same name holds the text on one way and the mapping on another"
            if not places and role is not None and role.legacy:
                trouble = "the name holds the text on one way and the mapping on another"
                self._add(node, {CHUNK}, role, trouble=trouble)
        if dispatched is not None:
            trouble = "the tag decides by way of a table or a name what is called"
            self._add(dispatched, {CHUNK}, role, trouble=trouble)
            return
        if untested and not (role is not None and not role.legacy) and not current:
            self._untested(subject, untested, places, others=others)

    def _untested(
        self,
        subject: Subject,
        reads: list[cst.BaseExpression],
        places: list[Place],
        *,
        others: bool,
    ) -> None:
        if any("?" in test.tags for test in self.tests if test.key == subject.key):
            return  # reported where the tag is compared
        if others:
            trouble = "the event may also be one that is not the library's"
            self._add(reads[0], {CHUNK}, subject.role, trouble=trouble, key=subject.key)
            return
        if subject.role is not None:
            place = self._add(reads[0], {CHUNK}, subject.role, key=subject.key)
            places = [place] if place else []
        for place in places:
            for read in reads:
                place.take(_event_edits.read(self.source, read, '"'))

    def _guards(self, node: cst.CSTNode, subject: Subject) -> list[Test]:
        """The tests of the innermost code around `node` that runs only where they hold."""
        for around in (node, *self.tree.ancestors(node)):
            found = [test for test in self.regions.get(around, ()) if test.key == subject.key]
            if found:
                return found
        return []

    def _dispatches(self, subject: Subject) -> cst.CSTNode | None:
        """Where the tag of an event that is surely one chooses what is called."""
        if subject.role is None or not subject.role.legacy:
            return None
        for node in sorted(self._tags(subject), key=lambda node: self.tree.spans[node]):
            for around in self.tree.ancestors(node):
                if isinstance(around, cst.Index):
                    return node
                if isinstance(around, cst.Arg):
                    call = self.tree.parents[around]
                    if isinstance(call, cst.Call) and _looks_up(call):
                        return node
                    break
                if not isinstance(around, (cst.BaseExpression, cst.FormattedStringExpression)):
                    break
        return None

    def _tags(self, subject: Subject) -> Iterator[cst.BaseExpression]:
        for node in self.tree.spans:
            if (
                (isinstance(node, cst.Subscript) and index_of(node) in (0, -2))
                or (isinstance(node, cst.Name) and node in self.meaning.names.uses)
            ) and self.subjects.tag(node) == subject.key:
                yield node

    # Findings

    def _of_place(self, place: Place) -> Iterator[Finding]:
        span = whole(self.tree, place.node)
        evidence = place.role.reason if place.role else self.concerned or ""
        for tag in sorted(place.tags):
            message = _SHAPES[tag]
            fix = None
            if place.trouble:
                message = f"{message}; by hand here: {place.trouble}"
            else:
                edits = tuple(sorted(set(place.edits), key=lambda edit: edit.span))
                fix = Fix(message, edits, place.level)
            yield Finding(
                _RULES[tag], self.source.path, span, Severity.ERROR, message, (evidence,), fix
            )

    def _advice(self) -> Iterator[Finding]:
        told: set[cst.CSTNode] = set()
        for place in sorted(self.places, key=lambda place: self.tree.spans[place.node]):
            function = self._handler_around(place)
            if (
                COMPLETE in place.tags
                and not place.trouble
                and function is not None
                and function not in told
            ):
                told.add(function)
                span = whole(self.tree, place.node)
                evidence = place.role.reason if place.role else ""
                yield Finding(
                    "last-event", self.source.path, span, Severity.ADVICE, _ADVICE, (evidence,)
                )

    def _handler_around(self, place: Place) -> cst.CSTNode | None:
        if place.role is None or place.role.handed or isinstance(place.node, cst.Tuple):
            return None
        for around in self.tree.ancestors(place.node):
            if around in self.roles.functions:
                return around
        return None


def _event_tag(node: cst.Tuple | cst.List) -> cst.SimpleString | None:
    """The legacy tag that begins a tuple of the shape of an event."""
    if len(node.elements) != 2 or isinstance(node.elements[0], cst.StarredElement):
        return None
    first = node.elements[0].value
    if isinstance(first, cst.SimpleString) and string_of(first) in LEGACY_TAGS:
        return first
    return None


def _takes_nothing(pattern: cst.MatchPattern) -> bool:
    return isinstance(pattern, cst.MatchAs) and pattern.pattern is None and pattern.name is None


def _looks_up(call: cst.Call) -> bool:
    func = call.func
    if isinstance(func, cst.Name):
        return func.value == "getattr"
    return isinstance(func, cst.Attribute) and func.attr.value == "get"
