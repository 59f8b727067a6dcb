"""Keys that are renamed: what aliases and merge keys tie them to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.merges import lookup, merged
from migrator.helpers.yaml import respell
from migrator.languages.yaml import (
    BLOCKS,
    Alias,
    Mapping,
    Node,
    Scalar,
    Tree,
    is_merge,
    resolved,
)
from migrator.patterns.yaml.edits import respelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.model import Edit, Source
    from migrator.patterns.yaml.paths import Place


class Renaming:
    """The keys at `places` of one file, which are to be called `new`."""

    def __init__(self, source: Source, tree: Tree, places: Iterable[Place], new: str) -> None:
        self._source = source
        self._new = new
        self._written = {place.pair[0] for place in places if place.pair is not None}
        self._aliased = _aliased(tree)
        self._doubts = {**self._tied(tree), **self._merged(tree)}

    def is_another(self, place: Place) -> bool:
        """Whether the key at `place` is an alias of one that is renamed where it is written."""
        assert place.pair is not None
        key = place.pair[0]
        return isinstance(key, Alias) and resolved(key) in self._written

    def hindrance(self, place: Place) -> str | None:
        """Why the key at `place` cannot be renamed, and what to do."""
        assert place.pair is not None and place.mapping is not None
        key = place.pair[0]
        for mapping in (place.mapping, *self._aliased.get(key, ())):
            beside = _own(mapping, self._new)
            if beside is not None:
                line = self._line(beside)
                at = "it" if mapping is place.mapping else "an alias of it"
                return f"`{self._new}` stands beside {at} already, at line {line}: keep one of them"
        if isinstance(key, Alias):
            line = self._line(resolved(key))
            return f"the key is an alias of what stands at line {line}: rename it there"
        return None

    def doubt(self, place: Place) -> str | None:
        """What else the new name would change than the pair at `place`."""
        assert place.pair is not None
        return self._doubts.get(place.pair[0])

    def edits(self, place: Place) -> tuple[Edit, ...]:
        """The key's new name in the style that it is written in."""
        assert place.pair is not None
        key = place.pair[0]
        if not isinstance(key, Scalar):
            return ()
        if key.style in BLOCKS:
            is_line = "\n" not in key.value
            return (respell(self._source, key, key.value, self._new),) if is_line else ()
        return respelled(self._source, key, self._new, is_name=True)

    def _tied(self, tree: Tree) -> dict[Node, str]:
        """Keys whose anchor is used where no key is renamed, which would change as well."""
        return {
            node.target: f"its anchor is used at line {self._line(node)} too"
            for node in tree.nodes
            if isinstance(node, Alias) and node.target in self._written
            if node not in self._written
        }

    def _merged(self, tree: Tree) -> dict[Node, str]:
        """Keys that a merge brings together with the new one, whose value then hides theirs."""
        # What a merge brings is looked for in all that is merged: only where there is something.
        if not any(isinstance(one, Scalar) and one.value == self._new for one in tree.nodes):
            return {}
        brought: dict[Node, str] = {}
        seen: set[Node] = set()
        # Of several that bring a key together with the new one, the last is told.
        for mapping in reversed(list(_merging(tree))):
            new = lookup(mapping, self._new) if mapping not in seen else None
            waiting: list[Node] = [mapping] if new is not None else []
            while waiting:
                one = waiting.pop()
                if new is None or one in seen:
                    continue
                seen.add(one)
                why = f"a merge brings it together with `{self._new}` of line {self._line(new.key)}"
                keys = [resolved(key) for key, _ in one.pairs] if isinstance(one, Mapping) else []
                brought.update((key, why) for key in keys if key in self._written)
                waiting += merged(one)
        return brought

    def _line(self, node: Node) -> int:
        return self._source.position(node.span.start).line


def _merging(tree: Tree) -> Iterator[Mapping]:
    for node in tree.nodes:
        if isinstance(node, Mapping) and any(is_merge(key) for key, _ in node.pairs):
            yield node


def _aliased(tree: Tree) -> dict[Node, list[Mapping]]:
    """The keys that stand in mappings by an alias, with those mappings."""
    found: dict[Node, list[Mapping]] = {}
    for node in tree.nodes:
        if isinstance(node, Mapping):
            for key, _ in node.pairs:
                if isinstance(key, Alias):
                    found.setdefault(resolved(key), []).append(node)
    return found


def _own(mapping: Mapping, name: str) -> Node | None:
    """The key of `mapping` itself that is called `name`."""
    for key, _ in mapping.pairs:
        scalar = resolved(key)
        if isinstance(scalar, Scalar) and scalar.value == name:
            return key
    return None
