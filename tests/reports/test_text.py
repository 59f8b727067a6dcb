"""The report for people: lines, colours, and what is escaped."""

from __future__ import annotations

import io
import re

import hostile
import in_process
import pytest
from rich.cells import cell_len

from migrator.model import Report
from migrator.reports import text


def shown(report: Report, *, color: bool = False, width: int | None = None) -> list[str]:
    sink = io.StringIO()
    text.render(report, sink, color=color, width=width)
    return sink.getvalue().splitlines()


def audited(data: str, name: str = "a.yaml") -> Report:
    return in_process.audited({name: data.encode()})


@pytest.mark.parametrize(
    ("data", "line", "mark"),
    [
        ("async_stream: 1\n", "    | async_stream: 1", "    | ^^^^^^^^^^^^"),
        ("中: {async_stream: 1}\n", "    | 中: {async_stream: 1}", "    |      ^^^^^^^^^^^^"),
        ("a:\r\n  'async_stream': 1", "    |   'async_stream': 1", "    |   ^^^^^^^^^^^^^^"),
    ],
)
def test_the_line_with_the_span_marked(data: str, line: str, mark: str) -> None:
    lines = shown(audited(data))
    assert line in lines
    assert lines[lines.index(line) + 1] == mark


def test_tabs_are_widened_and_escapes_shown() -> None:
    lines = shown(audited("from pipeline.async_streaming import X\t# \x1b[2J\n", "a.py"))
    assert any("X    # \\x1b[2J" in line for line in lines)
    assert not any("\x1b" in line for line in lines)


def test_long_lines_are_shown_around_the_span() -> None:
    lines = shown(audited("x" * 900 + ": {async_stream: 1}\n"))
    (line,) = (line for line in lines if "async_stream: 1" in line)
    assert len(line) < 200
    assert line.startswith("    | …x")


@pytest.mark.parametrize("width", [30, 44, 80])
@pytest.mark.parametrize(
    "data",
    [
        "a: 1\nasync_handler: [" + "some.long.name, " * 9 + "pipeline.async_streaming.X]\n",
        "{a: " + "中" * 40 + ", async_stream: " + "\N{WAVING BLACK FLAG}" * 40 + "}\n",
        "steps:\n- type: llm\n  stream: " + "f" * 90 + "\n- {id: " + "x" * 90 + ", type: llm}\n",
        "async_handler: Pipeline.AsyncStreaming." + "X" * 120 + "  # and what follows it\n",
    ],
)
@pytest.mark.parametrize("color", [False, True])
def test_on_a_terminal_nothing_is_wider(data: str, width: int, color: bool) -> None:
    report = audited(data)
    told = shown(report, color=color, width=width)
    lines = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in told]
    assert max(map(cell_len, lines)) <= width
    marks = [at for at, line in enumerate(lines) if set(line) <= set(" |^") and "^" in line]
    assert len(marks) == len(report.findings)
    for at in marks:
        first = lines[at].index("^")
        above = lines[at - 1]
        assert next(mark for n, mark in enumerate(above) if cell_len(above[:n]) == first) in "asptP"


def test_what_goes_on_stands_further_in() -> None:
    lines = shown(audited("async_handler: Pipeline.AsyncStreaming.ConsoleHandler\n"), width=60)
    at = lines.index("  1:16  legacy-namespace [safe]")
    assert lines[at + 1] == "      `Pipeline.AsyncStreaming.ConsoleHandler` is now"
    assert lines[at + 2] == "      `Pipeline.Streaming.ConsoleHandler`"


def test_one_line_sums_it_up() -> None:
    assert (
        shown(audited("a: async_stream\n"))[-1] == "Nothing is left to migrate (1 file looked at)."
    )
    assert shown(audited("a: {async_stream: 1}\nb: pipeline.async_streaming.X\n"))[-1] == (
        "2 left in 1 of 1 file: 1 safe to apply, 1 to review, 0 by hand. "
        "See `migrate apply --dry-run`."
    )


def test_what_was_not_analysed_is_named() -> None:
    lines = shown(audited("a: [\nasync_stream: 1\n"))
    place = lines.index("Not analysed")
    assert lines[place + 1].startswith("  a.yaml: does not parse as YAML at line ")
    assert lines[-1].endswith("; 1 not analysed.")


def test_states_of_the_checklist() -> None:
    lines = shown(audited("a: {async_stream: 1}\n"))
    marks = {line.strip()[:3] for line in lines if line.strip().startswith("[")}
    assert marks == {"[x]", "[ ]", "[?]"}


@pytest.mark.parametrize("name", hostile.TEXTS)
def test_no_line_is_a_command_to_a_runner_that_reads_the_log(name: str) -> None:
    made = hostile.report([hostile.finding(name, path=name)], [(name, name)])
    for color in (False, True):
        for line in shown(made, color=color):
            assert not re.sub("\x1b\\[[0-9;]*m", "", line).lstrip().startswith("::")
            assert "##[" not in line and "##vso[" not in line


def test_a_span_cannot_hide_a_command() -> None:
    lines = shown(audited("'##': {async_stream: 1}\n"))
    assert "    | '##': {async_stream: 1}" in lines
    one = hostile.finding("x ##[y")
    cut = one._replace(start=one.start._replace(column=5))
    lines = shown(hostile.report([cut]))
    assert "    | x \\x23\\x23[y" in lines
    assert "    |           ^^" in lines
