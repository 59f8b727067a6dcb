"""Annotations: which are chosen, and that nothing in them is a command."""

from __future__ import annotations

import io
import re

import hostile
import pytest

from migrator.model import Applicability, Report, Severity
from migrator.reports import github

COMMAND = re.compile(r"::(error|notice) ([^:]*)::(.*)")


def lines(report: Report) -> list[str]:
    sink = io.StringIO()
    github.render(report, sink)
    return sink.getvalue().split("\n")[:-1]


def taken_apart(line: str) -> tuple[str, dict[str, str], str]:
    """Level, properties and message, as the runner takes a command apart."""
    match = COMMAND.fullmatch(line)
    assert match
    properties = dict(pair.split("=", 1) for pair in match[2].split(","))
    for name, value in properties.items():
        properties[name] = unescaped(value.replace("%3A", ":").replace("%2C", ","))
    return match[1], properties, unescaped(match[3])


def unescaped(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_nothing_hostile_ends_a_command_or_begins_one(text: str) -> None:
    report = hostile.report([hostile.finding(text, path=text)], [(text, text)])
    *commands, last = lines(report)
    assert len(commands) == 2
    assert "##[" not in "".join(commands) and "##vso[" not in "".join(commands)
    for command in commands:
        level, properties, message = taken_apart(command)
        assert level == "error"
        assert properties.keys() <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert "forged" not in properties["title"]
        printable = text.replace("\r", "").replace("\n", "").isprintable()
        if printable and "##" not in text:
            assert properties["file"] == text
            assert text in message
    assert last.startswith("1 left in 1 of 2 files: 1 safe to apply")


@pytest.mark.parametrize(
    ("severity", "level"), [(Severity.ERROR, "error"), (Severity.ADVICE, "notice")]
)
def test_ten_of_each_level(severity: Severity, level: str) -> None:
    report = hostile.report(hostile.finding(line=line, severity=severity) for line in range(1, 13))
    *commands, last = lines(report)
    assert [taken_apart(command)[0] for command in commands] == [level] * 10
    assert last.endswith("2 findings have no annotation: GitHub shows 10 of a level.")


def test_the_ten_are_one_of_each_rule_and_what_a_person_has_to_decide() -> None:
    safe = [hostile.finding(line=line) for line in range(1, 21)]
    review = [
        hostile.finding(line=line, level=Applicability.REVIEW, path="b.py") for line in range(1, 4)
    ]
    other = [hostile.finding(path="c.py", rule=hostile.OTHER.id)]
    *commands, _ = lines(hostile.report([*safe, *review, *other], [("d.yaml", "does not parse")]))
    places = [(found["file"], found["line"]) for _, found, _ in map(taken_apart, commands)]
    assert places == [
        *(("a.py", str(line)) for line in range(1, 6)),
        *(("b.py", str(line)) for line in range(1, 4)),
        ("c.py", "1"),
        ("d.yaml", "1"),
    ]


def test_columns_within_one_line_alone() -> None:
    one = hostile.finding("ü🌊x")
    wide = hostile.finding(path="b.py")
    wide = wide._replace(end=wide.end._replace(line=3))
    first, second, _ = lines(hostile.report([one, wide]))
    assert taken_apart(first)[1] == {
        "file": "a.py", "line": "1", "endLine": "1", "col": "1", "endColumn": "4",
        "title": "migrate: legacy-call",
    }  # fmt: skip
    assert taken_apart(second)[1].keys() == {"file", "line", "endLine", "title"}


def test_a_clean_tree_has_no_annotation() -> None:
    assert lines(hostile.report()) == ["Nothing is left to migrate (0 files looked at)."]
