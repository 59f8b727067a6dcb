"""Where the rules of a pack find something in an Elixir file: calls, captures, mere mentions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.helpers.elixir.calls import name_of
from migrator.model import Applicability, Severity, Span
from migrator.patterns.elixir.beside import is_beside
from migrator.patterns.elixir.constraints import any_in
from migrator.patterns.elixir.keywords import keyword_hits
from migrator.patterns.elixir.matching import Match
from migrator.patterns.elixir.meaning import arity_of, captured, piped
from migrator.patterns.elixir.mentions import mentions
from migrator.patterns.elixir.pairs import keyword_pairs
from migrator.patterns.elixir.rules import ElixirRule, Hit, Variant
from migrator.patterns.elixir.snippets import function_name, is_function, positional, rest
from migrator.patterns.holes import put_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from migrator.languages.elixir import Node
    from migrator.patterns.elixir.meaning import Meaning, Reached

MANUAL, REVIEW = Applicability.MANUAL, Applicability.REVIEW


class Finder:
    """One look for all places in one file; `claimed` are the nodes that rules change."""

    def __init__(self, rules: Sequence[ElixirRule], meaning: Meaning) -> None:
        self.rules = rules
        self.meaning = meaning
        text = meaning.source.text
        self.variants = [
            (rule, variant)
            for rule in rules
            for variant in rule.variants
            # What a `use` brings may have another name here, or none.
            if meaning.is_brought or all(word in text for word in variant.pattern.snippet.words)
        ]
        self.renames = [
            (rule, rename) for rule in rules for rename in rule.renames if is_function(rename.old)
        ]
        functions = [one.pattern.function for _, one in self.variants]
        functions += [rename.old for _, rename in self.renames]
        self._names = frozenset(one.rpartition(".")[2] for one in functions if one)
        self._likely: dict[tuple[str, str | None], list[tuple[ElixirRule, Variant]]] = {}
        self.claimed: set[Node] = set()

    def hits(self) -> Iterator[Hit]:
        """What the patterns and the renamed functions are found in, outer places first."""
        for node in self._nodes():
            if node in self.claimed:
                continue
            name = self._called(node)
            # Advice is given beside what another rule makes of the place.
            advice = next(self._of_variants(node, name, advice=True), None)
            hit = next(self._of_variants(node, name, advice=False), None)
            if hit is None and name is not None:
                hit = next(self._of_renames(node, name), None)
            for one in (advice, hit):
                if one is not None:
                    self.claimed.add(one.node)
                    yield one
            if node.kind == "call":
                if name is not None:
                    yield from keyword_hits(self.meaning, node, name, self.renames)
            elif node.kind == "alias" or node.text == "__MODULE__":
                yield from mentions(self.meaning, node, self.variants, self.renames)

    def _nodes(self) -> list[Node]:
        """The nodes that anything may be found in."""
        kinds = {kind for _, one in self.variants for kind in one.pattern.kinds}
        if self._names:
            kinds |= {"alias", "call", "identifier"}
        return self.meaning.tree.of(*sorted(kinds))

    def _called(self, node: Node) -> str | None:
        """The name of what `node` calls or captures, if any pattern or rename is about such."""
        if node.kind == "call":
            name = name_of(node)
        elif node.kind == "identifier" and (captured(node) or piped(node)) is not None:
            name = node.text
        else:
            return None
        return name if name in self._names else None

    def moved(self, wanted: Collection[str]) -> Iterator[Hit]:
        """What other rules have made of what the rules called `wanted` find."""
        patterns = [
            (rule, variant, pattern)
            for rule in self.rules
            if rule.id in wanted
            for variant in rule.variants
            for pattern in variant.becomes
        ]
        kinds = {kind for _, _, pattern in patterns for kind in pattern.kinds}
        found: set[tuple[ElixirRule, Node]] = set()
        for node in self.meaning.tree.of(*sorted(kinds)):
            for rule, variant, pattern in patterns:
                match = None if (rule, node) in found else pattern.match(self.meaning, node)
                if match is None or match.unclear or not self._holds(rule, variant, node, match):
                    continue
                found.add((rule, node))
                yield _hit(rule, variant, node, match)

    # Patterns

    def _of_variants(self, node: Node, name: str | None, *, advice: bool) -> Iterator[Hit]:
        for rule, variant in self._likely_for(node.kind, name):
            if variant.only_advises(rule.severity) is not advice:
                continue
            match = variant.pattern.match(self.meaning, node)
            if match is not None and self._holds(rule, variant, node, match):
                if variant.has is not None and any_in(variant.has, self.meaning, node):
                    continue
                if self._is_made(variant, node):
                    continue
                yield _hit(rule, variant, node, match)
            elif variant.has is None and variant.pattern.function:
                hit = self._captured(rule, variant, node, variant.pattern.function)
                if hit is not None:
                    yield hit

    def _likely_for(self, kind: str, name: str | None) -> list[tuple[ElixirRule, Variant]]:
        """The variants that a node of `kind`, which calls `name`, may be one of."""
        key = kind, name
        if key not in self._likely:
            self._likely[key] = [one for one in self.variants if one[1].pattern.fits(kind, name)]
        return self._likely[key]

    def _is_made(self, variant: Variant, node: Node) -> bool:
        """Whether `node` is what the variant makes of such code."""
        if variant.made is None or not variant.repeats:
            return False
        match = variant.made.match(self.meaning, node)
        if match is None or not variant.fits(self.meaning, match):
            return False
        return is_beside(self.meaning, node, variant.made.snippet)

    def _holds(self, rule: ElixirRule, variant: Variant, node: Node, match: Match) -> bool:
        if not variant.around.holds(self.meaning, node.up(), match):
            return False
        if match.unclear:
            return rule.severity is not Severity.ADVICE
        if not variant.fits(self.meaning, match):
            return False
        if not match.named and not match.reached:
            match.lower(REVIEW, "nothing in the pattern is resolved to what it means")
        return True

    def _captured(
        self, rule: ElixirRule, variant: Variant, node: Node, function: str
    ) -> Hit | None:
        """A capture of the function that the pattern calls, with as many arguments; or its name,
        where something is piped into that alone.
        """
        found = captured(node)
        root = variant.pattern.root
        if rule.severity is Severity.ADVICE and variant.where:
            return None
        if captured(root) is not None or (found is None and node.kind == "call"):
            return None
        around, arity = found or (node, arity_of(node))
        given = positional(root)
        wanted = len(given) + bool(keyword_pairs(root))
        open_ = sum(1 for one in given if rest(one))
        if arity != wanted and not (open_ and arity >= wanted - open_):
            return None
        module, _, name = function.rpartition(".")
        reached = self.meaning.reached(node, module, name, arity)
        if reached is None:
            return None
        match = _match(self.meaning, node, reached)
        if not variant.around.holds(self.meaning, node.up(), match):
            return None
        if found is None:
            match.unclear = "it is called without parentheses"
        becomes = function_name(variant.template.root) if variant.template else None
        message = put_in(variant.message, {})
        return Hit(rule, node, around.span, message, match, variant, becomes=becomes)

    # Renamed functions

    def _of_renames(self, node: Node, name: str) -> Iterator[Hit]:
        for rule, rename in self.renames:
            module, _, function = rename.old.rpartition(".")
            if rename.keyword is not None or function != name:
                continue
            found = captured(node)
            arity = found[1] if found else arity_of(node)
            if rename.arity not in (None, arity):
                continue
            reached = self.meaning.reached(node, module, function, arity)
            if reached is not None:
                span = found[0].span if found else _called(node)
                yield Hit(
                    rule,
                    node,
                    span,
                    rename.told,
                    _match(self.meaning, node, reached),
                    rename=rename,
                    becomes=rename.new,
                    arity=arity,
                )


def _hit(rule: ElixirRule, variant: Variant, node: Node, match: Match) -> Hit:
    values = {name: one.text for name, one in (match.around | match.holes).items()}
    for name, nodes in match.rests.items():
        values[name] = ", ".join(one.text for one in nodes)
    message = put_in(variant.message, values)
    if match.unclear:
        message = f"{message}; {match.unclear}, so that it is left to you"
    becomes = function_name(variant.template.root) if variant.template else None
    return Hit(rule, node, node.span, message, match, variant, becomes=becomes)


def _match(meaning: Meaning, node: Node, reached: Reached) -> Match:
    match = Match(reached={node: reached})
    match.lower(reached.proven, reached.evidence)
    doubt = meaning.doubt(reached.module) if reached.module is not None else None
    if doubt is not None:
        match.lower(REVIEW, doubt)
    if reached.module is not None:
        match.named[reached.module] = reached.name.rpartition(".")[0]
    return match


def _called(node: Node) -> Span:
    target = node.child("target")
    return target.span if target is not None else node.span
