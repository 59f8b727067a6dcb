"""Patterns of code around something: a block is one in either spelling, a head has any guard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import arguments, is_local
from migrator.helpers.elixir.patterns import DEFINITIONS
from migrator.helpers.elixir.statements import statements_in
from migrator.patterns.elixir.matching import Match, Matching, Pattern
from migrator.patterns.elixir.meaning import captured
from migrator.patterns.elixir.pairs import key_of, keyword_pairs
from migrator.patterns.elixir.snippets import positional, rest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.languages.elixir import Node
    from migrator.patterns.elixir.meaning import Meaning

_BODIES = frozenset({"do", "else", "rescue", "catch", "after"})


class Surrounding(Pattern):
    """A pattern of code around something.

    Where its body is open, the head counts, and what else of the body is said is somewhere in it.
    """

    def match(self, meaning: Meaning, node: Node) -> Match | None:
        """What stands in the holes if `node` is what this means."""
        if node.kind not in self.kinds:
            return None
        found = Match()
        matching = _Matching(meaning, found)
        block = self.root.of("do_block")
        if self.root.kind == "anonymous_function" and _is_open(self.root):
            return found
        if block is not None and any(map(rest, block.children)):
            asked = [one for one in block.children if not rest(one)]
            is_it = matching.head(self.root, node) and matching.holds(asked, node)
            return found if is_it else None
        return found if matching.same(self.root, node) else None


def _is_open(function: Node) -> bool:
    """Whether a pattern means any function that is written on the spot."""
    clauses = function.children
    names = [one for clause in clauses for part in clause.children for one in part.children]
    return len(clauses) == 1 and len(names) == 2 and all(map(rest, names))


class _Matching(Matching):
    def head(self, pattern: Node, node: Node) -> bool:
        """Whether `node` is a block, and all before its body what `pattern` has there."""
        if captured(node) is not None or not self._function(pattern, node):
            return False
        ours, theirs = positional(pattern), positional(node)
        pairs = keyword_pairs(node)
        keys = {key[1] for one in pairs if (key := key_of(one)) is not None}
        if node.of("do_block") is None and "do" not in keys:
            return False
        if not keys <= _BODIES:
            theirs = arguments(node)
        elif keyword_pairs(pattern):
            return False
        if is_local(pattern, *DEFINITIONS) and len(ours) == 1 and len(theirs) == 1:
            return self._head(ours[0], theirs[0])
        return self._sequence([*ours, *_keywords(pattern)], theirs)

    def holds(self, asked: Sequence[Node], node: Node) -> bool:
        """Whether each of `asked` is one of the statements in the body of `node`."""
        block = node.of("do_block")
        body = statements_in(block) if block is not None else []
        return all(any(self._is_there(one, statement) for statement in body) for one in asked)

    def _is_there(self, pattern: Node, statement: Node) -> bool:
        found = Match(dict(self.found.holes), dict(self.found.rests))
        if not Matching(self.meaning, found).same(pattern, statement):
            return False
        self.found.holes.update(found.holes)
        self.found.rests.update(found.rests)
        for why in found.evidence:
            self.found.lower(found.proven, why)
        return True


def _keywords(call: Node) -> list[Node]:
    return [one for one in arguments(call) if one.kind == "keywords"]
