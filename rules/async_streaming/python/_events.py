"""The places that read or write legacy events, each with the edits that move it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeGuard

import libcst as cst

from migrator import Applicability, Edit, Fact, Finding, Fix, Look, Severity, Source
from migrator.helpers.python.rewrite import whole

from . import _event_edits
from ._dispatch import choice
from ._event_tags import names_of, tags_in, tags_of_display
from ._mappings import below
from ._meaning import Meaning, meaning_of, once
from ._passing import taken_apart
from ._regions import regions
from ._roles import Role, Roles, concerned, roles, takes_events
from ._shapes import (
    CHUNK,
    COMPLETE,
    CURRENT_TAGS,
    LEGACY_TAGS,
    event_tag,
    is_sequence,
    string_of,
    tags_of,
)
from ._subjects import TWO_WAYS, Key, Subject, Subjects
from ._written import is_unpacked, may_be_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


_RULES = {CHUNK: "event-shape", COMPLETE: "last-event"}
_SHAPES = {
    CHUNK: '`("chunk", text)` is now `("delta", {"content": text})`',
    COMPLETE: '`("complete", text)` is now `("done", {"content": text, "tokens": ..., '
    '"finish_reason": ...})`',
}
_NO_QUOTES = "no quotes are left for the key inside this f-string"
_BY_NAME = "the tag is compared with a name: change what the name stands for"
_WRITTEN_BY_NAME = "the tag is written by a name: change what it stands for, and the text here"
_EITHER = "write the two events that this may be one by one"
_UNPACKED = "the tag and the text get names of their own: change them, and what is asked of them"
_CHAINED = "the tag is compared with several things at once"
_PUT_TOGETHER = "what is matched is put together here, of parts that are not followed"
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


def kept(source: Source, look: Look) -> Iterator[Fact]:
    """What `source` tells other files of the events that it keeps, and of those it hands on."""
    subjects = _subjects(source, look)
    yield from subjects.recorded.facts()
    yield from subjects.handed_parts()


def _subjects(source: Source, look: Look) -> Subjects:
    return once(_made_subjects, source, look)


def _made_subjects(source: Source, look: Look) -> Subjects:
    return Subjects(meaning_of(source, look), roles(source, look))


def _findings(source: Source, look: Look) -> Sequence[Finding]:
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return ()
    found = roles(source, look)
    reason = concerned(meaning)
    if not found.params and reason is None and not _subjects(source, look).parts:
        return ()
    return tuple(_Finder(meaning, found, reason).findings())


class _Finder:
    def __init__(self, meaning: Meaning, found: Roles, concerned_by: str | None) -> None:
        self.meaning = meaning
        self.tree = meaning.tree
        self.source = meaning.source
        self.roles = found
        self.concerned = concerned_by
        self.subjects = _subjects(meaning.source, meaning.look)
        self.places: list[Place] = []
        self.tests: list[Test] = []
        self.regions: dict[cst.CSTNode, list[Test]] = {}
        self.settled: set[cst.CSTNode] = set()

    def findings(self) -> Iterator[Finding]:
        kinds = cst.Comparison, cst.MatchSequence, cst.Match, cst.Call, cst.Subscript
        for node in self.tree.of(*kinds):  # type: ignore[type-abstract]
            if isinstance(node, (cst.Call, cst.Subscript)):
                self._asked_of_tags(node)
            elif isinstance(node, cst.Comparison):
                self._comparison(node)
            elif isinstance(node, cst.MatchSequence):
                self._pattern(node)
            elif isinstance(node, cst.Match):
                self._match_on_tag(node)
        for node in self.tree.of(cst.Tuple, cst.List, cst.Call):
            if isinstance(node, cst.Call):
                self._written_in_parts(node)
            elif isinstance(node, (cst.Tuple, cst.List)):
                self._written(node)
        for test in self.tests:
            for region in test.regions:
                self.regions.setdefault(region, []).append(test)
        for key in self.subjects.tagged():
            self.subjects.subject(key)  # the tag may be all that is asked of an event
        for subject in list(self.subjects.by_key.values()):
            self._reads(subject)
        for param, role in self.roles.starred.items():
            if role.legacy:
                trouble = "the event comes among other arguments"
                self._add(param, {CHUNK}, role, trouble=trouble)
        for node, role, trouble in taken_apart(self.meaning, self.subjects, self.roles):
            self._add(node, {CHUNK}, role, trouble=trouble)
        for node, role, trouble in self.subjects.recorded.taken_apart():
            self._add(node, {CHUNK}, role, trouble=trouble)
        for place in self.places:
            yield from self._of_place(place)
        yield from self._advice()

    # Levels

    def _level(self, role: Role | None) -> Applicability | None:
        """How certain it is that this is an event; `None`: it has nothing to do with them."""
        if role is not None:
            return min(role.level, Applicability.REVIEW) if role.recorded else role.level
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
        if role is not None and role.kept and not trouble:
            trouble = f"{role.kept} is suppressed, and goes on to send these events"
        place = Place(node, frozenset(tags), found, role, trouble=trouble, key=key)
        self.places.append(place)
        return place

    # Tests of the tag

    def _comparison(self, node: cst.Comparison) -> None:
        if len(node.comparisons) != 1:
            self._chained(node)
            return
        target = node.comparisons[0]
        operator, right = target.operator, target.comparator
        if isinstance(operator, (cst.Is, cst.IsNot)):
            self._identical(node, right, positive=isinstance(operator, cst.Is))
        if isinstance(operator, (cst.Equal, cst.NotEqual)):
            for one, other in ((node.left, right), (right, node.left)):
                if self._is_event(other, one):
                    self._whole(node, one, other)
                    return
                key = self.subjects.tag(one)
                if key is not None:
                    self._tested(node, key, other, positive=isinstance(operator, cst.Equal))
                    return
                self._all_tags(one, other)
        elif isinstance(operator, (cst.In, cst.NotIn)):
            key = self.subjects.tag(node.left)
            if key is not None:
                self._tested(node, key, right, positive=isinstance(operator, cst.In))
            elif isinstance(node.left, cst.SimpleString):
                if (key := self._of_collected(right)) is not None:
                    self._retagged(node.left, [node.left], key)
                elif self.subjects.role(key := self.subjects.event(right)) is not None and key:
                    self._tested(node, key, node.left, positive=isinstance(operator, cst.In))
            elif isinstance(right, (cst.Tuple, cst.List, cst.Set)):
                self._among(node.left, right)

    def _identical(
        self, node: cst.Comparison, right: cst.BaseExpression, *, positive: bool
    ) -> None:
        """`event[0] is "chunk"`, which holds for the literals of most programs."""
        for one, other in ((node.left, right), (right, node.left)):
            if string_of(one) in LEGACY_TAGS and (key := self.subjects.tag(other)) is not None:
                self._tested(node, key, one, positive=positive)

    def _chained(self, node: cst.Comparison) -> None:
        """`"chunk" == event[0] == other`."""
        sides = [node.left, *(target.comparator for target in node.comparisons)]
        tags = {tag for side in sides if (tag := string_of(side)) in LEGACY_TAGS}
        for side in sides:
            key = self.subjects.tag(side)
            role = self.subjects.role(key)
            if key is not None and (tags or (role is not None and role.legacy)):
                self._add(node, tags or {CHUNK}, role, trouble=_CHAINED, key=key)
                self.tests.append(Test(None, key, frozenset({"?"}), [], '"', []))
                return

    def _tested(
        self, node: cst.Comparison, key: Key, other: cst.BaseExpression, *, positive: bool
    ) -> None:
        role = self.subjects.role(key)
        literals, unknown, hidden = tags_in(self.meaning, other)
        tags = {string_of(literal) or "" for literal in literals}
        legacy = tags & set(LEGACY_TAGS)
        if isinstance(other, (cst.Tuple, cst.List, cst.Set)):
            self.settled.add(other)
        if hidden or (unknown and role is not None and role.legacy):
            if role is not None or legacy or hidden:
                self._add(node, hidden or {CHUNK}, role, trouble=_BY_NAME, key=key)
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

    def _all_tags(self, one: cst.BaseExpression, other: cst.BaseExpression) -> None:
        """`[kind for kind, _ in events] == ["chunk", "complete"]`."""
        key = self._of_collected(one)
        for display in below(other) if key is not None else ():
            self._retagged(display, tags_of_display(display), key)

    def _of_collected(self, node: cst.BaseExpression) -> Key | None:
        """The event whose tags `node` is a collection of."""
        item = self.subjects.collected(node)
        return self.subjects.tag(item) if item is not None else None

    def _retagged(
        self, node: cst.CSTNode, literals: Sequence[cst.SimpleString], key: Key | None
    ) -> Place | None:
        tags = {string_of(literal) or "" for literal in literals} & set(LEGACY_TAGS)
        role = self.subjects.role(key)
        place = self._add(node, tags, role, key=key) if tags else None
        if place is not None:
            place.edits += [
                _event_edits.retagged(self.source, literal)
                for literal in literals
                if string_of(literal) in LEGACY_TAGS
            ]
        return place

    def _asked_of_tags(self, node: cst.Call | cst.Subscript) -> None:
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
        place = self._retagged(literal, [literal], key)
        if place is not None and isinstance(self._made_by(base), cst.DictComp):
            place.trouble = "the tags are the keys of a dict, and what it holds may be the mapping"

    def _made_by(self, node: cst.BaseExpression) -> cst.BaseExpression | None:
        item = self.subjects.collected(node)
        around = self.tree.parents[item] if item is not None else None
        return around if isinstance(around, cst.BaseExpression) else None

    # Whole events

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
        self, node: cst.Comparison, event: cst.BaseExpression, display: cst.Tuple | cst.List
    ) -> None:
        tag = event_tag(display)
        self.settled.add(display)
        key = self.subjects.event(event)
        role = self.subjects.role(key)
        if tag is None:
            _, _, hidden = tags_in(self.meaning, display.elements[0].value)
            self._add(node, hidden or {CHUNK}, role, trouble=_BY_NAME)
            return
        if isinstance(event, cst.Tuple) and (other := self.subjects.tag_of_another(event)):
            self._retagged(display, [tag], other)
            return
        name = string_of(tag) or ""
        if name == CHUNK or isinstance(event, cst.Tuple):
            place = self._add(display, {name}, role)
            if place:
                place.take(self._current(display, tag))
            return
        place = self._add(node, {name}, role)
        if place is None:
            return
        place.level = min(place.level, Applicability.REVIEW)
        is_made = (cst.Call, cst.Await, cst.NamedExpr)
        if isinstance(display, cst.List) or any(isinstance(part, is_made) for part in below(event)):
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
            tag = event_tag(display) if isinstance(display, cst.Tuple) else None
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
                place.take(self._current(display, tag))

    def _taken(self, display: cst.Tuple | cst.List) -> str | None:
        """Why what `display` is given to takes events, if it provably does."""
        parent = self.tree.parents[display]
        while isinstance(parent, (cst.BooleanOperation, cst.IfExp)) or self._is_copied(parent):
            parent = self.tree.parents[parent]
        if isinstance(parent, cst.Param):
            return self._taken_by(parent)
        call = self.tree.parents[parent]
        if not isinstance(parent, cst.Arg) or parent.star or not isinstance(call, cst.Call):
            return None
        return takes_events(self.meaning, self.roles, call)

    def _is_copied(self, node: cst.CSTNode) -> bool:
        """Whether `node` is a call of `tuple` or `list`, or what one is given."""
        call = self.tree.parents[node] if isinstance(node, cst.Arg) else node
        return isinstance(call, cst.Call) and len(call.args) == 1 and is_sequence(call.func)

    def _taken_by(self, param: cst.Param) -> str | None:
        """Why `param`, whose default is asked about, provably takes events."""
        function = self.tree.parents[self.tree.parents[param]]
        for binding in self.meaning.names.scopes[function].bindings[param.name.value]:
            role = self.roles.params.get(binding) if binding.node is param else None
            if role is not None and role.legacy and role.level is Applicability.SAFE:
                return role.reason if not role.kept else None
        return None

    def _written_by_name(self, display: cst.Tuple | cst.List) -> None:
        """`(CHUNK, text)`: who changes what the name stands for must write the text anew."""
        if len(display.elements) != 2 or display in self.settled:
            return
        first, second = (element.value for element in display.elements)
        if not isinstance(first, (cst.Attribute, cst.IfExp, cst.Name)):
            return
        literals, _, hidden = tags_in(self.meaning, first)
        hidden |= {string_of(literal) or "" for literal in literals} & set(LEGACY_TAGS)
        reason = self._taken(display)
        if reason is None:
            around = self.tree.parents[display]
            is_pair = isinstance(display, cst.Tuple) and not isinstance(second, cst.BaseNumber)
            if not is_pair or isinstance(around, cst.ComparisonTarget):
                return
            if string_of(second) in LEGACY_TAGS or tags_in(self.meaning, second)[2]:
                return  # two tags side by side are no event
        elif self.subjects.tag(first) is not None:
            return  # the tag of another event: it goes on
        if hidden or reason is not None:
            role = Role(Applicability.SAFE, reason) if reason else None
            trouble = _EITHER if isinstance(first, cst.IfExp) else _WRITTEN_BY_NAME
            self._add(display, hidden or {CHUNK}, role, trouble=trouble)

    def _written(self, display: cst.Tuple | cst.List) -> None:
        tag = event_tag(display)
        if tag is None:
            self._written_by_name(display)
            return
        if display in self.settled:
            return
        name = string_of(tag) or ""
        reason = self._taken(display)
        second = display.elements[1]
        if reason is None and isinstance(display, cst.List):
            return
        if isinstance(second.value, cst.BaseNumber):
            return
        if reason is None and not may_be_event(display):
            return
        role = Role(Applicability.SAFE, reason) if reason else None
        place = self._add(display, {name}, role)
        if place is not None:
            if isinstance(second, cst.StarredElement):
                place.trouble = "what the star brings is not known here"
            elif is_unpacked(self.meaning, display):
                place.trouble = _UNPACKED
            elif self._is_hashed(display):
                place.trouble = "an event is no longer hashable"
            elif self._is_ordered(display):
                place.trouble = "events have no order any more"
            else:
                place.take(self._current(display, tag))

    def _current(
        self, display: cst.Tuple | cst.List, tag: cst.SimpleString
    ) -> Sequence[Edit] | None:
        return _event_edits.written(self.source, display, tag, display.elements[1].value)

    def _written_in_parts(self, call: cst.Call) -> None:
        """`self.on("chunk", text)`, where the function is handed the parts of events as well."""
        if not self.subjects.parts:
            return
        args: dict[int, cst.BaseExpression] = {}
        role = None
        for arg in call.args:
            taken = self.subjects.part_taken(call, arg) if not arg.star else None
            if taken is not None:
                role = self.subjects.role(taken[0])
                args[taken[1]] = arg.value
        tag = args.get(0)
        name = string_of(tag) if tag is not None else None
        if not isinstance(tag, cst.SimpleString) or name not in LEGACY_TAGS:
            return
        place = self._add(tag, {name}, role)
        if place is not None and 1 in args:
            place.take(_event_edits.written(self.source, call, tag, args[1]))
        elif place is not None:
            place.take(_event_edits.retagged(self.source, tag))

    def _is_ordered(self, display: cst.CSTNode) -> bool:
        parent = self.tree.parents[display]
        if isinstance(parent, cst.ComparisonTarget):
            parent = self.tree.parents[parent]
        ordering = (cst.LessThan, cst.LessThanEqual, cst.GreaterThan, cst.GreaterThanEqual)
        return isinstance(parent, cst.Comparison) and any(
            isinstance(target.operator, ordering) for target in parent.comparisons
        )

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
        named = names_of(first)
        if not literals and not named:
            self._any_tag(pattern)
            return
        tags = {string_of(literal) or "" for literal in literals}
        legacy = tags & set(LEGACY_TAGS)
        match = self.tree.parents[self._case(pattern)]
        assert isinstance(match, cst.Match)
        if self.subjects.is_event_pattern(pattern) and self._is_mixed(match.subject):
            tag = match.subject.elements[0].value
            if legacy and self.subjects.tag(tag) is None:
                self._add(pattern, legacy, None, trouble=_PUT_TOGETHER)
            return
        key, role = self._pattern_subject(pattern)
        if named and key is not None and self._is_by_name(pattern, named, legacy, key):
            return
        if not literals:
            return
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

    def _is_by_name(
        self, node: cst.CSTNode, named: Sequence[cst.BaseExpression], legacy: set[str], key: Key
    ) -> bool:
        """Whether a pattern's tag is a constant by name, `Kind.CHUNK`, which is then reported."""
        role = self.subjects.role(key)
        hidden: set[str] = set()
        for one in named:
            hidden |= tags_in(self.meaning, one)[2]
        if not hidden and not (role is not None and role.legacy):
            return False
        self._add(node, hidden | legacy or {CHUNK}, role, trouble=_BY_NAME, key=key)
        self.tests.append(Test(None, key, frozenset({"?"}), [], '"', []))
        return True

    def _case(self, pattern: cst.CSTNode) -> cst.MatchCase:
        return next(
            around for around in self.tree.ancestors(pattern) if isinstance(around, cst.MatchCase)
        )

    def _pattern_subject(self, pattern: cst.MatchSequence) -> tuple[Key | None, Role | None]:
        matched = self.subjects.matched_by(pattern)
        key = self.subjects.event(matched) if matched is not None else None
        return key, self.subjects.role(key)

    def _any_tag(self, pattern: cst.MatchSequence) -> None:
        """`case (kind, str(text))`: whatever the tag is, the text is asked to be one."""
        first, second = pattern.patterns
        if isinstance(first, cst.MatchStar) or isinstance(second, cst.MatchStar):
            return
        key, role = self._pattern_subject(pattern)
        asks = not isinstance(second.value, (cst.MatchAs, cst.MatchMapping))
        if asks and role is not None and role.legacy:
            place = self._add(pattern, {CHUNK}, role, key=key)
            if place is not None:
                span = whole(self.tree, second.value)
                place.edits += _event_edits.wrapped(self.source, span, '{"content": ', "}")

    def _match_on_tag(self, node: cst.Match) -> None:
        """`match event[0]: case "chunk": ...`, by itself or beside other things in a tuple."""
        self._cases(node.subject, [(case.pattern, case) for case in node.cases])
        if self._is_mixed(node.subject):
            for index, element in enumerate(node.subject.elements):
                self._cases(
                    element.value,
                    [
                        (one.value, case)
                        for case in node.cases
                        if isinstance(case.pattern, cst.MatchSequence)
                        for one in case.pattern.patterns[index : index + 1]
                        if isinstance(one, cst.MatchSequenceElement)
                    ],
                )

    def _is_mixed(self, subject: cst.BaseExpression) -> TypeGuard[cst.Tuple]:
        """Whether a `match` is on a tuple of things, and not on an event put together again."""
        return isinstance(subject, cst.Tuple) and self.subjects.rebuilt(subject) is None

    def _cases(
        self,
        subject: cst.BaseExpression,
        cases: Sequence[tuple[cst.MatchPattern, cst.MatchCase]],
    ) -> None:
        key = self.subjects.tag(subject)
        if key is None:
            return
        for pattern, case in cases:
            literals = tags_of(pattern)
            tags = {string_of(literal) or "" for literal in literals}
            legacy = tags & set(LEGACY_TAGS)
            named = names_of(pattern)
            if named and self._is_by_name(pattern, named, legacy, key):
                continue
            place = self._retagged(pattern, literals, key)
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
            if subject.data and (mixed := self.subjects.role_at_times(subject.key)) is not None:
                self._add(subject.data[0], {CHUNK}, mixed, trouble=TWO_WAYS, key=subject.key)
            return
        others = any(test.tags - set(LEGACY_TAGS) - CURRENT_TAGS for test in tests)
        current = any(test.tags & CURRENT_TAGS for test in tests)
        is_legacy = bool(places) or (role is not None and role.legacy)
        # Where the text is not read, a table that is asked with the tag may count events.
        is_met = is_legacy and bool(subject.data)
        chosen = choice(self.meaning, self.subjects, subject, is_legacy=is_met)
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
        is_broken = False
        for node, why in subject.broken.items():
            guards = self._guards(node, subject)
            is_broken = is_broken or not guards
            for place in [test.place for test in guards if test.place] or places:
                place.trouble = why
            if not places and role is not None and role.legacy:
                self._add(node, {CHUNK}, role, trouble=why)
                break
        if is_broken:
            return
        if chosen is not None:
            trouble = "a table, a name, its letters or other code decide by the tag what is done"
            self._add(chosen.node, chosen.tags, role, trouble=trouble)
            return
        if untested and is_legacy and not current:
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
        role = subject.role
        if others:
            trouble = "the event may also be one that is not the library's"
            self._add(reads[0], {CHUNK}, role, trouble=trouble, key=subject.key)
            return
        # Beside a test that is for review a read is that too: either is wrong without the other.
        if role is not None and role.legacy and not (places and role.recorded):
            place = self._add(reads[0], {CHUNK}, role, key=subject.key, level=role.level)
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
                edits = tuple(dict.fromkeys(place.edits))
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


def _takes_nothing(pattern: cst.MatchPattern) -> bool:
    return isinstance(pattern, cst.MatchAs) and pattern.pattern is None and pattern.name is None
