"""The pairs of calls, lists and maps: their keys and values, in any spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import key_name, operator
from migrator.patterns.elixir.meaning import pieces

if TYPE_CHECKING:
    from migrator.languages.elixir import Node


def keyword_pairs(call: Node) -> list[Node]:
    """The pairs at the end of the arguments of `call`."""
    found = call.of("arguments")
    last = found.children[-1] if found is not None and found.children else None
    return list(pieces(last)) if last is not None and last.kind == "keywords" else []


def explicit(node: Node) -> list[Node] | None:
    """The pairs of a list that is nothing but pairs."""
    if node.kind != "list" or not node.children:
        return None
    found = list(pieces(node))
    return found if all(one.kind == "pair" for one in found) else None


def key_of(pair: Node) -> tuple[str, str] | None:
    """The key of a pair, an atom or a text."""
    key = pair.child("key") if pair.kind == "pair" else None
    if pair.kind == "binary_operator" and operator(pair) == "=>":
        key = pair.child("left")
    name = key_name(key) if key is not None else None
    if key is None or name is None:
        return None
    text = name.text.rstrip().removesuffix(":") if name.kind == "keyword" else name.text
    is_text = key.kind in ("string", "charlist")
    return ("text" if is_text else "atom", text.removeprefix(":") if key.kind == "atom" else text)


def value_of(pair: Node) -> Node | None:
    """The value of a pair."""
    return pair.child("value") if pair.kind == "pair" else pair.child("right")
