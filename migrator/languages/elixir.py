"""Elixir, parsed by tree-sitter: a tree of plain nodes whose spans count characters.

tree-sitter goes on behind a mistake and says where it had to guess. Such a part is a *gap*: the
tree has no nodes there, and no rule sees it. It counts bytes of UTF-8; one table leads from them to
characters.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrator.errors import NotAnalysedError
from migrator.languages.marks import wide
from migrator.model import Gap, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import tree_sitter

name = "elixir"
suffixes = (".ex", ".exs")

# tree-sitter follows a handful of readings side by side. A line end behind `end` may end the
# statement or go on with it, and where many blocks stand in each other the right reading can be
# among those it drops: valid code then shows a mistake. With a semicolon there is but one reading.
# The next line must begin a statement; the line must hold nothing that could quote its `end`.
_LINE_END_AFTER_END = re.compile(
    rb"(?m)^([^#\n\"']*\bend)\n(?=\s*"
    rb"(?!(?:and|or|in|when|else|after|rescue|catch|end|do|not[ \t]+in)\b)[\w\"\[{%@](?!\"\"))"
)
_DEFINES = frozenset(
    {"def", "defimpl", "defmacro", "defmacrop", "defmodule", "defp", "defprotocol"}
    | {"describe", "test"}
)
_TEXTS = frozenset({"charlist", "quoted_atom", "quoted_keyword", "sigil", "string"})
_BLOCK_WORDS = frozenset({"after", "catch", "do", "else", "end", "fn", "rescue"})


def encoding(data: bytes) -> tuple[str, bytes]:
    """UTF-8, which is all that Elixir reads; see `Language.encoding`."""
    if wide(data):
        raise NotAnalysedError("is UTF-16 or UTF-32, which Elixir does not read: save it as UTF-8")
    if b"\0" in data:
        raise NotAnalysedError(f"holds a NUL byte at offset {data.index(0)}")
    return "utf-8", codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""


def plain(data: bytes) -> bytes:
    """`data` in UTF-8; see `Language.plain`."""
    codec = wide(data)
    return data if codec is None else data.decode(codec, "replace").encode()


@dataclass(eq=False)
class Node:
    """A node of the tree; `part` is what it is in `parent`, such as the `target` of a call.

    `named` is false for mere tokens (`do`, a comma): a rule seldom wants them.
    """

    kind: str
    span: Span
    named: bool
    part: str | None
    parent: Node | None
    whole: str = field(repr=False)
    tokens: list[Node] = field(default_factory=list, repr=False)

    @property
    def text(self) -> str:
        """The characters of the node."""
        return self.whole[self.span.start : self.span.end]

    @property
    def children(self) -> list[Node]:
        """The nodes directly in this one, tokens and comments left out."""
        return [node for node in self.tokens if node.named and node.kind != "comment"]

    def child(self, part: str) -> Node | None:
        """The first node directly in this one that is its `part`."""
        return next((node for node in self.tokens if node.named and node.part == part), None)

    def of(self, kind: str) -> Node | None:
        """The first node of `kind` directly in this one."""
        return next((node for node in self.tokens if node.kind == kind), None)

    def up(self) -> Iterator[Node]:
        """The nodes around this one, innermost first."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


@dataclass(frozen=True)
class Tree:
    """A parsed file: `nodes` in the order in which they begin, outer before inner."""

    root: Node
    nodes: list[Node]
    gaps: tuple[Gap, ...]


def parse(source: Source) -> Tree:
    """The tree of `source`; raises `NotAnalysedError` with line and column where it has none."""
    return source.once(_parse)


def gaps(source: Source) -> Sequence[Gap]:
    """The parts of `source` that did not parse; see `Language.gaps`."""
    return parse(source).gaps


def comments(source: Source) -> Iterator[Span]:
    """The comments of `source`; see `Language.comments`."""
    return (node.span for node in parse(source).nodes if node.kind == "comment")


def unbroken(source: Source) -> Iterator[Span]:
    """Strings, sigils and the like; see `Language.unbroken`."""
    return (node.span for node in parse(source).nodes if node.kind in _TEXTS)


