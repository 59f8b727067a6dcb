"""Where a part of a value comes from: what is written, names, maps, and functions of lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from migrator.helpers.elixir.calls import all_arguments, atom_of, bare, name_of, operator, receiver

from ._bindings import Kind, Step, binder, matched, part_of
from ._results import results

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from ._calling import Calling

# Functions that give several lists of the same items, or pair each item with something.
_SPLITS = frozenset({"partition", "split", "split_while", "split_with"})
_CHUNKS = frozenset({"chunk_by", "chunk_every", "chunk_while"})


class Part(NamedTuple):
    """What `path` leads to in the value of `node`, or, by its `kind`, in each item of that."""

    kind: Kind
    node: Node
    path: tuple[Step, ...]


def asked_for(calling: Calling, node: Node) -> Part | None:
    """What `map.key`, `map[:key]`, `Map.get(map, :key)` or `elem(tuple, 0)` gives."""
    call = node.child("right") if operator(node) == "|>" else node
    if call is None:
        return None
    base: Node | None = None
    key: str | int | None = None
    kind = "key"
    given = all_arguments(call) if call.kind == "call" else []
    if call.kind == "access_call":
        base, key = call.child("target"), atom_of(call.child("key"))
    elif call.kind == "call" and not given and receiver(call) is not None:
        base, key = receiver(call), name_of(call)
    elif calling.module(call) in ("Keyword", "Map") and (name_of(call) or "").startswith("get"):
        base, key = given[0], atom_of(given[1]) if len(given) > 1 else None
    elif call.local == "elem" and len(given) == 2 and given[1].kind == "integer":
        base, key, kind = given[0], int(given[1].text), "tuple"
    if base is None or key is None or base.kind == "alias":
        return None
    return Part(Kind.VALUE, base, (Step(kind, key, node),))


def leads(calling: Calling, part: Part) -> Iterator[Part]:
    """What `part` is a part of one step further; on one way or another where it is several."""
    kind, path = part.kind, part.path
    node = bare(part.node)
    step = path[0]
    if kind is Kind.ITEM:
        if node.kind == "list":
            yield from (Part(Kind.VALUE, one, path) for one in node.children)
        elif node.kind == "identifier":
            yield from _by_name(calling, node, path, kind)
        else:
            yield from _by_items(calling, node, path)
        return
    if (inside := part_of(node, step)) is not None:
        yield Part(Kind.VALUE, inside, path[1:])
        return
    if step.kind == "list":
        # Where in a list it stands does not show any more: it is one of its items.
        yield Part(Kind.ITEM, node, path[1:])
        return
    if node.kind == "identifier":
        yield from _by_name(calling, node, path, kind)
        return
    branches = [one for one in results(node) if one is not node]
    if branches:
        yield from (Part(kind, one, path) for one in branches)
        return
    call = node.child("right") if operator(node) == "|>" else node
    if call is not None and call.kind == "call":
        yield from _by_call(calling, call, path)


def _by_name(calling: Calling, name: Node, path: tuple[Step, ...], kind: Kind) -> Iterator[Part]:
    pattern = binder(calling.meaning.source, name, name.text)
    found = matched(pattern) if pattern is not None else None
    if found is not None and found.kind is Kind.VALUE and (not found.path or kind is Kind.VALUE):
        yield Part(kind if not found.path else found.kind, found.node, (*found.path, *path))
    elif found is not None and found.kind is Kind.ITEM and kind is Kind.VALUE:
        yield Part(Kind.ITEM, found.node, (*found.path, *path))


def _by_call(calling: Calling, call: Node, path: tuple[Step, ...]) -> Iterator[Part]:
    given, step = all_arguments(call), path[0]
    module, name = calling.module(call), name_of(call) or ""
    if module == "Map" and name == "put" and len(given) == 3:
        if atom_of(given[1]) == step.place:
            yield Part(Kind.VALUE, given[2], path[1:])
        else:
            yield Part(Kind.VALUE, given[0], path)
    elif module == "Enum" and name in _SPLITS and step.kind == "tuple" and given:
        rest = path[1:]
        if rest and rest[0].kind == "list":
            yield Part(Kind.ITEM, given[0], rest[1:])
        elif not rest:
            yield Part(Kind.VALUE, given[0], ())
    else:
        yield from (Part(Kind.VALUE, one, path) for one in calling.results(call))


def _by_items(calling: Calling, node: Node, path: tuple[Step, ...]) -> Iterator[Part]:
    """What each item of the list that `node` gives is made of."""
    call = node.child("right") if operator(node) == "|>" else node
    if call is None or call.kind != "call":
        return
    given, step = all_arguments(call), path[0]
    name, module = name_of(call) or "", calling.module(call)
    if module in ("Enum", "Stream") and given:
        if name == "with_index" and step.place == 0:
            yield Part(Kind.ITEM, given[0], path[1:])
        elif name == "zip" and step.kind == "tuple" and int(step.place) < len(given):
            yield Part(Kind.ITEM, given[int(step.place)], path[1:])
        elif name in _CHUNKS and step.kind == "list":
            yield Part(Kind.ITEM, given[0], path[1:])
    else:
        kept = (Part(Kind.VALUE, one, path) for one in calling.stores.entries(call))
        results_here = (Part(Kind.ITEM, one, path) for one in calling.results(call))
        yield from (*kept, *results_here)
