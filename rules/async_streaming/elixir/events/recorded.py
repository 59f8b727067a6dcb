"""Questions about recorded events by their tags: listed, counted, grouped, looked up.

`Enum.map(events, &elem(&1, 0)) == [:chunk, :complete]`: what gives the tags stands on one side, or
in the variable there, and what they are to be on the other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from migrator import Applicability, Edit, Span
from migrator.helpers.elixir.calls import (
    all_arguments,
    arguments,
    atom_of,
    is_local,
    name_of,
    operator,
    pairs,
    receiver,
)
from migrator.helpers.elixir.patterns import is_pattern
from migrator.helpers.elixir.variables import variables

from ..reading.context import below, parameters
from ..reading.shapes import (
    ASKS,
    NO_TEXTS,
    TAGS,
    Place,
    element,
    function_around,
    is_name,
    takes_nothing,
)
from ..reading.tables import keys
from .asked import renamed, tag_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from ..handlers.behaviours import Role
    from ..reading.meaning import Meaning
    from ..takers.roles import Roles

_TESTS = (*ASKS, "=")
_BY_TAG = frozenset({"delete", "get", "get_values", "fetch", "fetch!", "has_key?", "pop"})
_LOOKED_UP = "recorded events are looked up by it"
_OTHER_VALUES = "what the tags lead to are no texts any more"
#: Names of recorded events: nothing else tells `events[:chunk]` from a look-up of an option.
EVENTS = re.compile(r"(?:\w+_)?events(?:\(\))?")


def recorded(meaning: Meaning, roles: Roles) -> Iterator[Place]:
    """Every question about recorded events of the file."""
    found = _Recorded(meaning, roles)
    yield from found.told()
    yield from found.looked_up()


class _Code(NamedTuple):
    """Whether code gives tags, or maps by them, and what the variables in it were set to."""

    gives: bool
    maps: bool
    values: tuple[Node, ...]


class _Recorded:
    def __init__(self, meaning: Meaning, roles: Roles) -> None:
        self.meaning = meaning
        self.roles = roles
        self._codes: dict[Node, _Code] = {}

    def told(self) -> Iterator[Place]:
        """The tags that are to be there: alone, in a list, as the keys of a map."""
        for node in self.meaning.tree.of("atom", "list", "map", "sigil"):
            tags = list(_tags_told(node))
            others = list(_asked_with(node)) if tags else []
            if node.kind == "atom" and any(element(side, "0") is not None for side in others):
                continue
            is_mapped = _has_texts(node) and any(map(self._maps_tags, others))
            if not is_mapped and not any(map(self._gives_tags, others)):
                continue
            role = self.roles.role_at(node)
            if role is None:
                continue
            for one, tag in tags:
                place = self._place(one, tag, role)
                place.trouble = _OTHER_VALUES if is_mapped else ""
                yield place

    def looked_up(self) -> Iterator[Place]:
        """The tags that recorded events, or what was made of them, are looked up by."""
        for call in self.meaning.tree.of("access_call", "call"):
            for asked in self._keys(call):
                tag = asked.text if asked.kind == "identifier" else atom_of(asked)
                role = self.roles.role_at(call) if tag in TAGS else None
                if role is not None and tag is not None:
                    place = Place(asked, tag, role.level, role.reason)
                    place.trouble = _LOOKED_UP
                    yield place

    def _keys(self, call: Node) -> Iterator[Node]:
        """What recorded events may be looked up by in `call`."""
        if call.kind == "access_call":
            key, base = call.child("key"), call.child("target")
            if key is not None and base is not None and atom_of(key) in TAGS:
                if EVENTS.fullmatch(base.text) or self._leads_by_tags(base):
                    yield key
            return
        on, name = receiver(call), name_of(call) or ""
        module = self.meaning.names.name(on)
        if module == "List" and name.startswith("key"):
            yield from arguments(call) if any(one.text == "0" for one in arguments(call)) else ()
        elif module == "Keyword" and name in _BY_TAG:
            yield from arguments(call)
        elif module == "Map" and name in _BY_TAG:
            given = all_arguments(call)
            yield from given[1:] if given and self._leads_by_tags(given[0]) else ()
        elif found := list(keys(self.meaning, call)):
            yield from found
        elif name in TAGS and on is not None and not arguments(call) and self._leads_by_tags(on):
            target = call.child("target")
            right = target.child("right") if target is not None else None
            yield from [right] if right is not None else ()

    def _place(self, node: Node, tag: str, role: Role) -> Place:
        level = min(role.level, Applicability.REVIEW)
        path = self.meaning.source.path
        if node.kind != "keyword":
            return Place(node, tag, level, role.reason, renamed(path, node))
        start = node.span.start
        edit = Edit(path, Span(start, start + len(tag)), TAGS[tag].removeprefix(":"))
        return Place(node, tag, level, role.reason, [edit])

    # What gives tags

    def _leads_by_tags(self, node: Node) -> bool:
        return self._maps_tags(node) or self._gives_tags(node)

    def _gives_tags(self, node: Node) -> bool:
        """Whether something that `node` is made of takes the first of tuples of two."""
        return any(one.gives for one in self._made_of(node))

    def _maps_tags(self, node: Node) -> bool:
        """Whether something that `node` is made of makes a map of pairs, as they are."""
        return any(one.maps for one in self._made_of(node))

    def _made_of(self, node: Node) -> Iterator[_Code]:
        """The code of `node`, and of what the variables in it were set to before."""
        waiting, seen = [node], {node}
        while waiting:
            code = self._code(waiting.pop())
            yield code
            waiting += [value for value in code.values if value not in seen]
            seen.update(code.values)

    def _code(self, node: Node) -> _Code:
        """What is to be known of the code of `node`, told once."""
        if node not in self._codes:
            inside = list(below(node))
            values = (value for one in inside for value in self._values(one))
            self._codes[node] = _Code(
                any(map(self._takes_first, inside)),
                any(map(self._is_map_of_pairs, inside)),
                tuple(dict.fromkeys(values)),
            )
        return self._codes[node]

    def _takes_first(self, node: Node) -> bool:
        if element(node, "0") is not None:
            return True
        if node.kind == "tuple" and len(node.children) == 2 and is_name(node.children[0]):
            return is_pattern(node) and not takes_nothing(self.meaning, node.children[0])
        named = (self.meaning.names.name(receiver(node)), name_of(node))
        return named in (("Keyword", "keys"), ("Enum", "unzip"))

    def _is_map_of_pairs(self, node: Node) -> bool:
        if node.kind != "call":
            return False
        given = all_arguments(node)
        named = (self.meaning.names.name(receiver(node)), name_of(node))
        return (named == ("Map", "new") and len(given) == 1) or (
            named == ("Enum", "into") and len(given) == 2 and given[1].text in ("%{}", "Map.new()")
        )

    def _values(self, node: Node) -> Iterator[Node]:
        """What the variable `node` holds, or is one of."""
        if node.kind == "unary_operator" and node.text == "&1":
            yield from _gone_through(next(filter(_is_capture, node.up()), None))
        if node.kind != "identifier" or (node.parent is not None and node.parent.kind == "dot"):
            return
        for around in node.up():
            if around.kind == "stab_clause" and around.parent is not None:
                if any(one.text == node.text for one in parameters(around)):
                    yield from _gone_through(around.parent)
                    return
        function = function_around(node)
        if function is not None:
            before = Span(function.span.start, node.span.start)
            bound = variables(self.meaning.source).chosen(_is_bound, node.text, before)
            match = _match(bound[-1]) if bound else None
            value = match.child("right") if match is not None else None
            if value is not None and value.span.end <= node.span.start:
                yield value


def _is_capture(node: Node) -> bool:
    return node.kind == "unary_operator" and operator(node) == "&"


def _gone_through(function: Node | None) -> Iterator[Node]:
    """What a call is given beside the function that it calls with each item."""
    call = function.parent.parent if function is not None and function.parent is not None else None
    if call is not None and call.kind == "call":
        yield from (one for one in all_arguments(call) if one is not function)


def _match(name: Node) -> Node | None:
    """The `=` or `<-` that binds `name` alone, or as the first of a tuple: `{kinds, _} = ...`."""
    left = _whole(name) if name.parent is not None and name.parent.children[0] is name else name
    around = left.parent
    if around is None or around.kind != "binary_operator" or operator(around) not in ("=", "<-"):
        return None
    return around if around.child("left") is left else None


def _whole(node: Node) -> Node:
    """The tuple that `node` is one of, or `node` itself."""
    return node.parent if node.parent is not None and node.parent.kind == "tuple" else node


def _is_bound(name: Node) -> bool:
    return _match(name) is not None


def _asked_with(node: Node) -> Iterator[Node]:
    """What `node` is compared with, matched to, or looked for in."""
    # The atom in a tuple is the tag of an event.
    told = node if node.kind == "atom" else _whole(node)
    around = told.parent
    if around is None:
        return
    if around.kind == "binary_operator" and operator(around) in _TESTS:
        yield from (side for side in around.children if side is not told)
    elif around.kind == "arguments" and around.parent is not None:
        block = around.parent.parent if around.parent.kind == "stab_clause" else None
        if block is not None and block.parent is not None and is_local(block.parent, "case"):
            yield from arguments(block.parent)


def _has_texts(node: Node) -> bool:
    """Whether what the map `node` has under tags may be texts."""
    told = [pair for pair in pairs(node) if pair.key in TAGS] if node.kind == "map" else []
    return any(pair.value.kind not in NO_TEXTS for pair in told)


def _items(node: Node) -> Iterator[Node]:
    """What the list `node` holds one by one, before a `| rest` too."""
    for one in node.children:
        is_rest = one.kind == "binary_operator" and operator(one) == "|"
        first = one.child("left") if is_rest else one
        if first is not None:
            yield first


def _tags_told(node: Node) -> Iterator[tuple[Node, str]]:
    """The tags that `node` is, lists, or has for keys, each with where it is written."""
    if node.kind == "map":
        for pair in pairs(node):
            if pair.key in TAGS and pair.name.kind in ("atom", "keyword"):
                yield pair.name, pair.key
        return
    for one in _items(node) if node.kind == "list" else [node]:
        tag = tag_of(one)
        if tag in TAGS and tag is not None:
            yield one, tag
