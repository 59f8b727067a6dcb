"""Whether two pieces of code are the same but for layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import bare, operator, text_in

if TYPE_CHECKING:
    from migrator.languages.elixir import Node

#: The kinds of texts.
TEXTS = frozenset({"string", "charlist", "sigil"})


def same_text(pattern: Node, node: Node) -> bool:
    """Whether two texts say the same, in whatever quotes."""
    if (pattern.kind == "charlist") != (node.kind == "charlist") or node.kind not in TEXTS:
        return False
    is_plain = pattern.kind != "sigil" and node.kind != "sigil"
    if is_plain:
        return text_in(node) == text_in(pattern)
    return pattern.kind == node.kind and pattern.text == node.text


def equal(one: Node, other: Node) -> bool:
    """Whether two pieces of code are the same but for layout."""
    one, other = bare(one), bare(other)
    if one.kind != other.kind or operator(one) != operator(other):
        return False
    ours, theirs = one.children, other.children
    if not ours and not theirs:
        return one.text.split() == other.text.split()
    return len(ours) == len(theirs) and all(map(equal, ours, theirs))
