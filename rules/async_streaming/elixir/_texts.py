"""What only a text can be: where a current event brings a map there, the code is a legacy one's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import is_local, name_of, operator, receiver
from migrator.helpers.elixir.variables import variables

from ._handing import handed_to

if TYPE_CHECKING:
    from migrator.languages.elixir import Node

    from ._meaning import Meaning

_TEXTS = frozenset({"bitstring", "string"})
_OF_TEXTS = ("byte_size", "is_binary", "is_bitstring")
_WRITES = frozenset({"binwrite", "puts", "write"})


def is_text(meaning: Meaning, pattern: Node, function: Node) -> bool:
    """Whether what `pattern` takes in `function` is a text: by itself, or by how its name is used.

    A map in such a place would raise an error.
    """
    if pattern.kind in _TEXTS or operator(pattern) == "<>":
        return True
    return pattern.kind == "identifier" and any(
        _is_used_as_text(meaning, use)
        for use in variables(meaning.source).named(pattern.text, function.span)
    )


def _is_used_as_text(meaning: Meaning, use: Node) -> bool:
    around = use.parent
    # Texts are written in lists as well.
    written = around if around is not None and around.kind == "list" else use
    call = handed_to(written)
    if call is not None and name_of(call) in _WRITES:
        if meaning.names.name(receiver(call)) == "IO":
            return True
    if around is None:
        return False
    if around.kind == "interpolation" or operator(around) == "<>":
        return True
    call = handed_to(use)
    return call is not None and (
        is_local(call, *_OF_TEXTS) or meaning.names.name(receiver(call)) == "String"
    )
