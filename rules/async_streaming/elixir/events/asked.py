"""The tags that something is asked to be: written where it is compared, or in attributes there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator import Edit, Span
from migrator.helpers.elixir.attributes import attribute_name
from migrator.helpers.elixir.calls import arguments, atom_of, is_local
from migrator.helpers.elixir.variables import variables

from ..reading.context import below
from ..reading.shapes import TAGS, compared_with, element
from ..reading.uses import Attributes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from ..reading.meaning import Meaning


# A list of words that are atoms.
_WORDS = re.compile(r"~[wW]\W(.*)\Wa", re.DOTALL)
_WORD = re.compile(r"\S+")


class Asked:
    """The tags of one file that are asked for."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.attributes = Attributes(meaning)

    def of_name(self, function: Node, name: str) -> Iterator[Node]:
        """The tags that the variable `name` is compared with in `function`."""
        for node in variables(self.meaning.source).named(name, function.span):
            yield from self.of(node)

    def of(self, kind: Node) -> Iterator[Node]:
        """The tags that the first element `kind` is compared with."""
        for told in compared_with(kind):
            yield from filter(_is_tag, self.said(told))

    def said(self, node: Node) -> Iterator[Node]:
        """What stands in `node`, and the atoms that the attributes are set to that it reads."""
        for one in below(node):
            yield one
            name = attribute_name(one)
            if name is not None:
                for value in self.attributes.values(self.meaning.names.module(one), name):
                    yield from [value] if value.kind in ("atom", "sigil") else []
                    yield from value.children if value.kind == "list" else []


def is_bare_tag(node: Node) -> bool:
    """Whether `node` is a tag that is not the first of an event."""
    parent = node.parent
    if not _is_tag(node) or parent is None:
        return False
    if parent.kind == "tuple" and parent.children[0] is node:
        return False
    return not _is_asked_of_elem(node)


def tag_of(node: Node) -> str | None:
    """The tag that `node` is, or the first one of those that it lists: `~w(chunk complete)a`."""
    if node.kind != "sigil":
        return atom_of(node)
    return next((match[0] for match in _listed(node)), None)


def renamed(path: str, node: Node) -> list[Edit]:
    """The edits that make the tag, or the tags, that `node` is the current ones."""
    if node.kind != "sigil":
        return [Edit(path, node.span, TAGS[atom_of(node) or ""])]
    start = node.span.start
    return [
        Edit(path, Span(start + match.start(), start + match.end()), TAGS[match[0]][1:])
        for match in _listed(node)
    ]


def _listed(sigil: Node) -> Iterator[re.Match[str]]:
    """The tags in a list of words."""
    words = _WORDS.fullmatch(sigil.text)
    if words is not None:
        for word in _WORD.finditer(sigil.text, *words.span(1)):
            yield from [word] if word[0] in TAGS else []


def _is_tag(node: Node) -> bool:
    return node.kind in ("atom", "sigil") and tag_of(node) in TAGS


def _is_asked_of_elem(tag: Node) -> bool:
    """Whether `tag` is compared with, or matched to, what `elem/2` gives: see `elements`."""
    for around in tag.up():
        if around.kind == "binary_operator":
            sides = around.children
            return any(element(side, "0") is not None for side in sides)
        if is_local(around, "case"):
            subject = arguments(around)
            return bool(subject) and element(subject[0], "0") is not None
        if around.kind not in ("list", "stab_clause", "do_block"):
            return False
    return False
