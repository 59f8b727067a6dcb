"""Comments that suppress what an audit found, each on the line of the findings it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.engine.checked import CRASHED
from migrator.engine.directives import unbroken
from migrator.engine.sources import digest, read
from migrator.engine.suppress import UNUSED
from migrator.errors import MigrateError
from migrator.model import Change, Edit, Plan, Severity, Skipped, Span, splice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from migrator.engine.audit import Audit
    from migrator.engine.project import Project
    from migrator.model import Finding, Located, Report, Source

# Suppressing one thing may show another: what is left of an import, for instance.
_MOST_ROUNDS = 5


def check_reason(reason: str) -> str:
    """`reason` as a comment can hold it; raises `MigrateError` for one that it cannot."""
    reason = reason.strip()
    if not reason:
        raise MigrateError("say why with --add-ignores: the comments keep the reason")
    if not reason.isprintable() or " # " in f" {reason} ":
        raise MigrateError("the reason must fit on a line, and have no `#` by itself")
    return reason


def ignores(
    project: Project, audit: Audit, reason: str, judge: Callable[[Report], Report] = lambda one: one
) -> Plan:
    """A comment with that reason for every new error of `audit`; advice fails nothing and has none.

    `judge` takes from a report what this is not about, and marks what is known. A file in which
    some error cannot be suppressed, or which would not parse any more, stays as it is and is among
    the skipped.
    """
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    refused: dict[str, str] = {}
    current = audit
    for _ in range(_MOST_ROUNDS):
        by_path = _errors(judge(current.report()), refused)
        if not by_path:
            break
        for path, found in by_path.items():
            try:
                if path not in before:
                    before[path] = after[path] = _bytes(project, audit, path)
                after[path] = _with_comments(current, path, after[path], found, reason)
            except ValueError as error:
                refused[path] = str(error)
                continue
        current = project.audit({path: data for path, data in after.items() if path not in refused})
        refused.update(current.refused(audit))
    for path in _errors(judge(current.report()), refused):
        refused[path] = "not all of its findings can be suppressed by a comment"
    changes = [
        Change(path, before[path], data) for path, data in after.items() if path not in refused
    ]
    return Plan(
        tuple(sorted(changes, key=lambda change: change.path)),
        tuple(one for one in _suppressed(current) if one.path in after.keys() - refused.keys()),
        tuple(
            Skipped(one.finding, refused[path])
            for path, found in _errors(judge(audit.report()), {}).items()
            for one in found
            if path in refused
        ),
    )


def _errors(report: Report, refused: Mapping[str, str]) -> dict[str, list[Located]]:
    """The new errors that comments can suppress, by path."""
    found: dict[str, list[Located]] = {}
    for one in report.new:
        finding = one.finding
        if (
            finding.severity is Severity.ERROR
            and finding.rule not in (UNUSED, CRASHED)
            and finding.path not in refused
        ):
            found.setdefault(finding.path, []).append(one)
    return found


def _suppressed(audit: Audit) -> Iterable[Finding]:
    return (one.located.finding for one in audit.report().suppressed)


def _bytes(project: Project, audit: Audit, path: str) -> bytes:
    """The bytes of a file that was looked at; raises `ValueError` where it cannot be changed."""
    if reason := project.refuses(path):
        raise ValueError(f"it {reason}")
    data = project.read(path)
    if isinstance(data, str):
        raise ValueError(f"it {data}")
    if digest(data) != audit.checked[path].digest:
        raise ValueError("it was changed by something else while it was looked at")
    return data


def _with_comments(
    audit: Audit, path: str, data: bytes, found: Sequence[Located], reason: str
) -> bytes:
    source = read(path, data, audit.language(path))
    ranges = unbroken(source)
    rules: dict[int, set[str]] = {}
    for one in found:
        line = one.start.line
        last = next((last for first, last in ranges if first <= line <= last), line)
        rules.setdefault(last, set()).add(one.finding.rule)
    return source.to_bytes(splice(source.text, _comments(source, rules, reason)))


def _comments(source: Source, rules: Mapping[int, Iterable[str]], reason: str) -> Iterable[Edit]:
    for line, named in rules.items():
        start, end = source.line_span(line)
        text = source.text[start:end].rstrip("\r\n")
        gap = "  "[: 2 - min(2, len(text) - len(text.rstrip(" \t")))]
        place = start + len(text)
        comment = f"{gap}# migrate: ignore[{', '.join(sorted(named))}] {reason}"
        yield Edit(source.path, Span(place, place), comment)
