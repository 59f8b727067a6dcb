"""SARIF: it fits its schema, and its fingerprints are those of GitHub's uploader."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import unquote_to_bytes

import hostile
import in_process
import pytest

from migrator.model import Applicability, Report, Severity
from migrator.reports import sarif

LATIN = "# coding: latin-1\ntitle = 'für'; from pipeline.async_streaming import invoke\n"


def log(report: Report) -> dict[str, Any]:
    sink = io.StringIO()
    sarif.render(report, sink)
    assert sink.getvalue().isascii()
    found: dict[str, Any] = json.loads(sink.getvalue())
    return found


def run(report: Report) -> dict[str, Any]:
    (one,) = log(report)["runs"]
    assert isinstance(one, dict)
    return one


def lines(text: str) -> list[str]:
    """The lines of a file without their ends, which the log tells the reader."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


@pytest.mark.parametrize(
    "report",
    [
        hostile.report(),
        hostile.everything(),
        hostile.set_aside(),
        in_process.audited(
            {"a.yaml": b"async_stream: 1\nstream: 2\n", "b.yaml": b"async_stream: [\n"}
        ),
        in_process.audited({"a.py": LATIN.encode("latin-1")}),
    ],
    ids=["empty", "hostile", "set aside", "real", "encoding"],
)
def test_it_fits_the_published_schema(report: Report) -> None:
    pytest.importorskip("sarif_kit").assert_valid(log(report))


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_paths_are_relative_and_percent_encoded(text: str) -> None:
    made = run(hostile.report([hostile.finding(path=text)], [(text, "")]))
    (result,), (note,) = made["results"], made["invocations"][0]["toolExecutionNotifications"]
    (change,) = result["fixes"][0]["artifactChanges"]
    for location in (
        result["locations"][0]["physicalLocation"]["artifactLocation"],
        note["locations"][0]["physicalLocation"]["artifactLocation"],
        change["artifactLocation"],
    ):
        assert location["uriBaseId"] in made["originalUriBaseIds"]
        assert not set(location["uri"]) & set(" :?#[]\\|<>\"'`{}")
        assert unquote_to_bytes(location["uri"]) == text.encode("utf-8", "surrogateescape")


def test_messages_hold_no_link_and_no_placeholder() -> None:
    for result in run(hostile.everything())["results"]:
        message = result["message"]["text"]
        assert "](" not in message and " {0}" not in message
        assert message.replace("\n", "").replace("\t", "").replace("\u00a0", "").isprintable()
    (one,) = run(hostile.report([hostile.finding("a[0](x) {0} {x}")]))["results"]
    assert one["message"]["text"].startswith("a[0] (x) {{0}} {x}.")


