"""What has to hold of the code in a hole."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import bare, is_local, operator
from migrator.helpers.elixir.patterns import DEFINITIONS, is_pattern
from migrator.helpers.elixir.variables import variables
from migrator.patterns.elixir.pairs import key_of
from migrator.patterns.elixir.snippets import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.languages.elixir import Node
    from migrator.patterns.elixir.matching import Pattern
    from migrator.patterns.elixir.meaning import Meaning
    from migrator.patterns.forms import Constraint


@dataclass(frozen=True)
class Condition:
    """A constraint with its patterns read."""

    form: Constraint
    inside: Pattern | None
    has: Pattern | None
    value: Condition | None
    not_: Condition | None

    def holds_of_all(self, meaning: Meaning, nodes: Sequence[Node]) -> bool:
        """Whether it holds of every one of `nodes`; what is to be in them, of one."""
        each = replace(self, has=None)
        for node in nodes:
            given = node.children if node.kind == "keywords" else [node]
            keys = [key[1] for one in given if (key := key_of(one)) is not None]
            if set(keys) & set(self.form.without):
                return False
            if not each.holds(meaning, node):
                return False
        return self.has is None or any(any_in(self.has, meaning, node) for node in nodes)

    def holds(self, meaning: Meaning, node: Node) -> bool:
        """Whether all of it holds of `node`."""
        form = self.form
        kinds = (form.kind,) if isinstance(form.kind, str) else form.kind
        if kinds and not any(_is_kind(bare(node), kind) for kind in kinds):
            return False
        if form.text is not None and not re.fullmatch(form.text, node.text):
            return False
        if form.name is not None and not meaning.stands_for(node, form.name):
            return False
        if self.inside and not any(self.inside.match(meaning, one) for one in node.up()):
            return False
        if self.has and not any_in(self.has, meaning, node):
            return False
        if self.value and not self.value.holds(meaning, _set_to(meaning, node)):
            return False
        return self.not_ is None or not self.not_.holds(meaning, node)


def _is_kind(node: Node, kind: str) -> bool:
    operand = node.child("operand") if operator(node) == "&" else None
    if kind == "lambda" and operand is not None:
        # `&f/1` is the function of that name, and `&1` an argument.
        return operand.kind != "integer" and operator(operand) != "/"
    return node.kind in KINDS[kind]


def _set_to(meaning: Meaning, node: Node) -> Node:
    """What a variable holds, where one `name = value` before it in its function is all that binds
    that name there; else `node`.
    """
    if node.kind != "identifier" or is_pattern(node):
        return node
    around = next(one for one in node.up() if is_local(one, *DEFINITIONS) or one.parent is None)
    found = variables(meaning.source).chosen(is_pattern, node.text, around.span)
    match = found[0].parent if len(found) == 1 else None
    if match is None or operator(match) != "=" or match.child("left") is not found[0]:
        return node
    value = match.child("right")
    return value if value is not None and value.span.end <= node.span.start else node


def any_in(pattern: Pattern, meaning: Meaning, node: Node) -> bool:
    """Whether the pattern is found in `node`."""
    return any(pattern.match(meaning, one) is not None for one in _below(node))


def _below(node: Node) -> Iterator[Node]:
    """`node` and every node in it."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting += current.children
