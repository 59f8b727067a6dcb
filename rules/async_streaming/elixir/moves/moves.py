"""How the names of the legacy namespace move: modules, the directives that name them, calls.

A module below the namespace keeps its last part, so what is reached through an alias of it needs
no edit. The namespace itself does not: `AsyncStreaming.X` moves to `Streaming.X`, unless that name
is taken. And its `invoke!` has moved elsewhere: a call goes by the full name, and an alias that
nothing else needs goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator import Applicability, Edit, Fact, Finding, Fix, Look, Severity, Source, Span
from migrator.helpers.elixir.attributes import attribute_name
from migrator.helpers.elixir.names import Brought, Reference, Target, handed_on, said
from migrator.helpers.elixir.spelling import spelled
from migrator.helpers.elixir.statements import removed

from ..._names import ELIXIR_LEGACY, current_name, rule_of
from ..reading.fate import CALL, HANDLER, NAMESPACE, NEW, OLD, is_there
from ..reading.meaning import (
    BRINGS,
    CURRENT_CALLS,
    HOLDS,
    ROOT,
    Meaning,
    is_handed_on,
    is_legacy,
    meaning_of,
    once,
)
from ..reading.stays import why_it_stays
from ..reading.taken import is_taken
from ..reading.uses import is_value
from .fates import Fates
from .spelling import out_of_braces, renamed, to_calls

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from migrator.languages.elixir import Node

    from ..calls.calls import Use


@dataclass(eq=False)
class Move:
    """What becomes of one name at `node`; without edits it moves with another one, unsaid."""

    rule: str
    node: Node
    message: str
    evidence: tuple[str, ...]
    level: Applicability = Applicability.SAFE
    edits: tuple[Edit, ...] = ()


def findings(source: Source, look: Look, rule: str) -> Iterator[Finding]:
    """What `rule` finds among the names and calls of `source`."""
    for move in once(_moves, source, look):
        if move.rule == rule and (move.edits or move.level is Applicability.MANUAL):
            fix = None
            if move.level is not Applicability.MANUAL:
                edits = tuple(dict.fromkeys(move.edits))
                fix = Fix(move.message, edits, move.level)
            yield Finding(
                rule,
                source.path,
                move.node.span,
                Severity.ERROR,
                move.message,
                move.evidence,
                fix,
            )


def facts(source: Source, look: Look) -> Iterator[Fact]:
    """What the modules of `source` hand on by `use`, and which need what they get so."""
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return
    for one in handed_on(meaning.names):
        if is_handed_on(one):
            yield Fact(BRINGS, one.module, tuple(one), source.path)
    for owner, level in Fates(meaning, look).held():
        yield Fact(HOLDS, owner, int(level), source.path)


def learn(facts: Sequence[Fact]) -> Iterator[Fact]:
    """What files are told of that; of several needs, the one that is hardest to meet."""
    held: dict[str, int] = {}
    for fact in facts:
        if fact.kind == BRINGS:
            # An alias that hides the library concerns only who says its name.
            brought = Brought(*fact.value) if isinstance(fact.value, tuple) else None
            hides = brought is not None and brought.kind == "alias" and not is_legacy(brought.name)
            yield _told(BRINGS, fact.key, fact.value, *([ROOT] if hides else []))
        elif fact.kind == HOLDS and isinstance(fact.value, int):
            held[fact.key] = min(fact.value, held.get(fact.key, fact.value))
    for module, level in held.items():
        yield _told(HOLDS, module, level)


def _told(kind: str, module: str, value: Hashable, *words: str) -> Fact:
    leaf = module.rpartition(".")[2]
    return Fact(kind, module, value, words=((leaf, "use", *words), (leaf, "quote")))


def _moves(source: Source, look: Look) -> tuple[Move, ...]:
    meaning = meaning_of(source, look)
    return () if meaning.is_library else tuple(_Plan(meaning, look).moves())


class _Plan:
    """The moves of one file, which depend on each other."""

    def __init__(self, meaning: Meaning, look: Look) -> None:
        self.meaning = meaning
        self.path = meaning.source.path
        self.fates = Fates(meaning, look)
        self.look = look

    def moves(self) -> Iterator[Move]:
        prefixes = {one.prefix for one in self.meaning.names.directives if one.prefix is not None}
        for reference in self.meaning.names.references:
            if (
                is_legacy(reference.name)
                and reference not in self.fates.of_reference
                and reference.node not in prefixes
            ):
                yield self._of_name(reference)
        for use in self.fates.uses:
            yield self._of_use(use)

    # Names

    def _of_name(self, reference: Reference) -> Move:
        target = reference.target
        message = f"`{reference.name}` is now `{current_name(reference.name)}`"
        evidence = (said(self.meaning.source, reference),)
        move = Move(rule_of(reference.name), reference.node, message, evidence)
        if target is not None and target.name == ELIXIR_LEGACY:
            if target.short is None and target.directive.kind in ("import", "require"):
                self._of_import(reference, target, move)
            else:
                self._of_directive(reference, target, move)
        elif is_taken(self.meaning, reference.name):
            move.level = Applicability.MANUAL
            move.message += ", which is another module of these sources: say which one stays"
        elif target is not None and is_there(reference, target):
            move.message += f", which is `{target.short}` here already"
            gone = removed(self.meaning.source, target)
            move.edits = gone or tuple(renamed(self.fates, reference))
        elif reference.name == ELIXIR_LEGACY and is_value(reference):
            self._of_value(reference, move)
        else:
            move.edits = tuple(renamed(self.fates, reference))
            if not move.edits and move.rule == HANDLER:
                self._with_alias(reference, move)
        why = self._stays_with(reference)
        if why and not move.edits and move.level is not Applicability.MANUAL:
            return move  # it stays with the name that it is reached by, where that is told
        if why:
            move.message += f"; it stays {why}"
        if why or self._is_kept(move.rule, reference.node):
            move.level, move.edits = Applicability.MANUAL, ()
        return move

    def _stays_with(self, reference: Reference) -> str:
        """What is suppressed that a name cannot go without, if there is something."""
        if why := why_it_stays(self.meaning, reference.name):
            return why
        line = self.fates.handed.get(reference.name)
        if line is not None:
            return f"for the suppressed call at line {line}"
        target = reference.target
        if target is not None and self._is_kept_beside(target):
            return "with what is suppressed between the same braces"
        behaviour = self._kept_behaviour(target) if target is not None else None
        if behaviour is not None:
            return f"with what is suppressed at line {self.meaning.line(behaviour)}"
        return ""

    def _is_kept(self, rule: str, node: Node) -> bool:
        return self.look.keeps(rule, self.meaning.line(node))

    def _is_kept_beside(self, target: Target) -> bool:
        """Whether a name of `alias A.{B, C}`, which moves whole or not at all, is to stay."""
        return target.directive.prefix is not None and any(
            self._is_kept(rule_of(one.name), one.node) or why_it_stays(self.meaning, one.name)
            for one in target.directive.targets
        )

    def _kept_behaviour(self, target: Target) -> Node | None:
        """The name of the behaviour that moves with the alias `target`, and is suppressed."""
        if target.directive.kind != "alias" or rule_of(target.name) == HANDLER:
            return None
        return next(
            (
                use.node
                for use in target.uses
                if rule_of(use.name) == HANDLER and self._is_kept(HANDLER, use.node)
            ),
            None,
        )

    def _with_alias(self, reference: Reference, move: Move) -> None:
        """The behaviour is reached by an alias that does not name it: it moves with the alias."""
        by = reference.by
        if isinstance(by, Target) and is_legacy(by.name) and rule_of(by.name) != HANDLER:
            named = self.meaning.names.at(by.node)
            if named is not None:
                alias = self._of_name(named)
                move.level, move.edits = alias.level, alias.edits

    def _of_value(self, reference: Reference, move: Move) -> None:
        """The namespace's own module as a value: what is called on it shows elsewhere, or not."""
        called = self.fates.called_on(reference)
        if called:
            move.rule = CALL
            move.message = f"what is called on it is now in `{CURRENT_CALLS}`"
            move.level = min(use.applicability for use in called)
            move.edits = (to_calls(self.meaning, reference),)
        else:
            move.level = self.fates.level_of_values
            move.edits = tuple(renamed(self.fates, reference))
        if move.level is Applicability.MANUAL:
            move.message += "; by hand here: what is called on it cannot be followed"

    # Directives

    def _of_directive(self, reference: Reference, target: Target, move: Move) -> None:
        move.rule = NAMESPACE
        fate = self.fates.of(target)
        move.level = fate.level
        if fate.level is Applicability.MANUAL:
            move.message += f"; this stays: {fate.reason}"
        elif fate.is_there:
            move.message += f", which is `{NEW}` here already"
            move.edits = removed(self.meaning.source, target)
        elif fate.is_removed:
            move.message = f"`{target.short}` is used for calls alone, which go by their full name"
            move.edits = removed(self.meaning.source, target)
        else:
            move.edits = tuple(renamed(self.fates, reference))
            is_alias = target.directive.kind == "alias"
            if is_alias and fate.keeps_short and target.renamed is None:
                if target.directive.prefix is not None:
                    move.edits = out_of_braces(self.meaning.source, target)
                else:
                    end = reference.node.span.end
                    move.edits += (Edit(self.path, Span(end, end), f", as: {OLD}"),)

    def _of_import(self, reference: Reference, target: Target, move: Move) -> None:
        found = self.fates.imported(reference, target)
        move.rule, move.level, move.edits = found.rule, found.level, found.edits
        if found.is_renamed:
            move.edits = (*renamed(self.fates, reference), *found.edits)
        if found.rule == CALL:
            move.message = f"`invoke!` is now in `{CURRENT_CALLS}`"
        if found.level is Applicability.MANUAL:
            move.message += "; this stays while a call that must be moved by hand needs it"

    # Calls

    def _of_use(self, use: Use) -> Move:
        move = Move(CALL, use.site.node, use.message, use.evidence, use.applicability)
        if use.edits:
            move.edits = (*use.edits, *self._name_of(use))
        return move

    def _name_of(self, use: Use) -> Iterable[Edit]:
        """The edits of the name that the call goes by."""
        site = use.site
        if site.reference is not None:
            return (to_calls(self.meaning, site.reference),)
        name = spelled(self.meaning.names.envs[site.node], CURRENT_CALLS)
        if site.attribute is not None:
            if self._moves_with_attribute(site.attribute):
                return ()
            return (Edit(self.path, site.attribute.span, name),)
        assert site.imported is not None
        if self._moves_with_import(site.imported):
            return ()
        start = site.node.span.start
        return (Edit(self.path, Span(start, start), f"{name}."),)

    def _moves_with_attribute(self, attribute: Node) -> bool:
        """Whether all that is called on the attribute moves, and its value with it."""
        name = attribute_name(attribute)
        assert name is not None
        module = self.meaning.names.module(attribute)
        reads = self.fates.attributes.reads(module, name)
        called = [use for use in self.fates.uses if use.site.attribute in reads]
        return len(called) == len(reads) and all(map(self.fates.applies, called))

    def _moves_with_import(self, target: Target) -> bool:
        """Whether the import brings the call where it is now."""
        reference = self.meaning.names.at(target.node)
        if target.directive.kind == "use" or reference is None:
            return False
        found = self.fates.imported(reference, target)
        return found.brings_call and self.look.applies(CALL, found.level)
