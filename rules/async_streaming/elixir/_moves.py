"""How the names of the legacy namespace move: modules, the directives that name them, calls.

A module below the namespace keeps its last part, so what is reached through an alias of it needs
no edit. The namespace itself does not: `AsyncStreaming.X` moves to `Streaming.X`, unless that name
is taken. And its `invoke!` has moved elsewhere: a call goes by the full name, and an alias that
nothing else needs goes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrator import Applicability, Edit, Fact, Finding, Fix, Look, Severity, Source, Span
from migrator.helpers.elixir.calls import pairs
from migrator.helpers.elixir.names import Reference, Target, handed_on, names, said

from .._names import ELIXIR_CURRENT, ELIXIR_LEGACY, current_name, rule_of
from ._calls import Use, uses
from ._meaning import BRINGS, CURRENT_CALLS, HOLDS, Meaning, in_namespace, meaning_of, once
from ._statements import removed
from ._uses import Attributes, attribute_name, is_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from migrator.helpers.elixir.names import Env
    from migrator.languages.elixir import Node

_NAMESPACE = "legacy-namespace"
_CALL = "legacy-call"
_OLD = ELIXIR_LEGACY.rpartition(".")[2]
_NEW = ELIXIR_CURRENT.rpartition(".")[2]
_CALLS = CURRENT_CALLS.rpartition(".")[2]
_INVOKE = "invoke!"


@dataclass(eq=False)
class Move:
    """What becomes of one name at `node`; without edits it moves with another one, unsaid."""

    rule: str
    node: Node
    message: str
    evidence: tuple[str, ...]
    level: Applicability = Applicability.SAFE
    edits: tuple[Edit, ...] = ()


@dataclass(eq=False)
class _Fate:
    """What becomes of a directive that names the namespace itself.

    `holders` are the uses that need it as it is, `level` what the least proven of all allows.
    """

    stays: bool = False
    keeps_short: bool = False
    is_removed: bool = False
    is_there: bool = False
    level: Applicability = Applicability.SAFE
    holders: list[Node] = field(default_factory=list)
    reason: str = ""


def findings(source: Source, look: Look, rule: str) -> Iterator[Finding]:
    """What `rule` finds among the names and calls of `source`."""
    for move in once(_moves, source, look):
        if move.rule == rule and (move.edits or move.level is Applicability.MANUAL):
            fix = None
            if move.level is not Applicability.MANUAL:
                edits = tuple(sorted(set(move.edits), key=lambda edit: edit.span))
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
    for one in handed_on(names(source)):
        if in_namespace(one.name, ELIXIR_LEGACY):
            yield Fact(BRINGS, one.module, tuple(one), source.path)
    for owner, level in _Plan(meaning, look).held():
        yield Fact(HOLDS, owner, int(level), source.path)


def learn(facts: Sequence[Fact]) -> Iterator[Fact]:
    """What files are told of that."""
    for fact in facts:
        if fact.kind in (BRINGS, HOLDS):
            leaf = fact.key.rpartition(".")[2]
            yield Fact(fact.kind, fact.key, fact.value, words=((leaf, "use"),))


def _moves(source: Source, look: Look) -> tuple[Move, ...]:
    meaning = meaning_of(source, look)
    return () if meaning.is_library else tuple(_Plan(meaning, look).moves())


class _Plan:
    def __init__(self, meaning: Meaning, look: Look) -> None:
        self.meaning = meaning
        self.source = meaning.source
        self.look = look
        self.uses = uses(meaning.source, look)
        self.of_reference = {use.site.reference: use for use in self.uses if use.site.reference}
        self.attributes = Attributes(meaning)
        self._fates: dict[Target, _Fate] = {}
        self._passed_on = any(use.site.problem and use.site.reference is None for use in self.uses)

    def moves(self) -> Iterator[Move]:
        prefixes = {one.prefix for one in self.meaning.names.directives if one.prefix is not None}
        for reference in self.meaning.names.references:
            if (
                in_namespace(reference.name, ELIXIR_LEGACY)
                and reference not in self.of_reference
                and reference.node not in prefixes
            ):
                yield self._of_name(reference)
        for use in self.uses:
            yield self._of_use(use)

    def _applies(self, use: Use) -> bool:
        return self.look.applies(_CALL, use.applicability)

    # Names

    def _of_name(self, reference: Reference) -> Move:
        target = reference.target
        evidence = (said(self.source, reference),)
        new = current_name(reference.name)
        message = f"`{reference.name}` is now `{new}`"
        if target is not None and target.name == ELIXIR_LEGACY:
            return self._of_directive(reference, target)
        if target is not None and _is_there(reference, target):
            if edits := removed(self.source, target):
                message += f", which is `{target.short}` here already"
                rule = rule_of(reference.name)
                return Move(rule, reference.node, message, evidence, edits=edits)
        move = Move(rule_of(reference.name), reference.node, message, evidence)
        move.edits = tuple(self._renamed(reference))
        if reference.name == ELIXIR_LEGACY and is_value(reference):
            self._of_value(reference, move)
        return move

    def _of_value(self, reference: Reference, move: Move) -> None:
        """The namespace's own module as a value: what is called on it shows elsewhere, or not."""
        move.level = self._level_of_value(reference)
        reads = self._reads(reference)
        if reads:
            moved = [use for use in self.uses if use.site.attribute in reads]
            if moved and len(moved) == len(reads):
                move.rule = _CALL
                move.message = f"what is called on it is now in `{CURRENT_CALLS}`"
                if all(self._applies(use) for use in moved):
                    move.level = min(use.applicability for use in moved)
                    move.edits = tuple(self._to_calls(reference))
                    return
                level = min(use.applicability for use in moved)
                move.level = level
                move.edits = tuple(self._to_calls(reference))
        if move.level is Applicability.MANUAL:
            move.message += "; by hand here: what is called on it cannot be followed"
            move.edits = ()

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

    def _level_of_value(self, reference: Reference) -> Applicability:
        return Applicability.MANUAL if self._passed_on else Applicability.REVIEW

    def _renamed(self, reference: Reference) -> Iterator[Edit]:
        """The edits that give a name below or at the namespace its current spelling."""
        place = 1 - reference.offset
        if not 0 <= place < len(reference.parts):
            return
        text, span = reference.parts[place]
        by = reference.by
        if place or not isinstance(by, Target) or by.name != ELIXIR_LEGACY:
            if text == _OLD:
                yield Edit(self.source.path, span, _NEW)
            return
        fate = self._fate(by)
        if fate.stays:
            yield Edit(self.source.path, span, _spelled(reference.env, ELIXIR_CURRENT))
        elif not fate.keeps_short:
            yield Edit(self.source.path, span, _NEW)

    def _to_calls(self, reference: Reference) -> Iterator[Edit]:
        """The edits that make the namespace's module that of the current calls."""
        place = 1 - reference.offset
        by = reference.by
        if (
            0 <= place < len(reference.parts)
            and reference.parts[place][0] == _OLD
            and (place or not isinstance(by, Target))
        ):
            yield Edit(self.source.path, reference.parts[place][1], _CALLS)
        else:
            name = _spelled(reference.env, CURRENT_CALLS)
            yield Edit(self.source.path, reference.node.span, name)

    # Directives

    def _of_directive(self, reference: Reference, target: Target) -> Move:
        kind = target.directive.kind
        evidence = (said(self.source, reference),)
        message = f"`{ELIXIR_LEGACY}` is now `{ELIXIR_CURRENT}`"
        move = Move(_NAMESPACE, reference.node, message, evidence)
        if kind in ("import", "require") and target.short is None:
            self._of_import(reference, target, move)
            return move
        fate = self._fate(target)
        move.level = fate.level
        if fate.level is Applicability.MANUAL:
            move.message += f"; this stays: {fate.reason}"
        elif fate.is_there:
            move.message += f", which is `{_NEW}` here already"
            move.edits = removed(self.source, target)
        elif fate.is_removed:
            move.message = f"`{target.short}` is used for calls alone, which go by their full name"
            move.edits = removed(self.source, target)
        else:
            move.edits = tuple(self._renamed(reference))
            if fate.keeps_short and target.renamed is None and move.edits:
                end = reference.node.span.end
                move.edits += (Edit(self.source.path, Span(end, end), f", as: {_OLD}"),)
        return move

    def _fate(self, target: Target) -> _Fate:
        if target not in self._fates:
            self._fates[target] = self._decided(target)
        return self._fates[target]

    def _decided(self, target: Target) -> _Fate:
        handed_on = target.quoted or target.directive.kind == "use"
        fate = _Fate(keeps_short=target.short != _OLD or handed_on)
        others = 1 if handed_on else 0
        self._held_elsewhere(fate, target)
        for reference in target.uses:
            use = self.of_reference.get(reference)
            if use is not None:
                self._hold(fate, use.site.node, use.applicability, self._applies(use))
            elif reference.name == ELIXIR_LEGACY and is_value(reference):
                level = self._level_of_value(reference)
                self._hold(fate, reference.node, level, self.look.applies(_NAMESPACE, level))
                others += 1
            else:
                others += 1
        if any(
            re.search(rf"\b{target.short}\b", self.source.text[gap.span.start : gap.span.end])
            and gap.span.start < target.scope.end
            and gap.span.end > target.scope.start
            for gap in self.meaning.tree.gaps
        ):
            fate.level, fate.stays = Applicability.MANUAL, True
            fate.reason = "a part of the file that does not parse names it"
        if not self.look.applies(_NAMESPACE, fate.level):
            fate.stays = True
        named = self.meaning.names.at(target.node)
        if not fate.stays and not fate.keeps_short and named is not None:
            if _is_there(named, target, _NEW) and removed(self.source, target):
                fate.is_there = True
                return fate
        in_braces = target.directive.prefix is not None
        if not fate.stays and target.uses and not others:
            fate.is_removed = bool(removed(self.source, target))
        elif not fate.keeps_short and self._is_taken(target):
            if in_braces:
                fate.level, fate.stays = Applicability.MANUAL, True
                fate.reason = f"`{_NEW}` is another module here, and braces take no `as:`"
            fate.keeps_short = True
        return fate

    def _held_elsewhere(self, fate: _Fate, target: Target) -> None:
        """What is handed on by `use` stays while a module that uses it needs it."""
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
                if owner and use.applicability < Applicability.SAFE:
                    yield owner, use.applicability

    def _hold(self, fate: _Fate, node: Node, level: Applicability, applies: bool) -> None:
        if level < fate.level or not fate.holders:
            what = f"line {self.meaning.line(node)} needs it"
            fate.reason = f"{what} until that is moved by hand"
        fate.level = min(fate.level, level)
        if not applies:
            fate.holders.append(node)
            fate.stays = True
            if level is Applicability.SAFE:
                fate.level = Applicability.MANUAL

    def _is_taken(self, target: Target) -> bool:
        """Whether the new short name is that of something else where the alias holds."""
        for reference in self.meaning.names.references:
            if not reference.parts or reference.parts[0][0] != _NEW or reference.by is target:
                continue
            start = reference.node.span.start
            if target.scope.start <= start < target.scope.end:
                if reference.name.partition(".")[0] == "Pipeline":
                    continue
                return True
        for other in self.meaning.names.directives:
            for one in other.targets:
                if one.short == _NEW and one.name != ELIXIR_CURRENT:
                    if one.scope.start < target.scope.end and target.scope.start < one.scope.end:
                        return True
        return False

    def _of_import(self, reference: Reference, target: Target, move: Move) -> None:
        """`import` and `require`: for `invoke!`, it is that of the module where it is now."""
        called = [use for use in self.uses if self._reached_by(use, target)]
        brought = self._brought(target)
        fate = _Fate()
        self._held_elsewhere(fate, target)
        hands_on = target.quoted and not brought
        if target.directive.kind == "import" and not (called or hands_on or _INVOKE in brought):
            move.edits = tuple(self._renamed(reference))
            return
        if target.directive.kind == "require" and not called:
            move.edits = tuple(self._renamed(reference))
            return
        move.rule = _CALL
        move.message = f"`{_INVOKE}` is now in `{CURRENT_CALLS}`"
        move.level = min((fate.level, *(use.applicability for use in called)))
        if move.level is Applicability.MANUAL:
            move.message += "; this stays while a call that must be moved by hand needs it"
            return
        if len(brought) > 1:
            # The calls go by their full name, and what else is imported stays so.
            move.edits = (*self._renamed(reference), _without_pair(self.source, target))
            return
        move.edits = tuple(self._to_calls(reference))
        if target.directive.kind == "import":
            move.edits += tuple(self._only(target))

    def _reached_by(self, use: Use, target: Target) -> bool:
        if target.directive.kind == "import":
            return use.site.imported is target
        where = use.site.node.span.start
        return use.site.reference is not None and target.scope.start <= where < target.scope.end

    def _brought(self, target: Target) -> list[str]:
        only = next((pair for pair in target.directive.options if pair.key == "only"), None)
        return [pair.key for pair in pairs(only.value)] if only is not None else []

    def _only(self, target: Target) -> Iterator[Edit]:
        """The arity of `invoke!`, or an `only:` that names it alone."""
        options = {pair.key: pair for pair in target.directive.options}
        alone = f"only: [{_INVOKE}: 2]"
        if "only" in options:
            for pair in pairs(options["only"].value):
                if pair.key == _INVOKE:
                    yield Edit(self.source.path, pair.value.span, "2")
        elif "except" in options:
            yield Edit(self.source.path, options["except"].node.span, alone)
        else:
            end = target.node.span.end
            yield Edit(self.source.path, Span(end, end), f", {alone}")

    # Calls

    def _of_use(self, use: Use) -> Move:
        move = Move(_CALL, use.site.node, use.message, use.evidence, use.applicability)
        if use.edits:
            move.edits = (*use.edits, *self._name_of(use))
        return move

    def _name_of(self, use: Use) -> Iterable[Edit]:
        """The edits of the name that the call goes by."""
        site = use.site
        if site.reference is not None:
            return self._to_calls(site.reference)
        if site.attribute is not None:
            reference = self._value_of(site.attribute)
            others = [one for one in self.uses if one.site.attribute in self._reads(reference)]
            if len(others) == len(self._reads(reference)) and all(map(self._applies, others)):
                return ()
            env = self.meaning.names.envs[site.attribute]
            name = _spelled(env, CURRENT_CALLS)
            return (Edit(self.source.path, site.attribute.span, name),)
        assert site.imported is not None
        start = site.node.span.start
        name = _spelled(self.meaning.names.envs[site.node], CURRENT_CALLS)
        in_full = (Edit(self.source.path, Span(start, start), f"{name}."),)
        if site.imported.directive.kind == "use":
            return in_full
        reference = next(
            one for one in self.meaning.names.references if one.target is site.imported
        )
        move = Move(_CALL, reference.node, "", ())
        self._of_import(reference, site.imported, move)
        brings_more = len(self._brought(site.imported)) > 1
        if self.look.applies(_CALL, move.level) and move.edits and not brings_more:
            return ()
        return in_full

    def _value_of(self, attribute: Node) -> Reference:
        name = attribute_name(attribute)
        assert name is not None
        module = self.meaning.names.module(attribute)
        reference = self.meaning.names.at(self.attributes.values(module, name)[0])
        assert reference is not None
        return reference


def _is_there(reference: Reference, target: Target, short: str | None = None) -> bool:
    """Whether the alias that `target` becomes holds where it stands already."""
    short = short or target.short
    by = reference.env.aliases.get(short or "")
    beside = [one for one in (by, *target.directive.targets) if isinstance(one, Target)]
    return target.directive.kind == "alias" and any(
        one.directive.kind == "alias"
        and one.short == short
        and one.name == current_name(target.name)
        for one in beside
    )


def _without_pair(source: Source, target: Target) -> Edit:
    """`invoke!` goes out of the list of what is imported."""
    only = next(pair for pair in target.directive.options if pair.key == "only")
    listed = pairs(only.value)
    place = next(place for place, pair in enumerate(listed) if pair.key == _INVOKE)
    start, end = listed[place].node.span
    if place + 1 < len(listed):
        return Edit(source.path, Span(start, listed[place + 1].node.span.start), "")
    return Edit(source.path, Span(listed[place - 1].node.span.end, end), "")


def _spelled(env: Env, name: str) -> str:
    """`name` as it is written where `env` holds."""
    first = name.partition(".")[0]
    by = env.aliases.get(first)
    meant = by.name if isinstance(by, Target) else by
    return name if meant in (None, first) else f"Elixir.{name}"
