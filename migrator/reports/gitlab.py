"""GitLab Code Quality: a list of issues with the six fields that GitLab reads."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from migrator.model import Severity
from migrator.reports.escape import as_json, shown
from migrator.reports.wording import NOT_ANALYSED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from migrator.model import Report

# An issue as it is told apart from others (rule, path, text of its lines), and what it shows.
_Issue = tuple[tuple[str, str, str], int, str, str]


def render(report: Report, sink: TextIO) -> None:
    """Write what is new in `report` to `sink`; an empty list where there is nothing to say."""
    seen: Counter[tuple[str, str, str]] = Counter()
    entries = []
    for key, line, severity, description in _issues(report):
        seen[key] += 1
        entries.append(_entry(key, seen[key], line, severity, description))
    sink.write(as_json(entries))


def _issues(report: Report) -> Iterator[_Issue]:
    for one in report.new:
        finding = one.finding
        # Its own lines without their layout, and no line number: a finding is the same one after
        # edits around it, which is how GitLab tells what a merge request adds.
        text = " ".join(" ".join(one.lines).split())
        severity = "major" if finding.severity is Severity.ERROR else "info"
        yield (finding.rule, finding.path, text), one.start.line, severity, finding.message
    for refused in report.newly_refused:
        message = f"not analysed: {refused.reason}"
        yield (NOT_ANALYSED, refused.path, ""), 1, "major", message


def _entry(
    key: tuple[str, str, str], count: int, line: int, severity: str, description: str
) -> dict[str, Any]:
    rule, path, _ = key
    # JSON's own quoting keeps the parts apart, and takes bytes that are no text.
    digest = hashlib.sha256(json.dumps([*key, count]).encode())
    return {
        "description": shown(description),
        "check_name": shown(rule),
        "fingerprint": digest.hexdigest(),
        "severity": severity,
        "location": {"path": shown(path), "lines": {"begin": line}},
    }
