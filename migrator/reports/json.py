"""The JSON report: one object, ASCII-escaped, in a fixed order; see `docs/json-report.md`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from migrator import __version__
from migrator.reports.escape import as_json

if TYPE_CHECKING:
    from typing import TextIO

    from migrator.model import Located, Report, Suppressed

_VERSION = 1


def render(report: Report, sink: TextIO) -> None:
    """Write `report` to `sink`."""
    sink.write(as_json(_object(report)))


def _object(report: Report) -> dict[str, Any]:
    packs = [{"id": pack.id, "version": pack.version} for pack in report.packs]
    by_level = {"safe": 0, "review": 0, "manual": 0}
    for one in report.findings:
        by_level[str(one.finding.applicability)] += 1
    return {
        "version": _VERSION,
        "tool": {"name": "migrate", "version": __version__},
        "pack": packs[0],
        "packs": packs,
        "findings": [
            {**_finding(one), **_state(report, known=one.known)} for one in report.findings
        ],
        "suppressed": [_suppressed(one) for one in report.suppressed],
        "checklist": [
            {
                "id": item.id,
                "title": item.title,
                "section": item.section,
                "state": str(item.state),
                "findings": item.findings,
                "evidence": item.evidence,
                "next": item.todo,
            }
            for item in report.checklist
        ],
        "not_analysed": [
            {"path": one.path, "reason": one.reason, **_state(report, known=one.known)}
            for one in report.not_analysed
        ],
        "skipped": [{"path": path, "reason": reason} for path, reason in report.skipped],
        **({"baseline": report.baseline._asdict()} if report.baseline else {}),
        "summary": {
            "files": report.counts.seen,
            "parsed": report.counts.parsed,
            "findings": by_level,
            "suppressed": len(report.suppressed),
            "clean": report.counts.clean,
            "reported": report.counts.reported,
            "not_analysed": report.counts.not_analysed,
            "skipped": report.counts.skipped,
            "excluded": dict(sorted(report.excluded.items())),
        },
    }


def _state(report: Report, *, known: bool) -> dict[str, str]:
    """Where there is a baseline, what something is beside it."""
    return {"baseline": "unchanged" if known else "new"} if report.baseline else {}


def _suppressed(one: Suppressed) -> dict[str, Any]:
    """A finding that stays as it is: without edits, with the comment's line and reason."""
    return {
        **_finding(one.located),
        "edits": [],
        "suppression": {"line": one.line, "reason": one.reason},
    }


def _finding(one: Located) -> dict[str, Any]:
    finding = one.finding
    return {
        "rule": finding.rule,
        "path": finding.path,
        "line": one.start.line,
        "column": one.start.column,
        "end_line": one.end.line,
        "end_column": one.end.column,
        "severity": str(finding.severity),
        "applicability": str(finding.applicability),
        "message": finding.message,
        "evidence": list(finding.evidence),
        "edits": [{"start": edit.start, "end": edit.end, "text": edit.text} for edit in one.edits],
    }
