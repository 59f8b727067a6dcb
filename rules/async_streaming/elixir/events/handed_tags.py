"""Tags that come to a function apart from their event: by `show(kind, text)` to `show(:chunk, _)`.

Who calls the function with a tag of its own is not looked for, so they are left to a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.attributes import attribute_name
from migrator.helpers.elixir.calls import (
    all_arguments,
    atom_of,
    is_piped_into,
    name_of,
    pairs,
    receiver,
    text_in,
)
from migrator.helpers.elixir.patterns import is_pattern
from migrator.helpers.elixir.variables import variables

from ..handlers.handlers import value_of
from ..reading.context import below, parameters, wholes
from ..reading.handing import handed_to
from ..reading.shapes import CHUNK, TAGS, Place, compared_with, element, function_around
from .asked import tag_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.helpers.elixir.names import Module
    from migrator.languages.elixir import Node

    from ..handlers.behaviours import Role
    from ..reading.meaning import Meaning
    from ..reading.uses import Attributes
    from ..takers.roles import Roles
    from ..values.whole import Kinds
    from .asked import Asked

_HANDED = "the kind of an event is handed to it apart from the text"
_TABLE = "the kind of an event is looked up in it"
_TEXT = "the kind of an event is asked for as a text"
_LOOK_UPS = frozenset({"get", "fetch", "fetch!", "has_key?", "pop"})


def handed_tags(
    meaning: Meaning,
    roles: Roles,
    asked: Asked,
    kinds: Kinds,
) -> Iterator[Place]:
    """The tags that are asked for in what stands for the kind of an event, away from the event."""
    waiting = [*_kinds(meaning, roles), *_followed(meaning, roles, kinds)]
    seen: set[Node] = set()
    while waiting:
        kind, role = waiting.pop()
        if kind in seen:
            continue
        seen.add(kind)
        reason = f"{role.reason}, and line {meaning.line(kind)} hands its kind on"
        for parameter, clause in _taken_by(meaning, roles, kind):
            for whole in wholes(parameter):
                tags = [whole] if whole.kind == "atom" and atom_of(whole) in TAGS else []
                if whole.kind == "identifier":
                    named = variables(meaning.source).named(whole.text, clause.span)
                    waiting += [(one, role) for one in named]
                    tags += [tag for one in named for tag in asked.of(one)]
                for tag in tags:
                    yield _place(tag, tag_of(tag), role, reason, _HANDED)
        for table in _tables(meaning, asked.attributes, kind):
            for pair in pairs(table):
                # A text as key is no tag.
                if pair.key in TAGS and pair.name.kind in ("atom", "keyword"):
                    yield _place(pair.name, pair.key, role, reason, _TABLE)
        for text in _texts(meaning, kind):
            yield _place(text, text_in(text), role, reason, _TEXT)


def _place(node: Node, tag: str | None, role: Role, reason: str, trouble: str) -> Place:
    return Place(node, tag or CHUNK, role.level, reason, trouble=trouble)


def _tables(meaning: Meaning, attributes: Attributes, kind: Node) -> Iterator[Node]:
    """The maps and keyword lists that something is looked up in by `kind`."""
    around = kind.parent
    table: Node | None = None
    if around is not None and around.kind == "access_call" and around.child("key") is kind:
        table = around.child("target")
    elif (call := handed_to(kind)) is not None and name_of(call) in _LOOK_UPS:
        given = all_arguments(call)
        if given.index(kind) == 1 and meaning.names.name(receiver(call)) in ("Keyword", "Map"):
            table = given[0]
    if table is None:
        return
    name = attribute_name(table)
    values = attributes.values(meaning.names.module(table), name) if name else [table]
    if table.kind == "identifier" and (value := value_of(meaning, table)) is not None:
        values = [value]
    yield from (value for value in values if value.kind in ("list", "map"))


def _texts(meaning: Meaning, kind: Node) -> Iterator[Node]:
    """The texts that `kind` is compared with once it is one: `to_string(kind) == "chunk"`."""
    call = handed_to(kind)
    named = (meaning.names.name(receiver(call)), name_of(call)) if call is not None else None
    if call is None or named not in ((None, "to_string"), ("Atom", "to_string")):
        return
    value = call.parent if is_piped_into(call) and call.parent is not None else call
    for told in compared_with(value):
        yield from (one for one in below(told) if one.kind == "string" and text_in(one) in TAGS)


def _kinds(meaning: Meaning, roles: Roles) -> Iterator[tuple[Node, Role]]:
    """What stands for the kind of an event: `kind` of `{kind, text}`, `elem(event, 0)`."""
    names: dict[tuple[Node, str], Role] = {}
    for node in meaning.tree.of("tuple"):
        parts = node.children
        if len(parts) == 2 and parts[0].kind == "identifier" and is_pattern(node):
            role, function = roles.role_at(node), function_around(node)
            if role is not None and function is not None:
                names[function, parts[0].text] = role
    for (function, name), role in names.items():
        for one in variables(meaning.source).named(name, function.span):
            yield one, role
    for call in meaning.calls:
        role = roles.role_at(call) if element(call, "0") is not None else None
        if role is not None:
            value = call.parent if is_piped_into(call) else call
            yield value or call, role


def _followed(meaning: Meaning, roles: Roles, kinds: Kinds) -> Iterator[tuple[Node, Role]]:
    """What stands for the kind of an event by way of others, where something is done by it."""
    for call in meaning.tree.of("access_call", "call"):
        key = call.child("key") if call.kind == "access_call" else None
        for one in [key] if key is not None else all_arguments(call):
            role = roles.role_at(one) if kinds.value(one) is not None else None
            if role is not None:
                yield one, role


def _taken_by(meaning: Meaning, roles: Roles, node: Node) -> Iterator[tuple[Node, Node]]:
    """The parameters that `node` is given to, each with the clause of the function that has it."""
    call = handed_to(node)
    name = name_of(call) if call is not None else None
    if call is None or name is None:
        return
    on, given = receiver(call), all_arguments(call)
    module: Module | None = meaning.names.module(call)
    if on is not None:
        module = roles.taking.module_of(meaning.names.name(on))
        if module is None:
            return
    place = given.index(node)
    for clause, least, most in meaning.definitions.get((module, name), ()):
        found = parameters(clause)
        if least <= len(given) <= most and place < len(found):
            yield found[place], clause
