"""Entries of ETS and DETS tables: whether events or others, they are kept by what comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import (
    all_arguments,
    arguments,
    atom_of,
    is_local,
    name_of,
    operator,
    receiver,
)

from .shapes import NO_TEXTS, TAGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from .meaning import Meaning

_TABLES = (":ets", ":dets")
_BY_KEY = frozenset(
    {
        *("delete", "lookup", "lookup_element", "member", "take"),
        *("update_counter", "update_element", "next", "prev"),
    }
)
_HOLDERS = ("keywords", "list", "tuple")


def is_kept_by_tag(meaning: Meaning, node: Node, tag: str) -> bool:
    """Whether the event `node` is an entry of a table that is looked into by its tag."""
    return _is_entry(node) and any(
        atom_of(asked) == tag for call in meaning.tree.of("call") for asked in _keys(call)
    )


def is_count(meaning: Meaning, node: Node, tag: str) -> bool:
    """Whether `node` is an entry of a table, and what its module keeps by `tag` is never a text."""
    if not _is_entry(node):
        return False
    kept = list(_kept(meaning, node, tag))
    return bool(kept) and all(one.children[-1].kind in NO_TEXTS for one in kept)


def keys(meaning: Meaning, call: Node) -> Iterator[Node]:
    """The tag that `call` looks up in a table, where its module keeps such events in one."""
    for asked in _keys(call):
        tag = atom_of(asked)
        kept = _kept(meaning, call, tag) if tag is not None else ()
        if any(one.children[-1].kind not in NO_TEXTS for one in kept):
            yield asked


def _keys(call: Node) -> Iterator[Node]:
    """The tag that a function of tables is given as key."""
    if _is_of_table(call) and name_of(call) in _BY_KEY:
        yield from (one for one in all_arguments(call)[1:2] if atom_of(one) in TAGS)


def _is_entry(node: Node) -> bool:
    """Whether the tuple `node` goes into a table, or is what a look into one gives."""
    for around in node.up():
        if around.kind in _HOLDERS:
            continue
        if around.kind == "binary_operator" and operator(around) in ("=", "<-"):
            return _is_of_table(around.child("right"))
        if around.kind != "arguments" or around.parent is None:
            return False
        if around.parent.kind == "stab_clause":
            block = around.parent.parent
            call = block.parent if block is not None else None
            return is_local(call, "case") and any(map(_is_of_table, _asked(call)))
        return _is_of_table(around.parent)
    return False


def _kept(meaning: Meaning, beside: Node, tag: str) -> Iterator[Node]:
    """What the module of `beside` puts into tables by `tag`."""
    module = meaning.names.module(beside)
    for node in meaning.tree.of("tuple"):
        if len(node.children) == 2 and atom_of(node.children[0]) == tag:
            call = next((around for around in node.up() if around.kind == "call"), None)
            if call is not None and _is_of_table(call) and meaning.names.module(call) is module:
                if (name_of(call) or "").startswith("insert"):
                    yield node


def _asked(call: Node | None) -> list[Node]:
    """What a `case` is about."""
    if call is None:
        return []
    around = call.parent
    if around is not None and around.kind == "binary_operator" and operator(around) == "|>":
        left = around.child("left")
        return [left] if left is not None else []
    return arguments(call)


def _is_of_table(node: Node | None) -> bool:
    """Whether `node` is a call of a function of tables."""
    if node is not None and node.kind == "binary_operator" and operator(node) == "|>":
        node = node.child("right")
    on = receiver(node) if node is not None else None
    return on is not None and on.text in _TABLES
