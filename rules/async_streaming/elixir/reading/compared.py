"""What something is compared with as a whole: by an operator, or a function that compares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import name_of, operator

from .shapes import ASKS

if TYPE_CHECKING:
    from migrator.languages.elixir import Node

#: Functions that compare what they are given with what they go through.
_COMPARE = frozenset({"delete", "equal?", "member?"})
HOLDERS = ("keywords", "list", "map", "map_content", "pair", "tuple")


def is_compared_within(node: Node) -> bool:
    """Whether something that holds the event `node` is compared as a whole."""
    for around in node.up():
        if around.kind == "binary_operator":
            if operator(around) == "|>":
                return name_of(around.child("right") or around) in _COMPARE
            return operator(around) in (*ASKS, "--")
        if around.kind == "arguments" and around.parent is not None:
            return name_of(around.parent) in _COMPARE
        if around.kind not in HOLDERS:
            return False
    return False
