"""Where a name stands in an Elixir file: told by an index, however often a file asks."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from migrator.languages.elixir import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
        return _in(self._all(holds, name), within)

    def latest(self, holds: Callable[[Node], bool], name: str, within: Span) -> Iterator[Node]:
        """The same, from the last to the first, as far as somebody asks."""
        found = self._all(holds, name)
        first, last = _bounds(found, within)
        return (found[place] for place in range(last - 1, first - 1, -1))

    def _all(self, holds: Callable[[Node], bool], name: str) -> list[Node]:
        key = (holds, name)
        if key not in self._chosen:
            self._chosen[key] = list(filter(holds, self._named.get(name, [])))
        return self._chosen[key]


def variables(source: Source) -> Variables:
    """The `Variables` of `source`, made once."""
    return source.once(Variables)


def _in(nodes: list[Node], within: Span) -> Sequence[Node]:
    first, last = _bounds(nodes, within)
    return nodes[first:last]


def _bounds(nodes: list[Node], within: Span) -> tuple[int, int]:
    first, last = (bisect_left(nodes, offset, key=_start) for offset in within)
    return first, last


def _start(node: Node) -> int:
    return node.span.start
