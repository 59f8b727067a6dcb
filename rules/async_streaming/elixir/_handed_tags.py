"""Tags that come to a function apart from their event: by `show(kind, text)` to `show(:chunk, _)`.

Who calls the function with a tag of its own is not looked for, so they are left to a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import all_arguments, atom_of, is_piped_into, name_of, receiver
from migrator.helpers.elixir.patterns import is_pattern
from migrator.helpers.elixir.variables import variables

from ._context import parameters, wholes
from ._handing import handed_to
from ._shapes import CHUNK, TAGS, Place, element, function_around

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from migrator.helpers.elixir.names import Module
    from migrator.languages.elixir import Node

    from ._meaning import Meaning
    from ._roles import Role, Roles

_TROUBLE = "the kind of an event is handed to it apart from the text"


def handed_tags(
    meaning: Meaning, roles: Roles, asked: Callable[[Node], Iterator[Node]]
) -> Iterator[Place]:
    """The tags that functions ask for in what they are handed as the kind of an event.

    `asked` gives the tags that a variable is compared with.
    """
    waiting = list(_kinds(meaning, roles))
    seen: set[Node] = set()
    while waiting:
        kind, role = waiting.pop()
        for parameter, clause in _taken_by(meaning, roles, kind):
            if parameter in seen:
                continue
            seen.add(parameter)
            for whole in wholes(parameter):
                tags = [whole] if whole.kind == "atom" and atom_of(whole) in TAGS else []
                if whole.kind == "identifier":
                    named = variables(meaning.source).named(whole.text, clause.span)
                    waiting += [(one, role) for one in named]
                    tags += [tag for one in named for tag in asked(one)]
                for tag in tags:
                    reason = f"{role.reason}, and line {meaning.line(kind)} hands its kind on"
                    place = Place(tag, atom_of(tag) or CHUNK, role.level, reason)
                    place.trouble = _TROUBLE
                    yield place


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


def _taken_by(meaning: Meaning, roles: Roles, node: Node) -> Iterator[tuple[Node, Node]]:
    """The parameters that `node` is given to, each with the clause of the function that has it."""
    call = handed_to(node)
    name = name_of(call) if call is not None else None
    if call is None or name is None:
        return
    on, given = receiver(call), all_arguments(call)
    module: Module | None = meaning.names.module(call)
    if on is not None:
        module = roles.module_of(meaning.names.name(on))
        if module is None:
            return
    place = given.index(node)
    for clause, least, most in meaning.definitions.get((module, name), ()):
        found = parameters(clause)
        if least <= len(given) <= most and place < len(found):
            yield found[place], clause
