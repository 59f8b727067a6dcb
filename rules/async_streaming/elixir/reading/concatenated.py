"""Legacy names that are put together when the program runs: `Module.concat([Pipeline, "X"])`."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from migrator import Look, Source, Span
from migrator.helpers.elixir.calls import all_arguments, atom_of, name_of, receiver, text_in

from .fate import NEW, OLD
from .meaning import Meaning, is_legacy, meaning_of, once

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.languages.elixir import Node

_CONCATS = frozenset({"concat", "safe_concat"})
_ROOT = "Elixir."


class Concatenated(NamedTuple):
    """A `call` that puts `name` together, of which `old` spells the part that is another now.

    Where parts follow that are no literals, `name` is what comes before them. `is_taken`: what the
    part would be now is another module's name there.
    """

    call: Node
    name: str
    old: Span
    is_taken: bool


def concatenated(meaning: Meaning) -> Sequence[Concatenated]:
    """Every legacy name of the file that is put together of parts."""
    return once(_all, meaning.source, meaning.look)


def _all(source: Source, look: Look) -> tuple[Concatenated, ...]:
    meaning = meaning_of(source, look)
    found = (
        _of_call(meaning, call)
        for call in meaning.calls
        if name_of(call) in _CONCATS and meaning.names.name(receiver(call)) == "Module"
    )
    return tuple(one for one in found if one is not None)


def _of_call(meaning: Meaning, call: Node) -> Concatenated | None:
    given = all_arguments(call)
    parts = given[0].children if len(given) == 1 and given[0].kind == "list" else given
    name = ""
    old: Node | None = None
    for part in parts:
        text = _text(meaning, part)
        if text is None:
            break
        if is_legacy(text):
            return None  # it is a name by itself, which is told without the call
        name = f"{name}.{text}".removeprefix(".").removeprefix(_ROOT)
        if old is None and is_legacy(name):
            old = part
    place = old.text.find(OLD) if old is not None else -1
    if old is None or place < 0:
        return None
    start = old.span.start + place
    is_taken = old.kind == "alias" and NEW in meaning.names.envs[old].aliases
    return Concatenated(call, name, Span(start, start + len(OLD)), is_taken)


def _text(meaning: Meaning, part: Node) -> str | None:
    """What `part` adds to the name, where that is written there."""
    text = meaning.names.name(part) or atom_of(part)
    if text is None and part.kind == "string":
        text = text_in(part)
    return text.removeprefix(_ROOT) if text else None
