"""What has to hold of the code in a hole."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import bare
from migrator.patterns.elixir.matching import Match, key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.languages.elixir import Node
    from migrator.patterns.elixir.matching import Pattern
    from migrator.patterns.elixir.meaning import Meaning
    from migrator.patterns.forms import Constraint

#: The kinds of expressions by the name that rule files give them.
KINDS: dict[str, frozenset[str]] = {
    "name": frozenset({"identifier"}),
    "call": frozenset({"call"}),
    "string": frozenset({"string", "charlist", "sigil"}),
    "number": frozenset({"integer", "float"}),
    "lambda": frozenset({"anonymous_function"}),
    "list": frozenset({"list"}),
    "tuple": frozenset({"tuple"}),
    "dict": frozenset({"map"}),
    "atom": frozenset({"atom", "quoted_atom"}),
    "module": frozenset({"alias"}),
}


@dataclass(frozen=True)
class Condition:
    """A constraint with its patterns read."""

    form: Constraint
    inside: Pattern | None
    has: Pattern | None
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
        if kinds and not any(bare(node).kind in KINDS[kind] for kind in kinds):
            return False
        if form.text is not None and not re.fullmatch(form.text, node.text):
            return False
        if form.name is not None and not meaning.stands_for(node, form.name):
            return False
        if self.inside and not any(self.inside.match(meaning, one) for one in node.up()):
            return False
        if self.has and not any_in(self.has, meaning, node):
            return False
        return self.not_ is None or not self.not_.holds(meaning, node)


def any_in(pattern: Pattern, meaning: Meaning, node: Node) -> bool:
    """Whether the pattern is found in `node`."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        found: Match | None = pattern.match(meaning, current)
        if found is not None:
            return True
        waiting += current.children
    return False
