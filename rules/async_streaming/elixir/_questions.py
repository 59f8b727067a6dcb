"""Questions about events: `{kind, data}`, `elem/2`, look-ups by the tag.

Where kind and text go by names of their own, what follows depends on both: reported, by hand.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from migrator import Applicability, Edit, Span
from migrator.helpers.elixir.attributes import attribute_name
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
from migrator.helpers.elixir.patterns import DEFINITIONS, head_of, is_pattern
from migrator.helpers.elixir.variables import variables

from ._clauses import covered
from ._context import below, parameters
from ._current import Current, takes_content
from ._handed_tags import handed_tags
from ._meaning import METHOD, Meaning
from ._recorded import recorded
from ._recorded_texts import recorded_texts
from ._shapes import (
    CHUNK,
    TAGS,
    Place,
    compared_with,
    element,
    function_around,
    is_name,
    takes_nothing,
)
from ._texts import is_text
from ._uses import Attributes
from ._whole import Whole, binds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from ._behaviours import Role
    from ._roles import Roles

_APART = "kind and text are taken apart under names of their own"


def questions(meaning: Meaning, roles: Roles) -> Iterator[Place]:
    """Every question about an event of the file, once."""
    yield from _Questions(meaning, roles).places()


class _Questions:
    def __init__(self, meaning: Meaning, roles: Roles) -> None:
        self.meaning = meaning
        self.path = meaning.source.path
        self.roles = roles
        self.attributes = Attributes(meaning)
        self.current = Current(meaning)
        #: Of the bodies of modules, the clauses that others before them leave no event.
        self._covered: dict[Node, set[Node]] = {}

    def places(self) -> Iterator[Place]:
        found = (*self._taken_apart(), *self._sifted(), *self._chosen())
        places = {place.node: place for place in found}
        for place in (
            *self._indexed(),
            *recorded(self.meaning, self.roles),
            *self._otherwise(),
            *recorded_texts(self.meaning, self.roles, self.current),
            *handed_tags(self.meaning, self.roles, self.attributes, self._tags_asked),
        ):
            places.setdefault(place.node, place)
        yield from places.values()

    # Events taken apart

    def _taken_apart(self) -> Iterator[Place]:
        """`{kind, data}` where events come in, unless clauses before it take both kinds.

        Where the code serves the current API it is well, unless `data` can only be a text.
        """
        for function, role in self._functions():
            for node in _events_in_heads(function):
                first, second = node.children if len(node.children) == 2 else (None, None)
                if first is None or second is None or not is_name(first):
                    continue
                is_unread = takes_nothing(self.meaning, second)
                if is_unread and takes_nothing(self.meaning, first):
                    continue
                tags = list(filter(_is_bare_tag, self._said(function)))
                if not tags and not role.legacy and not is_text(self.meaning, second, function):
                    continue
                if not tags and (
                    is_unread or takes_content(second) or self._clauses_before(function)
                ):
                    continue
                for asked in tags or [node]:
                    tag = atom_of(asked) or CHUNK
                    place = Place(asked, tag, role.level, role.reason)
                    place.trouble = _APART
                    yield place

    def _sifted(self) -> Iterator[Place]:
        """`kind == :chunk` where `kind` is the first of a tuple of two that is taken apart."""
        kinds: dict[tuple[Node, str], Role] = {}
        for node in self.meaning.tree.of("tuple"):
            parts = node.children
            if len(parts) != 2 or parts[0].kind != "identifier" or not is_pattern(node):
                continue
            role, function = self.roles.role_at(node), function_around(node)
            if role is not None and function is not None:
                kinds[function, parts[0].text] = role
        for (function, name), role in kinds.items():
            for asked in self._asked_of(function, name):
                place = Place(asked, atom_of(asked) or CHUNK, role.level, role.reason)
                place.trouble = _APART
                yield place

    def _chosen(self) -> Iterator[Place]:
        """The tags near an event that is handed to a handler with a tag by name."""
        chosen: dict[Node, Role] = {}
        for node in self.meaning.tree.of("tuple"):
            parts = node.children
            if len(parts) != 2 or not is_name(parts[0]) or is_pattern(node):
                continue
            call = node.parent.parent if node.parent is not None else None
            is_handled = call is not None and name_of(call) == METHOD
            role = self.roles.role_at(node) if is_handled else None
            loops = [around for around in node.up() if is_local(around, "for")]
            scope = loops[-1] if loops else function_around(node)
            if role is not None and scope is not None:
                chosen[scope] = role
        for scope, role in chosen.items():
            for asked in filter(_is_bare_tag, below(scope)):
                place = Place(asked, atom_of(asked) or CHUNK, role.level, role.reason)
                place.trouble = "a name stands for the tag of an event"
                yield place

    def _functions(self) -> Iterator[tuple[Node, Role]]:
        """The functions that take an event, each with why."""
        found = dict(self.roles.functions)
        for node in self.meaning.calls:
            if node.local in DEFINITIONS and node not in found:
                role = self.roles.behaviours.of(node) if _takes_event(node) else None
                if role is not None:
                    found[node] = role
        yield from sorted(found.items(), key=lambda one: (one[0].span.start, -one[0].span.end))

    def _clauses_before(self, function: Node) -> bool:
        """Whether clauses before that of `function` take all events of both kinds by their tags."""
        body = function.parent
        if function.kind != "call" or body is None:
            return False
        if body not in self._covered:
            self._covered[body] = set(covered(body))
        return function in self._covered[body]

    # elem/2

    def _indexed(self) -> Iterator[Place]:
        """`elem(event, 0) == :chunk`, and `elem(event, 1)` where the tag is asked for as well."""
        subjects: dict[tuple[Node | None, str], list[Node]] = {}
        tests = []
        for call in self.meaning.calls:
            if (subject := element(call, "0")) is not None:
                atoms = list(self._tags_asked(call))
                if atoms and (role := self.roles.role_at(call)) is not None:
                    subjects.setdefault((function_around(call), subject), []).extend(atoms)
                    tests += [(atom, role) for atom in atoms]
        for atom, role in tests:
            tag = atom_of(atom)
            assert tag is not None
            level = min(role.level, Applicability.REVIEW)
            edit = Edit(self.path, atom.span, TAGS[tag])
            yield Place(atom, tag, level, role.reason, [edit])
        for call in self.meaning.calls:
            subject = element(call, "1")
            role = self.roles.role_at(call) if subject is not None else None
            if subject is None or role is None or self.current.reads(call):
                continue
            head = _tag_by_head(call, subject)
            certain: Applicability | None = Applicability.SAFE
            if head is not None:
                certain = self.whole.since_head(call, subject)
            elif asked := subjects.get((function_around(call), subject)):
                certain = Applicability.REVIEW
                head = _tag_by_test(call, asked)
            else:
                certain = self.whole.level(call, subject)
            if certain is not None:
                place = Place(call, head or CHUNK, min(role.level, certain), role.reason)
                self._ask_for_content(place)
                yield place

    def _ask_for_content(self, place: Place) -> None:
        end = place.node.span.end
        if not place.node.text.endswith(")"):
            place.trouble = "it is called without parentheses"
        elif is_piped_into(place.node):
            place.edits.append(Edit(self.path, Span(end, end), " |> Map.fetch!(:content)"))
        else:
            place.edits.append(Edit(self.path, Span(end - 1, end), ").content"))

    def _otherwise(self) -> Iterator[Place]:
        """Events that are taken apart by other functions, and tags that are looked up."""
        for call in self.meaning.calls:
            if (event := self._taken(call)) is not None:
                asked, trouble = event.text, _APART
            elif (subject := element(call, "0")) is not None and self._is_key(call):
                asked, trouble = subject, "the tag decides by way of a table or a name what is done"
            else:
                continue
            role = self.roles.of(call)
            if role is not None and self.whole.level(call, asked) is not None:
                place = Place(call, CHUNK, role.level, role.reason)
                place.trouble = trouble
                yield place

    def _taken(self, call: Node) -> Node | None:
        """The tuple that `call` takes apart, or makes another one of."""
        on, given = receiver(call), all_arguments(call)
        if on is not None and on.text == ":erlang":
            return given[-1] if name_of(call) == "element" and given else None
        is_of_tuples = self.meaning.names.name(on) == "Tuple" or name_of(call) == "put_elem"
        return given[0] if is_of_tuples and given else None

    # Tags

    def _asked_of(self, function: Node, name: str) -> Iterator[Node]:
        """The tags that the variable `name` is compared with in `function`."""
        for node in variables(self.meaning.source).named(name, function.span):
            yield from self._tags_asked(node)

    def _tags_asked(self, kind: Node) -> Iterator[Node]:
        """The tags that the first element `kind` is compared with."""
        for told in compared_with(kind):
            yield from filter(_is_tag, self._said(told))

    def _said(self, node: Node) -> Iterator[Node]:
        """What stands in `node`, and the atoms that the attributes are set to that it reads."""
        for one in below(node):
            yield one
            name = attribute_name(one)
            if name is not None:
                for value in self.attributes.values(self.meaning.names.module(one), name):
                    yield from [value] if value.kind == "atom" else []
                    yield from value.children if value.kind == "list" else []

    # Names of events

    def _is_key(self, node: Node) -> bool:
        """Whether something is looked up by `node`, or a function is called by it."""
        parent = node.parent
        if parent is None:
            return False
        if parent.kind == "access_call":
            return parent.child("key") is node
        call = parent.parent if parent.kind == "arguments" else None
        if call is None or node is arguments(call)[0]:
            return False
        return self.meaning.names.name(receiver(call)) in ("Keyword", "Map") or is_local(
            call, "apply"
        )

    @cached_property
    def whole(self) -> Whole:
        """The names of whole legacy events."""
        places = self.roles.places
        return Whole(
            self.meaning,
            {
                function: places.get(function, frozenset({0}))
                for function, role in self._functions()
                if role.legacy
            },
        )


def _is_tag(node: Node) -> bool:
    return node.kind == "atom" and atom_of(node) in TAGS


def _is_bare_tag(node: Node) -> bool:
    """Whether `node` is a tag that is not the first of an event."""
    parent = node.parent
    if not _is_tag(node) or parent is None:
        return False
    if parent.kind == "tuple" and parent.children[0] is node:
        return False
    return not _is_asked_of_elem(node)


def _is_asked_of_elem(tag: Node) -> bool:
    """Whether `tag` is compared with, or matched to, what `elem/2` gives: see `_indexed`."""
    for around in tag.up():
        if around.kind == "binary_operator":
            sides = around.children
            return any(element(side, "0") is not None for side in sides)
        if is_local(around, "case"):
            subject = arguments(around)
            return bool(subject) and element(subject[0], "0") is not None
        if around.kind not in ("list", "stab_clause", "do_block"):
            return False
    return False


def _takes_event(definition: Node) -> bool:
    head = head_of(definition)
    return head is not None and head[0] == METHOD and head[1] <= 1 <= head[2]


def _events_in_heads(function: Node) -> Iterator[Node]:
    """The tuples that a function takes its event apart by: in its head, and in its body."""
    if function.kind == "call":
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
        if node.kind == "binary_operator" and operator(node) in ("=", "<-"):
            left, right = node.child("left"), node.child("right")
            if left is not None and right is not None and right.text in names:
                is_taken = operator(node) == "<-" or _is_statement(node)
                if left.kind == "tuple" and right.kind == "identifier" and is_taken:
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


def _tag_by_test(node: Node, asked: list[Node]) -> str | None:
    """The tag, of those that are `asked` for, that a condition around `node` proves."""
    is_otherwise = False
    for around in node.up():
        told = _condition(around)
        if told is not None and not told.span.start <= node.span.start < told.span.end:
            tags = {
                atom_of(tag)
                for tag in asked
                if told.span.start <= tag.span.start < told.span.end and not _is_denied(tag)
            }
            if len(tags) == 1 and not is_otherwise:
                return tags.pop()
            is_otherwise = False
        key = around.child("key") if around.kind == "pair" else None
        is_otherwise |= around.kind == "else_block" or (key is not None and "else:" in key.text)
    return None


def _condition(node: Node) -> Node | None:
    """What holds in the rest of `node`: a guard, the question of an `if`, the left of an `and`."""
    if is_local(node, *DEFINITIONS, "if"):
        return next(iter(arguments(node)), None)
    is_and = node.kind == "binary_operator" and operator(node) in ("and", "&&")
    return node.child("left") if is_and or node.kind == "stab_clause" else None


def _is_denied(tag: Node) -> bool:
    """Whether `tag` is what something is asked not to be."""
    around = next((one for one in tag.up() if one.kind == "binary_operator"), None)
    return around is not None and operator(around) in ("!=", "!==", "not in")


def _tag_by_head(node: Node, name: str) -> str | None:
    """The tag that the clause around `node` proves of the variable `name`: `{:chunk, _} = name`."""
    for around in node.up():
        patterns: list[Node] = []
        if around.kind == "stab_clause":
            left = around.child("left")
            patterns = [left] if left is not None else []
        elif is_local(around, *DEFINITIONS):
            patterns = parameters(around)
        for one in (one for pattern in patterns for one in below(pattern)):
            if one.kind == "binary_operator" and operator(one) == "=":
                sides = one.children
                event = next((side for side in sides if side.kind == "tuple"), None)
                if event is not None and any(side.text == name for side in sides):
                    tag = atom_of(event.children[0]) if len(event.children) == 2 else None
                    return tag if tag in TAGS else None
        if any(binds(pattern, name) for pattern in patterns):
            return None
        if patterns and is_local(around, *DEFINITIONS):
            return None
    return None
