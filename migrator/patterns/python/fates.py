"""What becomes of the names of a file: which go with the edits to be applied, and which stay."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.removal import statement_of
from migrator.languages.python_nodes import parts
from migrator.patterns.python.meaning import Meaning, root_of
from migrator.patterns.python.named import moved_at
from migrator.patterns.python.rules import Hit, PythonRule, renamed
from migrator.patterns.python.spans import head_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from migrator.model import Look


class Fates:
    """The fates of what `hits` are about, by the level of `look` and what a person decided."""

    def __init__(
        self, rules: Sequence[PythonRule], meaning: Meaning, look: Look, hits: Sequence[Hit]
    ) -> None:
        self.rules = rules
        self.meaning = meaning
        self.look = look
        self.hits = hits

    def applies(self, hit: Hit) -> bool:
        """Whether the edits of `hit` will be made."""
        line = self.meaning.source.position(hit.span.start).line
        return self.look.applies(hit.rule.id, hit.applicability, line)

    def is_kept(self, hit: Hit) -> bool:
        """Whether a person keeps what `hit` has found."""
        return self.look.keeps(hit.rule.id, self.meaning.source.position(hit.span.start).line)

    def moved(self, dotted: str) -> str | None:
        """Where `dotted` moves by the renames that will be applied: the longest of them counts."""
        found = renamed(self.rules, dotted)
        if found is None or not self.look.applies(found[0].id, found[0].most):
            return None
        _, rename = found
        return rename.new + dotted[len(rename.old) :]

    def gone(self) -> frozenset[cst.Name]:
        """The names that the edits to be applied take away."""
        gone: set[cst.Name] = set()
        for hit in self.hits:
            if not self.applies(hit):
                continue
            if hit.rename is not None:
                root = root_of(hit.node) if hit.rename.keyword is None else None
                if root is not None:
                    gone.add(root)
            else:
                gone |= self.gone_in(hit)
        return frozenset(gone)

    def staying(self) -> frozenset[cst.Name]:
        """The names that need what they stand for as it was, since what is found there stays."""
        functions = {name for rule in self.rules for name in rule.replaced}
        return frozenset(
            use
            for hit in self.hits
            if (self.is_kept(hit) if hit.variant is None else not self.applies(hit))
            if hit.variant is None or not hit.variant.only_advises(hit.rule.severity)
            for node, dotted in hit.match.named.items()
            if hit.rename is not None or dotted in functions
            for use in _uses(self.meaning, node)
        )

    def is_left(self, target: str, module: str, alias: cst.ImportAlias) -> bool:
        """Whether the finding of an import that has moved is one that stays."""
        found = renamed(self.rules, target)
        if found is None:
            return False
        at = moved_at(self.meaning.tree.parents[alias], module, alias.name, found[1])
        line = self.meaning.source.position(self.meaning.tree.spans[at].start).line
        return self.look.keeps(found[0].id, line)

    def gone_in(self, hit: Hit) -> set[cst.Name]:
        """The names that go with the edits of a pattern."""
        if hit.removes:
            return set(_uses(self.meaning, hit.node))
        if hit.template is None:
            return set()
        snippet = hit.template.snippet
        stays = [node for name, node in hit.match.holes.items() if name in snippet.bound]
        stays += [
            node
            for name, nodes in hit.match.rests.items()
            if name in snippet.bound
            for node in nodes
        ]
        stays += [node for node, name in hit.match.named.items() if name in snippet.names]
        stays += filter(None, (self.owner(hit, name) for name in snippet.names))
        gone = {use for part in head_of(hit.node) for use in _uses(self.meaning, part)}
        for node in stays:
            gone -= set(_uses(self.meaning, node))
        return gone

    def names_of(self, hit: Hit) -> Iterable[cst.Name]:
        """The names whose imports the edits of `hit` are about."""
        if hit.removes or hit.template is not None:
            return self.gone_in(hit)
        root = root_of(hit.node)
        return (root,) if root is not None and root in self.meaning.names.uses else ()

    def owner(self, hit: Hit, dotted: str) -> cst.CSTNode | None:
        """What the pattern has found of an object that `dotted` is an attribute of.

        What is called there, decorates or is a base, may be a module of that name by now.
        """
        if hit.rule.unit(dotted) is not None:
            return None
        for node, name in hit.match.named.items():
            around = self.meaning.tree.parents[node]
            is_called = isinstance(around, (cst.Call, cst.Decorator))
            is_base = isinstance(around, cst.Arg) and isinstance(
                self.meaning.tree.parents[around], cst.ClassDef
            )
            is_object = node is not hit.node and not is_called and not is_base
            if is_object and dotted.startswith(f"{name}.") and self.moved(name) is None:
                return node
        return None

    @cached_property
    def removed(self) -> frozenset[cst.CSTNode]:
        """The statements that all hits together take out."""
        found = (
            statement_of(self.meaning.source, hit.node)
            for hit in self.hits
            if hit.removes and self.applies(hit)
        )
        return frozenset(one for one in found if one is not None)


def _uses(meaning: Meaning, node: cst.CSTNode) -> Iterator[cst.Name]:
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, cst.Name) and current in meaning.names.uses:
            yield current
        waiting += parts(current)
