"""The way through a YAML stream to its llm steps, with the defaults that hold on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from migrator.helpers.merges import lookup, lookup_any, merged
from migrator.helpers.yaml import text_of
from migrator.languages.yaml import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    is_merge,
    parse,
    resolved,
)

from ._brought import Brought, all_merged
from ._steps import DEFAULTS, HOLDERS, INHERITED, NO_DEFAULTS, STREAM, Inherited, LlmStep, Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Source
    from migrator.helpers.merges import Entry

_TOP = "the list at the top"
_STREAM = INHERITED.index(STREAM)


def steps(source: Source) -> list[LlmStep]:
    """The llm steps of `source`, in the order in which they are met."""
    return list(source.once(_walked).steps.values())


def passed(source: Source) -> Iterator[tuple[Mapping, Said]]:
    """Defaults that say nothing of streaming, with what is further out and counts for a step.

    A key that such defaults get would take its place.
    """
    return source.once(_walked).passed()


@dataclass(frozen=True)
class _Defaults:
    """What holds by defaults; of those that come to the same, one stands for all at a node."""

    said: Inherited = field(default=NO_DEFAULTS, compare=False)
    meaning: tuple[object, ...] = ()

    def within(self, defaults: Mapping) -> _Defaults:
        """What holds where nearer `defaults` stand."""
        own = (lookup_any(defaults, keys) for keys in INHERITED)
        said = tuple(new or old for new, old in zip(own, self.said, strict=True))
        return _Defaults(said, tuple(tuple(map(_meaning, each)) for each in said))


_NOTHING = _Defaults()


@dataclass(frozen=True)
class _Place:
    """Where a node stands: `holder` tells the key or list that makes mappings in it steps.

    A mapping that `is_merged` has its pairs in another one there, and is none itself.
    """

    holder: str = ""
    inherited: _Defaults = _NOTHING
    may_be_step: bool = True
    is_merged: bool = False


class _Stand(NamedTuple):
    """A node, by its `id`, at a place."""

    node: int
    place: _Place


class _Walk:
    """Every node of a stream at every place that it has by aliases, merge keys and defaults."""

    def __init__(self, source: Source) -> None:
        self.steps: dict[int, LlmStep] = {}
        self._brought = Brought(source)
        self._waiting: list[tuple[Node, _Place]] = []
        self._seen: set[_Stand] = set()
        # What defaults are asked on the way to a step: how its stands lead back to theirs.
        self._above: dict[_Stand, list[_Stand]] = {}
        self._silent: dict[_Stand, Mapping] = {}
        self._asking: list[_Stand] = []
        for document in reversed(parse(source).documents):
            if isinstance(document, Sequence):
                self._waiting += [(item, _Place(_TOP)) for item in reversed(document.items)]
            else:
                self._waiting.append((document, _Place()))
        while self._waiting:
            self._visit(*self._waiting.pop())

    def passed(self) -> Iterator[tuple[Mapping, Said]]:
        """See the function of the same name."""
        waiting, seen = list(self._asking), set(self._asking)
        while waiting:
            for above in self._above.get(waiting.pop(), ()):
                if above not in seen:
                    seen.add(above)
                    waiting.append(above)
                    if above in self._silent:
                        yield self._silent[above], above.place.inherited.said[_STREAM]

    def _visit(self, written: Node, place: _Place) -> None:
        node = resolved(written)
        stand = _Stand(id(node), place)
        may_be_step = place.holder and place.may_be_step and not place.is_merged
        # A node is used at several places by aliases, and may even stand in itself.
        if stand in self._seen:
            if may_be_step and id(node) in self.steps:
                self.steps[id(node)].used[written] = None
            return
        self._seen.add(stand)
        if place.is_merged:
            self._go(list(self._merged_pairs(node, place)), stand)
        elif isinstance(node, Sequence):
            inside = _inside(place)
            self._go([(item, inside) for item in node.items], stand)
        elif isinstance(node, Mapping):
            kind = lookup(node, "type") if may_be_step else None
            if kind is not None and text_of(kind.value) == "llm":
                step = self.steps.setdefault(id(node), LlmStep(node, kind, place.holder))
                step.inherited.append(place.inherited.said)
                step.used[written] = None
                if not lookup_any(node, STREAM):
                    self._asking.append(stand)
            self._enter(node, stand)

    def _go(self, inner: list[tuple[Node, _Place]], stand: _Stand) -> None:
        self._waiting += reversed(inner)
        if stand.place.inherited.said[_STREAM]:
            for node, place in inner:
                self._above.setdefault(_Stand(id(resolved(node)), place), []).append(stand)

    def _enter(self, node: Mapping, stand: _Stand) -> None:
        """Go on to what `node` has, by itself and by what it merges."""
        place = stand.place
        inherited = place.inherited
        entry = lookup(node, DEFAULTS)
        defaults = None if entry is None else resolved(entry.value)
        is_silent = True
        if isinstance(defaults, Mapping):
            inherited = inherited.within(defaults)
            is_silent = not lookup_any(defaults, STREAM)
            if is_silent:
                self._silent[stand] = defaults
        here = _Place("" if place.holder == _TOP else place.holder, inherited)
        inner = list(_pairs(node, here))
        if any(is_merge(key) for key, _ in node.pairs):
            brought = [lookup(node, name) for name in self._brought.several]
            inner += [(one.value, _under(one.key.value, here)) for one in brought if one and one.by]
            inner += self._merged(node, here)
        if is_silent:
            self._go(inner, stand)
        else:
            self._waiting += reversed(inner)

    def _merged_pairs(self, node: Node, place: _Place) -> Iterator[tuple[Node, _Place]]:
        """What `node` has and merges, at the place of what merges it."""
        here = _Place(place.holder, place.inherited)
        yield from ((value, _under(name, here)) for name, value in self._brought.lone(node))
        yield from self._merged(node, here)

    def _merged(self, node: Node, here: _Place) -> Iterator[tuple[Node, _Place]]:
        place = _Place(here.holder, here.inherited, is_merged=True)
        yield from ((one, place) for one in self._brought.by(node))


def _meaning(entry: Entry) -> object:
    """What is the same where two entries come to the same.

    What a merge asks before the one that brings an entry is a part of it.
    """
    value = resolved(entry.value)
    said: object = id(value)
    if isinstance(value, Scalar):
        said = (value.value, value.tag, value.style)
    return entry.key.value, said, entry.by and id(entry.by[1])


def _walked(source: Source) -> _Walk:
    return _Walk(source)


def _inside(place: _Place) -> _Place:
    # A list in the list at the top is none of its items' keys.
    return _Place() if place.holder == _TOP else place


def _pairs(node: Mapping, here: _Place) -> Iterator[tuple[Node, _Place]]:
    for key, value in node.pairs:
        if not is_merge(key):
            scalar = resolved(key)
            yield value, _under(scalar.value if isinstance(scalar, Scalar) else "", here)


def _under(name: str, here: _Place) -> _Place:
    """The place of what stands under the key `name` of a mapping."""
    holder = f"`{name}`" if name in HOLDERS else here.holder
    return _Place(holder, here.inherited, may_be_step=name != DEFAULTS)


def templates(source: Source) -> set[int]:
    """The mappings, by their `id`, that are there for others to have what they hold.

    They are merged, `defaults`, or what aliases of steps stand for, and no step where they stand.
    """
    by_itself = {id(step.mapping): step.mapping in step.used for step in steps(source)}
    found = {one for one, stands in by_itself.items() if not stands}
    bring: list[Node] = []
    for node in parse(source).nodes:
        if isinstance(node, Mapping):
            bring += merged(node)
            for key, value in node.pairs:
                scalar = resolved(key)
                if isinstance(scalar, Scalar) and scalar.value == DEFAULTS:
                    found.add(id(resolved(value)))
    found.update(map(id, all_merged(bring)))
    return found - {one for one, stands in by_itself.items() if stands}
