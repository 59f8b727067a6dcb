"""Events that are taken apart under names of their own: `{kind, data} = event`.

What follows depends on both names, so it is reported, by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import arguments, is_local, name_of, operator
from migrator.helpers.elixir.patterns import is_pattern

from ..reading.clauses import covered
from ..reading.context import below, parameters
from ..reading.handing import is_event
from ..reading.meaning import METHOD
from ..reading.shapes import CHUNK, Place, function_around, is_name, takes_nothing
from ..reading.unpacked import unpacked
from .asked import is_bare_tag, tag_of
from .current import takes_content
from .texts import is_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from ..handlers.behaviours import Role
    from ..reading.meaning import Meaning
    from ..takers.legacy import Legacy
    from ..takers.roles import Roles
    from .asked import Asked

APART = "kind and text are taken apart under names of their own"


class Apart:
    """The places of one file that take events apart."""

    def __init__(
        self,
        meaning: Meaning,
        roles: Roles,
        asked: Asked,
        legacy: Legacy,
    ) -> None:
        self.meaning = meaning
        self.roles = roles
        self.asked = asked
        self.takers = legacy.takers
        self.whole = legacy.whole
        self.current = legacy.current
        #: Of the bodies of modules, the clauses that others before them leave no event.
        self._covered: dict[Node, set[Node]] = {}
        #: The patterns that are told of already.
        self._told = {
            pattern
            for event in meaning.tree.of("tuple")
            if is_event(event)
            for pattern in unpacked(meaning, event)
        }

    def places(self) -> Iterator[Place]:
        """Each of them, or the tags that are asked for beside it."""
        yield from self._taken_apart()
        yield from self._sifted()
        yield from self._chosen()
        yield from self._matched()

    def _taken_apart(self) -> Iterator[Place]:
        """`{kind, data}` where events come in, unless clauses before it take both kinds.

        Where the code serves the current API it is well, unless `data` can only be a text.
        """
        for function, role in self.takers:
            for node in _events_in_heads(function):
                first, second = node.children if len(node.children) == 2 else (None, None)
                if first is None or second is None or not is_name(first):
                    continue
                is_unread = takes_nothing(self.meaning, second)
                if is_unread and takes_nothing(self.meaning, first):
                    continue
                tags = list(filter(is_bare_tag, self.asked.said(function)))
                if not tags and not role.legacy and not is_text(self.meaning, second, function):
                    continue
                if not tags and (
                    is_unread or takes_content(second) or self._clauses_before(function)
                ):
                    continue
                self._told.add(node)
                for asked in tags or [node]:
                    tag = tag_of(asked) or CHUNK
                    place = Place(asked, tag, role.level, role.reason)
                    place.trouble = APART
                    yield place

    def _sifted(self) -> Iterator[Place]:
        """`kind == :chunk` where `kind` is the first of a tuple of two that is taken apart."""
        kinds: dict[tuple[Node, str], Role] = {}
        for node in self.meaning.tree.of("tuple"):
            parts = node.children
            if len(parts) != 2 or parts[0].kind != "identifier" or not is_pattern(node):
                continue
            role, function = self.roles.role_at(node), function_around(node)
            if role is not None and function is not None:
                kinds[function, parts[0].text] = role
        for (function, name), role in kinds.items():
            for asked in self.asked.of_name(function, name):
                place = Place(asked, tag_of(asked) or CHUNK, role.level, role.reason)
                place.trouble = APART
                yield place

    def _chosen(self) -> Iterator[Place]:
        """The tags near an event that is handed to a handler with a tag by name."""
        chosen: dict[Node, Role] = {}
        for node in self.meaning.tree.of("tuple"):
            parts = node.children
            if len(parts) != 2 or not is_name(parts[0]) or is_pattern(node):
                continue
            call = node.parent.parent if node.parent is not None else None
            is_handled = call is not None and name_of(call) == METHOD
            role = self.roles.role_at(node) if is_handled else None
            loops = [around for around in node.up() if is_local(around, "for")]
            scope = loops[-1] if loops else function_around(node)
            if role is not None and scope is not None:
                chosen[scope] = role
        for scope, role in chosen.items():
            for asked in filter(is_bare_tag, below(scope)):
                place = Place(asked, tag_of(asked) or CHUNK, role.level, role.reason)
                place.trouble = "a name stands for the tag of an event"
                yield place

    def _matched(self) -> Iterator[Place]:
        """`{_, text}` wherever it is matched to a whole event, however that is put."""
        for node in self.meaning.tree.of("tuple"):
            first, second = node.children if len(node.children) == 2 else (None, None)
            if first is None or second is None or not is_name(first) or node in self._told:
                continue
            if not is_pattern(node) or takes_nothing(self.meaning, second):
                continue
            role = self.roles.role_at(node) if not takes_content(second) else None
            if role is not None and (
                self.whole.of_pattern(node) is not None or self._is_left(node, second)
            ):
                yield Place(node, CHUNK, role.level, role.reason, trouble=APART)

    def _is_left(self, pattern: Node, second: Node) -> bool:
        """Whether `pattern` takes an event of the current API for one of the legacy one."""
        function = function_around(pattern)
        if function is None or not is_text(self.meaning, second, function):
            return False
        return self.current.of_pattern(pattern) is not None

    def _clauses_before(self, function: Node) -> bool:
        """Whether clauses before that of `function` take all events of both kinds by their tags."""
        body = function.parent
        if function.kind != "call" or body is None:
            return False
        if body not in self._covered:
            self._covered[body] = set(covered(body))
        return function in self._covered[body]


def _events_in_heads(function: Node) -> Iterator[Node]:
    """The tuples that a function takes its event apart by: in its head, and in its body."""
    if function.kind == "call":
        names = {
            node.text
            for one in parameters(function)
            for node in below(one)
            if node.kind == "identifier"
        }
        for one in parameters(function):
            yield from (node for node in below(one) if node.kind == "tuple")
    else:
        names = set()
        for clause in function.children:
            left = clause.child("left") if clause.kind == "stab_clause" else None
            for node in below(left) if left is not None else ():
                if node.kind == "tuple":
                    yield node
                elif node.kind == "identifier":
                    names.add(node.text)
    for node in below(function):
        if node.kind == "binary_operator" and operator(node) in ("=", "<-"):
            left, right = node.child("left"), node.child("right")
            if left is not None and right is not None and right.text in names:
                is_taken = operator(node) == "<-" or _is_statement(node)
                if left.kind == "tuple" and right.kind == "identifier" and is_taken:
                    yield left
        elif is_local(node, "case"):
            subject = arguments(node)
            if subject and subject[0].kind == "identifier" and subject[0].text in names:
                block = node.of("do_block")
                for clause in block.children if block is not None else ():
                    left = clause.child("left") if clause.kind == "stab_clause" else None
                    if left is not None:
                        yield from (one for one in below(left) if one.kind == "tuple")


def _is_statement(node: Node) -> bool:
    return node.parent is not None and node.parent.kind in ("do_block", "body", "pair", "block")
