"""What a worker runs: one file in, findings and facts out; nothing is read or written here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from migrator.engine.meanings import meanings
from migrator.errors import NotAnalysedError
from migrator.languages import language
from migrator.model import Applicability, Fact, Finding, Located, Look, Severity, Source, Span
from migrator.model.report import EditBytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.model import Rule

CRASHED = "rule-crashed"


@dataclass(frozen=True)
class Checked:
    """What one file yields, in plain values; `reason` says why it could not be analysed.

    `gaps` are the parts of it that could not, as bytes with the reason.
    """

    path: str
    findings: tuple[Located, ...] = ()
    facts: tuple[Fact, ...] = ()
    reason: str | None = None
    gaps: tuple[tuple[bytes, str], ...] = ()
    names: tuple[str, ...] = ()


def read(path: str, data: bytes, name: str) -> Source:
    """`data` as a source whose bytes come back unchanged; raises `NotAnalysedError`."""
    codec, bom = language(name).encoding(data)
    try:
        source = Source.from_bytes(path, data, name, codec, bom)
        if source.to_bytes() != data:
            raise NotAnalysedError(f"does not survive decoding as {codec} and encoding unchanged")
    except UnicodeDecodeError as error:
        raise NotAnalysedError(f"is not {codec}: byte {error.start} has no meaning in it") from None
    return source


def check(path: str, data: bytes, name: str, rules: Sequence[Rule], look: Look) -> Checked:
    """Look at one file with every rule of its language."""
    try:
        source = read(path, data, name)
        language(name).parse(source)
    except NotAnalysedError as error:
        return Checked(path, reason=str(error))
    gaps = tuple(
        (source.text[gap.span.start : gap.span.end].encode(), gap.reason)
        for gap in language(name).gaps(source)
    )
    findings, facts = look_at(source, rules, look)
    if look.level > Applicability.REVIEW and any(
        finding.applicability is Applicability.REVIEW for finding in findings
    ):
        # What `--unsafe` would do to a place depends on all that it does, so look once more.
        unsafe, _ = look_at(source, rules, replace(look, level=Applicability.REVIEW))
        wider = {(one.rule, one.span): one for one in unsafe if one.fix}
        findings = [
            wider.get((one.rule, one.span), one)
            if one.applicability is Applicability.REVIEW
            else one
            for one in findings
        ]
    located = tuple(locate(one, source) for one in findings)
    return Checked(path, located, tuple(facts), gaps=gaps)


def names_at(path: str, data: bytes, name: str, line: int) -> Checked:
    """What the names on one line of a file stand for."""
    try:
        return Checked(path, names=tuple(meanings(read(path, data, name), line)))
    except NotAnalysedError as error:
        return Checked(path, reason=str(error))


def look_at(source: Source, rules: Sequence[Rule], look: Look) -> tuple[list[Finding], list[Fact]]:
    """The findings and facts of `rules`; a rule that raises is a finding itself."""
    findings: list[Finding] = []
    facts: list[Fact] = []
    for rule in rules:
        try:
            for seen in rule.check(source, look):
                if isinstance(seen, Fact):
                    facts.append(seen)
                else:
                    findings.append(seen)
        except Exception as error:
            message = (
                f"the rule `{rule.id}` failed on this file ({type(error).__name__}: {error}); "
                "what it would have found is unknown"
            )
            findings.append(
                Finding(CRASHED, source.path, Span(0, 0), Severity.ERROR, message, (rule.pack,))
            )
    return findings, facts


def locate(finding: Finding, source: Source) -> Located:
    """`finding` with lines, columns and byte offsets, which only the source can tell."""
    start, end = source.position(finding.span.start), source.position(finding.span.end)
    lines = []
    for line in range(start.line, end.line + 1):
        first, last = source.line_span(line)
        lines.append(source.text[first:last].rstrip("\r\n"))
    edits = sorted(set(finding.fix.edits), key=lambda edit: edit.span) if finding.fix else []
    return Located(
        finding,
        start,
        end,
        tuple(
            EditBytes(
                source.byte_offset(edit.span.start), source.byte_offset(edit.span.end), edit.text
            )
            for edit in edits
        ),
        tuple(lines),
    )
