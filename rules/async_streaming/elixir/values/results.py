"""What code gives: the last expression of each way through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import arguments, bare, is_local, keywords, operator
from migrator.helpers.elixir.patterns import DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

_BRANCHING = ("case", "cond", "if", "receive", "try", "unless", "with")
# Operators that give one of their sides, and the first of which that is.
_CHOICES = {"||": 0, "or": 0, "&&": 1, "and": 1}
_BLOCKS = frozenset({"block", "body", "do_block"})
# What a block goes on with on another way.
_OTHERWISE = frozenset({"else_block", "rescue_block", "catch_block"})


def results_of(function: Node) -> Iterator[Node]:
    """What a function gives, or a `for` for each item."""
    function = bare(function)
    if function.kind == "anonymous_function":
        yield from _of_block(function)
    elif function.kind == "unary_operator" and operator(function) == "&":
        operand = function.child("operand")
        yield from results(operand) if operand is not None else ()
    elif is_local(function, *DEFINITIONS, "for"):
        yield from _of_body(function)


def results(node: Node) -> Iterator[Node]:
    """What the expression `node` gives, by each of its branches."""
    if node.kind in _BLOCKS:
        yield from _of_block(node)
    elif is_local(node, *_BRANCHING):
        yield from _of_body(node)
        if is_local(node, "with"):
            # What does not match is given as it is.
            drawn = (one for one in arguments(node) if operator(one) == "<-")
            yield from (right for one in drawn if (right := one.child("right")) is not None)
    elif node.kind == "binary_operator" and (sign := operator(node)) in _CHOICES:
        for side in node.children[_CHOICES[sign] :]:
            yield from results(side)
    else:
        yield node


def _of_body(call: Node) -> Iterator[Node]:
    """What the block of `call` gives, or what stands behind its `do:` and `else:`."""
    block = call.of("do_block")
    if block is not None:
        yield from _of_block(block)
    for pair in keywords(call) if block is None else ():
        if pair.key in ("do", "else"):
            yield from results(pair.value)


def _of_block(block: Node) -> Iterator[Node]:
    """The last expression of `block`, or of each clause in it, and of what it goes on with."""
    clauses = [one for one in block.children if one.kind == "stab_clause"]
    for clause in clauses:
        right = clause.child("right")
        yield from results(right) if right is not None else ()
    plain = [one for one in block.children if not one.kind.endswith("_block")]
    if plain and not clauses:
        yield from results(plain[-1])
    for one in block.children:
        if one.kind in _OTHERWISE:
            yield from _of_block(one)
