"""What the merge keys of a YAML stream bring under which llm steps stand."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from migrator.helpers.merges import lookup, merged
from migrator.helpers.yaml import text_of
from migrator.languages.yaml import (
    Mapping,
    Node,
    Scalar,
    children,
    is_merge,
    parse,
    resolved,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator import Source


class Brought:
    """The keys of merged mappings under which an llm step may stand.

    Under one of `several`, which stand in more than one mapping, one may hide what another has.
    The others count wherever their mapping is merged.
    """

    def __init__(self, source: Source) -> None:
        nodes = parse(source).nodes
        every = all_merged(one for node in nodes for one in merged(node))
        leading = _leading(nodes)
        pairs = [
            (one, name)
            for one in every
            for name, value in _named(one)
            if resolved(value) in leading
        ]
        standing = Counter(name for node in nodes for name, _ in _named(node))
        names = {name for _, name in pairs}
        self.several = tuple(sorted(name for name in names if standing[name] > 1))
        self._lone = {name for name in names if standing[name] == 1}
        self._holders = {one for one, name in pairs if name in self._lone}
        self._ways = self._ways_to_holders(every)

    def lone(self, node: Node) -> Iterator[tuple[str, Node]]:
        """The pairs of a mapping that count wherever it is merged."""
        if node in self._holders:
            yield from (pair for pair in _named(node) if pair[0] in self._lone)

    def by(self, node: Node) -> Iterator[Node]:
        """What `node` merges that has such pairs: itself, or more than one that merges some."""
        found: dict[Node, None] = {}
        for one in merged(node):
            way = []
            here: Node | None = one
            while here is not None and (further := self._ways.get(here)) is not here:
                way.append(here)
                here = further
            for passed in way:
                self._ways[passed] = here
            if here is not None:
                found[here] = None
        yield from found

    def _ways_to_holders(self, every: Iterable[Node]) -> dict[Node, Node | None]:
        """For what leads to a holder: itself if it is one or leads to several, else what it merges.

        A circle of merges has no way out of it but those that lead to a holder.
        """
        merging: dict[Node, list[Node]] = {}
        for node in every:
            for one in merged(node):
                merging.setdefault(one, []).append(node)
        ways: dict[Node, Node | None] = {}
        waiting = [(one, one) for one in self._holders]
        while waiting:
            node, by = waiting.pop()
            if node not in ways:
                ways[node] = by
                waiting += [(one, node) for one in merging.get(node, ())]
            elif ways[node] is not by:
                ways[node] = node
        return ways


def all_merged(nodes: Iterable[Node]) -> set[Node]:
    """`nodes`, and all that they merge in their turn."""
    found: set[Node] = set()
    waiting = list(nodes)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += merged(one)
    return found


def _leading(nodes: Iterable[Node]) -> set[Node]:
    """The llm steps, and all that they stand in."""
    parents: dict[Node, list[Node]] = {}
    waiting: list[Node] = []
    for node in nodes:
        for child in children(node):
            parents.setdefault(resolved(child), []).append(node)
        kind = lookup(node, "type") if isinstance(node, Mapping) else None
        if kind is not None and text_of(kind.value) == "llm":
            waiting.append(node)
    leading: set[Node] = set()
    while waiting:
        node = waiting.pop()
        if node not in leading:
            leading.add(node)
            waiting += parents.get(node, ())
    return leading


def _named(node: Node) -> Iterator[tuple[str, Node]]:
    """The pairs of a mapping itself whose keys are scalars, but for those that merge."""
    for key, value in node.pairs if isinstance(node, Mapping) else ():
        scalar = resolved(key)
        if isinstance(scalar, Scalar) and not is_merge(key):
            yield scalar.value, value
