"""The legacy events of one file, by the functions that take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import atom_of
from migrator.helpers.elixir.patterns import DEFINITIONS, head_of

from ..reading.meaning import METHOD
from ..reading.shapes import TAGS
from ..values.whole import Kinds, Made, Whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator import Applicability
    from migrator.languages.elixir import Node

    from ..handlers.behaviours import Role
    from .roles import Roles


class Legacy:
    """The legacy events: whole, their kinds alone, and pairs that are put together with those."""

    def __init__(self, roles: Roles) -> None:
        #: The functions that take an event, each with why.
        self.takers = _takers(roles)
        self.whole = _whole(roles, self.takers)
        self.kinds = Kinds(self.whole)
        self.made = Made(self.kinds)
        #: What functions of the current API take: what asks it for a text was left behind.
        self.current = Whole(roles.meaning, _places(roles, self.takers, legacy=False), {}, _nothing)


def _nothing(_: Node) -> None:
    """No tuple that is written is an event by itself."""


def _takers(roles: Roles) -> list[tuple[Node, Role]]:
    """The functions that take an event, each with why."""
    found = dict(roles.functions)
    for node in roles.meaning.calls:
        if node.local in DEFINITIONS and node not in found:
            role = roles.behaviours.of(node) if _takes_event(node) else None
            if role is not None:
                found[node] = role
    return sorted(found.items(), key=lambda one: (one[0].span.start, -one[0].span.end))


def _whole(roles: Roles, taking: Sequence[tuple[Node, Role]]) -> Whole:
    """The whole legacy events of the file."""

    def written(node: Node) -> Applicability | None:
        role = roles.role_at(node) if atom_of(node.children[0]) in TAGS else None
        return role.level if role is not None else None

    return Whole(roles.meaning, _places(roles, taking, legacy=True), roles.lists, written)


def _places(
    roles: Roles, taking: Sequence[tuple[Node, Role]], *, legacy: bool
) -> dict[Node, frozenset[int]]:
    """Which parameters are events, of the functions of the legacy API or of the current one."""
    return {
        function: roles.places.get(function, frozenset({0}))
        for function, role in taking
        if role.legacy is legacy
    }


def _takes_event(definition: Node) -> bool:
    head = head_of(definition)
    return head is not None and head[0] == METHOD and head[1] <= 1 <= head[2]
