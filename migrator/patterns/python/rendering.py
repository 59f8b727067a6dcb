"""From what a pattern matched to the edits that make it what the rule says, and no more."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import parameters
from migrator.model import Applicability, Edit, Source, Span
from migrator.patterns.gaps import filled, in_parentheses, merged
from migrator.patterns.python.arguments import Arguments
from migrator.patterns.python.formatted import quotes_around, requoted
from migrator.patterns.python.holes import hole_of
from migrator.patterns.python.parentheses import (
    OPEN,
    has_parentheses,
    is_atom,
    needs_parentheses,
)
from migrator.patterns.python.spans import bare, head_span, span_at
from migrator.patterns.python.template import Template
from migrator.patterns.python.weighing import (
    changed_evaluation,
    lost_comments,
    misplaced,
    parameter_clashes,
    reordered,
    unfit,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from migrator.patterns.holes import Snippet
    from migrator.patterns.python.matching import Match, Pattern
    from migrator.patterns.python.meaning import Meaning
    from migrator.patterns.python.template import Piece
    from migrator.patterns.python.weighing import Doubt

    #: How a dotted name is written there; the second is the chain it takes the place of, if any.
    Spell = Callable[[str, cst.CSTNode | None], str]


@dataclass
class Rendering:
    """The edits for one match, and what they cost in certainty.

    `node` is what `pattern` has matched, `inner` gives the text of a node in it with the edits
    that are its own, and `becomes` what it is then, if it has no parentheses. After `render`,
    `copied` are the nodes whose text is written anew in `edits`, `lowered` tells what makes these
    less than safe, and why, and `written` is the expression that comes of it without parentheses.
    """

    meaning: Meaning
    node: cst.CSTNode
    match: Match
    pattern: Pattern
    template: Template
    spell: Spell
    inner: Callable[[cst.CSTNode], str]
    becomes: Callable[[cst.CSTNode], cst.CSTNode]
    written: cst.CSTNode | None = None
    edits: tuple[Edit, ...] = ()
    copied: list[cst.CSTNode] = field(default_factory=list)
    lowered: list[Doubt] = field(default_factory=list)

    @property
    def _source(self) -> Source:
        return self.meaning.source

    def render(self) -> None:
        """Make `edits`."""
        if isinstance(self.node, cst.FunctionDef):
            new = self.template.snippet.parameters
            self.lowered += parameter_clashes(self.meaning, self.node, new)
        self.lowered += changed_evaluation(self.meaning, self.match, self.template)
        self.lowered += unfit(self.meaning, self.node, self.match, self.template)
        root, node, pattern = self._root, self._expression, bare(self.pattern.tree)
        self.lowered += misplaced(self.meaning.tree, node, self._written_at(root))
        if (
            isinstance(root, cst.Call)
            and isinstance(node, cst.Call)
            and isinstance(pattern, cst.Call)
        ):
            edits = [*self._function(root, node), *self._arguments(root, node)]
        else:
            edits = self._segments(root, node)
            self.lowered += reordered(self.meaning, self._held(root))
        self.edits = tuple(edit for edit in edits if self._text(edit.span) != edit.text)
        self.lowered += lost_comments(self.meaning, self.node, self.edits)

    @property
    def _root(self) -> cst.CSTNode:
        return bare(self.template.root)

    @property
    def _expression(self) -> cst.CSTNode:
        return bare(self.node)

    def _written_at(self, node: cst.CSTNode) -> cst.CSTNode:
        """What stands where the template has `node`."""
        hole = hole_of(node)
        return node if hole is None else self.match.holes[hole]

    # What stays

    def _names(self) -> dict[str, cst.CSTNode]:
        """The chains that the replacement has too, by their dotted names."""
        return {dotted: node for node, dotted in self.match.named.items()}

    def _stands(self, piece: Piece) -> Sequence[cst.CSTNode] | None:
        """What `piece` stands for in the file, if anything."""
        if piece.kind == "hole":
            held = self.match.holes[piece.text]
            around = self.meaning.tree.parents[held]
            # A parameter's annotation is not said in the rule, and stays.
            return [around if isinstance(around, cst.Param) and around.name is held else held]
        if piece.kind == "rest":
            return self.match.rests[piece.text]
        if piece.kind == "parameters":
            assert isinstance(self.node, cst.FunctionDef)
            return [self.node.params] if any(parameters(self.node.params)) else []
        if piece.kind == "name" and piece.text in self._names():
            return [self._names()[piece.text]]
        return None

    def _held(self, template: cst.CSTNode) -> list[cst.CSTNode]:
        """What stands in the holes of a part of the template, in its order."""
        return [
            node
            for piece in self.template.pieces(template)
            if piece.kind in ("hole", "rest")
            for node in self._stands(piece) or ()
        ]

    def _segments(self, template: cst.CSTNode, node: cst.CSTNode) -> list[Edit]:
        """Edits of the gaps between what stays where it is."""
        pieces = self.template.pieces(template)
        outer = head_span(self._source.text, self.meaning.tree.spans, node)
        if isinstance(node, cst.FunctionDef) and isinstance(template, cst.FunctionDef):
            if node.returns and not template.returns:
                # What it says to return is not said in the rule, and stays.
                arrow = self.meaning.tree.spans[node.returns].start
                end = self._source.text.rindex(")", outer.start, arrow) + 1
                outer = Span(outer.start, end)
                pieces[-1] = pieces[-1]._replace(text=pieces[-1].text.rstrip(": "))
        if isinstance(node, cst.If) and self._source.text.startswith("elif", outer.start):
            pieces[0] = pieces[0]._replace(text=f"el{pieces[0].text}")
        stands = [
            Span(self._span(nodes[0]).start, self._span(nodes[-1]).end)
            if (nodes := self._stands(one))
            else None
            for one in pieces
        ]
        edits = filled(
            self._source,
            outer,
            stands,
            lambda first, last: self._written(pieces[first:last]),
            lambda at: ("(", ")") if self._is_wrapped(pieces[at]) else ("", ""),
        )
        if template is self._root and self._stands_apart(template):
            edits = in_parentheses(self._source, outer, edits)
        return merged(edits)

    def _stands_apart(self, template: cst.CSTNode) -> bool:
        """Whether all that is written gets parentheses; notes what it is where it gets none."""
        node = self._expression
        if not isinstance(template, cst.BaseExpression) or hole_of(template) is not None:
            return False
        new = template.with_changes(lpar=(), rpar=())
        is_asked_for = self.template.has_parentheses and not has_parentheses(node)
        if isinstance(new, OPEN) and is_asked_for:
            return True
        if needs_parentheses(new, node, self.meaning.tree.parents[node]):
            return True
        self.written = new
        return False

    # What is written

    def _written(self, pieces: Sequence[Piece]) -> str:
        text = ""
        for at, piece in enumerate(pieces):
            nodes = self._stands(piece)
            if piece.kind == "text":
                text += self._quoted(piece.text)
            elif piece.kind == "name" and nodes is None:
                text += self.spell(piece.text, self._taken_by(piece.text))
            elif piece.kind == "rest" and not nodes:
                text = re.sub(r",\s*$", "", text)
                if text[-1:] in ("(", "[", "{", "") and at + 1 < len(pieces):
                    after = pieces[at + 1]
                    stripped = re.sub(r"^\s*,\s*", "", after.text)
                    pieces = [*pieces[: at + 1], after._replace(text=stripped), *pieces[at + 2 :]]
                    return text + self._written(pieces[at + 1 :])
            else:
                assert nodes is not None
                self.copied += nodes
                written = ", ".join(self.inner(node) for node in nodes)
                text += f"({written})" if self._is_wrapped(piece) else written
        return text

    def alone(self, snippet: Snippet) -> str:
        """What `snippet`, which has no holes, is where this is written."""
        template = Template(snippet)
        return self._written(template.pieces(template.root))

    def _quoted(self, text: str) -> str:
        """The code `text` of the rule with quotes that can stand where it is written."""
        found = requoted(text, quotes_around(self.meaning.tree, self.node))
        if found is None:
            why = "no quotes are left for it in the f-string around"
            self.lowered.append((Applicability.MANUAL, why))
        return text if found is None else found

    def _taken_by(self, dotted: str) -> cst.CSTNode | None:
        """The chain whose place a new name takes: that of the pattern with most in common."""

        def common(node: cst.CSTNode) -> int:
            ours, theirs = dotted.split("."), self.match.named[node].split(".")
            return sum(1 for one, other in zip(ours, theirs, strict=False) if one == other)

        return max(self.match.named, key=common, default=None)

    def _is_wrapped(self, piece: Piece) -> bool:
        """Whether what stands in a hole needs parentheses where the template has it."""
        if piece.hole is None:
            return False
        held = self.match.holes[piece.text]
        if has_parentheses(held):
            return False
        node = self.becomes(held)
        around = self.template.around(piece.hole)
        if around is None:
            # The hole is all that is written, so that it stands where the whole was.
            stood = self._expression
            is_wrapped = needs_parentheses(node, stood, self.meaning.tree.parents[stood])
            if not is_wrapped:
                self.written = node
        else:
            is_wrapped = needs_parentheses(node, piece.hole, around)
        return is_wrapped or (not is_atom(node) and "\n" in self._text(self._span(held)))

    # Calls

    def _function(self, template: cst.Call, node: cst.Call) -> list[Edit]:
        pattern = self.pattern.tree
        called = pattern.value if isinstance(pattern, cst.Expr) else pattern
        assert isinstance(called, cst.Call)
        if called.func.deep_equals(template.func):
            return []
        return self._segments(template.func, node.func)

    def _arguments(self, template: cst.Call, node: cst.Call) -> list[Edit]:
        def written(part: cst.CSTNode) -> str:
            return self._written(self.template.pieces(part))

        arguments = Arguments(self.meaning, self.match, self.inner, written, self._held)
        edits = arguments.edits(template, node)
        self.copied += arguments.copied
        self.lowered += arguments.lowered
        order = [*self._held(template.func), *arguments.order]
        self.lowered += reordered(self.meaning, order)
        return edits

    def _span(self, node: cst.CSTNode) -> Span:
        return span_at(self.meaning, node)

    def _text(self, span: Span) -> str:
        return self._source.text[span.start : span.end]
