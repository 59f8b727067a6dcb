"""What becomes of a directive that names the legacy namespace itself.

It moves unless something needs it as it is: a call that is not moved, a part of the file that does
not parse, a file that gets it by `use`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator import Applicability, Look
from migrator.helpers.elixir.attributes import attribute_name
from migrator.helpers.elixir.names import Reference, Target
from migrator.helpers.elixir.statements import removed

from ..._names import ELIXIR_CURRENT, ELIXIR_LEGACY, rule_of
from ..calls.calls import Use, held, uses
from ..reading.fate import CALL, NAMESPACE, NEW, OLD, Fate, is_there
from ..reading.meaning import HOLDS, Meaning, in_namespace
from ..reading.stays import why_it_stays
from ..reading.uses import Attributes, is_value
from .imports import Imported, imported
from .spelling import out_of_braces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node


class Fates:
    """The fates of the directives of one file, each decided once."""

    def __init__(self, meaning: Meaning, look: Look) -> None:
        self.meaning = meaning
        self.look = look
        self.uses = uses(meaning.source, look)
        #: What suppressed calls are given, with the line of one.
        self.handed = held(meaning.source, look)
        self.of_reference = {use.site.reference: use for use in self.uses if use.site.reference}
        #: The calls that come by an import or a `use`, by its target.
        self.of_import: dict[Target, list[Use]] = {}
        for use in self.uses:
            if use.site.imported is not None:
                self.of_import.setdefault(use.site.imported, []).append(use)
        self.attributes = Attributes(meaning)
        self._known: dict[Target, Fate] = {}
        self._imports: dict[Target, Imported] = {}
        passed_on = any(use.site.problem and use.site.reference is None for use in self.uses)
        #: How far the namespace's own module may be renamed where it is a mere value.
        self.level_of_values = Applicability.MANUAL if passed_on else Applicability.REVIEW

    def of(self, target: Target) -> Fate:
        """What becomes of the directive of `target`, which names the namespace itself."""
        if target not in self._known:
            self._known[target] = self._decided(target)
        return self._known[target]

    def applies(self, use: Use) -> bool:
        """Whether a use will be moved."""
        return self.look.applies(CALL, use.applicability)

    def _decided(self, target: Target) -> Fate:
        handed_on = target.quoted or target.directive.kind == "use"
        is_renamed = target.short != OLD or target.renamed is not None
        fate = Fate(keeps_short=is_renamed or handed_on)
        self.held_elsewhere(fate, target)
        others = handed_on
        for called in self.of_import.get(target, ()):
            self._hold(fate, called.site.node, called.applicability, applies=self.applies(called))
        for reference in target.uses:
            node = reference.node
            use = self.of_reference.get(reference)
            if use is not None:
                self._hold(fate, node, use.applicability, applies=self.applies(use))
                continue
            found = self._served(reference)
            if found is not None:
                applies = self.look.applies(found.rule, found.level)
                self._hold(fate, node, found.level, applies=applies)
                others = others or found.is_renamed
                continue
            others = True
            if self.keeps(reference):
                self._hold(fate, node, Applicability.MANUAL, applies=False)
            elif reference.name == ELIXIR_LEGACY and is_value(reference):
                level = self.level_of_values
                self._hold(fate, node, level, applies=self.look.applies(NAMESPACE, level))
        if self._is_in_gap(target):
            fate.level = Applicability.MANUAL
            fate.reason = "a part of the file that does not parse names it"
        if self.look.keeps(NAMESPACE, self.meaning.line(target.node)):
            fate.level, fate.reason = Applicability.MANUAL, "it is suppressed"
        if not self.look.applies(NAMESPACE, fate.level):
            fate.stays = True
        if not fate.stays:
            self._settle(fate, target, others=others)
        return fate

    def imported(self, reference: Reference, target: Target) -> Imported:
        """What becomes of an import, told once: each call that comes by it asks."""
        if target not in self._imports:
            self._imports[target] = imported(self, reference, target)
        return self._imports[target]

    def called_on(self, reference: Reference) -> list[Use]:
        """The calls for which alone the namespace's module is the value of an attribute."""
        reads = self._reads(reference)
        called = [use for use in self.uses if use.site.attribute in reads]
        return called if len(called) == len(reads) else []

    def _reads(self, reference: Reference) -> list[Node]:
        """Where the attribute is read that `reference` is the value of."""
        for around in reference.node.up():
            name = attribute_name(around)
            if name is not None:
                module = self.meaning.names.module(around)
                if self.attributes.values(module, name) == [reference.node]:
                    return self.attributes.reads(module, name)
                return []
            if around.kind not in ("arguments", "call"):
                return []
        return []

    def _served(self, reference: Reference) -> Imported | None:
        """What becomes of a name that serves calls: of an import, or the value of an attribute."""
        target = reference.target
        if target is not None and target.short is None and reference.name == ELIXIR_LEGACY:
            is_import = target.directive.kind in ("import", "require")
            return self.imported(reference, target) if is_import else None
        called = self.called_on(reference) if is_value(reference) else []
        return Imported(CALL, min(use.applicability for use in called)) if called else None

    def keeps(self, reference: Reference) -> bool:
        """Whether a name is suppressed, or of what stays for something that is."""
        line = self.meaning.line(reference.node)
        is_held = reference.name in self.handed or bool(why_it_stays(self.meaning, reference.name))
        return is_held or self.look.keeps(rule_of(reference.name), line)

    def _settle(self, fate: Fate, target: Target, *, others: bool) -> None:
        """How an alias that moves does so: under which short name, or not at all."""
        source = self.meaning.source
        named = self.meaning.names.at(target.node)
        is_taken = not fate.keeps_short and self._is_taken(target)
        if not fate.keeps_short and not is_taken and named is not None:
            if is_there(named, target, NEW) or self._becomes_current(named.env.aliases.get(NEW)):
                fate.is_there = bool(removed(source, target))
        if fate.is_there:
            return
        if target.uses and not others:
            fate.is_removed = bool(removed(source, target))
        elif is_taken:
            fate.keeps_short = True
        is_in_braces = target.directive.prefix is not None and not fate.is_removed
        if fate.keeps_short and is_in_braces and not out_of_braces(source, target):
            fate.level, fate.stays = Applicability.MANUAL, True
            fate.reason = f"it is known by `{OLD}`, and braces take no `as:`"

    def _hold(self, fate: Fate, by: Node, level: Applicability, *, applies: bool) -> None:
        """Count in a use that has `level`, and that will be moved if it `applies`."""
        if level < fate.level or not fate.reason:
            fate.reason = f"line {self.meaning.line(by)} needs it until that is moved by hand"
        fate.level = min(fate.level, level)
        if not applies:
            fate.stays = True
            if level is Applicability.SAFE:
                fate.level = Applicability.MANUAL

    def held_elsewhere(self, fate: Fate, target: Target) -> None:
        """Count in what the modules need that get it by `use`."""
        owner = None
        if target.directive.kind == "use":
            owner = self.meaning.names.name(target.node)
        elif target.quoted and target.directive.module is not None:
            owner = target.directive.module.name
        level = self.meaning.known.get((HOLDS, owner or ""))
        if isinstance(level, int):
            fate.level = min(fate.level, Applicability(level))
            fate.reason = "another file that gets it by `use` needs it until that is moved by hand"

    def held(self) -> Iterator[tuple[str, Applicability]]:
        """The modules whose `use` hands on what is needed here as it is, and how far."""
        for use in self.uses:
            by = use.site.reference.by if use.site.reference else use.site.imported
            if isinstance(by, Target) and by.directive.kind == "use":
                owner = self.meaning.names.name(by.node)
                if owner == ELIXIR_LEGACY:
                    continue  # that of this file alone
                if owner and use.applicability < Applicability.SAFE:
                    yield owner, use.applicability

    def _is_in_gap(self, target: Target) -> bool:
        text = self.meaning.source.text
        return any(
            re.search(rf"\b{target.short}\b", text[gap.span.start : gap.span.end])
            and gap.span.start < target.scope.end
            and gap.span.end > target.scope.start
            for gap in self.meaning.tree.gaps
        )

    def _is_taken(self, target: Target) -> bool:
        """Whether the new short name is that of something else where the alias holds."""
        scope = target.scope
        for reference in self.meaning.names.references:
            is_named = reference.parts and reference.parts[0][0] == NEW
            if is_named and scope.start <= reference.node.span.start < scope.end:
                is_current = in_namespace(reference.name, ELIXIR_CURRENT)
                if not is_current and not self._becomes_current(reference.by):
                    return True
        return any(
            other.short == NEW
            and other.name != ELIXIR_CURRENT
            and not self._becomes_current(other)
            and other.scope.start < scope.end
            and scope.start < other.scope.end
            for directive in self.meaning.names.directives
            for other in directive.targets
        )

    def _becomes_current(self, by: Target | str | None) -> bool:
        """Whether `by` is an alias of the namespace under its new short name, which moves."""
        return (
            isinstance(by, Target)
            and by.short == NEW
            and by.name == ELIXIR_LEGACY
            and by.directive.kind == "alias"
            and not self.of(by).stays
        )
