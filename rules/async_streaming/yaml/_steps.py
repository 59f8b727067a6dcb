"""The llm steps of a YAML stream, and what counts for each: its own, what it merges, defaults."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrator.helpers.merges import Entry, lookup, lookup_any, merged
from migrator.helpers.yaml import line_of, text_of
from migrator.languages.yaml import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    children,
    is_merge,
    parse,
    resolved,
)

from .._facts import Step

if TYPE_CHECKING:
    from migrator import Source

HOLDERS = frozenset({"steps", "parallel", "branches"})
DEFAULTS = "defaults"
#: What a step may inherit, each with the names it goes by, the current one first.
STREAM = ("stream", "async_stream")
HANDLER = ("stream_handler", "async_handler")
PROVIDER = ("provider",)
MODEL = ("model",)
_INHERITED = (STREAM, HANDLER, PROVIDER, MODEL)

#: What counts under some names of one thing: several entries where a mapping has several names.
Said = tuple["Entry", ...]
#: What defaults say for each of `_INHERITED`, from the nearest mapping that says anything.
Inherited = tuple[Said, ...]
_NO_DEFAULTS: Inherited = ((),) * len(_INHERITED)


@dataclass(eq=False)
class LlmStep:
    """A mapping that is an llm step, with the defaults of every place that it is used at.

    `used` are the steps that it makes: itself where it stands as one, and aliases.
    """

    mapping: Mapping
    type: Entry
    place: str
    inherited: list[Inherited] = field(default_factory=list)
    used: dict[Node, None] = field(default_factory=dict)

    def said(self, keys: tuple[str, ...]) -> list[Said]:
        """What counts for the step under `keys`: once, or once a use if defaults decide."""
        own = lookup_any(self.mapping, keys)
        if own:
            return [own]
        return [inherited[_INHERITED.index(keys)] for inherited in self.inherited]

    @property
    def pair(self) -> tuple[Node, Node]:
        """The pair that makes the mapping an llm step: `type`, or the merge that brings it."""
        return self.type.pair if self.type.by is None else self.type.by


def steps(source: Source) -> list[LlmStep]:
    """The llm steps of `source`, in the order in which they are met."""
    return source.once(_steps)


@dataclass(frozen=True)
class _Place:
    """Where a node stands: `holder` tells the key or list that makes mappings in it steps."""

    holder: str = ""
    inherited: Inherited = _NO_DEFAULTS
    may_be_step: bool = True


def _steps(source: Source) -> list[LlmStep]:
    found: dict[int, LlmStep] = {}
    seen: set[tuple[int, _Place]] = set()
    waiting: list[tuple[Node, _Place]] = []
    for document in reversed(parse(source).documents):
        if isinstance(document, Sequence):
            top = _Place("the list at the top")
            waiting += [(item, top) for item in reversed(document.items)]
        else:
            waiting.append((document, _Place()))
    while waiting:
        written, place = waiting.pop()
        node = resolved(written)
        # A node is used at several places by aliases, and may even stand in itself.
        if (id(node), place) in seen:
            if place.holder and place.may_be_step and id(node) in found:
                found[id(node)].used[written] = None
            continue
        seen.add((id(node), place))
        if isinstance(node, Sequence):
            inside = _inside(place)
            waiting += [(item, inside) for item in reversed(node.items)]
        elif isinstance(node, Mapping):
            kind = lookup(node, "type") if place.holder and place.may_be_step else None
            if kind is not None and text_of(kind.value) == "llm":
                step = found.setdefault(id(node), LlmStep(node, kind, place.holder))
                step.inherited.append(place.inherited)
                step.used[written] = None
            waiting += reversed(_children(node, place, source.once(_names)))
    return list(found.values())


def _inside(place: _Place) -> _Place:
    # A list in the list at the top is none of its items' keys.
    return _Place() if place.holder == "the list at the top" else place


def _children(node: Mapping, place: _Place, names: tuple[str, ...]) -> list[tuple[Node, _Place]]:
    """What `node` has, with its places; of what it merges, what counts under one of `names`."""
    inherited = place.inherited
    defaults = lookup(node, DEFAULTS)
    if defaults is not None:
        mapping = resolved(defaults.value)
        if isinstance(mapping, Mapping):
            said = (lookup_any(mapping, keys) for keys in _INHERITED)
            inherited = tuple(new or old for new, old in zip(said, place.inherited, strict=True))
    outer = "" if place.holder == "the list at the top" else place.holder
    own = [(key, value) for key, value in node.pairs if not is_merge(key)]
    brought = [] if len(own) == len(node.pairs) else [lookup(node, name) for name in names]
    found = []
    for key, value in own + [one[:2] for one in brought if one and one.by]:
        scalar = resolved(key)
        name = scalar.value if isinstance(scalar, Scalar) else ""
        holder = f"`{name}`" if name in HOLDERS else outer
        found.append((value, _Place(holder, inherited, name != DEFAULTS)))
    return found


def _names(source: Source) -> tuple[str, ...]:
    """The keys of mappings that are merged under which an llm step may stand."""
    parents: dict[Node, list[Node]] = {}
    bring: list[Node] = []
    waiting: list[Node] = []
    for node in parse(source).nodes:
        for child in children(node):
            parents.setdefault(resolved(child), []).append(node)
        if isinstance(node, Mapping):
            bring += merged(node)
            kind = lookup(node, "type")
            waiting += [node] if kind is not None and text_of(kind.value) == "llm" else []
    leading: set[Node] = set()
    while waiting:
        node = waiting.pop()
        if node not in leading:
            leading.add(node)
            waiting += parents.get(node, ())
    names = {
        key.value
        for one in _brought(bring)
        if isinstance(one, Mapping)
        for key, value in ((resolved(key), resolved(value)) for key, value in one.pairs)
        if isinstance(key, Scalar) and not is_merge(key) and value in leading
    }
    return tuple(sorted(names))


def _brought(waiting: list[Node]) -> set[Node]:
    """Those and all that they merge in their turn."""
    brought: set[Node] = set()
    while waiting:
        one = waiting.pop()
        if one not in brought:
            brought.add(one)
            waiting += merged(one)
    return brought


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
    found.update(map(id, _brought(bring)))
    return found - {one for one, stands in by_itself.items() if stands}


def label(mapping: Mapping) -> str:
    """What the author calls the step, or an empty text."""
    for key in ("id", "name"):
        entry = lookup(mapping, key)
        text = line_of(entry.value) if entry else None
        if text:
            return text
    return ""


def step_of(mapping: Mapping) -> Step:
    """How facts tell the step."""
    return Step(label(mapping), mapping.span.start)
