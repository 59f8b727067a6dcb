"""One look at one Elixir file with all rules of a pack: what is found, and the edits of it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from migrator.helpers.elixir.bindings import Target
from migrator.helpers.elixir.spelling import shortest, spelled
from migrator.helpers.elixir.statements import removed, taken_out
from migrator.model import Applicability, Edit, Finding, Fix, Look, Source, Span, in_order, splice
from migrator.patterns.elixir.finding import Finder
from migrator.patterns.elixir.imports import Imports
from migrator.patterns.elixir.meaning import captured
from migrator.patterns.elixir.moving import Moving
from migrator.patterns.elixir.removing import costs
from migrator.patterns.elixir.rendering import Rendering
from migrator.patterns.elixir.texts import documented, strings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.languages.elixir import Node
    from migrator.patterns.elixir.meaning import Meaning, Reached
    from migrator.patterns.elixir.rules import ElixirRule, Hit

MANUAL = Applicability.MANUAL


class Pass:
    """The hits of one file, which depend on each other."""

    def __init__(self, rules: Sequence[ElixirRule], meaning: Meaning, look: Look) -> None:
        self.rules = rules
        self.meaning = meaning
        self.source: Source = meaning.source
        self.look = look
        self._finder = Finder(rules, meaning)
        self.hits = list(self._finder.hits())
        self._moving = Moving(rules, meaning, look, self.hits, self._applies)
        self._needed: set[Target] = set()
        self._imports = Imports(self.source, (), self._applies)

    def run(self) -> Iterator[Finding]:
        """What is found, with its edits."""
        for hit in self.hits:
            self._weigh(hit)
        self._imports = Imports(self.source, self.hits, self._applies)
        for hit in self.hits:
            for node in self._given_up(hit):
                self._moving.gone.setdefault(node, hit)
        # Inner ones first: what they become is part of what stands in the holes of outer ones.
        outer = sorted(self.hits, key=lambda hit: hit.span.end - hit.span.start)
        inside = [one for one in self.meaning.names.references if _is_in(one.node, outer)]
        in_strings = strings(self.meaning, self._moving.rename_of) if self._moving.renames else ()
        self.hits += [*self._moving.moves(inside), *in_strings]
        for hit in outer:
            self._edit(hit)
        self._directives()
        done = frozenset(one.node for one in inside)
        cut = [edit.span for hit in outer for edit in hit.shared if not edit.text]
        others = (
            one
            for one in self.meaning.names.references
            if one.node not in done and not any(_within(one.node.span, span) for span in cut)
        )
        in_docs = documented(self.meaning, self.rules, self._moving.rename_of)
        self.hits += [*self._moving.moves(others), *in_docs]
        yield from (self._finding(hit) for hit in (*self.hits, *self._moved_on()))

    def _moved_on(self) -> Iterator[Hit]:
        """What is kept, as others made it: a comment is in use as long as it suppresses that."""
        found = {(hit.rule, hit.node) for hit in self.hits}
        for hit in self._finder.moved({rule for rule, _ in self.look.kept}):
            line = self.source.position(self._pointed(hit).start).line
            if (hit.rule, hit.node) not in found and self.look.suppresses(hit.rule.id, line):
                hit.applicability = MANUAL
                yield hit

    def _applies(self, hit: Hit) -> bool:
        line = self.source.position(hit.span.start).line
        return self.look.applies(hit.rule.id, hit.applicability, line)

    # Weighing

    def _weigh(self, hit: Hit) -> None:
        """How far the hit is proven, so far as its own place tells."""
        hit.applicability = min(hit.rule.most, hit.match.proven)
        if hit.variant is None:
            return
        if hit.variant.removes and not hit.match.unclear:
            for to, why in costs(self.meaning, hit.node, hit.match):
                hit.match.lower(to, why)
            hit.applicability = min(hit.applicability, hit.match.proven)
            return
        if hit.variant.template is None or hit.match.unclear or hit.match.proven is MANUAL:
            hit.applicability = MANUAL
            return
        rendering = self._rendering(hit, ())
        if captured(hit.node) is not None:
            if rendering.capture() is None:
                hit.match.lower(MANUAL, "a capture takes its arguments as they come")
        else:
            rendering.render()
            hit.arity = rendering.arity
        for to, why in rendering.lowered:
            hit.match.lower(to, why)
        hit.applicability = min(hit.applicability, hit.match.proven)

    def _rendering(self, hit: Hit, hits: Sequence[Hit]) -> Rendering:
        assert hit.variant is not None and hit.variant.template is not None

        def inner(node: Node) -> str:
            start, end = node.span
            moved = [
                Edit(edit.path, Span(edit.span.start - start, edit.span.end - start), edit.text)
                for one in hits
                if one is not hit and self._applies(one)
                for edit in one.edits
                if start <= edit.span.start and edit.span.end <= end
            ]
            return splice(self.source.text[start:end], moved)

        return Rendering(
            self.meaning,
            hit.node,
            hit.match,
            hit.variant.pattern,
            hit.variant.template,
            lambda name: self._spelled(hit.node, name),
            lambda reached, name: self._renamed(hit, reached, name),
            inner,
            lambda node: self._becoming(node, hits),
        )

    def _becoming(self, node: Node, hits: Sequence[Hit]) -> Node | None:
        """What stands at `node` without parentheses when `hits` are applied."""
        found = (one.loose for one in hits if one.loose is not None and self._applies(one))
        return next((new for span, new in found if span == node.span), None)

    # What goes, and what is written in its place

    def _given_up(self, hit: Hit) -> Iterator[Node]:
        """The nodes that name modules and go with the edits of `hit`."""
        if not self._applies(hit):
            return
        if hit.rename is not None:
            for reached in hit.match.reached.values():
                if reached.module and hit.rename.new.rpartition(".")[0] != _module(reached):
                    yield reached.module
            return
        assert hit.variant is not None
        if hit.variant.removes:
            yield from self._named_in(hit.node.span)
            return
        assert hit.variant.template is not None
        names = {name.rpartition(".")[0] for name in hit.variant.template.snippet.names}
        names |= set(hit.variant.template.snippet.names)
        bound = hit.variant.template.snippet.bound
        stays = [node.span for name, node in hit.match.holes.items() if name in bound]
        stays += [
            node.span for name, nodes in hit.match.rests.items() if name in bound for node in nodes
        ]
        stays += [node.span for node, name in hit.match.named.items() if name in names]
        for node in self._named_in(hit.node.span):
            if not any(_within(node.span, span) for span in stays):
                yield node

    def _named_in(self, span: Span) -> Iterator[Node]:
        """The nodes in `span` that name modules."""
        return (node for node in self.meaning.names.by_node if _within(node.span, span))

    def _spelled(self, node: Node, name: str) -> str:
        """The module `name` as it is written at `node`, by an alias that stays where it can be."""
        env = self.meaning.names.envs[node]
        text = shortest(env, name)
        by = env.aliases.get(text.partition(".")[0])
        if isinstance(by, Target) and text != name:
            if self._moving.moved(by.name) is not None:
                return spelled(env, name)
            self._needed.add(by)
        return text

    def _renamed(self, hit: Hit, reached: Reached, name: str) -> list[Edit]:
        """The edits that make what is reached the function `name`."""
        module, _, function = name.rpartition(".")
        path = self.source.path
        if reached.module is None:
            if self._imports.brings(hit, reached, name):
                return [Edit(path, reached.function.span, function)]
            text = f"{self._spelled(hit.node, module)}.{function}"
            return [Edit(path, reached.function.span, text)]
        edits = []
        if module != _module(reached):
            edits.append(Edit(path, reached.module.span, self._spelled(hit.node, module)))
        if function != reached.function.text:
            edits.append(Edit(path, reached.function.span, function))
        return edits

    # Editing

    def _edit(self, hit: Hit) -> None:
        if hit.applicability is MANUAL:
            return
        hit.edits = tuple(Edit(self.source.path, span, text) for span, text in hit.renamed)
        if hit.rename is not None:
            for reached in hit.match.reached.values():
                hit.edits += tuple(self._renamed(hit, reached, hit.rename.new))
        elif hit.variant is not None and hit.variant.removes:
            edit = taken_out(self.source, hit.node, self._removed | {hit.node})
            assert edit is not None
            hit.edits = (edit,)
            self._taken_over(hit, [hit.node.span])
        elif captured(hit.node) is not None:
            hit.edits = tuple(self._rendering(hit, self.hits).capture() or ())
        else:
            rendering = self._rendering(hit, self.hits)
            rendering.render()
            hit.edits = rendering.edits
            if rendering.loose is not None:
                hit.loose = rendering.outer.span, rendering.loose
            self._taken_over(hit, [node.span for node in rendering.copied])
        if self._applies(hit):
            hit.shared += self._imports.edits(hit)

    def _taken_over(self, hit: Hit, spans: Sequence[Span]) -> None:
        """What was found in `spans` is a part of what `hit` writes or takes out."""
        for one in self.hits:
            if one is not hit and any(_within(one.span, span) for span in spans):
                one.outer = hit

    @cached_property
    def _removed(self) -> frozenset[Node]:
        """The statements that all hits together take out."""
        return frozenset(
            hit.node
            for hit in self.hits
            if hit.variant is not None and hit.variant.removes and self._applies(hit)
        )

    def _directives(self) -> None:
        """Aliases that nothing uses any more go with the last of their uses."""
        for directive in self.meaning.names.directives:
            for target in directive.targets:
                used = [reference.node for reference in target.uses]
                if (
                    directive.kind != "alias"
                    or not used
                    or target.quoted
                    or target in self._needed
                    or not all(node in self._moving.gone for node in used)
                ):
                    continue
                edits = removed(self.source, target)
                for hit in {self._moving.gone[node] for node in used}:
                    hit.shared += edits
                if edits:
                    self._moving.gone[target.node] = next(self._moving.gone[node] for node in used)

    # Findings

    def _finding(self, hit: Hit) -> Finding:
        edits: list[Edit] = []
        if hit.applicability is not MANUAL:
            outer = hit
            while outer.outer is not None and self._applies(outer.outer):
                outer = outer.outer
            edits = [*outer.edits, *hit.shared, *(outer.shared if outer is not hit else ())]
        unique = tuple(in_order(edits))
        fix = Fix(hit.message, unique, hit.applicability) if unique else None
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

    @staticmethod
    def _pointed(hit: Hit) -> Span:
        """What the finding points at: all that is found, or the hole that the rule names."""
        held = hit.match.holes.get(hit.variant.at) if hit.variant and hit.variant.at else None
        return hit.span if held is None else held.span


def _module(reached: Reached) -> str:
    return reached.name.rpartition(".")[0]


def _is_in(node: Node, hits: Sequence[Hit]) -> bool:
    """Whether `node` stands in what a pattern found, and may be written anew with it."""
    return any(hit.variant is not None and _within(node.span, hit.node.span) for hit in hits)


def _within(span: Span, outer: Span) -> bool:
    return outer.start <= span.start and span.end <= outer.end