def test_every_result_has_a_rule_with_help() -> None:
    made = run(in_process.audited({"a.yaml": b"async_stream: 1\n"}))
    rules = made["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(rule["id"] for rule in rules)
    (result,) = made["results"]
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "step-keys"
    for rule in rules:
        assert rule["shortDescription"]["text"][:-1] in rule["help"]["text"]
        assert rule["help"]["markdown"]
    assert made["tool"]["extensions"][0]["name"] == "async-streaming"


@pytest.mark.parametrize(
    ("severity", "level"), [(Severity.ERROR, "error"), (Severity.ADVICE, "note")]
)
def test_levels(severity: Severity, level: str) -> None:
    (result,) = run(hostile.report([hostile.finding(severity=severity)]))["results"]
    assert result["level"] == level


@pytest.mark.parametrize("applicability", Applicability)
def test_what_can_be_done_about_a_result(applicability: Applicability) -> None:
    (result,) = run(hostile.report([hostile.finding(level=applicability)]))["results"]
    assert result["properties"]["applicability"] == str(applicability)
    assert ("fixes" in result) == (applicability is not Applicability.MANUAL)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_fixes_by_lines_and_columns_give_what_apply_writes(end: str, bom: str) -> None:
    text = end.join(
        [
            "from pipeline.async_streaming import Handler, invoke",
            "'🌊ü'; A = 'pipeline.async_streaming.X'",
            "def f(ctx): return '🌊', invoke(ctx.prompt, Handler())",
            "",
        ]
    )
    files = {"a.py": (bom + text).encode()}
    made = run(in_process.audited(files))
    assert made["columnKind"] == "unicodeCodePoints"
    assert end in made["newlineSequences"]
    starts = [0]
    for line in lines(text)[:-1]:
        starts.append(starts[-1] + len(line) + len(end))
    edits = set()
    for result in made["results"]:
        for fix in result.get("fixes", ()):
            for one in fix["artifactChanges"][0]["replacements"]:
                region = one["deletedRegion"]
                first = starts[region["startLine"] - 1] + region["startColumn"] - 1
                last = starts[region["endLine"] - 1] + region["endColumn"] - 1
                edits.add((first, last, one.get("insertedContent", {}).get("text", "")))
    for first, last, inserted in sorted(edits, reverse=True):
        text = text[:first] + inserted + text[last:]
    (change,) = in_process.planned(files).changes
    assert (bom + text).encode() == change.after != change.before


def test_the_snippet_is_the_text_of_the_region() -> None:
    data = "x: [ 🌊, {'async_stream': 1} ]\r\nsteps:\r\n- {type:\r\n    llm, id: a}\r\n"
    for result in run(in_process.audited({"a.yaml": data.encode()}))["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        touched = lines(data)[region["startLine"] - 1 : region["endLine"]]
        touched[-1] = touched[-1][: region["endColumn"] - 1]
        touched[0] = touched[0][region["startColumn"] - 1 :]
        assert region["snippet"]["text"] == "\n".join(touched)


def test_fingerprints_are_the_uploaders() -> None:
    report = in_process.audited({"a.yaml": b"a:\n  async_stream: 1\n"})
    (result,) = run(report)["results"]
    assert result["partialFingerprints"] == {"primaryLocationLineHash": "a56ef06fa9299ba9:1"}


@pytest.mark.parametrize(
    ("cookie", "registered"),
    [
        ("latin-1", "ISO-8859-1"), ("iso-8859-15", "ISO-8859-15"), ("cp1252", "windows-1252"),
        ("shift_jis", "Shift_JIS"), ("euc_jp", "EUC-JP"), ("koi8-r", "KOI8-R"),
        ("ascii", "US-ASCII"), ("utf8", None),
    ],
)  # fmt: skip
def test_encodings_by_their_registered_names(cookie: str, registered: str | None) -> None:
    data = LATIN.replace("latin-1", cookie).replace("für", "-").encode()
    made = run(in_process.audited({"a.py": data}))
    named = [(one["location"]["uri"], one["encoding"]) for one in made["artifacts"]]
    assert named == ([("a.py", registered)] if registered else [])
    assert made["defaultEncoding"] == "UTF-8"


def test_what_was_not_analysed_is_told_and_the_run_did_not_succeed() -> None:
    (invocation,) = run(hostile.report([], [("b.yaml", "does not parse")]))["invocations"]
    (note,) = invocation["toolExecutionNotifications"]
    assert note["level"] == "error"
    assert note["message"]["text"] == "b.yaml was not analysed: does not parse."
    assert not invocation["executionSuccessful"]
    (invocation,) = run(hostile.report([hostile.finding()]))["invocations"]
    assert invocation == {"executionSuccessful": True, "toolExecutionNotifications": []}


def test_what_is_suppressed_and_what_is_in_a_baseline() -> None:
    made = run(hostile.set_aside())["results"]
    kept = [one for one in made if "suppressions" in one]
    assert len(kept) == len(hostile.TEXTS)
    assert all(one["suppressions"][0]["kind"] == "inSource" for one in kept)
    assert not any("fixes" in one for one in kept)
    states = [one["baselineState"] for one in made if one not in kept]
    assert states == ["unchanged", "new"] * (len(states) // 2)
    assert not any("baselineState" in one for one in run(hostile.everything())["results"])
