"""What is left of a baseline in a report, what is gone from it, and what is new."""

from __future__ import annotations

import datetime
import os
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from migrator.engine.baseline import Baseline, Entry, Key
from migrator.model import Compared, Severity
from migrator.reports.wording import NOT_ANALYSED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.model import Report


class Scope(NamedTuple):
    """What a run can tell about: below which folders or files, and by which rules."""

    paths: tuple[Path, ...]
    rules: frozenset[str]

    def covers(self, path: Path) -> bool:
        """Whether the run has looked at `path`, which is absolute."""
        return any(path.is_relative_to(one) for one in self.paths)


@dataclass
class Comparison:
    """What became of the entries of a baseline: in findings and files not analysed.

    `report` is marked with what is known. `fresh` are in no entry, or in one that is `expired`;
    `advice` is too, and fails nothing. `renamed` are paths and what they are now. `untold` are
    entries that the run says nothing of.
    """

    baseline: Baseline
    report: Report
    left: list[Entry] = field(default_factory=list)
    gone: list[Entry] = field(default_factory=list)
    untold: list[Entry] = field(default_factory=list)
    expired: list[Entry] = field(default_factory=list)
    fresh: list[Key] = field(default_factory=list)
    advice: list[Key] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)


def compare(report: Report, baseline: Baseline, scope: Scope, today: datetime.date) -> Comparison:
    """What is left of `baseline` in `report`, what is gone, and what is new.

    The entries of a file that is gone count for one that is not in the baseline and has most of
    them, or half: it was renamed.
    """
    return _Comparing(report, baseline, scope, today).done()


class _Comparing:
    def __init__(
        self, report: Report, baseline: Baseline, scope: Scope, today: datetime.date
    ) -> None:
        self.report = report
        self.scope = scope
        self.today = today.isoformat()
        self.folder = Path(os.path.normpath(baseline.file.parent.absolute()))
        self.result = Comparison(baseline, report)
        self.waiting: dict[Key, list[Entry]] = {}
        unread = {self.path(one.path) for one in report.not_analysed}
        for entry in baseline.entries:
            key = entry.key
            is_told = key.rule in scope.rules and scope.covers(self.absolute(key.path))
            if is_told and not (key.path in unread and key.rule != NOT_ANALYSED):
                self.waiting.setdefault(key, []).append(entry)
            else:
                self.result.untold.append(entry)
        self.known: set[int] = set()

    def path(self, shown: str) -> str:
        """A path of the report as it is seen from the folder of the baseline."""
        return os.path.relpath(shown, self.folder).replace(os.sep, "/")

    def absolute(self, path: str) -> Path:
        """Where a path of the baseline leads."""
        return Path(os.path.normpath(self.folder / path))

    def done(self) -> Comparison:
        keys = list(enumerate(self._keys()))
        rest = [(number, key) for number, key in keys if not self._take(number, key, key)]
        for number, key in self._renamed(rest):
            self._is_fresh(number, key)
        result = self.result
        result.gone = sorted(entry for entries in self.waiting.values() for entry in entries)
        result.report = self._marked()
        return result

    def _keys(self) -> Iterator[Key]:
        """A key for each finding and each file not analysed of the report."""
        for one in self.report.findings:
            yield Key.of(self.path(one.finding.path), one)
        for refused in self.report.not_analysed:
            yield Key(self.path(refused.path), NOT_ANALYSED, "", "")

    def _is_fresh(self, number: int, key: Key) -> None:
        findings = self.report.findings
        is_advice = number < len(findings) and findings[number].finding.severity is Severity.ADVICE
        (self.result.advice if is_advice else self.result.fresh).append(key)

    def _take(self, number: int, key: Key, entered: Key) -> bool:
        """Count a finding for an entry, under the path that it has now."""
        entries = self.waiting.get(entered)
        if not entries:
            return False
        entry = entries.pop(0)._replace(key=key)
        if not entries:
            del self.waiting[entered]
        if entry.until and entry.until < self.today:
            self.result.expired.append(entry)
            self._is_fresh(number, key)
        else:
            self.result.left.append(entry)
            self.known.add(number)
        return True

    def _renamed(self, rest: list[tuple[int, Key]]) -> list[tuple[int, Key]]:
        """Those of `rest` that are new even if files were renamed."""
        gone: dict[str, Counter[tuple[str, ...]]] = {}
        for key, entries in self.waiting.items():
            if not os.path.lexists(self.absolute(key.path)):
                gone.setdefault(key.path, Counter())[key[1:]] += len(entries)
        here = {entry.key.path for entry in self.result.baseline.entries}
        new: dict[str, Counter[tuple[str, ...]]] = {}
        for _, key in rest:
            if key.path not in here:
                new.setdefault(key.path, Counter())[key[1:]] += 1
        pairs = sorted(
            (-(gone[old] & new[path]).total(), Path(old).name != Path(path).name, old, path)
            for old in gone
            for path in new
            # What only shares an import or the like with a file that is gone is a new one.
            if 2 * (gone[old] & new[path]).total() >= gone[old].total()
        )
        for _, _, old, path in pairs:
            if old not in self.result.renamed:
                self.result.renamed[old] = path
                rest = [
                    (number, key)
                    for number, key in rest
                    if key.path != path or not self._take(number, key, key._replace(path=old))
                ]
        return rest

    def _marked(self) -> Report:
        findings = tuple(
            one._replace(known=number in self.known)
            for number, one in enumerate(self.report.findings)
        )
        refused = tuple(
            one._replace(known=number in self.known)
            for number, one in enumerate(self.report.not_analysed, len(findings))
        )
        compared = Compared(
            os.path.relpath(self.result.baseline.file).replace(os.sep, "/"),
            len(self.result.left),
            len(self.result.gone),
            len(self.result.expired),
        )
        return replace(self.report, findings=findings, not_analysed=refused, baseline=compared)


def today() -> datetime.date:
    """The day, in UTC."""
    return datetime.datetime.now(datetime.timezone.utc).date()
