"""Pairs that are put together with the kind of an event, and taken for events.

`{elem(event, 0), String.upcase(text)}` was an event of the legacy API, and is none of the current
one: its second is no content. Where such a pair goes to what takes events, it is for a person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import all_arguments, atom_of, bare, name_of
from migrator.helpers.elixir.patterns import definition_of, is_pattern

from ..reading.bindings import Kind, matched, part_of
from ..reading.context import parameters, wholes
from ..reading.meaning import METHOD
from ..reading.shapes import CHUNK, TAGS, Place
from ..takers.handed_on import ELIXIR_S_OWN
from ..values.whole import Made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from ..takers.legacy import Legacy
    from ..takers.roles import Roles

#: How many pairs and takers are told apart, each with each.
_PAIRS = 1000
_MADE = "a pair with the tag of an event and a text of its own is no event any more"


def made_anew(roles: Roles, legacy: Legacy) -> Iterator[Place]:
    """Those of the file that are taken for events."""
    tuples = roles.meaning.tree.of("tuple")
    found = [one for one in tuples if legacy.made.source(one) is not None and not is_pattern(one)]
    takers = list(_takers(roles, legacy, tuples)) if found else []
    is_told_apart = len(found) * len(takers) <= _PAIRS
    for node in found if takers else ():
        made = Made(legacy.kinds, node)
        is_taken = not is_told_apart or any(_comes_to(made, taker) for taker in takers)
        role = roles.role_at(node) if is_taken else None
        if role is not None:
            yield Place(node, CHUNK, role.level, role.reason, trouble=_MADE)


def _comes_to(made: Made, taker: Node) -> bool:
    """Whether such a pair comes to the pattern or the argument `taker`."""
    tell = made.of_pattern if is_pattern(taker) else made.value
    return tell(taker) is not None


def is_matched_to_made(pattern: Node, legacy: Legacy) -> bool:
    """Whether `pattern` is matched to such a pair right where that is written."""
    found = matched(pattern)
    node = bare(found.node) if found is not None and found.kind is Kind.VALUE else None
    for step in found.path if found is not None else ():
        inside = part_of(node, step) if node is not None else None
        node = bare(inside) if inside is not None else None
    return node is not None and node.kind == "tuple" and legacy.made.source(node) is not None


def _takers(roles: Roles, legacy: Legacy, tuples: list[Node]) -> Iterator[Node]:
    """The patterns and the arguments that take such a pair for an event."""
    yield from (one for one in tuples if _matches(one, legacy))
    for call in roles.meaning.calls:
        if definition_of(call) is None:
            for place, one in enumerate(all_arguments(call)):
                if legacy.made.value(one) is not None and _takes(roles, legacy, call, place):
                    yield one


def _matches(pattern: Node, legacy: Legacy) -> bool:
    """Whether a pattern for an event gets such a pair by way of a name or the like."""
    return (
        _is_event(pattern)
        and is_pattern(pattern)
        and legacy.made.of_pattern(pattern) is not None
        and not is_matched_to_made(pattern, legacy)
    )


def _takes(roles: Roles, legacy: Legacy, call: Node, place: int) -> bool:
    """Whether what `call` calls takes an event there."""
    if name_of(call) == METHOD:
        return True
    clauses = list(legacy.made.calling.clauses(call))
    module = legacy.made.calling.module(call)
    if module and not clauses:
        return module.partition(".")[0] not in ELIXIR_S_OWN  # another file has it
    for clause in clauses:
        given = parameters(clause)[place : place + 1]
        if place in roles.places.get(clause, ()):
            return True
        if any(_is_event(one) for parameter in given for one in wholes(parameter)):
            return True
    return False


def _is_event(node: Node) -> bool:
    is_pair = node.kind == "tuple" and len(node.children) == 2
    return is_pair and atom_of(node.children[0]) in TAGS
