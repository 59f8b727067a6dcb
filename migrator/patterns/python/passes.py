"""One look at one Python file with all rules of a pack: what is found, and the edits of it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.imports import Imports
from migrator.helpers.python.removal import removed, statement_of
from migrator.helpers.python.scopes import dotted_text
from migrator.languages.python_nodes import parts
from migrator.model import Applicability, Edit, Finding, Fix, Look, Source, Span, splice
from migrator.patterns.python.finding import Finder
from migrator.patterns.python.formatted import is_shown
from migrator.patterns.python.meaning import Meaning, meaning, root_of, use_at
from migrator.patterns.python.named import Named, moved_at
from migrator.patterns.python.removing import costs
from migrator.patterns.python.rendering import Rendering
from migrator.patterns.python.rules import Hit, PythonRule, renamed
from migrator.patterns.python.spans import head_of, span_at, text_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from migrator.patterns.python.rendering import Spell

MANUAL, REVIEW, SAFE = Applicability.MANUAL, Applicability.REVIEW, Applicability.SAFE


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
        self.hits: list[Hit] = []
        self._imports: Imports | None = None

    def run(self) -> Iterator[Finding]:
        finder = Finder(self.rules, self.meaning)
        self.hits = finder.find()
        for hit in self.hits:
            self._weigh(hit)
        self._imports = Imports(
            self.meaning.names,
            self.meaning.absolute,
            self._moved,
            self._gone(),
            self.kept,
            self._staying(),
            self._is_left,
        )
        named = Named(self.rules, self.meaning, self._imports, self._applies, self.hits)
        # Inner ones first: what they become is part of what stands in the holes of outer ones.
        outer = sorted(self.hits, key=lambda hit: hit.span.end - hit.span.start)
        self.hits = [*self.hits, *named.texts()]
        for hit in outer:
            self._edit(hit)
        self.hits += named.hits()
        for hit in (*self.hits, *self._moved_on(finder)):
            finding = self._finding(hit)
            if finding is not None:
                yield finding

    def _moved_on(self, finder: Finder) -> Iterator[Hit]:
        """What is kept, as others made it: a comment is in use as long as it suppresses that."""
        for hit in finder.moved({rule for rule, _ in self.look.kept}):
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
        if hit.variant.removes and not hit.match.unclear:
            for to, why in costs(self.meaning, hit.node, hit.match):
                hit.match.lower(to, why)
            hit.applicability = min(hit.applicability, hit.match.proven)
            return
        if hit.variant.template is None or hit.match.unclear:
            hit.applicability = MANUAL
            return
        rendering = self._rendering(hit, lambda dotted, _: dotted)
        for to, why in rendering.lowered:
            hit.match.lower(to, why)
        hit.applicability = min(hit.applicability, hit.match.proven)

    def _rendering(self, hit: Hit, spell: Spell, hits: Sequence[Hit] = ()) -> Rendering:
        """The edits of a pattern's hit, with those of `hits` in what is written anew."""
        assert hit.variant is not None and hit.variant.template is not None

        def inner(node: cst.CSTNode) -> str:
            span = span_at(self.meaning, node)
            edits = [
                edit
                for one in hits
                if self._applies(one) and span.start <= one.span.start and one.span.end <= span.end
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
            hit.variant.template,
            spell,
            inner,
            lambda node: self._becoming(node, hits),
        )
        rendering.render()
        return rendering

    def _becoming(self, node: cst.CSTNode, hits: Sequence[Hit]) -> cst.CSTNode:
        """What stands at `node` when `hits` are applied."""
        found = (one.written for one in hits if one.node is node and self._applies(one))
        return next((one for one in found if one is not None), node)

    def _applies(self, hit: Hit) -> bool:
        line = self.source.position(hit.span.start).line
        return self.look.applies(hit.rule.id, hit.applicability, line)

    def _moved(self, dotted: str) -> str | None:
        """Where `dotted` moves by the renames that will be applied: the longest of them counts."""
        found = renamed(self.rules, dotted)
        if found is None or not self.look.applies(found[0].id, found[0].most):
            return None
        _, rename = found
        return rename.new + dotted[len(rename.old) :]

    def _gone(self) -> frozenset[cst.Name]:
        """The names that the edits to be applied take away."""
        gone: set[cst.Name] = set()
        for hit in self.hits:
            if not self._applies(hit):
                continue
            if hit.rename is not None:
                root = root_of(hit.node) if hit.rename.keyword is None else None
                if root is not None:
                    gone.add(root)
            else:
                gone |= self._gone_in(hit)
        return frozenset(gone)

    def _staying(self) -> frozenset[cst.Name]:
        """The names that need what they stand for as it was, since what is found there stays."""
        functions = {name for rule in self.rules for name in rule.replaced}
        return frozenset(
            use
            for hit in self.hits
            if (self._is_kept(hit) if hit.variant is None else not self._applies(hit))
            if hit.variant is None or not hit.variant.only_advises(hit.rule.severity)
            for node, dotted in hit.match.named.items()
            if hit.rename is not None or dotted in functions
            for use in _uses(self.meaning, node)
        )

    def _is_kept(self, hit: Hit) -> bool:
        return self.look.keeps(hit.rule.id, self.source.position(hit.span.start).line)

    def _is_left(self, target: str, module: str, alias: cst.ImportAlias) -> bool:
        """Whether the finding of an import that has moved is one that stays."""
        found = renamed(self.rules, target)
        if found is None:
            return False
        at = moved_at(self.tree.parents[alias], module, alias.name, found[1])
        line = self.source.position(self.tree.spans[at].start).line
        return self.look.keeps(found[0].id, line)

    def _gone_in(self, hit: Hit) -> set[cst.Name]:
        """The names that go with the edits of a pattern."""
        if hit.variant is not None and hit.variant.removes:
            return set(_uses(self.meaning, hit.node))
        if hit.variant is None or hit.variant.template is None:
            return set()
        template = hit.variant.template
        bound = template.snippet.bound
        stays = [node for name, node in hit.match.holes.items() if name in bound]
        stays += [
            node for name, nodes in hit.match.rests.items() if name in bound for node in nodes
        ]
        stays += [node for node, name in hit.match.named.items() if name in template.snippet.names]
        stays += filter(None, (self._owner(hit, name) for name in template.snippet.names))
        gone = {use for part in head_of(hit.node) for use in _uses(self.meaning, part)}
        for node in stays:
            gone -= set(_uses(self.meaning, node))
        return gone

    def _owner(self, hit: Hit, dotted: str) -> cst.CSTNode | None:
        """What the pattern has found of an object that `dotted` is an attribute of.

        What is called there, decorates or is a base, may be a module of that name by now.
        """
        if hit.rule.unit(dotted) is not None:
            return None
        for node, name in hit.match.named.items():
            around = self.tree.parents[node]
            is_called = isinstance(around, (cst.Call, cst.Decorator))
            is_base = isinstance(around, cst.Arg) and isinstance(
                self.tree.parents[around], cst.ClassDef
            )
            is_object = node is not hit.node and not is_called and not is_base
            if is_object and dotted.startswith(f"{name}.") and self._moved(name) is None:
                return node
        return None

    def _edit(self, hit: Hit) -> None:
        assert self._imports is not None
        imports = self._imports
        if hit.applicability is MANUAL or self._is_kept(hit):
            return

        is_value = isinstance(self.tree.parents[hit.node], cst.MatchValue)

        def spell(dotted: str, like: cst.CSTNode | None) -> str:
            owner = self._owner(hit, dotted)
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
        if hit.variant is not None and hit.variant.removes:
            statement = statement_of(self.source, hit.node)
            assert statement is not None
            hit.edits = (removed(self.source, statement, self._removed | {statement}),)
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

    @cached_property
    def _removed(self) -> frozenset[cst.CSTNode]:
        """The statements that all hits together take out."""
        found = (
            statement_of(self.source, hit.node)
            for hit in self.hits
            if hit.variant is not None and hit.variant.removes and self._applies(hit)
        )
        return frozenset(one for one in found if one is not None)

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
            while outer.outer is not None and self._applies(outer.outer):
                outer = outer.outer
            edits += outer.edits
            if self._applies(hit):
                gone = self._names_of(hit)
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
        )

    def _pointed(self, hit: Hit) -> Span:
        """What the finding points at: all that is found, or the hole that the rule names."""
        held = hit.match.holes.get(hit.variant.at) if hit.variant and hit.variant.at else None
        return hit.span if held is None else span_at(self.meaning, held)

    def _names_of(self, hit: Hit) -> Iterable[cst.Name]:
        if hit.variant is not None and (hit.variant.removes or hit.variant.template is not None):
            return self._gone_in(hit)
        root = root_of(hit.node)
        return (root,) if root is not None and root in self.meaning.names.uses else ()


def _is_value(hit: Hit) -> bool:
    """Whether what is written can only be a value where a `case` has it."""
    if hit.rename is not None:
        return "." in hit.rename.new
    if hit.variant is None or hit.variant.template is None:
        return True
    root = hit.variant.template.root
    return "." in dotted_text(root) or isinstance(root, (cst.BaseString, cst.BaseNumber))


def _uses(meaning: Meaning, node: cst.CSTNode) -> Iterator[cst.Name]:
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, cst.Name) and current in meaning.names.uses:
            yield current
        waiting += parts(current)
