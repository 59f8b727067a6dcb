"""Rounds over all files: check, learn, check again what the news concerns, conclude, report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from migrator.engine.check import CRASHED, Checked, locate
from migrator.languages import language
from migrator.model import (
    NOT_ANALYSED,
    Applicability,
    ChecklistItem,
    Counts,
    Fact,
    Finding,
    Located,
    Look,
    NotAnalysed,
    PackInfo,
    Report,
    Severity,
    State,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from migrator.engine.discover import Walk
    from migrator.engine.packs import Item, Pack
    from migrator.model import Rule, Triggers

    #: Checks files side by side: path and what was learnt in, one result each out.
    Checker = Callable[[Sequence[str], Look], Iterable[Checked]]
    Reader = Callable[[str], bytes | str]

# What is learnt in one round can only concern further files in the next: it ends by itself, but
# a pack whose `learn` contradicts itself must not hang the run.
_MOST_ROUNDS = 12


class Audit:
    """One run over a tree: candidates by word, rounds until nothing new is learnt."""

    def __init__(self, packs: Sequence[Pack], walk: Walk, read: Reader, look: Look) -> None:
        self.packs = packs
        self.walk = walk
        self.read = read
        self.rules: tuple[Rule, ...] = tuple(rule for pack in packs for rule in pack.rules)
        self.look = replace(
            look,
            paths=frozenset((*walk.files, *walk.context)),
            editable=frozenset(walk.files) if walk.context else None,
        )
        self.checked: dict[str, Checked] = {}
        self.unread: dict[str, str] = {}
        self.conclusions: list[Finding] = []

    def run(self, check: Checker) -> None:
        """Check all files that the rules and what they learn may concern."""
        triggers: dict[str, Triggers] = {}
        for rule in self.rules:
            triggers[rule.language] = (*triggers.get(rule.language, ()), *rule.triggers)
        waiting = self._holding(lambda name: triggers.get(name, ()))
        for _ in range(_MOST_ROUNDS):
            for result in check(sorted(waiting), self.look):
                self.checked[result.path] = result
            facts = self.facts()
            known = frozenset(
                fact for rule in self.rules if rule.learn for fact in rule.learn(facts, self.look)
            )
            if known == self.look.known:
                break
            news = known ^ self.look.known
            self.look = replace(self.look, known=known)
            words: Triggers = tuple({group for fact in news for group in fact.words})
            files = {file for fact in news for file in fact.files}
            waiting = self._holding(lambda _, words=words: words, files)  # type: ignore[misc]
        facts = self.facts()
        for rule in self.rules:
            if rule.conclude:
                self.conclusions += rule.conclude(facts, self.look)

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

    def _holding(
        self, groups_of: Callable[[str], Triggers], files: Collection[str] = ()
    ) -> list[str]:
        """The files that hold all words of one group, and those of `files`."""
        found = []
        for path, name in (*self.walk.files.items(), *self.walk.context.items()):
            groups = groups_of(name)
            if not (groups or path in files) or path in self.unread:
                continue
            data = self.read(path)
            if isinstance(data, str):
                self.unread[path] = data
                continue
            holds = language(name).holds
            if path in files or any(all(holds(data, word) for word in group) for group in groups):
                found.append(path)
        return found

    def report(self) -> Report:
        """What there is to say, sorted by path, line, column and rule."""
        findings = sorted(
            (
                *(one for checked in self.checked.values() for one in checked.findings),
                *self._located_conclusions(),
            ),
            key=_order,
        )
        findings = [one for one in findings if one.finding.path in self.walk.files]
        selected = self.look.fixing
        if selected is not None:
            findings = [one for one in findings if one.finding.rule in {*selected, CRASHED}]
        not_analysed = self._not_analysed()
        languages = frozenset(self.walk.files.values())
        checklist = _Checklist(findings, not_analysed, self.checked, languages, selected)
        return Report(
            tuple(PackInfo(pack.id, pack.version, pack.title) for pack in self.packs),
            tuple(findings),
            tuple(checklist.item(item) for pack in self.packs for item in pack.checklist),
            tuple(not_analysed),
            self._counts(findings, not_analysed),
            self.walk.excluded,
            tuple(f"{path}: {reason}" for path, reason in sorted(self.walk.skipped.items())),
        )

    def _located_conclusions(self) -> Iterable[Located]:
        from migrator.engine.check import read

        for finding in self.conclusions:
            data = self.read(finding.path)
            if isinstance(data, bytes):
                yield locate(finding, read(finding.path, data, self.language(finding.path)))

    def _not_analysed(self) -> list[NotAnalysed]:
        found = []
        words = [word for pack in self.packs for word in pack.legacy_words]
        for path, checked in sorted(self.checked.items()):
            if path not in self.walk.files:
                continue
            holds = language(self.walk.files[path]).holds
            missed = list(checked.gaps)
            data = self.read(path) if checked.reason is not None else ""
            if isinstance(data, bytes) and checked.reason is not None:
                missed.append((data, checked.reason))
            for part, reason in missed:
                if any(holds(part, word) for word in words):
                    found.append(NotAnalysed(path, reason))
                    break
        found += [
            NotAnalysed(path, reason)
            for path, reason in self.unread.items()
            if path in self.walk.files
        ]
        return sorted(found, key=lambda one: one.path)

    def _counts(self, findings: Sequence[Located], not_analysed: Sequence[NotAnalysed]) -> Counts:
        reported = {one.finding.path for one in findings}
        refused = {one.path for one in not_analysed}
        seen = len(self.walk.files) + len(self.walk.skipped)
        skipped = len(self.walk.skipped)
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


class _Checklist:
    """What the items of a checklist are answered from."""

    def __init__(
        self,
        findings: Sequence[Located],
        not_analysed: Sequence[NotAnalysed],
        checked: Mapping[str, Checked],
        languages: Collection[str],
        selected: Collection[str] | None,
    ) -> None:
        self._findings = [one.finding for one in findings]
        self._missing = len(not_analysed)
        self._looked = sum(1 for one in checked.values() if one.reason is None)
        self._languages = languages
        self._selected = selected
        self._crashed = {one.path for one in self._findings if one.rule == CRASHED}

    def item(self, item: Item) -> ChecklistItem:
        """Where `item` stands, and what that rests on."""
        counted = Severity.ADVICE if item.counts_advice else Severity.ERROR
        open_ = [
            finding
            for finding in self._findings
            if finding.rule in item.rules and finding.severity in (Severity.ERROR, counted)
        ]
        missing = self._missing if item.needs_all_analysed else 0
        if open_ or missing:
            is_manual = not missing and all(
                finding.applicability is Applicability.MANUAL for finding in open_
            )
            state = State.MANUAL if is_manual else State.OPEN
            places = _files(len({finding.path for finding in open_}))
            evidence = f"{len(open_)} of {', '.join(item.rules)} in {places}"
        else:
            state, evidence = self._without_findings(item)
        if self._missing and item.rules:
            evidence += f"; {_files(self._missing)} not analysed"
        return ChecklistItem(
            item.id, item.title, item.section, state, len(open_) + missing, evidence
        )

    def _without_findings(self, item: Item) -> tuple[State, str]:
        left_out = sorted(set(item.rules) - set(self._selected or item.rules))
        if item.by_verify:
            evidence = "the project's validation has not been run on these sources"
        elif item.language and item.language not in self._languages:
            return State.DONE, f"there are no files of {item.language}"
        elif left_out:
            evidence = f"{', '.join(left_out)} was not asked for"
        elif self._crashed and item.rules:
            evidence = f"a rule failed on {_files(len(self._crashed))}"
        else:
            looked = _files(self._looked)
            return State.DONE, f"no finding of {', '.join(item.rules)} in {looked} analysed"
        return State.UNCHECKED, evidence


def _files(count: int) -> str:
    return f"{count} file" if count == 1 else f"{count} files"
