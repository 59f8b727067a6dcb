"""Where a name stands in an Elixir file: told by an index, however often a file asks."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from migrator.languages.elixir import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from migrator.languages.elixir import Node
    from migrator.model import Source, Span


class Variables:
    """The plain names of one file, each in the order of the text.

    To go through a function for every question about a variable in it costs the square of its size.
    """

    def __init__(self, source: Source) -> None:
        self._named: dict[str, list[Node]] = {}
        for node in parse(source).of("identifier"):
            self._named.setdefault(node.text, []).append(node)
        self._chosen: dict[tuple[Callable[[Node], bool], str], list[Node]] = {}

    def named(self, name: str, within: Span) -> Sequence[Node]:
        """The places in `within` that say `name`."""
        return _in(self._named.get(name, []), within)

    def chosen(self, holds: Callable[[Node], bool], name: str, within: Span) -> Sequence[Node]:
        """Those of them of which `holds` is true, which is asked of each place once."""
        key = (holds, name)
        if key not in self._chosen:
            self._chosen[key] = list(filter(holds, self._named.get(name, [])))
        return _in(self._chosen[key], within)


def variables(source: Source) -> Variables:
    """The `Variables` of `source`, made once."""
    return source.once(Variables)


def _in(nodes: list[Node], within: Span) -> Sequence[Node]:
    first, last = (bisect_left(nodes, offset, key=_start) for offset in within)
    return nodes[first:last]


def _start(node: Node) -> int:
    return node.span.start
