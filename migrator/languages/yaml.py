"""YAML, parsed by ruamel.yaml: nodes with spans, and aliases that stay aliases."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from migrator.errors import NotAnalysedError
from migrator.languages.marks import MARKS
from migrator.model import Gap, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

name = "yaml"
suffixes = (".yaml", ".yml")

_BY_ZEROS = {
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
    (False, True): "utf-16-le",
    (True, False): "utf-16-be",
}
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|((?:\r\n|\r|\n)[ \t]*)|.)",
    re.DOTALL,
)
# What can spell a part of a word, or join its halves.
_SPELLS = re.compile(rb"\\[xuU\r\n]")
_COMMENT = re.compile(r"(?:(?<=[\s])|\A)#[^\r\n]*")
_IDENTITIES = ("id", "name", "key")
BLOCKS = ("|", ">")
MERGE = "<<"
_NOWHERE = Span(0, 0)


def encoding(data: bytes) -> tuple[str, bytes]:
    """The codec, as YAML has it found by the first bytes; see `Language.encoding`."""
    codec, bom = _codec(data)
    if codec == "utf-8" and b"\0" in data:
        raise NotAnalysedError(f"holds a NUL byte at offset {data.index(0)}")
    return codec, bom


def _codec(data: bytes) -> tuple[str, bytes]:
    """By byte order mark; without one, by the zeros beside the first character, which is ASCII."""
    for bom, codec in MARKS:
        if data.startswith(bom):
            return codec, bom
    zeros = tuple(byte == 0 for byte in data[:4])
    codec = _BY_ZEROS.get(zeros) or _BY_ZEROS.get(zeros[:2], "utf-8")
    return codec, b""


def plain(data: bytes, _path: str) -> bytes:
    """`data` in UTF-8, and once more with every escape read as in double quotes."""
    codec, _ = _codec(data)
    if codec == "utf-8" and (b"\\" not in data or not _SPELLS.search(data)):
        return data
    text = data.decode(codec, "replace")
    return f"{text}\0{_ESCAPE.sub(_escaped, text)}".encode("utf-8", "surrogatepass")


def _escaped(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if not digits:
        return "" if match[4] else match[0]
    code = int(digits, 16)
    return chr(code) if code < 0x110000 else match[0]


@dataclass(eq=False)
class Node:
    """What stands at `span`, with its anchor and tag, which the span takes in."""

    span: Span
    anchor: str | None = None
    tag: str | None = None


@dataclass(eq=False)
class Scalar(Node):
    """`written` is the span without properties and quotes; `style` one of `'`, `"`, `|`, `>`.

    `style` is empty for a plain scalar.
    """

    value: str = ""
    style: str = ""
    written: Span = _NOWHERE


@dataclass(eq=False)
class Alias(Node):
    """`*name`, and the node that it stands for."""

    target: Scalar | Mapping | Sequence | None = None


@dataclass(eq=False)
class Mapping(Node):
    """Pairs of key and value, in order.

    `holders` keeps what look-ups found out about merges, see `helpers.merges`.
    """

    flow: bool = False
    pairs: list[tuple[Node, Node]] = field(default_factory=list)
    holders: dict[tuple[str, ...], Mapping | None] = field(default_factory=dict, repr=False)


@dataclass(eq=False)
class Sequence(Node):
    """Items, in order; `holders` as those of a `Mapping`, where all of them are merged."""

    flow: bool = False
    items: list[Node] = field(default_factory=list)
    holders: dict[tuple[str, ...], Mapping | None] = field(default_factory=dict, repr=False)


def resolved(node: Node) -> Node:
    """The node itself, or the one that an alias stands for."""
    return node.target if isinstance(node, Alias) and node.target is not None else node


def children(node: Node) -> Iterator[Node]:
    """The nodes that are written directly in `node`."""
    if isinstance(node, Mapping):
        for pair in node.pairs:
            yield from pair
    elif isinstance(node, Sequence):
        yield from node.items


@dataclass(frozen=True)
class Tree:
    """The root nodes of a stream's documents."""

    documents: tuple[Node, ...]

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every node once, in the order of the text; an alias is not followed."""
        found: list[Node] = []
        waiting = list(reversed(self.documents))
        while waiting:
            node = waiting.pop()
            found.append(node)
            waiting += reversed(list(children(node)))
        return tuple(found)


def parse(source: Source) -> Tree:
    """The tree of `source`; raises `NotAnalysedError` with line and column where it has none."""
    return source.once(_parse)


def gaps(source: Source) -> tuple[Gap, ...]:
    """None: what does not parse as a whole is refused."""
    return ()


def comments(source: Source) -> Iterator[Span]:
    """The comments of `source`; see `Language.comments`."""
    scalars = sorted(node.written for node in parse(source).nodes if isinstance(node, Scalar))
    heads = {
        node.written.start: source.line_span(source.position(node.written.start).line).end
        for node in parse(source).nodes
        if isinstance(node, Scalar) and node.style in BLOCKS
    }
    place = 0
    for match in _COMMENT.finditer(source.text):
        while place < len(scalars) and scalars[place].end <= match.start():
            place += 1
        within = place < len(scalars) and scalars[place].start <= match.start()
        # Behind the indicator of a block there may be a comment; the rest of it is text.
        if not within or match.start() < heads.get(scalars[place].start, 0):
            yield Span(*match.span())


def unbroken(source: Source) -> Iterator[Span]:
    """Texts of several lines that are no blocks; see `Language.unbroken`."""
    for node in parse(source).nodes:
        if isinstance(node, Scalar) and node.style not in BLOCKS:
            yield node.span


def enclosing(source: Source) -> Iterator[tuple[Span, str]]:
    """Values by their keys, and items by what identifies them; see `Language.enclosing`."""
    for node in parse(source).nodes:
        for key, value in node.pairs if isinstance(node, Mapping) else ():
            if isinstance(key, Scalar):
                yield value.span, key.value
        for item in node.items if isinstance(node, Sequence) else ():
            named = _named(item)
            if named is not None:
                yield item.span, named


def _named(item: Node) -> str | None:
    """What an item of a list calls itself."""
    values = {
        key.value: value.value
        for key, value in (item.pairs if isinstance(item, Mapping) else ())
        if isinstance(key, Scalar) and isinstance(value, Scalar)
    }
    return next((values[key] for key in _IDENTITIES if key in values), None)


def _parse(source: Source) -> Tree:
    from migrator.languages.yaml_builder import parsed

    return parsed(source)


def is_text(scalar: Scalar) -> bool:
    """Whether no tag of its author's makes `scalar` something else than what it spells."""
    return scalar.tag in (None, "!", "tag:yaml.org,2002:str")


def is_merge(key: Node) -> bool:
    """Whether `key` is the merge key, plain as it has to be."""
    return isinstance(key, Scalar) and key.value == MERGE and not key.style
