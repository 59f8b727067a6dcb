"""What an audit has to say: its findings with their places, the checklist, and the counts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from migrator.engine.checked import CRASHED, CRASHED_SUMMARY
from migrator.engine.checklist import Checklist
from migrator.engine.decisions import decided, made
from migrator.engine.locate import locate
from migrator.engine.packs import manual
from migrator.engine.sources import read
from migrator.engine.suppress import UNUSED, UNUSED_MANUAL, UNUSED_SUMMARY, split, unused
from migrator.engine.validation import Standing
from migrator.engine.words import file_speaks, speaks
from migrator.model import (
    ChecklistItem,
    Counts,
    Finding,
    Located,
    NotAnalysed,
    PackInfo,
    Passed,
    Report,
    RuleInfo,
    Suppressed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from migrator.engine.audit import Audit
    from migrator.model import Rule, Source


_TRACKED = "is in git, but left out, as .gitignore names it: name it to have it looked at"


def _of_nobody(_path: str) -> tuple[str, ...]:
    return ()


def _none() -> Collection[str]:
    return ()


@dataclass(frozen=True)
class About:
    """What reports tell beside what an audit found; of files in memory, nothing of it is known.

    `validation` is where the project's own stands, `part` what part of the files the report is
    about, in words, and `lines` the lines of each that are (`None` for all); without a part it is
    about all. `owners_of` tells who owns a file, `other_rules` are those of packs that are not in
    this run: comments may name them.
    """

    validation: Standing = field(default_factory=Standing)
    part: str = ""
    lines: Mapping[str, frozenset[int] | None] = field(default_factory=dict)
    owners_of: Callable[[str], tuple[str, ...]] = _of_nobody
    other_rules: Callable[[], Collection[str]] = _none


class Reporting:
    """Makes the report of an audit that has run."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._about = audit.about
        self._walk = audit.walk
        self._checked = audit.checked
        self._look = audit.look

    def report(self) -> Report:
        """All that there is to say, sorted by path, line, column and rule."""
        findings = sorted(
            (
                *(one for checked in self._checked.values() for one in checked.findings),
                *self._located_conclusions(),
            ),
            key=_order,
        )
        found = [one for one in findings if self._is_asked_for(one.finding)]
        findings, suppressed = self._split(found)
        not_analysed = self._not_analysed()
        skipped = {**self._walk.skipped, **self._tracked()}
        seen = len(self._walk.files) + len(skipped)
        for refused in not_analysed:
            skipped.pop(refused.path, None)
        checklist = self._checklist(findings, suppressed, not_analysed)
        findings = [self._as_configured(one) for one in findings]
        return Report(
            tuple(PackInfo(pack.id, pack.version, pack.title) for pack in self._audit.packs),
            tuple(findings),
            checklist,
            tuple(not_analysed),
            self._counts(findings, not_analysed, seen, len(skipped)),
            self._walk.excluded,
            self._rules(findings),
            tuple(Passed(path, reason) for path, reason in sorted(skipped.items())),
            self._owners(findings, not_analysed),
            tuple(suppressed),
            part=self._about.part,
        )

    def _is_asked_for(self, finding: Finding) -> bool:
        rules = self._rules_in(finding.path)
        is_asked = rules is None or finding.rule in rules or finding.rule == CRASHED
        return is_asked and finding.path in self._walk.files

    def _rules_in(self, path: str) -> Collection[str] | None:
        """The rules that are asked for in a file; `None` for all."""
        return self._look.within(path).fixing

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
            self._checked,
            frozenset(self._walk.files.values()),
            self._look,
            self._about.validation,
            self._about.part,
        )
        return tuple(checklist.item(item) for pack in self._audit.packs for item in pack.checklist)

    def in_part(self, report: Report) -> Report:
        """`report`, which this audit has made, with what is on the lines of its part alone."""
        if not self._about.part:
            return report
        findings = tuple(filter(self._is_in_part, report.findings))
        suppressed = tuple(one for one in report.suppressed if self._is_in_part(one.located))
        checklist = self._checklist(findings, suppressed, report.not_analysed)
        return replace(
            report,
            findings=findings,
            suppressed=suppressed,
            checklist=checklist,
            counts=self._counts(
                findings, report.not_analysed, report.counts.seen, report.counts.skipped
            ),
        )

    def _is_in_part(self, one: Located) -> bool:
        lines = self._about.lines.get(one.finding.path)
        return lines is None or not lines.isdisjoint(range(one.start.line, one.end.line + 1))

    def _as_configured(self, one: Located) -> Located:
        """The finding with the severity that the configuration of its file gives its rule."""
        own = self._walk.configured.get(one.finding.path)
        severity = own.config.severities.get(one.finding.rule) if own else None
        if severity is None:
            return one
        return one._replace(finding=one.finding._replace(severity=severity))

    def _split(self, found: Sequence[Located]) -> tuple[list[Located], list[Suppressed]]:
        """What counts, with what suppresses nothing, and what is suppressed."""
        said = {
            path: one.directives
            for path, one in self._checked.items()
            if one.directives and path in self._walk.files
        }
        if not said:
            return list(found), []
        active, suppressed, used = split(found, said)
        known = {rule.id for rule in self._audit.rules}
        own = frozenset(known)
        named = {rule for one in said.values() for each in one for rule, _ in each.ids}
        if not named <= known:
            known.update(self._about.other_rules())
        crashed = {one.finding.path for one in found if one.finding.rule == CRASHED}
        for path, directives in said.items():
            rules = self._rules_in(path)
            data = self._audit.read(path)
            is_asked = rules is None or UNUSED in rules
            if is_asked and path not in crashed and isinstance(data, bytes):
                source = read(path, data, self._audit.language(path))
                ran = own if rules is None else own.intersection(rules)
                idle = list(unused(path, source, directives, used, ran, known))
                active += self._answered(idle, source)
        return sorted(active, key=_order), suppressed

    def _answered(
        self, findings: Sequence[Finding], source: Source, scopes: Mapping[int, str] | None = None
    ) -> list[Located]:
        """`findings`, which no check has seen; where it was decided, with the fixes to be made."""
        found = [locate(one, source, scopes) for one in findings]
        if self._look.answers is None:
            return found
        yes = made(found, source, self._look)
        return [locate(one, source, scopes) for one in decided(found, yes, source, self._look)]

    def _owners(
        self, findings: Iterable[Located], not_analysed: Iterable[NotAnalysed]
    ) -> dict[str, tuple[str, ...]]:
        paths = {one.finding.path for one in findings} | {one.path for one in not_analysed}
        return {path: owners for path in sorted(paths) if (owners := self._about.owners_of(path))}

    def _rules(self, findings: Sequence[Located]) -> tuple[RuleInfo, ...]:
        """The rules that were asked for, and what a rule that failed is reported as."""
        by_id: dict[str, list[Rule]] = {}
        for rule in self._audit.rules:
            if self._look.fixing is None or rule.id in self._look.fixing:
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
        for finding in self._audit.conclusions:
            path = finding.path
            if path not in sources:
                data = self._audit.read(path)
                if not isinstance(data, bytes):
                    continue
                sources[path] = read(path, data, self._audit.language(path))
            known = self._checked.get(path)
            yield from self._answered([finding], sources[path], known.scopes if known else None)

    def _tracked(self) -> dict[str, str]:
        """What is left out of the files of git and holds legacy words, and why."""
        words = self._legacy_words
        left_out = [one for one in self._walk.tracked.items() if one[0] not in self._walk.files]
        return {path: _TRACKED for path, name in left_out if file_speaks(path, name, words)}

    @property
    def _legacy_words(self) -> list[str]:
        return [word for pack in self._audit.packs for word in pack.legacy_words]

    def _not_analysed(self) -> list[NotAnalysed]:
        found = []
        words = self._legacy_words
        for path, checked in self._checked.items():
            if path not in self._walk.files:
                continue
            missed = list(checked.gaps)
            data = self._audit.read(path) if checked.reason is not None else ""
            if isinstance(data, bytes) and checked.reason is not None:
                missed.append((data, checked.reason))
            language = self._walk.files[path]
            reasons = [reason for part, reason in missed if speaks(part, language, words)]
            if reasons:
                found.append(NotAnalysed(path, reasons[0]))
        found += [
            NotAnalysed(path, self._walk.skipped[path])
            for path, name in self._walk.too_large.items()
            if file_speaks(path, name, words)
        ]
        found += [
            NotAnalysed(path, reason)
            for path, reason in self._audit.candidates.unread.items()
            if path in self._walk.files
        ]
        return sorted(found, key=lambda one: one.path)

    def _counts(
        self,
        findings: Sequence[Located],
        not_analysed: Sequence[NotAnalysed],
        seen: int,
        skipped: int,
    ) -> Counts:
        reported = {one.finding.path for one in findings}
        refused = {one.path for one in not_analysed}
        parsed = sum(
            1
            for path, checked in self._checked.items()
            if checked.reason is None and path in self._walk.files
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
