"""Rounds over all files: check, learn, check again what the news concerns, conclude, report."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from migrator.engine.candidates import Candidates
from migrator.engine.check import CRASHED, CRASHED_SUMMARY, Checked, read
from migrator.engine.checklist import Checklist
from migrator.engine.decisions import decided, made
from migrator.engine.locate import locate
from migrator.engine.options import with_defaults
from migrator.engine.packs import manual
from migrator.engine.seen import Seen
from migrator.engine.suppress import UNUSED, UNUSED_MANUAL, UNUSED_SUMMARY, split, unused
from migrator.engine.times import Times
from migrator.engine.validation import Standing
from migrator.engine.words import file_speaks, speaks
from migrator.model import (
    NOT_ANALYSED,
    ChecklistItem,
    Counts,
    Fact,
    Finding,
    Located,
    Look,
    NotAnalysed,
    PackInfo,
    Passed,
    Paths,
    Report,
    RuleInfo,
    Suppressed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from migrator.engine.discover import Walk
    from migrator.engine.packs import Pack
    from migrator.model import Rule, Source, Triggers

    #: Checks files side by side: path and what was learnt in, one result each out.
    Checker = Callable[[Sequence[str], Look], Iterable[Checked]]
    Reader = Callable[[str], bytes | str]
    #: What follows from facts in a look, of that type: known from an earlier run, or made anew.
    Recall = Callable[[type, tuple[Fact, ...], Look, Callable[[], Iterable[Any]]], Iterable[Any]]

# What is learnt in one round can only concern further files in the next: it ends by itself, but
# a pack whose `learn` contradicts itself must not hang the run.
_MOST_ROUNDS = 12


def anew(
    _of: type, _facts: tuple[Fact, ...], _look: Look, make: Callable[[], Iterable[Any]]
) -> Iterable[Any]:
    """What `make` gives: nothing is known from an earlier run."""
    return make()


class Audit:
    """One run over a tree: candidates by word, rounds until nothing new is learnt."""

    def __init__(
        self,
        packs: Sequence[Pack],
        walk: Walk,
        read: Reader,
        look: Look,
        times: Times | None = None,
        recall: Recall = anew,
        seen: Seen | None = None,
    ) -> None:
        self.packs = packs
        self.walk = walk
        self.read = read
        self.times = times or Times()
        self.recall = recall
        self.rules: tuple[Rule, ...] = tuple(rule for pack in packs for rule in pack.rules)
        self.candidates = Candidates(walk, self.rules, read, seen or Seen({}))
        editable = look.editable
        if editable is None and walk.context:
            editable = Paths(frozenset(walk.files))
        options = with_defaults(packs, look.options)
        paths = self.candidates.paths
        self.look = replace(look, paths=paths, editable=editable, options=options)
        self.checked: dict[str, Checked] = {}
        self.conclusions: list[Finding] = []
        #: The words that were looked for in each round after the first.
        self.rounds: list[Triggers] = []
        self.validation = Standing()
        #: What part of the files the report is about, in words, and the lines of each that are
        #: (`None` for all); without them it is about all.
        self.part = ""
        self.lines: Mapping[str, frozenset[int] | None] = {}
        #: Who owns a file; the innermost audit, of files in memory, knows of nobody.
        self.owners_of: Callable[[str], tuple[str, ...]] = lambda _: ()
        #: The rules of packs that are not in this run: comments may name them.
        self.other_rules: Callable[[], Collection[str]] = lambda: ()

    def run(self, check: Checker, instead: Collection[str] = ()) -> None:
        """Check the files that the rules and what they learn may concern.

        So are those of `instead`, whose bytes are not those on disk.
        """
        self.candidates.instead = frozenset(instead)
        with self.times.phase("words"):
            waiting = self.candidates.triggered(instead)
        for _ in range(_MOST_ROUNDS):
            with self.times.phase("rules"):
                for result in check(sorted(waiting), self.look):
                    self.checked[result.path] = result
            facts = self.facts()
            if not facts:
                break
            with self.times.phase("facts"):
                known: frozenset[Fact] = frozenset(
                    self.recall(Fact, facts, self.look, partial(self._learnt, facts))
                )
            if known == self.look.known:
                break
            news = known ^ self.look.known
            self.look = replace(self.look, known=known)
            words: Triggers = tuple(sorted({group for fact in news for group in fact.words}))
            self.rounds.append(words)
            files = {file for fact in news for file in fact.files}
            with self.times.phase("words"):
                waiting = self.candidates.concerned(words, files)
        if facts := self.facts():
            with self.times.phase("facts"):
                self.conclusions += self.recall(
                    Finding, facts, self.look, partial(self._concluded, facts)
                )

    def _learnt(self, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
        learning = [rule.learn for rule in self.rules if rule.learn]
        return tuple(fact for learn in learning for fact in learn(facts, self.look))

    def _concluded(self, facts: tuple[Fact, ...]) -> tuple[Finding, ...]:
        concluding = [rule.conclude for rule in self.rules if rule.conclude]
        return tuple(one for conclude in concluding for one in conclude(facts, self.look))

    def holding(self, rounds: Iterable[Triggers]) -> set[str]:
        """The files that hold words of the rules, or that were looked for in one of `rounds`."""
        with self.times.phase("words"):
            found = self.candidates.triggered(())
            for words in rounds:
                found.update(self.candidates.concerned(words, ()))
            return found

    def facts(self) -> tuple[Fact, ...]:
        """The facts of all files, in the order of their paths; what could not be read is one."""
        found: list[Fact] = []
        for path, checked in sorted(self.checked.items()):
            found += checked.facts
            if checked.reason is not None or checked.gaps:
                found.append(Fact(NOT_ANALYSED, path, checked.reason, path))
        return tuple(found)

    def refused(self, before: Audit) -> dict[str, str]:
        """The files that do not parse, or have a gap that they had not in `before`, with why."""
        return {
            path: checked.reason or checked.gaps[0][1]
            for path, checked in self.checked.items()
            if checked.reason is not None
            or (checked.gaps and not (path in before.checked and before.checked[path].gaps))
        }

    def language(self, path: str) -> str:
        """The name of the language of a file that was looked at."""
        return self.walk.files.get(path) or self.walk.context[path]

    def report(self) -> Report:
        """What there is to say, sorted by path, line, column and rule."""
        findings = sorted(
            (
                *(one for checked in self.checked.values() for one in checked.findings),
                *self._located_conclusions(),
            ),
            key=_order,
        )
        found = [one for one in findings if self._is_asked_for(one.finding)]
        findings, suppressed = self._split(found)
        not_analysed = self._not_analysed()
        skipped = dict(self.walk.skipped)
        for refused in not_analysed:
            skipped.pop(refused.path, None)
        checklist = self._checklist(findings, suppressed, not_analysed)
        findings = [self._as_configured(one) for one in findings]
        return Report(
            tuple(PackInfo(pack.id, pack.version, pack.title) for pack in self.packs),
            tuple(findings),
            checklist,
            tuple(not_analysed),
            self._counts(findings, not_analysed, len(skipped)),
            self.walk.excluded,
            self._rules(findings),
            tuple(Passed(path, reason) for path, reason in sorted(skipped.items())),
            self._owners(findings, not_analysed),
            tuple(suppressed),
            part=self.part,
        )

    def _is_asked_for(self, finding: Finding) -> bool:
        rules = self._rules_in(finding.path)
        is_asked = rules is None or finding.rule in rules or finding.rule == CRASHED
        return is_asked and finding.path in self.walk.files

    def _rules_in(self, path: str) -> Collection[str] | None:
        """The rules that are asked for in a file; `None` for all."""
        return self.look.within(path).fixing

    def _checklist(
        self,
        findings: Sequence[Located],
        suppressed: Sequence[Suppressed],
        not_analysed: Sequence[NotAnalysed],
    ) -> tuple[ChecklistItem, ...]:
        checklist = Checklist(
            findings,
            suppressed,
            not_analysed,
            self.checked,
            frozenset(self.walk.files.values()),
            self.look,
            self.validation,
            self.part,
        )
        return tuple(checklist.item(item) for pack in self.packs for item in pack.checklist)

    def in_part(self, report: Report) -> Report:
        """`report`, which this audit has made, with what is on the lines of its part alone."""
        if not self.part:
            return report
        findings = tuple(filter(self._is_in_part, report.findings))
        suppressed = tuple(one for one in report.suppressed if self._is_in_part(one.located))
        checklist = self._checklist(findings, suppressed, report.not_analysed)
        return replace(
            report,
            findings=findings,
            suppressed=suppressed,
            checklist=checklist,
            counts=self._counts(findings, report.not_analysed, report.counts.skipped),
        )

    def _is_in_part(self, one: Located) -> bool:
        lines = self.lines.get(one.finding.path)
        return lines is None or not lines.isdisjoint(range(one.start.line, one.end.line + 1))

    def _as_configured(self, one: Located) -> Located:
        """The finding with the severity that the configuration of its file gives its rule."""
        own = self.walk.configured.get(one.finding.path)
        severity = own.config.severities.get(one.finding.rule) if own else None
        if severity is None:
            return one
        return one._replace(finding=one.finding._replace(severity=severity))

    def _split(self, found: Sequence[Located]) -> tuple[list[Located], list[Suppressed]]:
        """What counts, with what suppresses nothing, and what is suppressed."""
        said = {
            path: one.directives
            for path, one in self.checked.items()
            if one.directives and path in self.walk.files
        }
        if not said:
            return list(found), []
        active, suppressed, used = split(found, said)
        known = {rule.id for rule in self.rules}
        own = frozenset(known)
        named = {rule for one in said.values() for each in one for rule, _ in each.ids}
        if not named <= known:
            known.update(self.other_rules())
        crashed = {one.finding.path for one in found if one.finding.rule == CRASHED}
        for path, directives in said.items():
            rules = self._rules_in(path)
            data = self.read(path)
            is_asked = rules is None or UNUSED in rules
            if is_asked and path not in crashed and isinstance(data, bytes):
                source = read(path, data, self.language(path))
                ran = own if rules is None else own.intersection(rules)
                idle = list(unused(path, source, directives, used, ran, known))
                active += self._answered(idle, source)
        return sorted(active, key=_order), suppressed

    def _answered(
        self, findings: Sequence[Finding], source: Source, scopes: Mapping[int, str] | None = None
    ) -> list[Located]:
        """`findings`, which no check has seen; where it was decided, with the fixes to be made."""
        found = [locate(one, source, scopes) for one in findings]
        if self.look.answers is None:
            return found
        yes = made(found, source, self.look)
        return [locate(one, source, scopes) for one in decided(findings, yes, source, self.look)]

    def _owners(
        self, findings: Iterable[Located], not_analysed: Iterable[NotAnalysed]
    ) -> dict[str, tuple[str, ...]]:
        paths = {one.finding.path for one in findings} | {one.path for one in not_analysed}
        return {path: owners for path in sorted(paths) if (owners := self.owners_of(path))}

    def _rules(self, findings: Sequence[Located]) -> tuple[RuleInfo, ...]:
        """The rules that were asked for, and what a rule that failed is reported as."""
        by_id: dict[str, list[Rule]] = {}
        for rule in self.rules:
            if self.look.fixing is None or rule.id in self.look.fixing:
                by_id.setdefault(rule.id, []).append(rule)
        found = [
            RuleInfo(id_, rules[0].pack, rules[0].summary, manual(rules))
            for id_, rules in by_id.items()
        ]
        named = {one.finding.rule for one in findings}
        if CRASHED in named:
            found.append(RuleInfo(CRASHED, "migrate", CRASHED_SUMMARY, f"{CRASHED_SUMMARY}."))
        if UNUSED in named:
            found.append(RuleInfo(UNUSED, "migrate", UNUSED_SUMMARY, UNUSED_MANUAL))
        return tuple(sorted(found, key=lambda rule: rule.id))

    def _located_conclusions(self) -> Iterable[Located]:
        sources: dict[str, Source] = {}
        for finding in self.conclusions:
            path = finding.path
            if path not in sources:
                data = self.read(path)
                if not isinstance(data, bytes):
                    continue
                sources[path] = read(path, data, self.language(path))
            known = self.checked.get(path)
            yield from self._answered([finding], sources[path], known.scopes if known else None)

    def _not_analysed(self) -> list[NotAnalysed]:
        found = []
        words = [word for pack in self.packs for word in pack.legacy_words]
        for path, checked in self.checked.items():
            if path not in self.walk.files:
                continue
            missed = list(checked.gaps)
            data = self.read(path) if checked.reason is not None else ""
            if isinstance(data, bytes) and checked.reason is not None:
                missed.append((data, checked.reason))
            language = self.walk.files[path]
            reasons = [reason for part, reason in missed if speaks(part, language, words)]
            if reasons:
                found.append(NotAnalysed(path, reasons[0]))
        found += [
            NotAnalysed(path, self.walk.skipped[path])
            for path, name in self.walk.too_large.items()
            if file_speaks(path, name, words)
        ]
        found += [
            NotAnalysed(path, reason)
            for path, reason in self.candidates.unread.items()
            if path in self.walk.files
        ]
        return sorted(found, key=lambda one: one.path)

    def _counts(
        self, findings: Sequence[Located], not_analysed: Sequence[NotAnalysed], skipped: int
    ) -> Counts:
        reported = {one.finding.path for one in findings}
        refused = {one.path for one in not_analysed}
        seen = len(self.walk.files) + len(self.walk.skipped)
        parsed = sum(
            1
            for path, checked in self.checked.items()
            if checked.reason is None and path in self.walk.files
        )
        return Counts(
            seen=seen,
            parsed=parsed,
            clean=seen - skipped - len(reported | refused),
            reported=len(reported - refused),
            not_analysed=len(refused),
            skipped=skipped,
        )


def _order(one: Located) -> tuple[object, ...]:
    return (one.finding.path, one.start, one.finding.rule, one.finding.severity, one.end)
