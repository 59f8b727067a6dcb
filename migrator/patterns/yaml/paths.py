"""Paths to values in YAML: keys, any key, any depth, items, and conditions on a mapping."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.helpers.merges import lookup
from migrator.helpers.yaml import text_of
from migrator.languages.yaml import Mapping, Node, Scalar, Sequence, is_merge, resolved

if TYPE_CHECKING:
    from collections.abc import Iterator

_STEP = re.compile(
    r"""(?P<dot>\.)?(?:
        (?P<deep>\*\*) | (?P<any>\*)
      | (?P<quoted>'[^']+'|"[^"]+")
      | (?P<key>[^\s.\[\]*'"=]+)
      | \[(?P<items>\*)\]
      | \[(?P<not>!)?(?P<where>[^\[\]=!]+)(?:=(?P<value>[^\[\]]*))?\]
    )""",
    re.VERBOSE,
)


class PathError(ValueError):
    """The path cannot mean anything; the message says why."""


@dataclass(frozen=True)
class Step:
    """One step: `kind` is `key`, `any`, `deep`, `items`, `has`, `lacks`, or `is` with a `value`."""

    kind: str
    name: str = ""
    value: str = ""


@dataclass(frozen=True)
class Place:
    """A value that a path leads to, and the pair or the list that holds it."""

    node: Node
    mapping: Mapping | None = None
    pair: tuple[Node, Node] | None = None
    sequence: Sequence | None = None


def path(text: str) -> tuple[Step, ...]:
    """The steps that `text` spells; raises `PathError`."""
    steps: list[Step] = []
    at = 0
    while at < len(text):
        match = _STEP.match(text, at)
        starts = match is not None and (match["dot"] is not None or text[at] == "[")
        if match is None or not (starts or at == 0) or (at == 0 and match["dot"]):
            raise PathError(f"does not read as a path at `{text[at:]}`")
        steps.append(_step(match))
        at = match.end()
    if not steps:
        raise PathError("there is no path in it")
    if steps[-1].kind == "deep":
        raise PathError("ends with `**`, which leads everywhere: name a key behind it")
    return tuple(steps)


def _step(match: re.Match[str]) -> Step:
    if match["deep"]:
        return Step("deep")
    if match["any"]:
        return Step("any")
    if match["items"]:
        return Step("items")
    if match["where"]:
        if match["value"] is not None:
            if match["not"]:
                raise PathError(f"`{match[0]}`: a condition is `[key=value]`, `[key]` or `[!key]`")
            return Step("is", match["where"], match["value"])
        return Step("lacks" if match["not"] else "has", match["where"])
    return Step("key", match["key"] or match["quoted"][1:-1])


def leads_everywhere(steps: tuple[Step, ...]) -> bool:
    """Whether the path is `**.key`, which comes to every pair by every way that leads to it."""
    return [one.kind for one in steps] == ["deep", "key"]


def words(steps: tuple[Step, ...]) -> tuple[str, ...]:
    """What a file must hold for the path to lead anywhere in it."""
    names = [one.name for one in steps if one.kind in ("key", "has", "is")]
    values = [one.value for one in steps if one.kind == "is" and one.value]
    return tuple(dict.fromkeys((*names, *values)))


def places(root: Node, steps: tuple[Step, ...]) -> Iterator[Place]:
    """Every value below `root` that the path leads to, each once."""
    seen: set[tuple[int, bool, int]] = set()
    waiting = [(Place(root), 0)]
    found: list[Place] = []
    while waiting:
        place, at = waiting.pop()
        subject = place.pair[0] if place.pair else place.node
        key = (id(subject), place.pair is None, at)
        if key in seen:
            continue
        seen.add(key)
        if at == len(steps):
            found.append(place)
        else:
            waiting += [(one, next_) for one, next_ in _taken(place, steps, at)]
    yield from sorted(found, key=_order)


def _order(place: Place) -> tuple[int, int]:
    return (place.pair[0] if place.pair else place.node).span


def _taken(place: Place, steps: tuple[Step, ...], at: int) -> Iterator[tuple[Place, int]]:
    step, node = steps[at], resolved(place.node)
    if step.kind == "deep":
        yield place, at + 1
        yield from ((one, at) for one in _below(node))
    elif step.kind == "items":
        if isinstance(node, Sequence):
            yield from ((Place(item, sequence=node), at + 1) for item in node.items)
    elif step.kind in ("key", "any"):
        if isinstance(node, Mapping):
            yield from ((one, at + 1) for one in _under(node, step))
            if step.kind == "key" and not (at and steps[at - 1].kind == "deep"):
                yield from ((one, at + 1) for one in _merged(node, step.name))
    elif isinstance(node, Mapping) and _holds(node, step):
        yield place, at + 1


def _below(node: Node) -> Iterator[Place]:
    if isinstance(node, Mapping):
        for holder, pair in _pairs(node):
            yield Place(pair[1], holder, pair)
            if isinstance(pair[0], (Mapping, Sequence)):
                yield Place(pair[0])
    elif isinstance(node, Sequence):
        yield from (Place(item, sequence=node) for item in node.items)


def _under(node: Mapping, step: Step) -> Iterator[Place]:
    for holder, pair in _pairs(node):
        key = resolved(pair[0])
        if isinstance(key, Scalar) and (step.kind == "any" or key.value == step.name):
            yield Place(pair[1], holder, pair)


def _pairs(node: Mapping) -> Iterator[tuple[Mapping, tuple[Node, Node]]]:
    """The pairs that are written in `node`, in what it merges on the spot too, each with its own.

    What it merges by an alias stands elsewhere in the file.
    """
    waiting: list[Node] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            yield from ((one, pair) for pair in one.pairs if not is_merge(pair[0]))
            waiting += (value for key, value in one.pairs if is_merge(key))
        elif isinstance(one, Sequence):
            waiting += one.items


def _merged(node: Mapping, name: str) -> Iterator[Place]:
    """What counts under `name` by way of an alias that is merged."""
    entry = lookup(node, name)
    if entry is not None and entry.by is not None:
        yield Place(entry.value, entry.holder, entry.pair)


def _holds(node: Mapping, step: Step) -> bool:
    entry = lookup(node, step.name)
    if step.kind == "has":
        return entry is not None
    if step.kind == "lacks":
        return entry is None
    return entry is not None and text_of(entry.value) == step.value
