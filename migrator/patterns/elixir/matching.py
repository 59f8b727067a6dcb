"""Whether a node is what a pattern means: modules resolved, keywords in any order, pipes seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import (
    arguments,
    atom_of,
    bare,
    is_local,
    operator,
    text_in,
)
from migrator.helpers.elixir.patterns import DEFINITIONS, definition_of, unguarded
from migrator.model import Applicability
from migrator.patterns.elixir.alike import TEXTS, equal, same_text
from migrator.patterns.elixir.meaning import arity_of, captured, pieces, piped
from migrator.patterns.elixir.pairs import explicit, key_of, keyword_pairs, value_of
from migrator.patterns.elixir.snippets import full_name, function_name, hole, positional, rest
from migrator.patterns.found import Found

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.languages.elixir import Node
    from migrator.patterns.elixir.meaning import Meaning, Reached
    from migrator.patterns.elixir.snippets import ElixirSnippet

# What is written so is no list of keywords.
_NO_LIST = frozenset(
    {
        "anonymous_function",
        "atom",
        "bitstring",
        "boolean",
        "char",
        "float",
        "integer",
        "map",
        "quoted_atom",
        "string",
        "tuple",
    }
)
_MAPS = frozenset({"map", "keywords", "map_content"})
# What names a module, in parentheses or not.
_MODULES = frozenset({"alias", "block", "dot", "identifier", "quoted_atom"})


@dataclass
class Match(Found["Node"]):
    """What one look came to; `reached` are the functions of the pattern, by their calls."""

    reached: dict[Node, Reached] = field(default_factory=dict)


class Pattern:
    """A snippet that code is compared with."""

    def __init__(self, snippet: ElixirSnippet) -> None:
        self.snippet = snippet
        self.root = bare(snippet.root)
        #: The function that is called, if the pattern is a call of one.
        self.function = function_name(self.root)
        #: The kinds of the nodes that it may be.
        self.kinds = _MODULES if self.root.kind == "alias" else frozenset({self.root.kind})

    def fits(self, kind: str, called: str | None) -> bool:
        """Whether a node of `kind`, or one that calls or captures `called`, may be what is meant.

        So is a capture of the function that the pattern calls, which `match` knows nothing of.
        """
        if self.function is None:
            return kind in self.kinds
        return called is not None and self.function.endswith(f".{called}")

    def match(self, meaning: Meaning, node: Node) -> Match | None:
        """What stands in the holes if `node` is what this means."""
        if node.kind not in self.kinds:
            return None
        found = Match()
        return found if Matching(meaning, found).same(self.root, node) else None


class Matching:
    """One comparison; what it finds goes into `found`, which a failure leaves half filled."""

    def __init__(self, meaning: Meaning, found: Match) -> None:
        self.meaning = meaning
        self.found = found

    def same(self, pattern: Node, node: Node) -> bool:
        pattern = bare(pattern)
        name = hole(pattern)
        if name is not None:
            return self._bind(name, node)
        node = bare(node) if pattern.kind != "block" else node
        module = full_name(pattern)
        if module is not None:
            return self._named(module, node)
        if pattern.kind == "call" and node.kind == "binary_operator" and operator(node) == "|>":
            # What a pipe gives a call is its first argument.
            node = node.child("right") or node
        if pattern.kind == "call" and node.kind == "call":
            return self._call(pattern, node)
        if atom_of(pattern) is not None:
            return atom_of(pattern) == atom_of(node)
        if pattern.kind in TEXTS and text_in(pattern) is not None:
            return same_text(pattern, node)
        if pattern.kind == "list" and node.kind == "list" and pattern.of("keywords"):
            return self._pairs(list(pieces(pattern)), list(pieces(node)))
        if pattern.kind in _MAPS and node.kind == pattern.kind:
            return self._map(pattern, node)
        if pattern.kind != node.kind or operator(pattern) != operator(node):
            return False
        ours, theirs = pattern.children, node.children
        if not ours and not theirs:
            return pattern.text.split() == node.text.split()
        return self._sequence(ours, theirs)

    def _bind(self, name: str, node: Node) -> bool:
        before = self.found.holes.setdefault(name, node)
        return before is node or equal(before, node)

    def _named(self, module: str, node: Node) -> bool:
        if not self.meaning.stands_for(node, module):
            return False
        self.found.named[node] = module
        self.found.evidence.append(self.meaning.said(node))
        self._doubt(node)
        return True

    def _doubt(self, node: Node) -> None:
        doubt = self.meaning.doubt(node)
        if doubt is not None:
            self.found.lower(Applicability.REVIEW, doubt)

    def _sequence(self, ours: Sequence[Node], theirs: Sequence[Node]) -> bool:
        place = next((at for at, one in enumerate(ours) if rest(one)), None)
        if place is None:
            return len(ours) == len(theirs) and all(map(self.same, ours, theirs))
        after = len(ours) - place - 1
        end = len(theirs) - after
        if end < place:
            return False
        name = rest(ours[place])
        assert name is not None
        self.found.rests[name] = tuple(theirs[place:end])
        before = zip(ours[:place], theirs[:place], strict=True)
        behind = zip(ours[place + 1 :], theirs[end:], strict=True)
        return all(self.same(one, other) for one, other in (*before, *behind))

    # Keys

    def _map(self, pattern: Node, node: Node) -> bool:
        struct, other = pattern.of("struct"), node.of("struct")
        if (struct is None) != (other is None):
            return False
        if struct is not None and other is not None:
            if not all(map(self.same, struct.children, other.children)):
                return False
        ours = [one for one in pieces(pattern) if one.kind != "struct"]
        theirs = [one for one in pieces(node) if one.kind != "struct"]
        return self._pairs(ours, theirs)

    def _pairs(
        self, ours: Sequence[Node], theirs: Sequence[Node], before: str | None = None
    ) -> bool:
        """The same pairs, in any order; what is left over goes where there is a hole for it.

        That may be the one `before` them, which has arguments already.
        """
        left = list(theirs)
        open_ = None
        for wanted in ours:
            if (name := rest(wanted)) is not None:
                open_ = name
                continue
            key = key_of(wanted)
            given = [one for one in left if key is not None and key_of(one) == key]
            if len(given) != 1:
                return False
            value, other = value_of(wanted), value_of(given[0])
            if value is None or other is None or not self.same(value, other):
                return False
            left.remove(given[0])
        if open_ is not None:
            self.found.rests[open_] = tuple(left)
        elif before is not None:
            self.found.rests[before] += tuple(left)
        return open_ is not None or before is not None or not left

    # Calls

    def _call(self, pattern: Node, node: Node) -> bool:
        if captured(node) is not None and captured(pattern) is None:
            return False
        if (pattern.of("do_block") is None) != (node.of("do_block") is None):
            return False
        if not self._function(pattern, node) or not self._arguments(pattern, node):
            return False
        block, other = pattern.of("do_block"), node.of("do_block")
        if block is None or other is None:
            return True
        return self._sequence(block.children, other.children)

    def _function(self, pattern: Node, node: Node) -> bool:
        function = function_name(pattern)
        if function is not None:
            module, _, name = function.rpartition(".")
            reached = self.meaning.reached(node, module, name, arity_of(node))
            if reached is None:
                return False
            self.found.reached[node] = reached
            self.found.lower(reached.proven, reached.evidence)
            if reached.module is not None:
                self.found.named[reached.module] = module
                self._doubt(reached.module)
            return True
        target, other = pattern.child("target"), node.child("target")
        if target is None or other is None or target.kind != other.kind:
            return False
        if target.kind == "identifier":
            name_ = hole(target)
            if name_ is not None:
                return self._bind(name_, other)
            is_head = definition_of(pattern) is not None
            return target.text == other.text and is_head == self.meaning.is_definition(node)
        left, theirs = target.child("left"), other.child("left")
        right, last = target.child("right"), other.child("right")
        if left is None or theirs is None or (right is None) != (last is None):
            return False
        if right is not None and last is not None:
            name_ = hole(right)
            if name_ is None and right.text != last.text:
                return False
            if name_ is not None and not self._bind(name_, last):
                return False
        return self.same(left, theirs)

    def _arguments(self, pattern: Node, node: Node) -> bool:
        ours, wanted = positional(pattern), keyword_pairs(pattern)
        theirs, given = positional(node), keyword_pairs(node)
        if is_local(pattern, *DEFINITIONS) and ours and theirs:
            if not self._head(ours[0], theirs[0]):
                return False
            ours, theirs = ours[1:], theirs[1:]
        first = piped(node) if piped(pattern) is None else None
        if first is not None:
            theirs = [first, *theirs]
        is_open = any(map(rest, ours))
        if wanted and not given and theirs and (is_open or len(theirs) == len(ours) + 1):
            last = theirs[-1]
            inside = explicit(last)
            if inside is not None:
                theirs, given = theirs[:-1], inside
            elif last.kind in _NO_LIST:
                return False
            elif not is_open:
                if self._only_rest(wanted, last):
                    return self._sequence(ours, theirs[:-1])
                if self._sequence(ours, theirs[:-1]) and self.found.reached:
                    text = " ".join(last.text.split())
                    self.found.unclear = f"what the keywords in `{text}` are cannot be told"
                    return True
                return False
        if not wanted and given:
            # Keywords are one argument, the last.
            keywords = given[0].parent
            assert keywords is not None
            theirs = [*theirs, keywords]
            given = []
        if not self._sequence(ours, theirs):
            return False
        return not wanted or self._pairs(wanted, given, rest(ours[-1]) if ours else None)

    def _head(self, pattern: Node, node: Node) -> bool:
        """Whether `node` is what a definition in the pattern has as its head.

        Where that says nothing of a guard any will do, and parentheses without anything in them
        mean nothing.
        """
        name, given = pattern.child("target"), arguments(pattern)
        if pattern.kind != "call" or name is None or name.kind != "identifier":
            return self.same(pattern, node)
        node = unguarded(node)
        called = node.child("target") if node.kind == "call" else node
        if called is None or called.kind != "identifier":
            return False
        hole_ = hole(name)
        if not (self._bind(hole_, called) if hole_ else name.text == called.text):
            return False
        return self._sequence(given, arguments(node) if node.kind == "call" else [])

    def _only_rest(self, wanted: Sequence[Node], last: Node) -> bool:
        """Whether any keywords will do, so that it does not matter which ones `last` brings."""
        if len(wanted) != 1 or (name := rest(wanted[0])) is None:
            return False
        self.found.rests[name] = (last,)
        return True
