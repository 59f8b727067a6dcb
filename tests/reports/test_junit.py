"""JUnit XML: suites, cases that fail, and hostile text."""

from __future__ import annotations

import io
from xml.etree import ElementTree

import hostile
import in_process
import pytest
from junitparser import Error, Failure, JUnitXml

from migrator.model import Report, Severity
from migrator.reports import junit

ANALYSED = "every file was analysed"


def written(report: Report) -> str:
    sink = io.StringIO()
    junit.render(report, sink)
    return sink.getvalue()


def results(report: Report) -> dict[str, list[object]]:
    """How each test case ended, by its name, as another reader of the format has it."""
    read = JUnitXml.fromstring(written(report).encode())
    return {case.name: list(case.result) for suite in read for case in suite}


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_hostile_text_is_text(text: str) -> None:
    made = hostile.report(
        [
            hostile.finding(text, path=text),
            hostile.finding(text, path=text, severity=Severity.ADVICE, rule=hostile.OTHER.id),
        ],
        [(text, text)],
    )
    assert written(made).isascii()
    root = ElementTree.fromstring(written(made))  # noqa: S314
    tags = [element.tag for element in root.iter()]
    assert tags == [
        "testsuites", "testsuite", "testcase", "failure", "testcase", "system-out",
        "testsuite", "testcase", "error",
    ]  # fmt: skip
    for tag in ("failure", "system-out", "error"):
        (element,) = root.iter(tag)
        first, *_ = (element.text or "").strip("\n").split("\n")
        assert not first.lstrip().startswith("::")
        if text.replace("\t", "").isprintable() and "##" not in text:
            assert text in first


def test_a_case_for_each_rule_whether_it_fails_or_not() -> None:
    names = [hostile.RULE.id, hostile.OTHER.id, ANALYSED]
    clean = results(hostile.report())
    assert list(clean) == names and not any(clean.values())
    found = results(hostile.report([hostile.finding()], [("b.yaml", "does not parse")]))
    assert list(found) == names
    assert [type(one) for one in found[hostile.RULE.id]] == [Failure]
    assert not found[hostile.OTHER.id]
    assert [type(one) for one in found[ANALYSED]] == [Error]


def test_advice_does_not_fail() -> None:
    assert not any(results(hostile.report([hostile.finding(severity=Severity.ADVICE)])).values())


def test_counts() -> None:
    report = in_process.audited({"a.yaml": b"async_stream: true\n", "b.yaml": b"async_stream: [\n"})
    root = ElementTree.fromstring(written(report))  # noqa: S314
    for element in (root, *root.iter("testsuite")):
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            assert element.get(name) == str(len(list(element.iter(tag))))
    assert root.get("failures") == root.get("errors") == "1"
    assert [suite.get("name") for suite in root] == ["async-streaming", "migrate"]
    places = [failure.text for failure in root.iter("failure")]
    assert places[0] is not None and "a.yaml:1:1: [safe]" in places[0]
