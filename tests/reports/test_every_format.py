"""What holds for each format that is not for a person at a terminal."""

from __future__ import annotations

import io
from importlib import import_module

import hostile
import pytest

from migrator.cli.outputs import FORMATS
from migrator.model import Report, Severity


def written(form: str, report: Report) -> str:
    sink = io.StringIO(newline="\n")
    import_module(f"migrator.reports.{form}").render(report, sink)
    return sink.getvalue()


@pytest.mark.parametrize("report", [hostile.everything(), hostile.set_aside()])
@pytest.mark.parametrize("form", FORMATS)
def test_a_runner_that_reads_the_log_obeys_nothing_hostile(form: str, report: Report) -> None:
    text = written(form, report)
    assert "##[" not in text and "##vso[" not in text
    commands = [line for line in text.split("\n") if line.lstrip().startswith("::")]
    if form == "github":
        commands = [
            one for one in commands if not one.startswith(("::error file=", "::notice file="))
        ]
    assert commands == []


@pytest.mark.parametrize("form", FORMATS)
def test_it_is_utf_8_whatever_it_holds_and_ends_with_a_newline(form: str) -> None:
    for report in (hostile.report(), hostile.everything(), hostile.set_aside()):
        text = written(form, report)
        assert text.encode().endswith(b"\n")
        assert "\r" not in text


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_report_is_the_same_bytes(form: str) -> None:
    assert written(form, hostile.everything()) == written(form, hostile.everything())


@pytest.mark.parametrize("form", FORMATS)
def test_five_thousand_findings(form: str) -> None:
    found = [
        hostile.finding(path=f"{number // 40:03}.py", line=number % 40 + 1, severity=severity)
        for number in range(2_500)
        for severity in Severity
    ]
    text = written(form, hostile.report(found))
    assert "000.py" in text
    if form not in ("github", "markdown"):
        assert "062.py" in text
