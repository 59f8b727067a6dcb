"""Elixir, parsed by tree-sitter: a tree of plain nodes whose spans count characters.

tree-sitter goes on behind a mistake and says where it had to guess. Such a part is a *gap*: the
tree has no nodes there, and no rule sees it. It counts bytes of UTF-8; one table leads from them to
characters.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain
from operator import itemgetter
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
# A tuple by way of its own class costs a call of Python more.
_new = tuple.__new__
_TEXTS = frozenset({"charlist", "quoted_atom", "quoted_keyword", "sigil", "string"})
# 1 for each byte of UTF-8 that begins a character, 0 for those that go on with one.
_BEGINS = bytes(byte & 0xC0 != 0x80 for byte in range(256))
_BLOCK_WORDS = frozenset({"after", "catch", "do", "else", "end", "fn", "rescue"})


def encoding(data: bytes) -> tuple[str, bytes]:
    """UTF-8, which is all that Elixir reads; see `Language.encoding`."""
    if wide(data):
        raise NotAnalysedError("is UTF-16 or UTF-32, which Elixir does not read: save it as UTF-8")
    if b"\0" in data:
        raise NotAnalysedError(f"holds a NUL byte at offset {data.index(0)}")
    return "utf-8", codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""


def plain(data: bytes, _path: str) -> bytes:
    """`data` in UTF-8; see `Language.plain`."""
    codec = wide(data)
    return data if codec is None else data.decode(codec, "replace").encode()


class Node:
    """A node of the tree; `part` is what it is in `parent`, such as the `target` of a call.

    `named` is false for mere tokens (`do`, a comma): a rule seldom wants them. `local` is the name
    of the function or macro of this module's own, or an imported one, that a call is made of.
    """

    __slots__ = ("_children", "kind", "local", "named", "parent", "part", "span", "tokens", "whole")

    def __init__(
        self, kind: str, span: Span, named: bool, part: str | None, parent: Node | None, whole: str
    ) -> None:
        self.kind = kind
        self.span = span
        self.named = named
        self.part = part
        self.parent = parent
        self.whole = whole
        self.tokens: list[Node] = []
        self.local: str | None = None
        self._children: list[Node] | None = None

    @property
    def text(self) -> str:
        """The characters of the node."""
        start, end = self.span
        return self.whole[start:end]

    @property
    def children(self) -> list[Node]:
        """The nodes directly in this one, tokens and comments left out."""
        if self._children is None:
            self._children = [node for node in self.tokens if node.named and node.kind != "comment"]
        return self._children

    def child(self, part: str) -> Node | None:
        """The first node directly in this one that is its `part`."""
        for node in self.tokens:
            if node.part == part and node.named:
                return node
        return None

    def of(self, kind: str) -> Node | None:
        """The first node of `kind` directly in this one."""
        for node in self.tokens:
            if node.kind == kind:
                return node
        return None

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

    def of(self, *kinds: str) -> list[Node]:
        """The nodes of these kinds that are no mere tokens, in the order of `nodes`."""
        if len(kinds) == 1:
            return [node for _, node in self._by_kind.get(kinds[0], ())]
        groups = (self._by_kind.get(kind, ()) for kind in kinds)
        return [node for _, node in sorted(chain.from_iterable(groups), key=itemgetter(0))]

    @cached_property
    def _by_kind(self) -> dict[str, list[tuple[int, Node]]]:
        groups: dict[str, list[tuple[int, Node]]] = {}
        for place, node in enumerate(self.nodes):
            if node.named:
                groups.setdefault(node.kind, []).append((place, node))
        return groups


def parse(source: Source) -> Tree:
    """The tree of `source`; raises `NotAnalysedError` with line and column where it has none."""
    return source.once(_parse)


def gaps(source: Source) -> Sequence[Gap]:
    """The parts of `source` that did not parse; see `Language.gaps`."""
    return parse(source).gaps


def comments(source: Source) -> Iterator[Span]:
    """The comments of `source`; see `Language.comments`."""
    return (node.span for node in parse(source).of("comment"))


def unbroken(source: Source) -> Iterator[Span]:
    """Strings, sigils and the like; see `Language.unbroken`."""
    return (node.span for node in parse(source).of(*_TEXTS))


def enclosing(source: Source) -> Iterator[tuple[Span, str]]:
    """Modules, functions and tests by their names; see `Language.enclosing`."""
    for node in parse(source).of("call"):
        target = node.child("target")
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
    begun = accumulate(data.translate(_BEGINS), initial=-1)
    next(begun)
    return [*begun, len(text)]


def _copy(root: tree_sitter.Node, text: str, table: Sequence[int]) -> tuple[list[Node], list[Node]]:
    """The tree as nodes of our own, and those among them that are mistakes.

    They know their parents at no cost, and outlive the parser.
    """
    nodes: list[Node] = []
    mistakes: list[Node] = []
    has_error = root.has_error
    plain = isinstance(table, range)
    kinds = _Kinds()
    parts: dict[int | None, str | None] = {None: None}
    cursor = root.walk()
    parent: Node | None = None
    while True:
        node = cursor.node
        assert node is not None
        number = node.kind_id
        kind, named = kinds.get(number) or kinds.of(node)
        start, end = node.byte_range
        if not plain:
            start, end = table[start], table[end]
        field_id = cursor.field_id
        if field_id not in parts:
            parts[field_id] = cursor.field_name
        part = parts[field_id]
        made = Node(kind, _new(Span, (start, end)), named, part, parent, text)
        nodes.append(made)
        if kind == "identifier":
            if part == "target" and parent is not None and parent.kind == "call":
                parent.local = parent.local or text[start:end]
            if _is_stray(made):
                mistakes.append(made)
        if has_error and (node.is_error or node.is_missing):
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


class _Kinds(dict[int, tuple[str, bool]]):
    """What nodes of a kind are called, and whether they are named, by the number of the kind.

    To ask the parser for the text each time costs more than all else it is asked.
    """

    def of(self, node: tree_sitter.Node) -> tuple[str, bool]:
        self[node.kind_id] = node.type, node.is_named
        return self[node.kind_id]


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
