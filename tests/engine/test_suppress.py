"""What is suppressed, and comments that suppress nothing."""

from __future__ import annotations

import sys

import pytest
from hostile import finding
from in_process import audited, planned

from migrator.engine.cases import in_memory
from migrator.engine.checked import Directive
from migrator.engine.suppress import UNUSED, split, unused
from migrator.model import Look, Source, Span, State


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("a.yaml", "a: 1 # migrate: ignore[step-keys] x\nb: 2\n", "a: 1\nb: 2\n"),
        ("a.yaml", "a: 1\n  # migrate: ignore[step-keys] x\nb: 2\n", "a: 1\nb: 2\n"),
        ("a.yaml", "a: 1\r\n# migrate: ignore[step-keys]\r\n", "a: 1\r\n"),
        ("a.yaml", "a: 1\n# migrate: ignore[step-keys]", "a: 1"),
        ("a.yaml", "# migrate: ignore[step-keys]", ""),
        ("a.py", "a = 1  # noqa  # migrate: ignore[step-keys] x\n", "a = 1  # noqa\n"),
        ("a.py", "a = 1  # migrate: ignore[step-keys] x  # noqa\n", "a = 1  # noqa\n"),
        (
            "a.yaml",
            "async_stream: 1 # migrate: ignore[event-shape, step-keys,legacy-call] x\n",
            "async_stream: 1 # migrate: ignore[step-keys] x\n",
        ),
        ("a.ex", "defmodule A do\n  # migrate: ignore[nothing]\nend\n", "defmodule A do\nend\n"),
    ],
)
def test_what_is_unused_goes_exactly(name: str, before: str, after: str) -> None:
    (change,) = planned({name: before.encode()}).changes
    assert change.after.decode() == after
    again = audited({name: change.after})
    assert not [one for one in again.findings if one.finding.rule == UNUSED]


def test_rules_that_were_not_asked_for_are_not_missed() -> None:
    from in_process import builtin

    files = {"a.yaml": b"a: 1 # migrate: ignore[step-keys, other-rule] x\n"}
    for fixing, left in (
        (None, ["step-keys", "other-rule"]),
        (frozenset({"legacy-call", UNUSED}), ["other-rule"]),
        (frozenset({"legacy-call"}), []),
    ):
        report = in_memory([builtin()], files, Look(fixing=fixing)).audit().report()
        assert [
            (one.finding.rule, one.finding.message.split("`")[1]) for one in report.findings
        ] == [(UNUSED, rule) for rule in left]


def test_the_checklist_does_not_call_it_done() -> None:
    report = audited({"a.yaml": b"async_stream: 1 # migrate: ignore[step-keys] x\n"})
    (item,) = [one for one in report.checklist if one.id == "configuration"]
    assert (item.state, item.findings) == (State.MANUAL, 0)
    assert item.evidence.endswith("; 1 suppressed")
    assert not report.findings


def test_a_comment_of_very_many_rules_costs_no_more_than_its_length() -> None:
    compared = 0

    class Place(Span):
        __hash__ = Span.__hash__

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return tuple(self) == other

    source = Source("a.py", "x = 1\n", "python")
    ids = tuple(("rule", Place(at, at + 4)) for at in range(2000))
    span = Span(0, 1)
    said = Directive(span, 1, (1, 1), ids, "", span, span)
    found = list(unused("a.py", source, [said], (), ("rule",), ("rule",)))
    assert len(found) == len(ids)
    assert compared <= 4 * len(ids)


def test_very_many_comments_are_not_all_asked_about_each_finding() -> None:
    def calls(count: int) -> int:
        found = 0

        def seen(frame: object, event: str, value: object) -> None:
            nonlocal found
            found += event == "call"

        span = Span(0, 1)
        said = [
            Directive(span, line, (line, line), (("legacy-call", span),), "", span, span)
            for line in range(1, count + 1)
        ]
        located = [finding(line=line) for line in range(1, count + 1)]
        sys.setprofile(seen)
        try:
            active, suppressed, _ = split(located, {"a.py": said})
        finally:
            sys.setprofile(None)
        assert not active
        assert [one.line for one in suppressed] == list(range(1, count + 1))
        return found

    assert calls(400) < 2.6 * calls(200)
