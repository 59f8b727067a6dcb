"""What is to be said of a workflow file, reckoned from a parser's events in the plainest way.

Merge keys are expanded and aliases followed to all places that they lead to; nothing that is tested
has a part in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ruamel.yaml import YAML, events

HOLDERS = ("steps", "parallel", "branches")
STREAM = ("stream", "async_stream")
KEYS = {"async_stream": "stream", "async_handler": "stream_handler"}
_FALSE = ("false", "no", "off", "n")
_TRUE = ("true", "yes", "on", "y")
_BOOL = "tag:yaml.org,2002:bool"
_TEXT = (None, "!", "tag:yaml.org,2002:str")

Place = tuple[int, int]


@dataclass(eq=False)
class Node:
    """A node at line and column `at`; aliases have a `target`, lists have pairs without keys."""

    kind: str
    at: Place
    value: str = ""
    tag: str | None = None
    style: str | None = None
    target: Node | None = None
    pairs: list[tuple[Node | None, Node]] = field(default_factory=list)

    @property
    def meant(self) -> Node:
        """What an alias stands for, else the node itself."""
        return self.target or self

    @property
    def is_merge(self) -> bool:
        """Whether it is the key of a merge."""
        return self.value == "<<" and not self.style


class Step(NamedTuple):
    """An llm step at the pair that makes it one, and what is said of it at each of its uses.

    `missing`, `off` or `on`; `is_asked_first` where its own key would count in place of something
    else that does now, and is not true.
    """

    at: Place
    uses: tuple[str, ...]
    is_asked_first: bool

    @property
    def verdict(self) -> str:
        """What is to be told of it: that the key is missing first."""
        if "missing" in self.uses:
            return "torn" if self.is_asked_first else "missing"
        return "off" if "off" in self.uses else "on"


def documents(text: str) -> list[Node]:
    """The roots of a stream."""
    found: list[Node] = []
    anchors: dict[str, Node] = {}
    open_: list[tuple[Node, list[Node]]] = []
    event: Any
    for event in YAML(typ="safe", pure=True).parse(text):
        at = (event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, (events.MappingStartEvent, events.SequenceStartEvent)):
            kind = "mapping" if isinstance(event, events.MappingStartEvent) else "list"
            node = Node(kind, at, tag=event.tag)
            open_.append((node, []))
        elif isinstance(event, events.ScalarEvent):
            node = Node("scalar", at, event.value, event.tag, event.style)
        elif isinstance(event, events.AliasEvent):
            node = Node("alias", at, target=anchors[event.anchor])
        elif isinstance(event, (events.MappingEndEvent, events.SequenceEndEvent)):
            node, parts = open_.pop()
            is_mapping = node.kind == "mapping"
            keys = parts[::2] if is_mapping else [None] * len(parts)
            node.pairs = list(zip(keys, parts[1::2] if is_mapping else parts, strict=True))
        else:
            continue
        if isinstance(event, events.NodeEvent) and node.kind != "alias" and event.anchor:
            anchors[event.anchor] = node
        if not isinstance(event, events.CollectionStartEvent):
            (open_[-1][1] if open_ else found).append(node)
    return found


def _layers(mapping: Node) -> list[Node]:
    """The mapping and all that it merges, in the order in which they are asked."""
    found = [mapping]
    for key, value in mapping.pairs:
        if key is not None and key.is_merge:
            brought = value.meant
            for one in [brought] if brought.kind == "mapping" else [v for _, v in brought.pairs]:
                found += _layers(one.meant) if one.meant.kind == "mapping" else []
    return found


def _under(mapping: Node, *names: str) -> list[tuple[Node, Node]]:
    """The pairs that count under `names`: of the first layer that has any."""
    for layer in _layers(mapping):
        found = [(key, value) for key, value in layer.pairs if key and key.meant.value in names]
        if found:
            return found
    return []


def _is_one_of(node: Node, words: tuple[str, ...]) -> bool:
    node = node.meant
    is_plain = node.tag == _BOOL if node.tag else not node.style
    return node.kind == "scalar" and node.value.lower() in words and is_plain


class _Walk:
    """Goes through data as a loader would make it, and keeps what it meets."""

    def __init__(self) -> None:
        self.uses: dict[Node, list[str]] = {}
        self.asked_first: set[Node] = set()

    def go(self, node: Node, defaults: list[Node], *, inside: bool, may_be: bool = True) -> None:
        node = node.meant
        if node.kind == "list":
            for _, item in node.pairs:
                self.go(item, defaults, inside=inside)
        elif node.kind == "mapping":
            if inside and may_be and self._is_llm(node):
                self._judge(node, defaults)
            self._below(node, defaults, inside=inside)

    def top(self, item: Node) -> None:
        """An item of a list at the top may be a step, and what stands in it is none by that."""
        if item.kind == "mapping" and self._is_llm(item):
            self._judge(item, [])
        self.go(item, [], inside=False)

    def _below(self, node: Node, defaults: list[Node], *, inside: bool) -> None:
        own = _under(node, "defaults")
        if own and own[0][1].meant.kind == "mapping":
            defaults = [own[0][1].meant, *defaults]
        seen: set[str] = set()
        for layer in _layers(node):
            pairs = [(key.meant.value, value) for key, value in layer.pairs if key]
            for name, value in pairs:
                if name != "<<" and name not in seen:
                    is_inside = inside or name in HOLDERS
                    self.go(value, defaults, inside=is_inside, may_be=name != "defaults")
            seen.update(name for name, _ in pairs)

    def _is_llm(self, node: Node) -> bool:
        found = _under(node, "type")
        kind = found[0][1].meant if found else node
        return (kind.kind, kind.value) == ("scalar", "llm") and kind.tag in _TEXT

    def _judge(self, node: Node, defaults: list[Node]) -> None:
        said, passed = self._said(node)
        for one in defaults:
            if said:
                break
            said, more = self._said(one)
            passed += more
        if any(not _is_one_of(value, _TRUE) for value in said):
            self.asked_first.update(passed)
        is_off = any(_is_one_of(value, _FALSE) for value in said)
        self.uses.setdefault(node, []).append("off" if is_off else "on" if said else "missing")

    def _said(self, mapping: Node) -> tuple[list[Node], list[Node]]:
        """What counts for streaming, and what was asked in vain before."""
        passed = []
        for layer in _layers(mapping):
            said = [value for key, value in layer.pairs if key and key.meant.value in STREAM]
            if said:
                return said, passed
            passed.append(layer)
        return [], passed


def steps(roots: list[Node]) -> list[Step]:
    """The llm steps, in the order of the text."""
    walk = _Walk()
    for root in roots:
        if root.kind == "list":
            for _, item in root.pairs:
                walk.top(item.meant)
        else:
            walk.go(root, [], inside=False)
    found = [
        Step(_made_by(node), tuple(uses), node in walk.asked_first)
        for node, uses in walk.uses.items()
    ]
    return sorted(found)


def _made_by(node: Node) -> Place:
    """The key `type`, or that of the merge that brings it."""
    own = [key for key, _ in node.pairs if key and key.meant.value == "type"]
    if own:
        return own[0].at
    for key, value in node.pairs:
        if key is not None and key.is_merge:
            alone = Node("mapping", key.at, pairs=[(key, value)])
            if _under(alone, "type"):
                return key.at
    raise AssertionError("it is no step")


def keys(roots: list[Node]) -> list[tuple[Place, str]]:
    """The legacy keys, each with how sure its new name is: `safe`, `review` or `manual`."""
    mappings: list[Node] = []
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        mappings += [node] if node.kind == "mapping" else []
        waiting += [part for pair in node.pairs for part in pair if part is not None]
    doubtful: set[Node] = set()
    for mapping in mappings:
        layers = _layers(mapping)
        written = [key for layer in layers for key, _ in layer.pairs if key]
        names = {key.value for key in written}
        if len(layers) > 1:
            doubtful.update(key for key in written if KEYS.get(key.value) in names)
    found = []
    for mapping in mappings:
        own = [key for key, _ in mapping.pairs if key and key.value in KEYS]
        beside = {key.value for key, _ in mapping.pairs if key}
        for key in own:
            level = "review" if key in doubtful else "safe"
            found.append((key.at, "manual" if KEYS[key.value] in beside else level))
    return sorted(found)


def shape(node: Node, renamed: frozenset[Place] = frozenset(), *, but_true: bool = False) -> object:
    """The node as a value that can be compared, with the keys at `renamed` by their new names.

    `but_true` leaves out the pairs that say that a step streams.
    """
    if node.target is not None:
        return ("*", shape(node.target, renamed, but_true=but_true))
    if node.kind == "scalar":
        value = KEYS[node.value] if node.at in renamed and node.value in KEYS else node.value
        return (value, node.tag, node.style)
    pairs = [
        (key if key is None else shape(key, renamed), shape(value, renamed, but_true=but_true))
        for key, value in node.pairs
        if not (but_true and key is not None and key.value in STREAM and value.value == "true")
    ]
    return (node.kind, node.tag, pairs)
