"""From findings to the bytes that an apply would write; every change is checked twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.engine.sources import read
from migrator.engine.suppress import UNUSED
from migrator.engine.unseen import unseen
from migrator.errors import NotAnalysedError
from migrator.model import Change, Edit, Finding, Look, Plan, Severity, Skipped, Span, splice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from migrator.model import Source

    #: Audits the tree as it would be with these bytes in it: the findings, and the files that
    #: could not be analysed with the reason.
    SecondLook = Callable[[Mapping[str, bytes]], tuple[Iterable[Finding], Mapping[str, str]]]

DROPPED = "fix-dropped"


def plan(
    findings: Iterable[Finding],
    look: Look,
    data: Callable[[str], bytes],
    languages: Mapping[str, str],
    again: SecondLook,
    refuses: Callable[[str], str | None],
) -> Plan:
    """The fixes at or above the level of `look`, file by file, all of a file's or none.

    What parsed must parse, and `again`, a second look at the result, must find nothing more to
    fix; else the file stays as it was and a finding names the rules. So it does where `refuses`
    says why nothing may be written there.
    """
    findings = list(findings)
    wanted = _applying(findings, look)
    changes: dict[str, Change] = {}
    skipped: list[Skipped] = []
    for path in sorted(wanted):
        if reason := refuses(path):
            skipped += _dropped(path, wanted[path], f"it {reason}")
            continue
        try:
            changes[path] = _change(path, data(path), languages[path], wanted[path])
        except (ValueError, NotAnalysedError) as error:
            skipped += _dropped(path, wanted[path], str(error))
    seen, refused = again({path: change.after for path, change in changes.items()})
    found = list(seen)
    more = _applying(found, look)
    for path in list(changes):
        if path in refused:
            skipped += _dropped(path, wanted[path], f"the result {refused[path]}")
            del changes[path]
        elif path in more:
            reason = f"a second look at the result finds more to fix ({_rules(more[path])})"
            skipped += _dropped(path, wanted[path], reason)
            del changes[path]
    applied = tuple(finding for path in changes for finding in wanted[path])

    def source(path: str) -> Source:
        return read(path, data(path), languages[path])

    def result(path: str) -> Source:
        return read(path, changes[path].after, languages[path]) if path in changes else source(path)

    return Plan(
        tuple(change for change in changes.values() if change.after != change.before),
        applied,
        tuple(skipped),
        tuple(unseen(findings, applied, found, source, result)) if changes else (),
    )


def _applying(findings: Iterable[Finding], look: Look) -> dict[str, list[Finding]]:
    """Those of `findings` whose fixes are at or above the level of `look`, by path."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        if _applies(finding, look):
            found.setdefault(finding.path, []).append(finding)
    return found


def _applies(finding: Finding, look: Look) -> bool:
    return bool(
        finding.fix
        and finding.fix.edits
        and look.may_edit(finding.path)
        and look.within(finding.path).applies(finding.rule, finding.applicability)
    )


def _change(path: str, before: bytes, name: str, findings: Iterable[Finding]) -> Change:
    source = read(path, before, name)
    edits: list[Edit] = []
    unused: list[Edit] = []
    for finding in findings:
        if finding.fix:
            (unused if finding.rule == UNUSED else edits).extend(finding.fix.edits)
    # What goes with other edits need not be taken out of them.
    apart = [one for one in unused if not any(map(one.meets, edits))]
    return Change(path, before, source.to_bytes(splice(source.text, (*edits, *apart))))


def _dropped(path: str, findings: Iterable[Finding], reason: str) -> Iterable[Skipped]:
    left = list(findings)
    message = (
        f"this file was left as it was: {reason}; the fixes left out are those of {_rules(left)}"
    )
    yield Skipped(Finding(DROPPED, path, Span(0, 0), Severity.ERROR, message), reason)
    for finding in left:
        yield Skipped(finding, reason)


def _rules(findings: Iterable[Finding]) -> str:
    return ", ".join(sorted({finding.rule for finding in findings}))
