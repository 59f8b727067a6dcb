"""Calls, keyword lists and patterns: how Elixir writes them, in any of its spellings."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

#: What a quoted key or atom is made of when it is one piece of text.
_QUOTED = frozenset({"string", "charlist", "quoted_atom", "quoted_keyword", "sigil"})


class Pair(NamedTuple):
    """A key and its value; `name` is where the key's name stands, without colon and quotes."""

    key: str
    name: Node
    value: Node
    node: Node


def text_in(node: Node) -> str | None:
    """The text of a string, charlist, quoted atom or sigil, without interpolation and escapes."""
    if node.kind not in _QUOTED:
        return None
    inside = [token for token in node.tokens if token.named and token.kind != "sigil_name"]
    if not inside:
        return ""
    if len(inside) == 1 and inside[0].kind == "quoted_content":
        return inside[0].text
    return None


def bare(node: Node) -> Node:
    """`node` without the parentheses around it."""
    while node.kind == "block" and len(node.children) == 1:
        node = node.children[0]
    return node


def atom_of(node: Node | None) -> str | None:
    """The name of the atom that `node` is, `a` for `:a` and `:"a"`."""
    if node is None:
        return None
    if node.kind == "atom":
        return node.text[1:]
    return text_in(node) if node.kind == "quoted_atom" else None


def name_of(node: Node) -> str | None:
    """The name that a call is made by: `def` or, of a remote call, its last part."""
    target = node.child("target") if node.kind == "call" else None
    if target is None:
        return None
    if target.kind == "identifier":
        return target.text
    return function_of(target) if target.kind == "dot" else None


def function_of(dot: Node) -> str | None:
    """The function behind a dot, `f` of `M.f` and of `M."f"`."""
    right = dot.child("right")
    if right is None:
        return None
    return text_in(right) if right.kind in _QUOTED else right.text


def is_local(node: Node | None, *names: str) -> bool:
    """Whether `node` is a call of one of the local functions or macros `names`."""
    return node is not None and node.local in names


def receiver(call: Node) -> Node | None:
    """What a remote call is made on: `M` of `M.f(x)`, `m` of `m.key`."""
    target = call.child("target") if call.kind == "call" else None
    return target.child("left") if target is not None and target.kind == "dot" else None


def arguments(call: Node) -> list[Node]:
    """The arguments of a call as they are written; keywords at the end are one node."""
    found = call.of("arguments")
    return found.children if found is not None else []


def has_arguments(call: Node) -> bool:
    """Whether the call has arguments or their parentheses; `m.key` has neither."""
    return call.of("arguments") is not None


def is_open_ended(node: Node) -> bool:
    """Whether `node` ends with a call without parentheses, which a comma behind it would go on."""
    last: Node | None = node
    while last is not None and last.span.end == node.span.end:
        target, found = last.child("target"), last.of("arguments")
        if last.kind == "call" and target is not None and found is not None:
            if last.of("do_block") is None and found.span.start > target.span.end:
                return True
        last = last.children[-1] if last.children else None
    return False


def is_piped_into(call: Node) -> bool:
    """Whether a pipe gives the call its first argument."""
    parent = call.parent
    return (
        parent is not None
        and parent.kind == "binary_operator"
        and operator(parent) == "|>"
        and parent.child("right") is call
    )


def all_arguments(call: Node) -> list[Node]:
    """The arguments of a call, what comes by a pipe among them."""
    piped = call.parent.child("left") if is_piped_into(call) and call.parent is not None else None
    return arguments(call) if piped is None else [piped, *arguments(call)]


def operator(node: Node) -> str:
    """The operator of an expression, or an empty text."""
    return next((token.text for token in node.tokens if token.part == "operator"), "")


def body(call: Node) -> list[Node]:
    """The statements of a call's do-block, or the value of its `do:`."""
    block = call.of("do_block")
    if block is not None:
        return block.children
    return [pair.value for pair in keywords(call) if pair.key == "do"]


def keywords(call: Node) -> list[Pair]:
    """The pairs that a call has at the end of its arguments."""
    given = arguments(call)
    return pairs(given[-1]) if given and given[-1].kind == "keywords" else []


def pairs(node: Node) -> list[Pair]:
    """The pairs written in keywords, a keyword list or a map, in either spelling.

    Keys are atoms or texts, by their name alone; what has another key is left out.
    """
    return list(_pairs(node))


def _pairs(node: Node) -> Iterator[Pair]:
    for child in node.children:
        if child.kind == "pair":
            key, value = child.child("key"), child.child("value")
            name = key_name(key) if key is not None else None
            if name is not None and value is not None:
                yield Pair(_text(name), name, value, child)
        elif child.kind == "binary_operator" and operator(child) == "=>":
            left, right = child.child("left"), child.child("right")
            name = key_name(left) if left is not None else None
            if name is not None and right is not None:
                yield Pair(_text(name), name, right, child)
        elif child.kind == "binary_operator" and operator(child) == "|" and node.kind != "list":
            # `%{map | key: value}`
            right = child.child("right")
            yield from _pairs(right) if right is not None and right.kind == "keywords" else ()
            if right is not None and right.kind == "binary_operator" and operator(right) == "=>":
                yield from _pairs(child)
        elif child.kind in ("keywords", "map_content"):
            yield from _pairs(child)


def key_name(node: Node) -> Node | None:
    """The node that holds the name of a key (keyword, atom, text), without quotes.

    A plain keyword or atom is the node itself: its colon and blanks are no part of the name.
    """
    if node.kind in ("keyword", "atom"):
        return node
    if node.kind in _QUOTED and text_in(node):
        return node.of("quoted_content")
    return None


def _text(name: Node) -> str:
    if name.kind == "keyword":
        return name.text.rstrip().removesuffix(":")
    return name.text[1:] if name.kind == "atom" else name.text
