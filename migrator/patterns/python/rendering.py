"""From what a pattern matched to the edits that make it what the rule says, and no more."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from migrator.helpers.python.items import rearranged
from migrator.helpers.python.rewrite import whole
from migrator.helpers.python.scopes import dotted_text, parameters
from migrator.languages.python import children, parse
from migrator.model import Applicability, Edit, Source, Span
from migrator.patterns.gaps import gap, increasing, merged
from migrator.patterns.holes import HOLE
from migrator.patterns.python.matching import is_hole, rest_of, rest_of_parameters
from migrator.patterns.python.snippets import is_builtin
from migrator.patterns.python.spans import head_of, head_span, is_block, span_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from migrator.patterns.holes import Snippet
    from migrator.patterns.python.matching import Match, Meaning, Pattern

    #: How a dotted name is written there; the second is the chain it takes the place of, if any.
    Spell = Callable[[str, cst.CSTNode | None], str]

_ATOMS = (
    cst.Name, cst.Attribute, cst.Call, cst.Subscript, cst.SimpleString, cst.FormattedString,
    cst.List, cst.Dict, cst.Set, cst.ListComp, cst.SetComp, cst.DictComp, cst.Ellipsis,
)  # fmt: skip
_TIGHT = (
    cst.Attribute, cst.Call, cst.Subscript, cst.BinaryOperation, cst.UnaryOperation,
    cst.BooleanOperation, cst.Comparison, cst.ComparisonTarget, cst.Await, cst.IfExp,
    cst.StarredElement, cst.StarredDictElement, cst.CompFor, cst.Decorator,
)  # fmt: skip
_SIMPLE = (cst.Name, cst.SimpleString, cst.BaseNumber, cst.Lambda, cst.Ellipsis)


class _Piece(NamedTuple):
    """A part of a template: text, or what takes its place."""

    kind: str
    text: str
    is_loose: bool = True


class Template:
    """What a rule writes instead, as a tree and as pieces."""

    def __init__(self, snippet: Snippet, units: Sequence[str]) -> None:
        self.snippet = snippet
        self.units = units

    @cached_property
    def _source(self) -> Source:
        code = self.snippet.code
        is_expression = self.snippet.form in ("expression", "decorator")
        return Source("replace.py", f"({code})" if is_expression else code, "python")

    @cached_property
    def root(self) -> cst.CSTNode:
        line = parse(self._source).module.body[0]
        if not isinstance(line, cst.SimpleStatementLine):
            return line
        statement = line.body[0]
        if self.snippet.form == "statement":
            return statement
        assert isinstance(statement, cst.Expr)
        return statement.value

    def unit(self, dotted: str) -> str | None:
        """What the rule says is imported of `dotted`."""
        found = [one for one in self.units if f"{dotted}.".startswith(f"{one}.")]
        return max(found, key=len, default=None)

    def pieces(self, node: cst.CSTNode) -> list[_Piece]:
        """`node` of this template, in order."""
        spans, text = parse(self._source).spans, self._source.text
        is_root = node is self.root
        start, end = head_span(text, spans, node) if is_root else whole_span(self._source, node)
        found: list[_Piece] = []
        done = start
        for span, piece in sorted(self._special(node), key=lambda one: one[0]):
            if span.start > done:
                found.append(_Piece("text", self._source.text[done : span.start]))
            found.append(piece)
            done = span.end
        if end > done:
            found.append(_Piece("text", self._source.text[done:end]))
        return found

    def _special(self, node: cst.CSTNode) -> list[tuple[Span, _Piece]]:
        spans = parse(self._source).spans
        rest = rest_of(node)
        if rest is not None:
            return [(spans[node], _Piece("rest", rest))]
        if isinstance(node, cst.Name) and node.value.startswith(HOLE):
            return [(spans[node], _Piece("hole", node.value[len(HOLE) :], self._is_loose(node)))]
        dotted = dotted_text(node)
        if dotted and HOLE not in dotted:
            is_plain = "." not in dotted and is_builtin(dotted)
            return [] if is_plain else [(spans[node], _Piece("name", dotted))]
        if isinstance(node, cst.Attribute):
            return [*self._special(node.value), *self._attribute(node.attr)]
        if isinstance(node, cst.Arg):
            return self._special(node.value)
        rest = rest_of_parameters(node) if isinstance(node, cst.Parameters) else None
        if rest is not None:
            return [(spans[node], _Piece("parameters", rest))]
        if isinstance(node, cst.Param) and not is_hole(node.name):
            # The name of a new parameter is only text.
            parts = [one for one in children(node) if one is not node.name]
            return [one for part in parts for one in self._special(part)]
        if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
            # The name of what is defined stands for nothing but itself.
            parts = [one for one in head_of(node) if one is not node.name or is_hole(one)]
        else:
            parts = head_of(node) if is_block(node) else list(children(node))
        return [one for part in parts for one in self._special(part)]

    def _attribute(self, node: cst.Name) -> list[tuple[Span, _Piece]]:
        if not node.value.startswith(HOLE):
            return []
        return [(parse(self._source).spans[node], _Piece("hole", node.value[len(HOLE) :]))]

    def _is_loose(self, node: cst.CSTNode) -> bool:
        """Whether any expression may stand in the place of `node` as it is."""
        if node is self.root:
            return True
        parent = parse(self._source).parents[node]
        return not isinstance(parent, _TIGHT) and not (isinstance(parent, cst.Arg) and parent.star)


def whole_span(source: Source, node: cst.CSTNode) -> Span:
    """The span of `node` with its parentheses."""
    return whole(parse(source), node)


@dataclass
class Rendering:
    """The edits for one match, and what they cost in certainty.

    `kept` are the nodes that stay as they are, `copied` those whose text is written anew.
    """

    meaning: Meaning
    node: cst.CSTNode
    match: Match
    pattern: Pattern
    template: Template
    spell: Spell
    inner: Callable[[cst.CSTNode], str]
    edits: tuple[Edit, ...] = ()
    copied: list[cst.CSTNode] = field(default_factory=list)
    lowered: list[tuple[Applicability, str]] = field(default_factory=list)

    @property
    def _source(self) -> Source:
        return self.meaning.source

    def render(self) -> None:
        """Make `edits`."""
        self._weigh()
        root, node, pattern = (
            one.value if isinstance(one, cst.Expr) else one
            for one in (self.template.root, self.node, self.pattern.tree)
        )
        if (
            isinstance(root, cst.Call)
            and isinstance(node, cst.Call)
            and isinstance(pattern, cst.Call)
        ):
            edits = [*self._function(root, node), *self._arguments(root, node)]
        else:
            edits = self._segments(root, node)
        self.edits = tuple(edit for edit in edits if self._text(edit.span) != edit.text)
        if self._loses_comment():
            why = "a comment in it would be lost"
            self.lowered.append((Applicability.REVIEW, why))

    # What stays

    def _names(self) -> dict[str, cst.CSTNode]:
        """The chains that the replacement has too, by their dotted names."""
        return {dotted: node for node, dotted in self.match.named.items()}

    def _stands(self, piece: _Piece) -> Sequence[cst.CSTNode] | None:
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

    def _segments(self, template: cst.CSTNode, node: cst.CSTNode) -> list[Edit]:
        """Edits of the gaps between what stays where it is."""
        pieces = self.template.pieces(template)
        outer = head_span(self._source.text, self.meaning.tree.spans, node)
        if isinstance(node, cst.BaseExpression):
            outer = self._span(node)
        elif isinstance(node, cst.FunctionDef) and isinstance(template, cst.FunctionDef):
            if node.returns and not template.returns:
                # What it says to return is not said in the rule, and stays.
                arrow = self.meaning.tree.spans[node.returns].start
                end = self._source.text.rindex(")", outer.start, arrow) + 1
                outer = Span(outer.start, end)
                pieces[-1] = pieces[-1]._replace(text=pieces[-1].text.rstrip(": "))
        kept: list[tuple[int, Span]] = []
        done = outer.start
        for at, piece in enumerate(pieces):
            nodes = self._stands(piece)
            if not nodes:
                continue
            span = Span(self._span(nodes[0]).start, self._span(nodes[-1]).end)
            if done <= span.start and span.end <= outer.end:
                kept.append((at, span))
                done = span.end
        edits: list[Edit] = []
        done, first, opens = outer.start, 0, ""
        for at, span in [*kept, (len(pieces), Span(outer.end, outer.end))]:
            text = opens + self._written(pieces[first:at])
            opens = ""
            if at < len(pieces) and self._is_wrapped(pieces[at]):
                text, opens = f"{text}(", ")"
            edits.append(gap(self._source, Span(done, span.start), text))
            done, first = span.end, at + 1
        if self._needs_parentheses(template, node):
            edits.insert(0, Edit(self._source.path, Span(outer.start, outer.start), "("))
            edits.append(Edit(self._source.path, Span(outer.end, outer.end), ")"))
        return merged(edits)

    def _needs_parentheses(self, template: cst.CSTNode, node: cst.CSTNode) -> bool:
        if node is not self.node or _has_parentheses(node) or isinstance(template, _ATOMS):
            return False
        parent = self.meaning.tree.parents[node]
        is_star = isinstance(parent, cst.Arg) and bool(parent.star)
        return _is_atom(node) and (isinstance(parent, _TIGHT) or is_star)

    # What is written

    def _written(self, pieces: Sequence[_Piece]) -> str:
        text = ""
        for at, piece in enumerate(pieces):
            nodes = self._stands(piece)
            if piece.kind == "text":
                text += piece.text
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

    def _taken_by(self, dotted: str) -> cst.CSTNode | None:
        """The chain whose place a new name takes: that of the pattern with most in common."""

        def common(node: cst.CSTNode) -> int:
            ours, theirs = dotted.split("."), self.match.named[node].split(".")
            return sum(1 for one, other in zip(ours, theirs, strict=False) if one == other)

        return max(self.match.named, key=common, default=None)

    def _is_wrapped(self, piece: _Piece) -> bool:
        """Whether what stands in a hole needs parentheses where the template has it."""
        if piece.kind != "hole":
            return False
        node = self.match.holes[piece.text]
        if _has_parentheses(node):
            return False
        if not piece.is_loose:
            return not _is_atom(node)
        return isinstance(node, (cst.NamedExpr, cst.Yield)) or (
            not _is_atom(node) and "\n" in self._text(self._span(node))
        )

    # Calls

    def _function(self, template: cst.Call, node: cst.Call) -> list[Edit]:
        pattern = self.pattern.tree
        called = pattern.value if isinstance(pattern, cst.Expr) else pattern
        assert isinstance(called, cst.Call)
        if called.func.deep_equals(template.func):
            return []
        return self._segments(template.func, node.func)

    def _arguments(self, template: cst.Call, node: cst.Call) -> list[Edit]:
        wanted: list[tuple[int | None, cst.Arg | None]] = []
        values = {id(arg.value): at for at, arg in enumerate(node.args)}
        whole_args = {id(arg): at for at, arg in enumerate(node.args)}
        for arg in template.args:
            rest = rest_of(arg)
            if rest is not None:
                nodes = self.match.rests[rest]
                wanted += [(whole_args[id(one)], None) for one in nodes if id(one) in whole_args]
                continue
            at = None
            if isinstance(arg.value, cst.Name) and arg.value.value.startswith(HOLE):
                held = self.match.holes[arg.value.value[len(HOLE) :]]
                at = values.get(id(held))
            wanted.append((at, arg))
        stay = increasing([at for at, _ in wanted])
        new: list[int | str] = []
        edits: list[Edit] = []
        keywords: list[str | None] = []
        for place, (at, given) in enumerate(wanted):
            keyword = given.keyword.value if given and given.keyword else None
            if given is None and at is not None:
                old = node.args[at]
                keyword = old.star or (old.keyword.value if old.keyword else None)
            keywords.append((given.star if given else "") or keyword)
            if at is not None and place in stay:
                new.append(at)
                if given is not None:
                    edits += self._keyword(node.args[at], keyword)
            elif given is None and at is not None:
                self.copied.append(node.args[at])
                new.append(self.inner(node.args[at]))
            elif given is not None:
                text = self._written(self.template.pieces(given.value))
                prefix = f"{keyword}=" if keyword else given.star
                new.append(f"{prefix}{text}")
        self._check_order(keywords)
        at_end = self.meaning.tree.spans[node].end - 1
        edits += rearranged(self._source, node.args, new, at_end)
        return edits

    def _keyword(self, arg: cst.Arg, keyword: str | None) -> list[Edit]:
        spans, path = self.meaning.tree.spans, self._source.path
        if arg.keyword is None:
            start = spans[arg].start
            return [Edit(path, Span(start, start), f"{keyword}=")] if keyword else []
        if keyword is None:
            cut = Span(spans[arg.keyword].start, self._span(arg.value).start)
            return [Edit(path, cut, "")]
        return [Edit(path, spans[arg.keyword], keyword)]

    def _check_order(self, keywords: Sequence[str | None]) -> None:
        named = [one for one in keywords if one and not one.startswith("*")]
        doubled = sorted({one for one in named if named.count(one) > 1})
        if doubled:
            self.lowered.append((Applicability.MANUAL, f"`{doubled[0]}=` is there already"))
        first = next((at for at, one in enumerate(keywords) if one in named), len(keywords))
        if None in keywords[first:]:
            why = "an argument without a name would follow one with a name"
            self.lowered.append((Applicability.MANUAL, why))

    # What it costs

    def _weigh(self) -> None:
        if isinstance(self.node, cst.FunctionDef):
            self.lowered += self._clashes(self.node)
        pieces = self.template.pieces(self.template.root)
        used = [piece.text for piece in pieces if piece.kind == "hole"]
        for name in self.match.holes:
            node = self.match.holes[name]
            if is_simple(node):
                continue
            text = " ".join(self._text(self._span(node)).split())
            if name not in used:
                why = f"`{text}` is no longer evaluated"
                self.lowered.append((Applicability.REVIEW, why))
            elif used.count(name) > 1:
                why = f"`{text}` is evaluated more than once"
                self.lowered.append((Applicability.REVIEW, why))
        for name, nodes in self.match.rests.items():
            if nodes and name not in [
                one.text for one in pieces if one.kind in ("rest", "parameters")
            ]:
                self.lowered.append((Applicability.REVIEW, "arguments of it are left out"))
        complex_ = [
            self._span(self.match.holes[name]).start
            for name in dict.fromkeys(used)
            if not is_simple(self.match.holes[name])
        ]
        if complex_ != sorted(complex_):
            self.lowered.append((Applicability.REVIEW, "it is evaluated in another order"))

    def _clashes(self, node: cst.FunctionDef) -> Iterator[tuple[Applicability, str]]:
        """New parameters whose names the function has already, or knows as something else."""
        names, spans = self.meaning.names, self.meaning.tree.spans
        start, end = spans[node.body]
        known = {use.value for use in names.uses if start <= spans[use].start < end}
        bound = (one for one in names.bindings() if start <= spans[one.node].start < end)
        known |= {one.name for one in bound}
        there = {one.name.value for one in parameters(node.params)}
        for name in self.template.snippet.parameters:
            if name in there:
                yield Applicability.MANUAL, f"`{name}` is a parameter already"
            elif name in known:
                yield Applicability.MANUAL, f"`{name}` means something else in it"

    def _loses_comment(self) -> bool:
        spans = self.meaning.tree.spans
        outer = self._span(self.node)
        comments = [
            spans[node]
            for node in self.meaning.tree.of(cst.Comment)
            if outer.start <= spans[node].start < outer.end
        ]
        return any(
            edit.span.start <= one.start < edit.span.end and self._text(one) not in edit.text
            for one in comments
            for edit in self.edits
        )

    def _span(self, node: cst.CSTNode) -> Span:
        return span_at(self.meaning, node)

    def _text(self, span: Span) -> str:
        return self._source.text[span.start : span.end]


def _is_atom(node: cst.CSTNode) -> bool:
    return isinstance(node, _ATOMS) or _has_parentheses(node)


def _has_parentheses(node: cst.CSTNode) -> bool:
    return bool(getattr(node, "lpar", ()))


def is_simple(node: cst.CSTNode) -> bool:
    """Whether it does not matter when and how often `node` is evaluated."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return isinstance(node, _SIMPLE)
