"""What every format says in the same words: how many are left, what a finding is, where."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from migrator.model import Applicability, Severity
from migrator.reports.escape import shown

if TYPE_CHECKING:
    from migrator.model import Finding, Located, Report, Suppressed

#: What a file that was not analysed is filed under where a rule is wanted.
NOT_ANALYSED = "not-analysed"


def label(finding: Finding) -> str:
    """`safe`, `review`, `manual` or `advice`."""
    advice = finding.severity is Severity.ADVICE
    return "advice" if advice else str(finding.applicability)


def counted(count: int, word: str, plural: str = "") -> str:
    """`count` and `word`, which where there is not one is `plural`, or takes an s."""
    return f"{count} {word if count == 1 else plural or f'{word}s'}"


def reasons(one: Located) -> list[str]:
    """A line for each sentence of the evidence."""
    return [f"because {shown(sentence)}" for sentence in one.finding.evidence]


def is_clean(report: Report) -> bool:
    """Whether no new error is left and every file was analysed, but for those of the baseline."""
    return not report.newly_refused and not any(map(_is_error, report.new))


def _is_error(one: Located) -> bool:
    return one.finding.severity is Severity.ERROR


def _suppressed(report: Report) -> str:
    return f", {len(report.suppressed)} suppressed" if report.suppressed else ""


def because(one: Suppressed) -> str:
    """Why a finding is suppressed, as its comment says."""
    return shown(one.reason) if one.reason else "no reason is given"


def summary(report: Report) -> tuple[str, str]:
    """The sentence that sums `report` up, in two parts: what matters, and the rest."""
    seen = counted(report.counts.seen, "file")
    aside = _suppressed(report) + _baseline(report)
    part = f" in what changed {report.part}" if report.part else ""
    if is_clean(report):
        looked_at = counted(report.counts.seen - report.counts.skipped, "file")
        advice = sum(not _is_error(one) for one in report.new)
        also = f", {advice} advice" if advice else ""
        new = "new " if report.baseline else ""
        return f"Nothing {new}is left to migrate{part}", f" ({looked_at} looked at{also}{aside})."
    errors = [one.finding for one in report.new if _is_error(one)]
    by_level = Counter(finding.applicability for finding in errors)
    files = len({one.path for one in errors}) if report.baseline else report.counts.reported
    rest = (
        f" in {files} of {seen}: {by_level[Applicability.SAFE]} safe to apply, "
        f"{by_level[Applicability.REVIEW]} to review, {by_level[Applicability.MANUAL]} by hand"
    )
    rest += aside
    if report.newly_refused:
        rest += f"; {len(report.newly_refused)} not analysed"
    if by_level[Applicability.SAFE]:
        rest += ". See `migrate apply --dry-run`"
    return f"{len(errors)} {'new' if report.baseline else 'left'}{part}", f"{rest}."


def _baseline(report: Report) -> str:
    if report.baseline is None:
        return ""
    said = f", {report.baseline.left} in the baseline"
    if report.baseline.expired:
        said += f" and {report.baseline.expired} expired"
    if report.baseline.gone:
        said += f", {report.baseline.gone} gone from it: see `migrate baseline prune`"
    return said
