"""The modules that are named in a file and move, with the aliases and imports that they need."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from migrator.helpers.elixir.bindings import Target
from migrator.helpers.elixir.names import line_of
from migrator.model import Applicability
from migrator.patterns.elixir.matching import Match
from migrator.patterns.elixir.modules import Modules
from migrator.patterns.elixir.rules import ElixirRule, Hit
from migrator.patterns.elixir.snippets import is_function

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from migrator.helpers.elixir.bindings import Reference
    from migrator.languages.elixir import Node
    from migrator.model import Look
    from migrator.patterns.elixir.meaning import Meaning
    from migrator.patterns.renaming import Rename

MANUAL, REVIEW = Applicability.MANUAL, Applicability.REVIEW


class Moving:
    """The modules of one file that move, beside what patterns have `found`.

    `applies` says which hits will be applied; `gone` are the names that go with them.
    """

    def __init__(
        self,
        rules: Sequence[ElixirRule],
        meaning: Meaning,
        look: Look,
        found: Sequence[Hit],
        applies: Callable[[Hit], bool],
    ) -> None:
        self.meaning = meaning
        self.look = look
        self.found = found
        self.applies = applies
        self.gone: dict[Node, Hit] = {}
        self.modules = Modules(meaning, self.moved)
        self.renames = [
            (rule, one) for rule in rules for one in rule.renames if not is_function(one.old)
        ]

    def moved(self, name: str) -> str | None:
        """Where the module `name` moves, if it does."""
        found = self.rename_of(name)
        if found is None:
            return None
        _, rename = found
        return rename.new + name[len(rename.old) :]

    def rename_of(self, name: str) -> tuple[ElixirRule, Rename] | None:
        """What the module `name` moves by: of several renames, that of the longest name."""
        found = [one for one in self.renames if f"{name}.".startswith(f"{one[1].old}.")]
        return max(found, key=lambda one: len(one[1].old), default=None)

    def moves(self, references: Iterable[Reference]) -> Iterator[Hit]:
        """The modules that are named and move, unless what names them changes as a whole."""
        prefixes = {one.prefix for one in self.meaning.names.directives if one.prefix is not None}
        for reference in references:
            found = self.rename_of(reference.name)
            if found is None or reference.node in self.gone or self._is_held(reference):
                continue
            rule, rename = found
            hit = self._move(reference, rule, rename)
            if hit is not None and (hit.edits or hit.applicability is MANUAL):
                if reference.node in prefixes and hit.applicability is MANUAL:
                    continue  # its members tell of it
                yield hit

    def _move(self, reference: Reference, rule: ElixirRule, rename: Rename) -> Hit | None:
        new = rename.new + reference.name[len(rename.old) :]
        message = f"`{reference.name}` is now `{new}`"
        match = Match(evidence=[self.meaning.said(reference.node)])
        hit = Hit(rule, reference.node, reference.node.span, message, match, rename=rename)
        doubt = self.meaning.doubt(reference.node)
        if doubt is not None:
            hit.match.lower(REVIEW, doubt)
        hit.applicability = min(rule.most, hit.match.proven)
        edits = self.modules.edits(reference, rename.old, rename.new)
        target = reference.target
        alias = self.modules.alias(target) if target is not None else None
        if edits is None or (alias is not None and alias.problem):
            why = alias.problem if alias is not None else None
            hit.match.lower(MANUAL, why or "the new name cannot be written here")
            hit.applicability = MANUAL
            return hit
        if target is not None:
            edits = [*edits, *self.modules.named(target)]
            holding = self._holding(target)
            if holding is not None:
                line = line_of(self.meaning.source, holding)
                why = f"line {line} needs it until that is moved by hand"
                hit.match.lower(MANUAL, why)
                hit.applicability = MANUAL
                return hit
        hit.edits = tuple(edits)
        return hit

    @cached_property
    def _staying(self) -> frozenset[Node]:
        """The names of modules that a finding asks for as they are, since it is not applied."""
        asked = {
            node
            for hit in self.found
            if not self.applies(hit)
            if hit.variant is None or not hit.variant.only_advises(hit.rule.severity)
            for node in (hit.module, *(one.module for one in hit.match.reached.values()))
            if node is not None
        }
        kept = {
            reference.node
            for reference in self.meaning.names.references
            if (found := self.rename_of(reference.name)) is not None
            if self.look.keeps(found[0].id, line_of(self.meaning.source, reference.node))
        }
        return frozenset(asked | kept)

    def _holding(self, target: Target) -> Node | None:
        """A use of the alias or the import of `target` that stays as it is."""
        imported = (
            hit.node
            for hit in self.found
            if not self.applies(hit)
            if any(one.target is target for one in hit.match.reached.values())
        )
        return next((one.node for one in target.uses if one.node in self._staying), None) or next(
            imported, None
        )

    def _is_held(self, reference: Reference) -> bool:
        """Whether a name stays, for itself or because the alias does that it is looked up by."""
        by = reference.by
        if reference.node in self._staying:
            return True
        if not isinstance(by, Target) or not self.modules.moves(by):
            return False
        return by.node in self._staying or self._holding(by) is not None
