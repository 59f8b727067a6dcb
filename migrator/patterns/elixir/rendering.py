"""From what a pattern matched to the edits that make it what the rule says, and no more."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import arguments, bare, operator
from migrator.model import Edit, Source, Span
from migrator.patterns.elixir.arguments import Arguments
from migrator.patterns.elixir.beside import beside, no_place
from migrator.patterns.elixir.keyed import by_key
from migrator.patterns.elixir.meaning import captured, piped
from migrator.patterns.elixir.snippets import function_name, hole, positional, rest
from migrator.patterns.elixir.template import (
    Piece,
    Template,
    is_atom,
    is_in_open_call,
    is_tight,
)
from migrator.patterns.elixir.weighing import lost_comments, weighed
from migrator.patterns.gaps import filled, in_parentheses, merged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from migrator.languages.elixir import Node
    from migrator.patterns.elixir.matching import Match, Pattern
    from migrator.patterns.elixir.meaning import Meaning, Reached
    from migrator.patterns.elixir.snippets import ElixirSnippet
    from migrator.patterns.elixir.weighing import Doubt

    #: How the full name of a module is written there.
    Spell = Callable[[str], str]
    #: The edits that make a call one of another function, by its full name.
    Rename = Callable[[Reached, str], Sequence[Edit]]


@dataclass
class Rendering:
    """The edits for one match, and what they cost in certainty.

    `copied` are the nodes whose text is written anew, `inner` says what that is, and `becomes` what
    stands there then, where that is no atom and has no parentheses. `loose` is such a node where
    this one writes it; `arity` is the number of arguments of the call that is written, where it
    can be told.
    """

    meaning: Meaning
    node: Node
    match: Match
    pattern: Pattern
    template: Template
    spell: Spell
    rename: Rename
    inner: Callable[[Node], str]
    becomes: Callable[[Node], Node | None]
    loose: Node | None = None
    edits: tuple[Edit, ...] = ()
    arity: int | None = None
    copied: list[Node] = field(default_factory=list)
    lowered: list[Doubt] = field(default_factory=list)

    @property
    def source(self) -> Source:
        """The file that is edited."""
        return self.meaning.source

    @property
    def outer(self) -> Node:
        """What is edited as a whole: the pipe, where what it gives does not stay its first."""
        left = piped(self.node)
        if left is None or self._keeps_pipe():
            return self.node
        assert self.node.parent is not None
        return self.node.parent

    @property
    def _statement(self) -> Node:
        """What is edited with all that is piped into it."""
        pipe = self.outer.parent
        is_last = pipe is not None and piped(self.outer) is not None
        return pipe if pipe is not None and is_last else self.outer

    def render(self) -> None:
        """Make `edits`."""
        self.lowered += weighed(self.node, self.match, self.pattern.root, self.template)
        if self.outer is self.node:
            edits = self.change(self.pattern.root, self.template.root, self.node)
        else:
            edits = self._segments(self.template.root, self.outer)
        self.edits = tuple(edit for edit in edits if self._text(edit.span) != edit.text)
        self.lowered += lost_comments(self.meaning, self.edits)
        new = self.template.snippet
        if new.above or new.below:
            self.lowered += no_place(self.source, self._statement, new, self.match)
            self.edits += tuple(beside(self.meaning, self._statement, new, self._alone))

    def _keeps_pipe(self) -> bool:
        """Whether what is piped in is the first argument of what is written too."""
        root = self.template.root
        if root.kind != "call" or piped(root) is not None:
            return False
        ours, new = positional(self.pattern.root), positional(root)
        if not ours or not new:
            return False
        name = rest(ours[0])
        if name is not None:
            return rest(new[0]) == name
        return same_code(ours[0], new[0]) and [hole(one) for one in new].count(hole(new[0])) == 1

    def change(self, pattern: Node, template: Node, node: Node) -> list[Edit]:
        """The edits that make `node`, which is what `pattern` means, what `template` says."""
        pattern, template = bare(pattern), bare(template)
        if same_code(pattern, template):
            return []
        node = bare(node)
        have_blocks = [one.of("do_block") is not None for one in (pattern, template)]
        if pattern.kind == template.kind == node.kind == "call" and len(set(have_blocks)) == 1:
            edits = self._function(pattern, template, node)
            if edits is not None:
                return [
                    *edits,
                    *Arguments(self, pattern, template, node).edits(),
                    *self._block(pattern, template, node),
                ]
        kinds = {one.kind for one in (pattern, template, node)}
        if kinds in ({"map"}, {"list"}):
            edits = by_key(self, pattern, template, node)
            if edits is not None:
                return edits
        signs = {operator(one) for one in (pattern, template, node)}
        if len(kinds) == len(signs) == 1 and kinds != {"call"}:
            parts = [one.children for one in (pattern, template, node)]
            counts = {len(one) for one in parts}
            if len(counts) == 1 and counts != {0} and not any(map(rest, (*parts[0], *parts[1]))):
                return [edit for one in zip(*parts, strict=True) for edit in self.change(*one)]
        return self._segments(template, node)

    def _function(self, pattern: Node, template: Node, node: Node) -> list[Edit] | None:
        """The edits of what is called; `None` where the call has to be written anew."""
        ours, new = pattern.child("target"), template.child("target")
        theirs = node.child("target")
        if ours is None or new is None or theirs is None:
            return None
        if same_code(ours, new):
            return []
        reached = self.match.reached.get(node)
        name = function_name(template)
        if reached is not None and name is not None:
            return list(self.rename(reached, name))
        if reached is not None and reached.module is None:
            return [Edit(self.source.path, theirs.span, self.written(self.template.pieces(new)))]
        return self._segments(new, theirs)

    def _block(self, pattern: Node, template: Node, node: Node) -> list[Edit]:
        blocks = [one.of("do_block") for one in (pattern, template, node)]
        ours, new, theirs = blocks
        if ours is None or new is None or theirs is None or same_code(ours, new):
            return []
        return self._segments(new, theirs)

    # What stays, and what is written between

    def stands(self, piece: Piece) -> Sequence[Node] | None:
        """What `piece` stands for in the file, if anything."""
        if piece.kind == "hole":
            return [self.match.holes[piece.text]]
        if piece.kind == "rest":
            return self.match.rests[piece.text]
        if piece.kind == "module":
            found = [one for one, name in self.match.named.items() if name == piece.text]
            return found[:1] or None
        return None

    def _segments(self, template: Node, node: Node) -> list[Edit]:
        pieces = self.template.pieces(template)
        outer = node.span
        stands = [
            Span(nodes[0].span.start, nodes[-1].span.end) if (nodes := self.stands(one)) else None
            for one in pieces
        ]
        edits = filled(
            self.source,
            outer,
            stands,
            lambda first, last: self.written(pieces[first:last]),
            lambda at: self._brackets(pieces[at]),
        )
        if node is self.outer and not is_atom(template):
            has_block = template.of("do_block") is not None
            if not is_tight(node) and not (has_block and is_in_open_call(node)):
                self.loose = template
            else:
                edits = in_parentheses(self.source, outer, edits)
        return merged(edits)

    def written(self, pieces: Sequence[Piece]) -> str:
        """The text of `pieces`, with what stands in their holes."""
        text = ""
        skip = False
        for piece in pieces:
            nodes = self.stands(piece)
            if piece.kind == "text":
                lines = piece.text.replace("\n", self._next_line)
                text += re.sub(r"^\s*,\s*", "", lines) if skip else lines
                skip = False
            elif piece.kind == "module":
                text += self._text(nodes[0].span) if nodes else self.spell(piece.text)
            elif piece.kind == "rest" and not nodes:
                text = re.sub(r",\s*$", "", text)
                skip = text[-1:] in ("(", "[", "{", "")
            else:
                assert nodes is not None
                self.copied += nodes
                opens, closes = self._brackets(piece)
                text += f"{opens}{', '.join(map(self.inner, nodes))}{closes}"
        return text

    def _alone(self, snippet: ElixirSnippet) -> str:
        """What `snippet`, which has no holes, is where this is written."""
        template = Template(snippet)
        return self.written(template.pieces(template.root))

    @cached_property
    def _next_line(self) -> str:
        """What ends a line of the template and begins the next, where it is written."""
        source = self.source
        line = source.line_span(source.position(self.outer.span.start).line)
        text = source.text[line.start : line.end]
        indent = text[: len(text) - len(text.lstrip())] if text.strip() else ""
        end = "\r\n" if text.endswith("\r\n") else "\n"
        return end + ("" if _has_long_text(self.template.root) else indent)

    def _brackets(self, piece: Piece) -> tuple[str, str]:
        """What stands around what is in a hole, where the template has it."""
        if piece.kind != "hole":
            return "", ""
        held = self.match.holes[piece.text]
        if held.kind == "keywords":
            return "[", "]"
        node = self.becomes(held) or held
        if is_atom(node) or (piece.left_of == "|>" and operator(node) == "|>"):
            return "", ""
        if piece.text != hole(self.template.root):
            return ("", "") if piece.is_loose else ("(", ")")
        # A hole that is all there is stands where the whole was.
        if is_tight(self.outer):
            return "(", ")"
        self.loose = node
        return "", ""

    def _text(self, span: Span) -> str:
        return self.source.text[span.start : span.end]

    def capture(self) -> list[Edit] | None:
        """The edits of `&M.f/1` for what the rule does with a call of `M.f` with that many
        arguments; `None` where it does more than to call another function.
        """
        found = captured(self.node)
        ours, new = self.pattern.root, self.template.root
        name = function_name(new)
        if self.template.snippet.above or self.template.snippet.below:
            return None
        if found is None or name is None or new.kind != "call" or ours.kind != "call":
            return None
        given, wanted = arguments(ours), arguments(new)
        holes = [hole(one) or rest(one) for one in given]
        if None in holes or len(set(holes)) != len(holes) or len(given) != len(wanted):
            return None
        if not all(map(same_code, given, wanted)):
            return None
        return list(self.rename(self.match.reached[self.node], name))


def _has_long_text(node: Node) -> bool:
    """Whether a text in a snippet goes on over lines, which are its own."""
    is_text = node.kind in ("string", "charlist", "sigil") and "\n" in node.text
    return is_text or any(map(_has_long_text, node.children))


def same_code(one: Node, other: Node) -> bool:
    """Whether two nodes of snippets are written alike but for layout."""
    return one.kind == other.kind and one.text.split() == other.text.split()
