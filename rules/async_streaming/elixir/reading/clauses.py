"""Clauses of a function or a block that stand beside one another, and the events that they take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import arguments, atom_of, is_local, operator, pairs
from migrator.helpers.elixir.patterns import DEFINITIONS, head_of

from .context import parameters, wholes
from .shapes import CHUNK, COMPLETE, TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    Head = tuple[str, int, int]


class Clauses:
    """The tags of the events that clauses take all of, by the function or block that has them."""

    def __init__(self) -> None:
        self._taken: dict[Node, dict[Head | None, set[str]]] = {}

    def take(self, event: Node, tag: str) -> bool:
        """Whether a clause beside that of the pattern `event` takes all that it will be of."""
        clause = next((one for one in event.up() if _takes(one, event)), None)
        body = clause.parent if clause is not None else None
        if clause is None or body is None:
            return False
        if body not in self._taken:
            taken = self._taken.setdefault(body, {})
            for one in body.children:
                if one.kind == "stab_clause" or is_local(one, *DEFINITIONS):
                    taken.setdefault(_head(one), set()).update(tags_taken(one))
        return TAGS[tag].removeprefix(":") in self._taken[body][_head(clause)]


def _takes(clause: Node, event: Node) -> bool:
    """Whether the clause takes `event` as the whole of its first parameter."""
    if clause.kind != "stab_clause" and not is_local(clause, *DEFINITIONS):
        return False
    return any(event is one for first in parameters(clause)[:1] for one in wholes(first))


def _head(clause: Node) -> Head | None:
    """What the function is called that a clause is one of, and how many arguments it takes."""
    return head_of(clause) if clause.kind == "call" else None


def covered(body: Node) -> Iterator[Node]:
    """The clauses in `body` before which others take all events of both kinds by their tags."""
    seen: dict[Head | None, set[str]] = {}
    for clause in body.children:
        if clause.kind == "stab_clause" or (
            is_local(clause, *DEFINITIONS) and head_of(clause) is not None
        ):
            before = seen.setdefault(_head(clause), set())
            if {CHUNK, COMPLETE} <= before or {"delta", "done"} <= before:
                yield clause
            before.update(tags_taken(clause))


def tags_taken(clause: Node) -> Iterator[str]:
    """The tag of which the clause takes every event: what it asks for besides is no more."""
    head = next(iter(arguments(clause)), clause.child("left"))
    is_guarded = head is not None and operator(head) == "when"
    given = parameters(clause)
    if is_guarded or not all(map(_takes_all, given[1:])):
        return
    for node in (one for parameter in given[:1] for one in wholes(parameter)):
        tag = atom_of(node.children[0]) if len(node.children) == 2 else None
        if tag is not None and _takes_all(node.children[1]):
            yield tag


def _takes_all(node: Node) -> bool:
    """Whether a pattern is a name, or the content of an event of the current API as one."""
    values = [pair.value for pair in pairs(node)] if node.kind == "map" else [node]
    return bool(values) and all(one.kind == "identifier" for one in values)
