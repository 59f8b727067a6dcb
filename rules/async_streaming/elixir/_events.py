"""Events in their legacy shape: patterns, what is built and sent, `elem/2`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrator import Applicability, Edit, Finding, Fix, Look, Severity, Source, Span
from migrator.helpers.elixir.calls import (
    arguments,
    atom_of,
    is_local,
    is_piped_into,
    name_of,
    operator,
    receiver,
)
from migrator.helpers.elixir.patterns import DEFINITIONS, in_type, is_pattern

from ._context import below
from ._meaning import Meaning, meaning_of, once
from ._roles import Role, Roles, roles
from ._uses import Attributes, attribute_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

CHUNK, COMPLETE = "chunk", "complete"
_NEW = {CHUNK: ":delta", COMPLETE: ":done"}
_RULES = {CHUNK: "event-shape", COMPLETE: "last-event"}
_SHAPES = {
    CHUNK: "`{:chunk, text}` is now `{:delta, %{content: text}}`",
    COMPLETE: "`{:complete, text}` is now `{:done, %{content: text, tokens: _, finish_reason: _}}`",
}
_ADVICE = "a last event now brings `tokens` and `finish_reason` as well: use them where they help"
_APART = "kind and text are taken apart under names of their own"
_BY_TAG = frozenset({"delete", "get", "get_values", "fetch", "fetch!", "has_key?", "pop"})
_COMPARISONS = ("==", "===", "!=", "!==")
_SIMPLE = frozenset({"identifier", "string", "charlist", "integer", "atom", "nil", "boolean"})


@dataclass(eq=False)
class Place:
    """One event, or one question about an event, with its edits; `trouble` rules them out."""

    node: Node
    tag: str
    level: Applicability
    reason: str
    edits: list[Edit] = field(default_factory=list)
    trouble: str = ""


def findings(source: Source, look: Look, rule: str) -> Iterator[Finding]:
    """What `rule` finds among the events of `source`."""
    return (finding for finding in once(_all, source, look) if finding.rule == rule)


def _all(source: Source, look: Look) -> tuple[Finding, ...]:
    meaning = meaning_of(source, look)
    return () if meaning.is_library else tuple(_Events(meaning, roles(source, look)).findings())


class _Events:
    def __init__(self, meaning: Meaning, found: Roles) -> None:
        self.meaning = meaning
        self.path = meaning.source.path
        self.roles = found
        self.attributes = Attributes(meaning)

    def findings(self) -> Iterator[Finding]:
        advised: set[object] = set()
        for place in sorted(self._places(), key=lambda place: place.node.span):
            message = _SHAPES[place.tag]
            fix = None
            if place.trouble:
                message += f"; by hand here: {place.trouble}"
            else:
                edits = tuple(sorted(set(place.edits), key=lambda edit: edit.span))
                fix = Fix(message, edits, place.level)
            rule, span = _RULES[place.tag], place.node.span
            yield Finding(rule, self.path, span, Severity.ERROR, message, (place.reason,), fix)
            handler = self.roles.handler_around(place.node)
            if place.tag == COMPLETE and handler is not None and handler not in advised:
                if place.node.kind == "tuple" and is_pattern(place.node):
                    advised.add(handler)
                    evidence = (place.reason,)
                    yield Finding(rule, self.path, span, Severity.ADVICE, _ADVICE, evidence)

    def _places(self) -> Iterator[Place]:
        for node in self.meaning.tree.nodes:
            if node.kind == "tuple":
                place = self._tuple(node)
                if place is not None:
                    yield place
        apart = {place.node: place for place in (*self._taken_apart(), *self._sifted())}
        yield from apart.values()
        yield from self._indexed()
        yield from self._searched()

    def _role(self, node: Node) -> Role | None:
        role = self.roles.of(node)
        if (role is None or role.level < Applicability.SAFE) and (why := self._written_to(node)):
            return Role(Applicability.SAFE, why)
        if role is None and (why := self.meaning.concerned(node)):
            return Role(Applicability.REVIEW, why)
        return role

    def _written_to(self, node: Node) -> str | None:
        """Why what `node` is handed to takes events, if it is handed to something."""
        parent = node.parent
        if parent is None:
            return None
        if parent.kind == "binary_operator" and operator(parent) == "|>":
            call = parent.child("right")
            piped = parent.child("left") is node and call is not None and not arguments(call)
            return self.roles.takes_events(call) if piped and call is not None else None
        if parent.kind == "arguments" and parent.parent is not None:
            call = parent.parent
            if call.kind == "call" and arguments(call) == [node] and not is_piped_into(call):
                return self.roles.takes_events(call)
        return None

    # Whole events

    def _tuple(self, node: Node) -> Place | None:
        parts = node.children
        if len(parts) != 2:
            return None
        tag = atom_of(parts[0]) or self._set_to(parts[0])
        role = self._role(node) if tag in _NEW else None
        if role is None or tag is None:
            return None
        place = Place(node, tag, role.level, role.reason)
        if parts[0].kind == "unary_operator":
            place.trouble = f"the tag is `{parts[0].text}`"
            return place
        if tag == COMPLETE and self._compared(node, parts[1], place):
            return place
        if tag == COMPLETE and _is_compared_within(node):
            place.level = min(place.level, Applicability.REVIEW)
        place.edits.append(Edit(self.path, parts[0].span, _NEW[tag]))
        if not _takes_nothing(parts[1]):
            place.edits += self._content(node, tag, parts[1])
        return place

    def _set_to(self, node: Node) -> str | None:
        """The atom that the module attribute `node` is set to."""
        name = attribute_name(node)
        values = self.attributes.values(self.meaning.names.module(node), name) if name else []
        return atom_of(values[0]) if len(values) == 1 else None

    def _content(self, node: Node, tag: str, value: Node) -> Iterator[Edit]:
        start, end = value.span
        opening, closing = "%{content: ", "}"
        if value.kind == "keywords":
            opening, closing = "%{content: [", "]}"
        if tag == COMPLETE and in_type(node):
            closing = closing[:-1] + ", tokens: term(), finish_reason: term()}"
        elif tag == COMPLETE and not is_pattern(node):
            closing = closing[:-1] + ", tokens: nil, finish_reason: nil}"
        yield Edit(self.path, Span(start, start), opening)
        yield Edit(self.path, Span(end, end), closing)

    def _compared(self, node: Node, value: Node, place: Place) -> bool:
        """A last event compared whole: there are more keys now, so tag and content are."""
        comparison = node.parent
        if comparison is None or comparison.kind != "binary_operator":
            return False
        if operator(comparison) not in _COMPARISONS:
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
        content = f"^{value.text}" if value.kind == "identifier" else value.text
        test = f"match?({{:done, %{{content: {content}}}}}, {other.text})"
        if operator(comparison).startswith("!"):
            test = f"not {test}"
        place.edits.append(Edit(self.path, comparison.span, test))
        return True

    # Events taken apart

    def _taken_apart(self) -> Iterator[Place]:
        """`{kind, data}` where events come in, unless clauses before it take both kinds."""
        for function, role in self._functions():
            for node in _events_in_heads(function):
                first, second = node.children if len(node.children) == 2 else (None, None)
                if first is None or second is None or first.kind != "identifier":
                    continue
                if _takes_nothing(first) and _takes_nothing(second):
                    continue
                tags = [one for one in below(function) if _is_bare_tag(one)]
                if not tags and (_takes_nothing(second) or self._clauses_before(function)):
                    continue
                for asked in tags or [node]:
                    tag = atom_of(asked) or CHUNK
                    place = Place(asked, tag, role.level, role.reason)
                    place.trouble = _APART
                    yield place

    def _sifted(self) -> Iterator[Place]:
        """`kind == :chunk` where `kind` is the first of a tuple of two that is taken apart."""
        for node in self.meaning.tree.nodes:
            parts = node.children if node.kind == "tuple" else []
            if len(parts) != 2 or parts[0].kind != "identifier" or not is_pattern(node):
                continue
            role = self._role(node)
            for asked in _asked_of(_function(node), parts[0].text) if role is not None else ():
                tag = atom_of(asked)
                assert role is not None and tag is not None
                place = Place(asked, tag, role.level, role.reason)
                place.trouble = _APART
                yield place

    def _functions(self) -> Iterator[tuple[Node, Role]]:
        """The functions that take an event, each with why."""
        for node in self.meaning.tree.nodes:
            if node in self.roles.functions:
                yield node, self.roles.functions[node]
            elif is_local(node, *DEFINITIONS):
                module = self.meaning.names.module(node)
                if module in self.roles.modules and _takes_event(node):
                    yield node, self.roles.modules[module]

    def _clauses_before(self, function: Node) -> bool:
        """Whether the clauses beside `function` take both kinds of events by their tags."""
        if function.parent is None or function.kind != "call":
            return False
        seen = set()
        for sibling in function.parent.children:
            if sibling is function:
                break
            if is_local(sibling, *DEFINITIONS):
                for node in _events_in_heads(sibling):
                    parts = node.children
                    if len(parts) == 2 and (tag := atom_of(parts[0])) is not None:
                        seen.add(tag)
        return {CHUNK, COMPLETE} <= seen or {"delta", "done"} <= seen

    def _searched(self) -> Iterator[Place]:
        """Recorded events that are looked up by their tag."""
        for call in self.meaning.calls:
            if not _is_searched(self.meaning, call):
                continue
            for asked in arguments(call):
                tag = atom_of(asked)
                role = self._role(call) if tag in _NEW else None
                if role is not None and tag is not None:
                    place = Place(asked, tag, role.level, role.reason)
                    place.trouble = "recorded events are looked up by it"
                    yield place

    # elem/2

    def _indexed(self) -> Iterator[Place]:
        """`elem(event, 0) == :chunk`, and `elem(event, 1)` where the tag is asked for as well."""
        subjects: set[tuple[Node | None, str]] = set()
        tests = []
        for call in self.meaning.calls:
            if (subject := _element(call, "0")) is not None:
                atoms = list(_tags_asked(call))
                if atoms and (role := self._role(call)) is not None:
                    subjects.add((_function(call), subject))
                    tests += [(atom, role) for atom in atoms]
        for atom, role in tests:
            tag = atom_of(atom)
            assert tag is not None
            level = min(role.level, Applicability.REVIEW)
            edit = Edit(self.path, atom.span, _NEW[tag])
            yield Place(atom, tag, level, role.reason, [edit])
        for call in self.meaning.calls:
            subject = _element(call, "1")
            if subject is not None and (_function(call), subject) in subjects:
                role = self._role(call)
                end = call.span.end
                edit = Edit(self.path, Span(end - 1, end), ").content")
                if role is not None and call.text.endswith(")"):
                    level = min(role.level, Applicability.REVIEW)
                    yield Place(call, CHUNK, level, role.reason, [edit])


def _is_searched(meaning: Meaning, call: Node) -> bool:
    """Whether `call` looks for tuples by their first element."""
    module, name = meaning.names.name(receiver(call)), name_of(call) or ""
    if module == "List":
        return name.startswith("key") and any(one.text == "0" for one in arguments(call))
    return module == "Keyword" and name in _BY_TAG


def _is_compared_within(node: Node) -> bool:
    """Whether something that holds the event `node` is compared as a whole."""
    for around in node.up():
        if around.kind == "binary_operator":
            return operator(around) in (*_COMPARISONS, "in", "not in")
        if around.kind not in ("keywords", "list", "map", "map_content", "pair", "tuple"):
            return False
    return False


def _is_bare_tag(node: Node) -> bool:
    """Whether `node` is a tag that is not the first of an event."""
    parent = node.parent
    if node.kind != "atom" or atom_of(node) not in _NEW or parent is None:
        return False
    return not (parent.kind == "tuple" and parent.children[0] is node)


def _asked_of(function: Node | None, name: str) -> Iterator[Node]:
    """The tags that the variable `name` is compared with in `function`."""
    for node in below(function) if function is not None else ():
        if node.kind == "identifier" and node.text == name:
            yield from _tags_asked(node)


def _takes_nothing(node: Node) -> bool:
    """Whether a pattern binds nothing that is read."""
    if node.kind != "identifier" or not node.text.startswith("_"):
        return False
    if node.text == "_":
        return True
    around = _function(node) or node
    return sum(one.kind == "identifier" and one.text == node.text for one in below(around)) < 2


def _function(node: Node) -> Node | None:
    return next((around for around in node.up() if is_local(around, *DEFINITIONS)), None)


def _takes_event(definition: Node) -> bool:
    from migrator.helpers.elixir.patterns import head_of

    from ._meaning import METHOD

    head = head_of(definition)
    return head is not None and head[0] == METHOD and head[1] <= 1 <= head[2]


def _events_in_heads(function: Node) -> Iterator[Node]:
    """The tuples that a function takes its event apart by: in its head, and in its body."""
    if function.kind == "call":
        from ._context import parameters

        names = {
            node.text
            for one in parameters(function)
            for node in below(one)
            if node.kind == "identifier"
        }
        for one in parameters(function):
            yield from (node for node in below(one) if node.kind == "tuple")
    else:
        names = set()
        for clause in function.children:
            left = clause.child("left") if clause.kind == "stab_clause" else None
            for node in below(left) if left is not None else ():
                if node.kind == "tuple":
                    yield node
                elif node.kind == "identifier":
                    names.add(node.text)
    for node in below(function):
        if node.kind == "binary_operator" and operator(node) == "=":
            left, right = node.child("left"), node.child("right")
            if left is not None and right is not None and right.text in names:
                if left.kind == "tuple" and right.kind == "identifier" and _is_statement(node):
                    yield left
        elif is_local(node, "case"):
            subject = arguments(node)
            if subject and subject[0].kind == "identifier" and subject[0].text in names:
                block = node.of("do_block")
                for clause in block.children if block is not None else ():
                    left = clause.child("left") if clause.kind == "stab_clause" else None
                    if left is not None:
                        yield from (one for one in below(left) if one.kind == "tuple")


def _is_statement(node: Node) -> bool:
    return node.parent is not None and node.parent.kind in ("do_block", "body", "pair", "block")


def _element(call: Node, index: str) -> str | None:
    """The code of what `elem(it, index)` looks into."""
    if not is_local(call, "elem"):
        return None
    given = arguments(call)
    if len(given) == 2 and given[1].kind == "integer" and given[1].text == index:
        return given[0].text
    return None


def _tags_asked(call: Node) -> Iterator[Node]:
    """The tags that the first element `call` is compared with."""
    parent = call.parent
    if parent is None:
        return
    if parent.kind == "binary_operator" and operator(parent) in (*_COMPARISONS, "in"):
        for side in parent.children:
            if side is not call:
                yield from (
                    one for one in below(side) if one.kind == "atom" and atom_of(one) in _NEW
                )
    elif parent.kind == "arguments" and is_local(parent.parent, "case"):
        block = parent.parent.of("do_block") if parent.parent is not None else None
        for clause in block.children if block is not None else ():
            left = clause.child("left") if clause.kind == "stab_clause" else None
            for one in below(left) if left is not None else ():
                if one.kind == "atom" and atom_of(one) in _NEW:
                    yield one
