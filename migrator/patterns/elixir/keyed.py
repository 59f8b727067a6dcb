"""Maps, structs and lists of pairs whose keys and values become others where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import key_name
from migrator.model import Applicability, Edit, Span
from migrator.patterns.elixir.meaning import pieces
from migrator.patterns.elixir.pairs import key_of, value_of
from migrator.patterns.elixir.snippets import rest

if TYPE_CHECKING:
    from migrator.languages.elixir import Node
    from migrator.patterns.elixir.rendering import Rendering

MANUAL = Applicability.MANUAL


def by_key(rendering: Rendering, pattern: Node, template: Node, node: Node) -> list[Edit] | None:
    """The edits of keys and values where they stand, if `template` has the pairs of `pattern`."""
    ours, new, theirs = (
        [piece for piece in pieces(one) if piece.kind != "struct"]
        for one in (pattern, template, node)
    )
    there = {key: pair for pair in theirs if (key := key_of(pair)) is not None}
    structs = [one.of("struct") for one in (pattern, template, node)]
    edits = rendering.change(*structs) if all(structs) else []  # type: ignore[arg-type]
    if len(ours) != len(new) or any(structs) != all(structs):
        return None
    for one, other in zip(ours, new, strict=True):
        if rest(one) and rest(one) == rest(other):
            continue
        key, becomes = key_of(one), key_of(other)
        pair = there.get(key) if key is not None else None
        values = [value_of(each) for each in (one, other, pair) if each is not None]
        if pair is None or key is None or becomes is None or key[0] != becomes[0]:
            return None
        at = _key_span(pair, key[1])
        if at is None or rendering.source.text[at.start : at.end] != key[1]:
            return None
        if key != becomes:
            edits.append(Edit(rendering.source.path, at, becomes[1]))
            if becomes in there:
                rendering.lowered.append((MANUAL, f"`{becomes[1]}` is there already"))
        first, second, third = values
        if first is None or second is None or third is None:
            return None
        edits += rendering.change(first, second, third)
    return edits


def _key_span(pair: Node, name: str) -> Span | None:
    """Where the name of the key of `pair` stands."""
    key = pair.child("key") if pair.kind == "pair" else pair.child("left")
    named = key_name(key) if key is not None else None
    if named is None:
        return None
    start = named.span.start + (named.kind == "atom")
    return Span(start, start + len(name))