def enclosing(source: Source) -> Iterator[tuple[Span, str]]:
    """Modules, functions and tests by their names; see `Language.enclosing`."""
    for node in parse(source).nodes:
        target = node.child("target") if node.kind == "call" else None
        if target is not None and target.text in _DEFINES:
            given = node.of("arguments")
            named = given.children[0] if given is not None and given.children else None
            while named is not None and named.kind in ("binary_operator", "call"):
                # `name(x) when ...` is an operator on a call, and `name(x)` a call of `name`.
                named = named.child("left") or named.child("target")
            if named is not None:
                yield node.span, named.text.strip('"')


def _parse(source: Source) -> Tree:
    data = source.text.encode()
    nodes, mistakes = _copy(_root(data), source.text, _characters(source.text, data))
    gaps = tuple(_gaps(source, nodes[0], mistakes))
    if gaps:
        kept = [node for node in nodes[0].tokens if not _is_in(gaps, node)]
        nodes[0].tokens[:] = kept
        nodes = [node for node in nodes if node.parent is None or not _is_in(gaps, node)]
    return Tree(nodes[0], nodes, gaps)


def _root(data: bytes) -> tree_sitter.Node:
    import tree_sitter
    import tree_sitter_elixir

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_elixir.language()))
    root = parser.parse(data).root_node
    if root.has_error:
        again = parser.parse(_LINE_END_AFTER_END.sub(rb"\1;", data)).root_node
        if not again.has_error:
            return again
    return root


def _characters(text: str, data: bytes) -> Sequence[int]:
    """For each byte offset of `data`, and its end, the character offset in `text`."""
    if len(data) == len(text):
        return range(len(text) + 1)
    table = [
        offset for offset, character in enumerate(text) for _ in range(len(character.encode()))
    ]
    return [*table, len(text)]


def _copy(root: tree_sitter.Node, text: str, table: Sequence[int]) -> tuple[list[Node], list[Node]]:
    """The tree as nodes of our own, and those among them that are mistakes.

    They know their parents at no cost, and outlive the parser.
    """
    nodes: list[Node] = []
    mistakes: list[Node] = []
    cursor = root.walk()
    parent: Node | None = None
    while True:
        node = cursor.node
        assert node is not None
        span = Span(table[node.start_byte], table[node.end_byte])
        made = Node(node.type, span, node.is_named, cursor.field_name, parent, text)
        nodes.append(made)
        if node.is_error or node.is_missing or _is_stray(made):
            mistakes.append(made)
        if parent is not None:
            parent.tokens.append(made)
        if cursor.goto_first_child():
            parent = made
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return nodes, mistakes
            parent = parent.parent if parent else None


def _is_stray(node: Node) -> bool:
    """Whether `node` is a word of a block where the parser takes it for a name."""
    if node.kind != "identifier" or node.text not in _BLOCK_WORDS:
        return False
    return not (node.parent is not None and node.parent.kind == "dot")


def _gaps(source: Source, root: Node, mistakes: list[Node]) -> Iterator[Gap]:
    """What a mistake can reach: the construct at the top that it stands in.

    A mistake at the top itself may have begun anywhere before: then nothing is sure. And what
    follows a construct that does not end in the column where it begins may be a part of it.
    """
    done = 0
    for mistake in mistakes:
        # What is missing is missed behind the last thing that is there.
        start, end = mistake.span
        start = start if end > start else len(source.text[:start].rstrip())
        line, column = source.position(start)
        reason = f"does not parse as Elixir at line {line}, column {column}"
        if mistake is root or mistake.parent is root:
            raise NotAnalysedError(reason)
        top = next(node for node in mistake.up() if node.parent is root)
        if top.span.start < done:
            continue
        last = top
        while last.tokens:
            last = last.tokens[-1]
        is_closed = last.text == "end" and _column(source, last) == _column(source, top)
        done = top.span.end if is_closed else len(source.text)
        first, last_line = (source.position(offset).line for offset in (top.span.start, done))
        yield Gap(
            Span(top.span.start, done), f"{reason}; lines {first} to {last_line} are left alone"
        )


def _column(source: Source, node: Node) -> int:
    return source.position(node.span.start).column


def _is_in(gaps: tuple[Gap, ...], node: Node) -> bool:
    place = bisect_right(gaps, node.span.start, key=lambda gap: gap.span.start) - 1
    return place >= 0 and node.span.start < gaps[place].span.end
