"""What every format says in the same words: how many are left, what a finding is, where."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from migrator.model import Applicability, Severity
from migrator.reports.escape import shown

if TYPE_CHECKING:
    from migrator.model import Finding, Located, Report, Suppressed

#: What a file that was not analysed is filed under where a format wants a rule.
NOT_ANALYSED = "not-analysed"


def label(finding: Finding) -> str:
    """`safe`, `review`, `manual` or `advice`."""
    advice = finding.severity is Severity.ADVICE
    return "advice" if advice else str(finding.applicability)


def counted(count: int, word: str) -> str:
    """`count` and `word`, which takes an s where there is not one."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def reasons(one: Located) -> list[str]:
    """A line for each sentence of the evidence."""
    return [f"because {shown(sentence)}" for sentence in one.finding.evidence]


def is_clean(report: Report) -> bool:
    """Whether no error is left and every file was analysed."""
    return not report.not_analysed and not any(map(_is_error, report.findings))


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
    if is_clean(report):
        advice = len(report.findings)
        also = f", {advice} advice" if advice else ""
        return "Nothing is left to migrate", f" ({seen} looked at{also}{_suppressed(report)})."
    errors = [one.finding for one in report.findings if _is_error(one)]
    by_level = Counter(finding.applicability for finding in errors)
    rest = (
        f" in {report.counts.reported} of {seen}: {by_level[Applicability.SAFE]} safe to apply, "
        f"{by_level[Applicability.REVIEW]} to review, {by_level[Applicability.MANUAL]} by hand"
    )
    rest += _suppressed(report)
    if report.not_analysed:
        rest += f"; {len(report.not_analysed)} not analysed"
    if by_level[Applicability.SAFE]:
        rest += ". See `migrate apply --dry-run`"
    return f"{len(errors)} left", f"{rest}."
