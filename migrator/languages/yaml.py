"""YAML, parsed by ruamel.yaml: nodes with spans, and aliases that stay aliases.

Nodes are built from the parser's events and not by its composer, which puts the node in the place
of an alias: the place where the alias stands would be lost, and a small file of aliases of aliases
would be as large as what it stands for. Nothing is constructed: a tag is a name and no more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

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
# YAML 1.1 ended lines with these and ruamel.yaml still does; YAML 1.2 takes them for text.
_NO_LINE_ENDS = str.maketrans({"\x85": "·", "\u2028": "·", "\u2029": "·"})
_ESCAPE = re.compile(
    r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|((?:\r\n|\r|\n)[ \t]*)|.)",
    re.DOTALL,
)
# What can spell a part of a word, or join its halves.
_SPELLS = re.compile(rb"\\[xuU\r\n]")
_TAG_BEFORE = re.compile(r"![^\s,\[\]{}]*\s+\Z")
# Nobody writes what is deeper, and the scanner looks at all open levels for each token.
_DEEPEST = 500
_LONGEST_TAG = 1000
_PROPERTIES = re.compile(r"(?:[&!]\S*(?:\s+|#[^\r\n]*)+)*")
# Plain, these are text under every schema: a word that is no boolean, null or number.
_TEXT = re.compile(r"(?!(?:true|false|null|yes|no|on|off|y|n)\Z)[a-z_][\w .:/-]*", re.IGNORECASE)
# Blanks with a tab between what stands on one line, where they indent nothing.
_BLANKS = re.compile(r"(?<![-?\s])[ \t]*\t[ \t]*|(?<=\S[-?])[ \t]*\t[ \t]*")
_TEMPLATE = re.compile(r"\{[{%]")
_LINE_ENDS = frozenset("\n\r\ufeff")
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
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    text = source.text.translate(_NO_LINE_ENDS)
    try:
        try:
            return _built(source, text)
        except MarkedYAMLError as error:
            mark = error.problem_mark
            if mark is None or not text.startswith("\t", mark.index):
                raise
            # ruamel.yaml takes no tab for a blank between tokens, other parsers do.
            return _built(source, _BLANKS.sub(_spaces, text))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(str(error.problem or error.context).split())
        raise _refused(source, mark.index if mark else 0, problem) from None
    except YAMLError as error:
        problem = " ".join(str(error).split())
        raise _refused(source, getattr(error, "position", 0), problem) from None
    except RecursionError:
        raise NotAnalysedError("is nested too deeply to be parsed") from None


def _built(source: Source, text: str) -> Tree:
    from ruamel.yaml import YAML

    builder = _Builder(source)
    yaml = YAML(typ="safe", pure=True)
    yaml.Reader = _reader()
    for event in yaml.parse(text):
        builder.take(event)
    return Tree(tuple(builder.documents))


@lru_cache(maxsize=1)
def _reader() -> type:
    from ruamel.yaml.reader import Reader

    class Strides(Reader):
        """Goes over what ends no line in one step; the library looks at each character."""

        def forward(self, length: int = 1) -> None:
            start = self.pointer
            end = start + length
            passed = self.buffer[start:end]
            if not _LINE_ENDS.isdisjoint(passed) or end + 1 >= len(self.buffer):
                super().forward(length)
            else:
                self.pointer = end
                self.index += length
                self.column += length

    return Strides


def _spaces(blanks: re.Match[str]) -> str:
    return " " * len(blanks[0])


def _refused(source: Source, offset: int, problem: str) -> NotAnalysedError:
    line, column = source.position(min(offset, len(source.text)))
    template = _TEMPLATE.search(source.text)
    hint = ""
    if template:
        hint = f"; `{template[0]}` at line {source.position(template.start()).line}: a template?"
    return NotAnalysedError(
        f"does not parse as YAML at line {line}, column {column}: {problem}{hint}"
    )


class _Builder:
    """Nodes from events, without recursion: depth costs memory and no more."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.documents: list[Node] = []
        self._open: list[tuple[Mapping | Sequence, list[Node]]] = []
        self._anchors: dict[str, Scalar | Mapping | Sequence] = {}

    def take(self, event: Any) -> None:
        from ruamel.yaml import events

        span = Span(event.start_mark.index, event.end_mark.index)
        if getattr(event, "tag", None) is not None:
            span = self._from_tag(span)
        if isinstance(event, events.DocumentStartEvent):
            self._anchors = {}
        elif isinstance(event, events.ScalarEvent):
            style = event.style or ""
            written = self._written(span, style)
            node = Scalar(span, event.anchor, event.tag, event.value, style, written)
            self._add(self._anchored(node))
        elif isinstance(event, events.AliasEvent):
            if event.anchor not in self._anchors:
                problem = f"the alias `*{event.anchor}` has no anchor above it"
                raise _refused(self.source, span.start, problem)
            self._add(Alias(span, target=self._anchors[event.anchor]))
        elif isinstance(event, events.CollectionStartEvent):
            if len(self._open) == _DEEPEST:
                problem = f"is nested deeper than {_DEEPEST} levels"
                raise _refused(self.source, span.start, problem)
            kind = Mapping if isinstance(event, events.MappingStartEvent) else Sequence
            opened = kind(span, event.anchor, event.tag, bool(event.flow_style))
            self._open.append((self._anchored(opened), []))
        elif isinstance(event, events.CollectionEndEvent):
            self._close(span.end)

    def _anchored(self, node: Any) -> Any:
        if node.anchor is not None:
            self._anchors[node.anchor] = node
        return node

    def _from_tag(self, span: Span) -> Span:
        """`span` from its tag on: the mark of what has an anchor behind its tag is the anchor's."""
        text = self.source.text
        properties = _PROPERTIES.match(text, span.start, span.end)
        if properties is None or "!" in properties[0]:
            return span
        before = _TAG_BEFORE.search(text, max(0, span.start - _LONGEST_TAG), span.start)
        return Span(before.start(), span.end) if before else span

    def _written(self, span: Span, style: str) -> Span:
        match = _PROPERTIES.match(self.source.text, span.start, span.end)
        assert match is not None
        quotes = 1 if style in ("'", '"') and match.end() < span.end else 0
        return Span(match.end() + quotes, span.end - quotes)

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1][1].append(node)
        else:
            self.documents.append(node)

    def _close(self, end: int) -> None:
        node, parts = self._open.pop()
        node.span = Span(node.span.start, end)
        if isinstance(node, Sequence):
            node.items = parts
        else:
            node.pairs = list(zip(parts[::2], parts[1::2], strict=True))
            self._unequal(node)
        self._add(node)

    def _unequal(self, node: Mapping) -> None:
        """Refuse what no reader reads alike: equal keys, and braces that a template stands in."""
        seen: dict[tuple[str, str], int] = {}
        for key, _ in node.pairs:
            key = resolved(key)
            if isinstance(key, Scalar):
                identity = (key.value, _kind(key))
                if identity in seen:
                    line = self.source.position(seen[identity]).line
                    problem = f"the key `{key.value}` stands at line {line} already"
                    raise _refused(self.source, key.span.start, problem)
                seen[identity] = key.span.start
            elif isinstance(key, Mapping) and node.flow and key.span.start == node.span.start + 1:
                problem = "`{{` without quotes, as templates have it"
                raise _refused(self.source, node.span.start, problem)


def _kind(scalar: Scalar) -> str:
    """The type of a key, so far as two keys of one spelling can differ in it."""
    if not is_text(scalar):
        return str(scalar.tag)
    if scalar.tag is None and not scalar.style and not _TEXT.fullmatch(scalar.value):
        return "plain"
    return "text"


def is_text(scalar: Scalar) -> bool:
    """Whether no tag of its author's makes `scalar` something else than what it spells."""
    return scalar.tag in (None, "!", "tag:yaml.org,2002:str")


def is_merge(key: Node) -> bool:
    """Whether `key` is the merge key, plain as it has to be."""
    return isinstance(key, Scalar) and key.value == MERGE and not key.style
