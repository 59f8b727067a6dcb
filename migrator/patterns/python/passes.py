"""One look at one Python file with all rules of a pack: what is found, and the edits of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.imports import Imports
from migrator.helpers.python.removal import removed, statement_of
from migrator.helpers.python.scopes import dotted_text
from migrator.model import Applicability, Edit, Finding, Fix, Look, Source, Span, splice
from migrator.patterns.python.beside import decorators_beside, lines_beside, no_place
from migrator.patterns.python.fates import Fates
from migrator.patterns.python.finding import Finder
from migrator.patterns.python.formatted import is_shown
from migrator.patterns.python.meaning import Meaning, meaning, root_of, use_at
from migrator.patterns.python.named import Named
from migrator.patterns.python.removing import costs
from migrator.patterns.python.rendering import Rendering
from migrator.patterns.python.spans import span_at, text_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.patterns.python.rendering import Spell
    from migrator.patterns.python.rules import Hit, PythonRule

MANUAL, REVIEW = Applicability.MANUAL, Applicability.REVIEW


class Pass:
    """The hits of one file, which depend on each other."""

    def __init__(
        self, rules: Sequence[PythonRule], source: Source, look: Look, kept: frozenset[str]
    ) -> None:
        self.rules = rules
        self.kept = kept
        self.source = source
        self.look = look
        self.meaning: Meaning = meaning(source, look)
        self.tree = self.meaning.tree
        self._finder = Finder(rules, self.meaning)
        self.hits = self._finder.find()
        self._fates = Fates(rules, self.meaning, look, self.hits)
        self._imports: Imports | None = None

    def run(self) -> Iterator[Finding]:
        for hit in self.hits:
            self._weigh(hit)
        self._imports = Imports(
            self.meaning.names,
            self.meaning.absolute,
            self._fates.moved,
            self._fates.gone(),
            self.kept,
            self._fates.staying(),
            self._fates.is_left,
        )
        named = Named(self.rules, self.meaning, self._imports, self._fates.applies, self.hits)
        # Inner ones first: what they become is part of what stands in the holes of outer ones.
        outer = sorted(self.hits, key=lambda hit: hit.span.end - hit.span.start)
        self.hits = [*self.hits, *named.texts()]
        for hit in outer:
            self._edit(hit)
        self.hits += named.hits()
        for hit in (*self.hits, *self._moved_on()):
            finding = self._finding(hit)
            if finding is not None:
                yield finding

    def _moved_on(self) -> Iterator[Hit]:
        """What is kept, as others made it: a comment is in use as long as it suppresses that."""
        for hit in self._finder.moved({rule for rule, _ in self.look.kept}):
            line = self.source.position(self._pointed(hit).start).line
            if self.look.suppresses(hit.rule.id, line):
                hit.applicability = MANUAL
                yield hit

    def lost(self) -> frozenset[str]:
        """The names that the module loses, or would if no other file took them from it."""
        assert self._imports is not None
        lost = self._imports.lost()
        self._imports = None  # it holds this, and with it the whole tree
        return lost

    def _weigh(self, hit: Hit) -> None:
        """How far the hit is proven, so far as its own place tells."""
        if isinstance(self.tree.parents[hit.node], cst.MatchValue) and not _is_value(hit):
            hit.match.lower(MANUAL, "in a `case` it would be a pattern")
        if is_shown(self.tree, hit.node):
            hit.match.lower(REVIEW, "the f-string around shows its code")
        hit.applicability = min(hit.rule.most, hit.match.proven)
        if hit.variant is None:
            return
        if hit.removes and not hit.match.unclear:
            for to, why in costs(self.meaning, hit.node, hit.match):
                hit.match.lower(to, why)
            hit.applicability = min(hit.applicability, hit.match.proven)
            return
        if hit.template is None or hit.match.unclear:
            hit.applicability = MANUAL
            return
        rendering = self._rendering(hit, lambda dotted, _: dotted)
        for to, why in rendering.lowered:
            hit.match.lower(to, why)
        hit.applicability = min(hit.applicability, hit.match.proven)

    def _rendering(self, hit: Hit, spell: Spell, hits: Sequence[Hit] = ()) -> Rendering:
        """The edits of a pattern's hit, with those of `hits` in what is written anew."""
        assert hit.variant is not None and hit.template is not None

        applied = [one for one in hits if self._fates.applies(one)]

        def inner(node: cst.CSTNode) -> str:
            span = span_at(self.meaning, node)
            edits = [
                edit
                for one in applied
                if span.start <= one.span.start and one.span.end <= span.end
                for edit in one.edits
                if span.start <= edit.span.start and edit.span.end <= span.end
            ]
            moved = [
                Edit(path, Span(at.start - span.start, at.end - span.start), text)
                for path, at, text in edits
            ]
            return splice(self.source.text[span.start : span.end], moved)

        rendering = Rendering(
            self.meaning,
            hit.node,
            hit.match,
            hit.variant.pattern,
            hit.template,
            spell,
            inner,
            lambda node: _becoming(node, applied),
        )
        rendering.render()
        new = hit.template.snippet
        if new.form == "decorator":
            becoming = {one.node: one.template.snippet for one in applied if one.template}
            becoming[hit.node] = new
            rendering.edits += tuple(
                decorators_beside(self.meaning, hit.node, becoming, rendering.alone)
            )
        elif new.above or new.below:
            rendering.lowered += no_place(self.meaning, hit.node, new, hit.match)
            rendering.edits += tuple(lines_beside(self.meaning, hit.node, new, rendering.alone))
        return rendering

    def _edit(self, hit: Hit) -> None:
        assert self._imports is not None
        imports = self._imports
        if hit.applicability is MANUAL or self._fates.is_kept(hit):
            return

        is_value = isinstance(self.tree.parents[hit.node], cst.MatchValue)

        def spell(dotted: str, like: cst.CSTNode | None) -> str:
            owner = self._fates.owner(hit, dotted)
            if owner is not None:
                return text_at(self.meaning, owner) + dotted[len(hit.match.named[owner]) :]
            unit = hit.rule.unit(dotted)
            was = hit.match.named.get(like, "") if like is not None else ""
            if like is not None and was not in self.meaning.resolved(like):
                was = ""  # it comes from a module that hands it on, and nothing beside it
            at = use_at(self.meaning, hit.node)
            module, _, last = dotted.rpartition(".")
            if is_value and module:
                # Without a dot, a `case` would set what it names.
                text, statement = imports.spell(module, at, None, unit=module)
                text = f"{text}.{last}"
            else:
                text, statement = imports.spell(dotted, at, like, was, unit)
            if statement is not None and statement not in hit.statements:
                hit.statements.append(statement)
            return text

        if hit.rename is not None:
            if hit.rename.keyword is None and not imports.serves(hit.node, hit.rename.new):
                text = spell(hit.rename.new, hit.node)
                if text != text_at(self.meaning, hit.node):
                    hit.edits = (Edit(self.source.path, hit.span, text),)
            return
        if hit.removes:
            statement = statement_of(self.source, hit.node)
            assert statement is not None
            hit.edits = (removed(self.source, statement, self._fates.removed | {statement}),)
            self._taken_over(hit, [hit.span])
            return
        rendering = self._rendering(hit, spell, self.hits)
        hit.edits, hit.written = rendering.edits, rendering.written
        self._taken_over(hit, [span_at(self.meaning, node) for node in rendering.copied])

    def _taken_over(self, hit: Hit, spans: Sequence[Span]) -> None:
        """What was found in `spans` is a part of what `hit` writes or takes out."""
        for one in self.hits:
            if one is not hit and any(
                span.start <= one.span.start and one.span.end <= span.end for span in spans
            ):
                one.outer = hit

    def _finding(self, hit: Hit) -> Finding | None:
        assert self._imports is not None
        edits: list[Edit] = []
        if (
            hit.rename is not None
            and not hit.edits
            and root_of(hit.node) in self.meaning.names.uses
        ):
            return None  # its import alone changes
        if hit.applicability is not MANUAL:
            outer = hit
            while outer.outer is not None and self._fates.applies(outer.outer):
                outer = outer.outer
            edits += outer.edits
            if self._fates.applies(hit):
                gone = self._fates.names_of(hit)
                statements = {id(one): one for one in (*hit.statements, *outer.statements)}
                for one in self._imports.statements_of(gone):
                    statements[id(one)] = one
                for one in statements.values():
                    edits += self._imports.edits(one)
            if not edits:
                return None
        fix = Fix(hit.message, tuple(dict.fromkeys(edits)), hit.applicability) if edits else None
        return Finding(
            hit.rule.id,
            self.source.path,
            self._pointed(hit),
            hit.rule.severity,
            hit.message,
            tuple(dict.fromkeys(hit.match.evidence)),
            fix,
            hit.part,
        )

    def _pointed(self, hit: Hit) -> Span:
        """What the finding points at: all that is found, or the hole that the rule names."""
        held = hit.match.holes.get(hit.variant.at) if hit.variant and hit.variant.at else None
        return hit.span if held is None else span_at(self.meaning, held)


def _is_value(hit: Hit) -> bool:
    """Whether what is written can only be a value where a `case` has it."""
    if hit.rename is not None:
        return "." in hit.rename.new
    if hit.template is None:
        return True
    root = hit.template.root
    return "." in dotted_text(root) or isinstance(root, (cst.BaseString, cst.BaseNumber))


def _becoming(node: cst.CSTNode, hits: Sequence[Hit]) -> cst.CSTNode:
    """What stands at `node` when `hits` are applied."""
    found = (one.written for one in hits if one.node is node)
    return next((one for one in found if one is not None), node)
