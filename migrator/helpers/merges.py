"""What a YAML mapping has: its own pairs, and those that its merge keys (`<<`) bring.

What a mapping merges may merge others in its turn, thousands deep and each by many: what was found
is remembered at every mapping on the way, so that all look-ups of a file are one way through it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from migrator.languages.yaml import Mapping, Node, Scalar, Sequence, is_merge, resolved

if TYPE_CHECKING:
    from collections.abc import Iterator

Keys = tuple[str, ...]


class Entry(NamedTuple):
    """A pair as `holder` has it; `by` is the pair of a merge key that brings it, if one does."""

    key: Scalar
    value: Node
    holder: Mapping
    by: tuple[Node, Node] | None = None

    @property
    def pair(self) -> tuple[Node, Node]:
        """The pair as it is written in `holder`, whose key may be an alias."""
        return next(pair for pair in self.holder.pairs if resolved(pair[0]) is self.key)


def lookup(mapping: Mapping, key: str) -> Entry | None:
    """The entry under `key` that counts for `mapping`, or `None`."""
    return next(iter(lookup_any(mapping, (key,))), None)


def lookup_any(mapping: Mapping, keys: Keys) -> tuple[Entry, ...]:
    """The entries under `keys`, names of one thing, that count for `mapping`.

    Those of the mapping itself, else of the first it merges that has any; in the order in which
    they are written.
    """
    holder = holder_of(mapping, keys)
    if holder is None or holder is mapping:
        return tuple(_own(mapping, keys))
    by = next(pair for pair in mapping.pairs if _brings(pair, keys))
    return tuple(entry._replace(by=by) for entry in _own(holder, keys))


def holder_of(node: Node, keys: Keys) -> Mapping | None:
    """The mapping whose pairs count under `keys`: `node`, or the first that it merges with any."""
    if not isinstance(node, (Mapping, Sequence)):
        return None
    if keys in node.holders:
        return node.holders[keys]
    found = node if isinstance(node, Mapping) and any(_own(node, keys)) else None
    way, done, is_circle = [(node, merged(node))], set[Mapping | Sequence](), False
    seen = {node}
    while way and found is None:
        one = next(way[-1][1], None)
        if one is None:
            done.add(way.pop()[0])
        elif keys in one.holders:
            found = one.holders[keys]
        elif one in seen:
            is_circle = is_circle or one not in done
        else:
            seen.add(one)
            way.append((one, merged(one)))
            found = one if isinstance(one, Mapping) and any(_own(one, keys)) else None
    # In a circle, what stands before the place that was begun at is yet to be gone through.
    if found is None or not is_circle:
        for one in done:
            one.holders[keys] = None
        for one, _ in way:
            one.holders[keys] = found
    return found


def merged(node: Node) -> Iterator[Mapping | Sequence]:
    """What a mapping merges itself, the first of which wins; of a list of such, what it lists."""
    values: list[Node] = []
    if isinstance(node, Mapping):
        values = [value for key, value in node.pairs if is_merge(key)]
    elif isinstance(node, Sequence):
        values = node.items
    for value in map(resolved, values):
        if isinstance(value, (Mapping, Sequence)):
            yield value


def _brings(pair: tuple[Node, Node], keys: Keys) -> bool:
    key, value = pair
    return is_merge(key) and holder_of(resolved(value), keys) is not None


def _own(mapping: Mapping, keys: Keys) -> Iterator[Entry]:
    for key, value in mapping.pairs:
        scalar = resolved(key)
        if isinstance(scalar, Scalar) and scalar.value in keys and not is_merge(scalar):
            yield Entry(scalar, value, mapping)
