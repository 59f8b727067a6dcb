"""What is read as the current library gives it: the second of an event, asked for its content."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import arguments, is_local, is_piped_into, operator, pairs
from migrator.helpers.elixir.variables import variables

from ..reading.context import below
from ..reading.handing import handed_to
from ..reading.shapes import compared_with, function_around
from ..steps.lookups import lookups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from ..reading.meaning import Meaning

_KEYS = frozenset({"content", "finish_reason", "tokens"})


class Current:
    """The places of one file where something is asked for what current events bring."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning

    def reads(self, call: Node) -> bool:
        """Whether what `call` gives, the second of an event, is of the current shape already."""
        value = call.parent if is_piped_into(call) and call.parent is not None else call
        if self._is_asked(value):
            return True
        function = function_around(value)
        named = {one for one in _facing(value) if one.kind == "identifier"}
        return function is not None and any(
            self._is_asked(read)
            for name in named
            for read in variables(self.meaning.source).named(name.text, function.span)
        )

    def _is_asked(self, value: Node) -> bool:
        return value in self._bases or any(map(takes_content, _facing(value)))

    @cached_property
    def _bases(self) -> frozenset[Node]:
        """What is asked for one of the keys: `it` of `it.content` or `Map.get(it, :content)`."""
        return frozenset(
            one.base
            for one in lookups(self.meaning)
            if one.base is not None and one.key.text.removeprefix(":") in _KEYS
        )


def takes_content(pattern: Node) -> bool:
    """Whether a pattern takes the map of a current event: `%{content: text}`."""
    return pattern.kind == "map" and any(pair.key in _KEYS for pair in pairs(pattern))


def _facing(value: Node) -> Iterator[Node]:
    """What `value` is matched to, or compared with, and all in that."""
    around, call = value.parent, handed_to(value)
    if around is not None and operator(around) in ("=", "<-"):
        left = around.child("left")
        if left is not None and left is not value:
            yield from below(left)
    for told in compared_with(value):
        yield from below(told)
    if call is not None and is_local(call, "match?"):
        yield from below(arguments(call)[0])
