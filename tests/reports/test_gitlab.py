"""GitLab Code Quality: its fields, and fingerprints that stay."""

from __future__ import annotations

import io
import json
import string
from typing import Any

import hostile
import in_process

from migrator.model import Report, Severity
from migrator.reports import gitlab


def issues(report: Report) -> list[dict[str, Any]]:
    sink = io.StringIO()
    gitlab.render(report, sink)
    assert sink.getvalue().isascii()
    found: list[dict[str, Any]] = json.loads(sink.getvalue())
    return found


def audited(data: bytes) -> list[dict[str, Any]]:
    return issues(in_process.audited({"a.yaml": data}))


def prints(found: list[dict[str, Any]]) -> list[str]:
    return [issue["fingerprint"] for issue in found]


def test_the_six_fields() -> None:
    found = issues(hostile.everything())
    assert len(found) == 3 * len(hostile.TEXTS)
    for issue in found:
        assert issue.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["location"].keys() == {"path", "lines"}
        assert issue["location"]["lines"]["begin"] >= 1
        assert set(issue["fingerprint"]) <= set(string.hexdigits)
        for text in (issue["description"], issue["location"]["path"]):
            assert text.replace("\t", "").replace("\u00a0", "").isprintable()
    assert len(set(prints(found))) == len(found)


def test_severities() -> None:
    advice = hostile.finding(severity=Severity.ADVICE)
    found = issues(hostile.report([hostile.finding(), advice], [("b.yaml", "does not parse")]))
    assert [(issue["check_name"], issue["severity"]) for issue in found] == [
        ("legacy-call", "major"),
        ("legacy-call", "info"),
        ("not-analysed", "major"),
    ]


def test_a_clean_tree_is_an_empty_list() -> None:
    assert audited(b"stream: true\n") == []


def test_fingerprints_stay_when_lines_move() -> None:
    old = audited(b"a: {async_stream: true}\nb:\n  async_handler: x\n")
    new = audited(b"# new\nb:\n    - 1\n\na: {async_stream: true}\nc:\n    async_handler: x\n")
    assert len(old) == 2
    assert sorted(prints(old)) == sorted(prints(new))


def test_fingerprints_tell_equal_lines_and_files_apart() -> None:
    line = b"- {async_stream: true}\n"
    twice = in_process.audited({"a.yaml": line * 2, "b.yaml": line})
    assert len(set(prints(issues(twice)))) == 3
    assert set(prints(audited(line))) < set(prints(audited(line * 2)))
