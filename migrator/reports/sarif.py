"""SARIF 2.1.0, for code scanning and for editors.

Nothing in it tells of the machine or the time. The applicability of a fix is in `properties`, since
the format has no word for it. Files that were not analysed are notifications of the tool, and make
the run one that did not succeed.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from migrator import __version__
from migrator.model import Severity
from migrator.reports.escape import as_json, shown
from migrator.reports.wording import NOT_ANALYSED, label, reasons

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TextIO

    from migrator.model import EditBytes, Located, Position, Report, Suppressed

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_BASE = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.ADVICE: "note"}
_NOT_ANALYSED = (
    "A file could not be read or parsed",
    "The file holds a word of the old API, but could not be read or parsed, so what is left in it "
    "is unknown. Mend it, or exclude it.",
)
_USUAL_ENCODING = "UTF-8"
_REGISTERED = {"ascii": "US-ASCII", "big5": "Big5", "shift_jis": "Shift_JIS"}


def render(report: Report, sink: TextIO) -> None:
    """Write `report` to `sink`, ASCII-escaped."""
    sink.write(as_json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report)]}))


def _run(report: Report) -> dict[str, Any]:
    numbers = {rule.id: number for number, rule in enumerate(report.rules)}
    return {
        "tool": {
            "driver": {
                "name": "migrate",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [
                    {
                        **_descriptor(rule.id, rule.summary, rule.manual),
                        "properties": {"tags": ["migration", rule.pack]},
                    }
                    for rule in report.rules
                ],
                "notifications": [_descriptor(NOT_ANALYSED, *_NOT_ANALYSED)],
            },
            "extensions": [
                {"name": pack.id, "version": pack.version, "fullName": pack.title}
                for pack in report.packs
            ],
        },
        "invocations": [_invocation(report)],
        "originalUriBaseIds": {
            _BASE: {"description": _text("The folder that migrate was run in.")}
        },
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "defaultEncoding": _USUAL_ENCODING,
        "artifacts": _artifacts(report),
        "results": [
            {**result, **({"baselineState": state} if report.baseline else {})}
            for result, state in _results(report, numbers)
        ],
    }


def _results(report: Report, numbers: Mapping[str, int]) -> Iterator[tuple[dict[str, Any], str]]:
    """Each result with what it is beside a baseline."""
    for one in report.findings:
        yield _result(one, numbers[one.finding.rule]), "unchanged" if one.known else "new"
    for kept in report.suppressed:
        yield _suppressed(kept, numbers[kept.located.finding.rule]), "unchanged"


def _descriptor(name: str, summary: str, manual: str) -> dict[str, Any]:
    return {
        "id": shown(name),
        "shortDescription": _text(f"{summary}."),
        "fullDescription": _text(f"{summary}."),
        # A manual page reads as Markdown: its examples are indented, its code is in backticks.
        "help": {"text": manual, "markdown": manual},
        "defaultConfiguration": {"level": "error"},
    }


def _invocation(report: Report) -> dict[str, Any]:
    notifications: list[dict[str, Any]] = [
        {
            "descriptor": {"id": NOT_ANALYSED, "index": 0},
            "level": "note" if refused.known else "error",
            "message": _text(f"{shown(refused.path)} was not analysed: {refused.reason}."),
            "locations": [{"physicalLocation": {"artifactLocation": _location(refused.path)}}],
        }
        for refused in report.not_analysed
    ]
    notifications += (
        {"level": "note", "message": _text(f"{path}: {reason}")} for path, reason in report.skipped
    )
    return {
        "executionSuccessful": not report.newly_refused,
        "toolExecutionNotifications": notifications,
    }


def _artifacts(report: Report) -> list[dict[str, Any]]:
    """The files in another encoding than UTF-8: without it their fixes could not be applied."""
    located = (*report.findings, *(one.located for one in report.suppressed))
    encodings = {one.finding.path: _registered(one.encoding) for one in located}
    return [
        {"location": _location(path), "encoding": encoding}
        for path, encoding in encodings.items()
        if encoding != _USUAL_ENCODING
    ]


def _registered(codec: str) -> str:
    """The name that IANA has for the encoding of a codec."""
    name = codecs.lookup(codec).name
    if name in _REGISTERED:
        return _REGISTERED[name]
    if name.startswith("cp125"):
        return f"windows-{name[2:]}"
    return re.sub("^ISO(?=[0-9])", "ISO-", name.upper().replace("_", "-"))


def _result(one: Located, number: int) -> dict[str, Any]:
    finding = one.finding
    region = {**_region(one.start, one.end), "snippet": {"text": one.text}}
    result: dict[str, Any] = {
        "ruleId": shown(finding.rule),
        "ruleIndex": number,
        "level": _LEVELS[finding.severity],
        "message": _text("\n".join((f"{finding.message}.", *reasons(one)))),
        "locations": [
            {"physicalLocation": {"artifactLocation": _location(finding.path), "region": region}}
        ],
        "partialFingerprints": {"primaryLocationLineHash": one.line_hash},
        "properties": {"applicability": str(finding.applicability)},
    }
    if finding.fix:
        told = f"{finding.fix.title} ({label(finding)}; goes with the other fixes of this file)"
        change = {
            "artifactLocation": _location(finding.path),
            "replacements": [_replacement(edit) for edit in one.edits],
        }
        result["fixes"] = [{"description": _text(told), "artifactChanges": [change]}]
    return result


def _suppressed(one: Suppressed, number: int) -> dict[str, Any]:
    """A result that a comment in the source suppresses, and so without a fix."""
    result = _result(one.located, number)
    result.pop("fixes", None)
    suppression = {"kind": "inSource", "status": "accepted"}
    if one.reason:
        suppression["justification"] = shown(one.reason)
    return {**result, "suppressions": [suppression]}


def _replacement(edit: EditBytes) -> dict[str, Any]:
    replacement: dict[str, Any] = {"deletedRegion": _region(edit.first, edit.last)}
    if edit.text:
        replacement["insertedContent"] = {"text": edit.text}
    return replacement


def _region(start: Position, end: Position) -> dict[str, int]:
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }


def _location(path: str) -> dict[str, str]:
    return {"uri": quote(path.encode("utf-8", "surrogateescape")), "uriBaseId": _BASE}


def _text(text: str) -> dict[str, str]:
    """A message to the letter, as far as readers let it.

    To them `[name](1)` is a link, so `handlers[name](1)` gets a blank, and `{0}` a placeholder, so
    it is doubled; other braces are not, because few undo that.
    """
    safe = "\n".join(map(shown, text.split("\n"))).replace("](", "] (")
    return {"text": re.sub(r"\{[0-9]+\}", r"{\g<0>}", safe)}
