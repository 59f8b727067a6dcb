"""Whole events in their legacy shape: patterns, and what is built, sent and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Applicability, Edit, Finding, Fix, Look, Severity, Source, Span
from migrator.helpers.elixir.attributes import attribute_name
from migrator.helpers.elixir.calls import (
    atom_of,
    is_open_ended,
    operator,
    pairs,
)
from migrator.helpers.elixir.patterns import in_guard, in_type, is_pattern, is_typespec
from migrator.helpers.elixir.statements import comments_in

from ..._said import at_lines, said_beside
from ..reading.clauses import Clauses
from ..reading.compared import HOLDERS, is_compared_within
from ..reading.context import below
from ..reading.meaning import Meaning, meaning_of, once
from ..reading.shapes import (
    CHUNK,
    COMPARISONS,
    COMPLETE,
    NO_TEXTS,
    TAGS,
    Place,
    handled,
    takes_nothing,
)
from ..reading.tables import is_count, is_kept_by_tag
from ..reading.unpacked import unpacked
from ..reading.uses import Attributes
from ..takers.legacy import Legacy
from ..takers.roles import Roles, roles
from .current import takes_content
from .doctests import Example, examples
from .made import is_matched_to_made
from .questions import questions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.helpers.elixir.calls import Pair
    from migrator.languages.elixir import Node

_RULES = {CHUNK: "event-shape", COMPLETE: "last-event"}
_SHAPES = {
    CHUNK: "`{:chunk, text}` is now `{:delta, %{content: text}}`",
    COMPLETE: "`{:complete, text}` is now `{:done, %{content: text, tokens: _, finish_reason: _}}`",
}
_ADVICE = "a last event now brings `tokens` and `finish_reason` as well: use them where they help"
_SIMPLE = frozenset({"identifier", "string", "charlist", "integer", "atom", "nil", "boolean"})

_MAY_BE_EVENTS = frozenset({"identifier", "tuple"})


def findings(source: Source, look: Look, rule: str) -> Iterator[Finding]:
    """What `rule` finds among the events of `source`."""
    return (finding for finding in once(_all, source, look) if finding.rule == rule)


def _all(source: Source, look: Look) -> tuple[Finding, ...]:
    meaning = meaning_of(source, look)
    if meaning.is_library or not roles(source, look).are_possible:
        return ()
    seen = list(_Events(meaning, roles(source, look)).findings())
    seen += (_in_doctest(source, one) for one in examples(meaning, roles(source, look)))
    lines = said_beside(source, look, seen)
    if lines:
        again = _Events(meaning, Roles(meaning, look).as_legacy()).findings()
        seen += at_lines(source, again, lines)
    return tuple(seen)


def suppressed(source: Source, look: Look) -> Iterator[tuple[str, str]]:
    """The modules in which events that would move are to stay, each with why they take them."""
    meaning = meaning_of(source, look)
    lines = {one for one in look.kept if one[0] in _RULES.values()}
    if meaning.is_library or not lines or not roles(source, look).are_possible:
        return
    for found in (roles(source, look), Roles(meaning, look).as_legacy()):
        for place in _Events(meaning, found).places():
            rule, line = _RULES[place.tag], meaning.line(place.node)
            module = meaning.names.module(place.node)
            why = f"line {line} of {source.path} is suppressed, and is about the legacy events"
            kept = found.kept(place.node)
            if (
                (rule, line) in lines
                and module is not None
                and module.name
                and found.of(place.node) is not None
                and look.applies(rule, place.level)
                and not place.trouble
                and (place.edits or kept == why)
            ):
                lines.discard((rule, line))
                yield module.name, why


def _in_doctest(source: Source, one: Example) -> Finding:
    message = _SHAPES[one.tag]
    fix = Fix(message, one.edits, Applicability.REVIEW) if not one.trouble else None
    if one.trouble:
        message += f"; by hand here: {one.trouble}"
    rule, evidence = _RULES[one.tag], (one.reason,)
    return Finding(rule, source.path, one.span, Severity.ERROR, message, evidence, fix)


class _Events:
    def __init__(self, meaning: Meaning, found: Roles) -> None:
        self.meaning = meaning
        self.path = meaning.source.path
        self.roles = found
        self.attributes = Attributes(meaning)
        self.clauses = Clauses()
        self.legacy = Legacy(found)

    def findings(self) -> Iterator[Finding]:
        advised: set[object] = set()
        for place in sorted(self.places(), key=lambda place: place.node.span):
            message = _SHAPES[place.tag]
            fix = None
            place.trouble = place.trouble or self.roles.kept(place.node)
            if place.trouble:
                message += f"; by hand here: {place.trouble}"
            else:
                edits = tuple(dict.fromkeys(place.edits))
                fix = Fix(message, edits, place.level)
            rule, span = _RULES[place.tag], place.node.span
            yield Finding(rule, self.path, span, Severity.ERROR, message, (place.reason,), fix)
            handler = self.roles.handler_around(place.node)
            if place.tag == COMPLETE and handler is not None and handler not in advised:
                if place.node.kind == "tuple" and is_pattern(place.node):
                    advised.add(handler)
                    evidence = (place.reason,)
                    yield Finding(rule, self.path, span, Severity.ADVICE, _ADVICE, evidence)

    def places(self) -> Iterator[Place]:
        """All that speaks of a legacy event."""
        for node in self.meaning.tree.of("tuple"):
            place = self._tuple(node)
            if place is not None:
                yield place
        for node in self.meaning.tree.of("list"):
            yield from self._listed(node)
        yield from self._typed()
        yield from questions(self.meaning, self.roles, self.legacy)

    # Whole events

    def _listed(self, node: Node) -> Iterator[Place]:
        """`[chunk: text]`, which is `[{:chunk, text}]`.

        Nothing proves that it is no options, unless the handler itself is given each of it.
        """
        taken = handled(node)
        role = self.roles.role_at(node) if _is_of_events(node, is_handled=bool(taken)) else None
        if role is None:
            return
        level = role.level
        if taken is None or (taken["module"] or taken["of"]) not in (None, "__MODULE__."):
            level = min(level, Applicability.REVIEW)
        for pair in filter(_is_legacy, pairs(node)):
            place = Place(pair.node, pair.key, level, role.reason)
            start = pair.name.span.start
            tag = TAGS[pair.key].removeprefix(":")
            place.edits.append(Edit(self.path, Span(start, start + len(pair.key)), tag))
            if not takes_nothing(self.meaning, pair.value):
                place.edits += self._content(pair.node, pair.key, pair.value)
            yield place

    def _typed(self) -> Iterator[Place]:
        """Both tags in a typespec apart from an event: `{:chunk | :complete, String.t()}`."""
        for node in self.meaning.tree.of("unary_operator"):
            if not is_typespec(node):
                continue
            atoms = [one for one in below(node) if one.kind == "atom" and _is_one_of(one)]
            tags = [one for one in atoms if atom_of(one) in TAGS]
            if {atom_of(one) for one in tags} < TAGS.keys():
                continue
            role = self.roles.role_at(node)
            if role is None:
                continue
            for one in tags:
                place = Place(one, atom_of(one) or CHUNK, role.level, role.reason)
                place.trouble = "a type has the tags by themselves"
                yield place

    def _tuple(self, node: Node) -> Place | None:
        parts = node.children
        if len(parts) != 2:
            return None
        first = _matched(parts[0])
        tag = atom_of(first) or self._set_to(first)
        role = self.roles.role_at(node) if tag in TAGS else None
        if role is None or tag is None or is_count(self.meaning, node, tag):
            return None
        place = Place(node, tag, role.level, role.reason)
        if is_kept_by_tag(self.meaning, node, tag):
            place.level = min(place.level, Applicability.REVIEW)
        if first.kind == "unary_operator":
            place.trouble = f"the tag is `{first.text}`"
            return place
        if self.clauses.take(node, tag):
            place.trouble = f"a clause beside it takes `{{{TAGS[tag]}, ...}}` already"
            return place
        if any(unpacked(self.meaning, node)):
            place.trouble = "it is taken apart right here, under names of its own"
            return place
        if tag == COMPLETE and self._compared(node, parts[1], place):
            return place
        if tag == COMPLETE and (is_compared_within(node) or self._is_asked_by_name(node)):
            place.level = min(place.level, Applicability.REVIEW)
        place.edits.append(Edit(self.path, first.span, TAGS[tag]))
        is_content = not (is_pattern(node) and is_matched_to_made(node, self.legacy))
        if is_content and not takes_nothing(self.meaning, parts[1]):
            place.edits += self._content(node, tag, parts[1])
        return place

    def _set_to(self, node: Node) -> str | None:
        """The atom that the module attribute `node` is set to."""
        name = attribute_name(node)
        values = self.attributes.values(self.meaning.names.module(node), name) if name else []
        return atom_of(values[0]) if len(values) == 1 else None

    def _is_asked_by_name(self, node: Node) -> bool:
        """Whether the attribute that is set to the event `node` is matched or compared with."""
        for around in node.up():
            name = attribute_name(around)
            if name is not None:
                reads = self.attributes.reads(self.meaning.names.module(around), name)
                return any(is_pattern(read) or is_compared_within(read) for read in reads)
            if around.kind not in (*HOLDERS, "arguments", "call"):
                return False
        return False

    def _content(self, node: Node, tag: str, value: Node) -> Iterator[Edit]:
        start, end = value.span
        opening, closing = "%{content: ", "}"
        if value.kind == "keywords":
            opening, closing = "%{content: [", "]}"
        if tag == COMPLETE and in_type(node):
            closing = closing[:-1] + ", tokens: term(), finish_reason: term()}"
        elif tag == COMPLETE and not is_pattern(node):
            if is_open_ended(value):
                opening, closing = f"{opening}(", f"){closing}"
            closing = closing[:-1] + ", tokens: nil, finish_reason: nil}"
        yield Edit(self.path, Span(start, start), opening)
        yield Edit(self.path, Span(end, end), closing)

    def _compared(self, node: Node, value: Node, place: Place) -> bool:
        """A last event compared whole: there are more keys now, so tag and content are."""
        comparison = node.parent
        if comparison is None or comparison.kind != "binary_operator":
            return False
        if operator(comparison) not in COMPARISONS:
            return False
        left, right = comparison.child("left"), comparison.child("right")
        other = right if left is node else left
        assert other is not None
        place.level = min(place.level, Applicability.REVIEW)
        if value.kind not in _SIMPLE or any(
            one in self.meaning.names.by_node or one.kind == "tuple" for one in below(other)
        ):
            place.trouble = "it is compared as a whole, and a last event has more keys now"
            return True
        if in_guard(comparison):
            place.trouble = "a guard compares it as a whole, and a last event has more keys now"
            return True
        if any(comments_in(comparison)):
            place.trouble = "what becomes of the comparison has no place for the comment in it"
            return True
        content = f"^{value.text}" if value.kind == "identifier" else value.text
        test = f"match?({{:done, %{{content: {content}}}}}, {other.text})"
        if operator(comparison).startswith("!"):
            test = f"not {test}"
        place.edits.append(Edit(self.path, comparison.span, test))
        return True


def _matched(node: Node) -> Node:
    """The atom of `:chunk = kind`, or `node` itself."""
    if node.kind == "binary_operator" and operator(node) == "=":
        return next((side for side in node.children if atom_of(side) is not None), node)
    return node


def _is_of_events(node: Node, *, is_handled: bool) -> bool:
    """Whether the list `node` holds events written as keywords, and not options."""
    found = pairs(node)
    others = [one for one in node.children if one.kind != "keywords"]
    if not found or in_type(node) or any(one.kind not in _MAY_BE_EVENTS for one in others):
        return False
    if not all(_is_legacy(pair) or _is_current(pair) for pair in found):
        return False
    around = node.parent
    return (
        is_handled
        or len(found) + len(others) > 1
        or (
            around is not None
            and around.kind == "binary_operator"
            and operator(around) in (*COMPARISONS, "=")
        )
    )


def _is_legacy(pair: Pair) -> bool:
    return pair.key in TAGS and pair.value.kind not in NO_TEXTS


def _is_current(pair: Pair) -> bool:
    return f":{pair.key}" in TAGS.values() and takes_content(pair.value)


def _is_one_of(node: Node) -> bool:
    """Whether `node` is one of a union of types."""
    around = node.parent
    return around is not None and around.kind == "binary_operator" and operator(around) == "|"
