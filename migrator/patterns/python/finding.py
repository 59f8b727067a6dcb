"""Where the rules of a pack find something in a Python file: patterns, names, keyword arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import dotted_text
from migrator.model import Applicability, Severity, Source, Span
from migrator.patterns.holes import put_in
from migrator.patterns.python.beside import is_beside
from migrator.patterns.python.constraints import any_below
from migrator.patterns.python.keywords import keyword_hits
from migrator.patterns.python.matching import Match
from migrator.patterns.python.rules import Hit, PythonRule, Variant, stays
from migrator.patterns.python.spans import head_span, text_at

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from migrator.patterns.python.meaning import Meaning
    from migrator.patterns.renaming import Rename

MANUAL, REVIEW, SAFE = Applicability.MANUAL, Applicability.REVIEW, Applicability.SAFE


class Finder:
    """One look for all places in one file; `claimed` are the nodes that rules change."""

    def __init__(self, rules: Sequence[PythonRule], meaning: Meaning) -> None:
        self.rules = rules
        self.meaning = meaning
        self.source: Source = meaning.source
        self.tree = meaning.tree
        self.hits: list[Hit] = []
        self.claimed: set[cst.CSTNode] = set()

    def find(self) -> list[Hit]:
        """All places, outer ones first."""
        variants = [
            (rule, variant)
            for rule in self.rules
            for variant in rule.variants
            if variant.pattern.snippet.form != "import"
            # What is handed on may have another name here.
            if self.meaning.handed_on
            or all(word in self.source.text for word in variant.pattern.snippet.words)
        ]
        renames = [(rule, one) for rule in self.rules for one in rule.renames]
        kinds = {variant.pattern.kind for _, variant in variants}
        if renames:
            kinds |= {cst.Name, cst.Attribute, cst.Call}
        spans = self.tree.spans
        nodes = self.tree.of(*kinds) if kinds else ()
        # Advice is given beside what another rule makes of the place.
        advice = [one for one in variants if one[1].only_advises(one[0].severity)]
        others = [one for one in variants if one not in advice]
        for node in sorted(nodes, key=lambda node: _place(spans[node], node)):
            if node not in self.claimed:
                self._try(node, advice)
                self._try(node, others)
            if isinstance(node, (cst.Name, cst.Attribute)):
                if node not in self.claimed:
                    self._try_renames(node, renames)
            elif isinstance(node, cst.Call):
                self.hits += keyword_hits(self.meaning, node, renames)
        return self.hits

    def _try(self, node: cst.CSTNode, variants: Sequence[tuple[PythonRule, Variant]]) -> None:
        found = self._best(node, variants)
        if found is None:
            return
        rule, variant, match = found
        self.hits.append(self._hit(rule, variant, node, match))
        if isinstance(node, cst.Expr):
            self.claimed.add(node.value)
        if variant.template is not None and not match.unclear:
            kept = set(variant.template.snippet.names)
            for chain, dotted in match.named.items():
                if dotted not in kept:
                    self._claim(chain)

    def _hit(self, rule: PythonRule, variant: Variant, node: cst.CSTNode, match: Match) -> Hit:
        told = {**match.around, **match.holes}
        values = {name: text_at(self.meaning, one) for name, one in told.items()}
        for name, nodes in match.rests.items():
            values[name] = ", ".join(text_at(self.meaning, node) for node in nodes)
        message = put_in(variant.message, values)
        if match.unclear:
            message = f"{message}; {match.unclear}, so that it is left to you"
        span = head_span(self.source.text, self.tree.spans, self._shown(node))
        return Hit(rule, node, span, message, match, variant)

    def _shown(self, node: cst.CSTNode) -> cst.CSTNode:
        """What a finding of `node` points at: of a `with` of one thing, all of it."""
        around = self.tree.parents[node] if isinstance(node, cst.WithItem) else None
        return around if isinstance(around, cst.With) and len(around.items) == 1 else node

    def moved(self, wanted: Collection[str]) -> Iterator[Hit]:
        """What other rules have made of what the rules called `wanted` find."""
        patterns = [
            (rule, variant, pattern)
            for rule in self.rules
            if rule.id in wanted
            for variant in rule.variants
            for pattern in variant.becomes
        ]
        kinds = {pattern.kind for _, _, pattern in patterns}
        found = {(hit.rule, hit.node) for hit in self.hits}
        for node in self.tree.of(*kinds) if kinds else ():
            for rule, variant, pattern in patterns:
                match = None if (rule, node) in found else pattern.match(self.meaning, node)
                if match is None or match.unclear or not self._holds(rule, variant, node, match):
                    continue
                found.add((rule, node))
                yield self._hit(rule, variant, node, match)

    def _best(
        self, node: cst.CSTNode, variants: Sequence[tuple[PythonRule, Variant]]
    ) -> tuple[PythonRule, Variant, Match] | None:
        """The first pattern that is proven to be met at `node`, else the one that comes closest."""
        best: tuple[PythonRule, Variant, Match] | None = None
        for rule, variant in variants:
            match = variant.pattern.match(self.meaning, node)
            if match is None or not self._holds(rule, variant, node, match):
                continue
            if variant.has is not None and any_below(variant.has, self.meaning, node):
                continue
            if self._is_made(variant, node):
                continue
            if best is None or match.proven > best[2].proven:
                best = (rule, variant, match)
            if match.proven is SAFE:
                break
        return best

    def _is_made(self, variant: Variant, node: cst.CSTNode) -> bool:
        """Whether `node` is what the variant makes of such code."""
        if variant.made is None or not variant.repeats:
            return False
        match = variant.made.match(self.meaning, node)
        if match is None or not variant.fits(self.meaning, match):
            return False
        return is_beside(self.meaning, node, variant.made.snippet)

    def _holds(self, rule: PythonRule, variant: Variant, node: cst.CSTNode, match: Match) -> bool:
        # Of the things that a `with` has, none stands inside of it.
        outer = self.tree.parents[node] if isinstance(node, cst.WithItem) else node
        if not variant.around.holds(self.meaning, self.tree.ancestors(outer), match):
            return False
        if match.unclear:
            return rule.severity is not Severity.ADVICE
        if not variant.fits(self.meaning, match):
            return False
        if not _is_resolved(variant, match):
            match.lower(REVIEW, "nothing in the pattern is resolved to what it means")
        for why in self._overridden(variant, match):
            match.lower(REVIEW, why)
        return True

    def _overridden(self, variant: Variant, match: Match) -> Iterator[str]:
        """Where classes of the project define what is found of a class, which may be meant."""
        for hole, method in variant.methods if self.meaning.overridden else ():
            held, classes = match.holes[hole], variant.where[hole].names
            if any(self.meaning.stands_for(held, one) is SAFE for one in classes):
                continue
            for class_ in classes:
                place = self.meaning.overridden.get((class_, method))
                if place is not None:
                    yield f"{place} defines `{method}` itself"

    def _claim(self, node: cst.CSTNode) -> None:
        while isinstance(node, cst.Attribute):
            self.claimed.add(node)
            node = node.value
        self.claimed.add(node)

    def _try_renames(
        self, node: cst.BaseExpression, renames: Sequence[tuple[PythonRule, Rename]]
    ) -> None:
        for rule, rename in renames:
            if rename.keyword is not None:
                continue
            proven = self.meaning.stands_for(node, rename.old)
            if proven is MANUAL or rename.old not in self.meaning.resolved(node):
                continue
            if stays(self.rules, self._whole(node, rename.old), rename):
                continue
            match = Match(named={node: rename.old})
            match.evidence.append(self.meaning.imported_at(node))
            if proven is REVIEW:
                why = f"`{dotted_text(node)}` may stand for something else than `{rename.old}`"
                match.lower(REVIEW, why)
            message = rename.told
            self.hits.append(Hit(rule, node, self.tree.spans[node], message, match, rename=rename))
            self._claim(node)
            return

    def _whole(self, node: cst.CSTNode, dotted: str) -> str:
        """The dotted name that all of the chain stands for which begins with `node`."""
        parent = self.tree.parents[node]
        while isinstance(parent, cst.Attribute) and parent.value is node:
            dotted = f"{dotted}.{parent.attr.value}"
            node, parent = parent, self.tree.parents[parent]
        return dotted


def _place(span: Span, node: cst.CSTNode) -> tuple[int, int, bool]:
    """Outer ones first, and a statement before the expression that is all of it."""
    return span.start, -span.end, isinstance(node, cst.BaseExpression)


def _is_resolved(variant: Variant, match: Match) -> bool:
    """Whether what the pattern means is told by a name, or by the class of what is in a hole.

    Builtins alone say nothing of an attribute: `$X.begin(True)` may be anybody's.
    """
    if any("." in one for one in match.named.values()):
        return True
    if any(one.form.classes for one in variant.where.values()):
        return True
    snippet = variant.pattern.snippet
    return bool(match.named) and set(snippet.words) <= set(snippet.names)
