"""Patterns of a `with` of one thing, which is each of the things that a `with` has."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from migrator.patterns.python.matching import Match, Pattern
from migrator.patterns.python.template import Template

if TYPE_CHECKING:
    from migrator.patterns.python.meaning import Meaning


class ItemPattern(Pattern):
    """One of the things that a `with` has, alone or beside others."""

    @cached_property
    def tree(self) -> cst.CSTNode:
        return self._statement.items[0]

    @cached_property
    def _statement(self) -> cst.With:
        statement = cst.parse_statement(self.snippet.code)
        assert isinstance(statement, cst.With)
        return statement

    def match(self, meaning: Meaning, node: cst.CSTNode) -> Match | None:
        """What stands in the holes if `node` is what this means."""
        around = meaning.tree.parents[node]
        if not isinstance(around, cst.With) or not self._is_such(around):
            return None
        return super().match(meaning, node)

    def _is_such(self, around: cst.With) -> bool:
        return (around.asynchronous is None) is (self._statement.asynchronous is None)


class BesidePattern(ItemPattern):
    """The same where others are beside it, so that all of it cannot become another statement."""

    def _is_such(self, around: cst.With) -> bool:
        return len(around.items) > 1 and super()._is_such(around)


class ItemTemplate(Template):
    """What is written in the place of one of the things that a `with` has."""

    @cached_property
    def root(self) -> cst.CSTNode:
        statement = super().root
        assert isinstance(statement, cst.With)
        return statement.items[0]


def is_item(pattern: Pattern | Template) -> bool:
    """Whether the pattern or template is a `with` of one thing."""
    return _with(pattern) is not None


def fits(pattern: Pattern, other: Pattern | Template) -> bool:
    """Whether the one thing of the `with` in `pattern` can become that of the one in `other`."""
    ours, theirs = _with(pattern), _with(other)
    if ours is None or theirs is None:
        return False
    return (ours.asynchronous is None) is (theirs.asynchronous is None)


def _with(one: Pattern | Template) -> cst.With | None:
    tree = one.root if isinstance(one, Template) else one.tree
    return tree if isinstance(tree, cst.With) and len(tree.items) == 1 else None
