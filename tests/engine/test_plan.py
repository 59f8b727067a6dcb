"""A plan takes all fixes of a file or none, and looks twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from migrator.engine.plan import DROPPED, plan
from migrator.model import Applicability, Edit, Finding, Fix, Look, Plan, Severity, Span

LANGUAGES = {"a.py": "python", "b.py": "python"}


def finding(
    start: int,
    end: int,
    text: str,
    path: str = "a.py",
    rule: str = "r",
    level: Applicability = Applicability.SAFE,
) -> Finding:
    edit = Edit(path, Span(start, end), text)
    fix = Fix("fix", (edit,), level)
    return Finding(rule, path, edit.span, Severity.ERROR, "message", ("why",), fix)


def planned(
    findings: Iterable[Finding],
    look: Look | None = None,
    more: Iterable[Finding] = (),
    refused: Mapping[str, str] | None = None,
    refuses: Mapping[str, str] = {},
) -> Plan:
    def again(overlay: Mapping[str, bytes]) -> tuple[Iterable[Finding], Mapping[str, str]]:
        return more, refused or {}

    data = {"a.py": b"abcdef\n", "b.py": b"abcdef\n"}
    return plan(findings, look or Look(), data.__getitem__, LANGUAGES, again, refuses.get)


def test_edits_of_a_file_go_in_together() -> None:
    result = planned([finding(0, 1, "X"), finding(4, 5, "Y"), finding(0, 1, "X", rule="s")])
    (change,) = result.changes
    assert (change.path, change.before, change.after) == ("a.py", b"abcdef\n", b"XbcdYf\n")
    assert len(result.applied) == 3
    assert not result.skipped


def test_insertions_at_one_place_are_in_the_order_of_their_findings() -> None:
    texts = [f"{number}, " for number in range(20)]
    (change,) = planned([finding(3, 3, text) for text in texts]).changes
    assert change.after == b"abc" + "".join(texts).encode() + b"def\n"


def test_only_what_reaches_the_level_and_is_selected() -> None:
    findings = [
        finding(0, 1, "X"),
        finding(2, 3, "Y", level=Applicability.REVIEW),
        finding(4, 5, "Z", rule="s"),
    ]
    assert planned(findings).changes[0].after == b"XbcdZf\n"
    unsafe = Look(level=Applicability.REVIEW)
    assert planned(findings, unsafe).changes[0].after == b"XbYdZf\n"
    selected = Look(fixing=frozenset({"s"}))
    assert planned(findings, selected).changes[0].after == b"abcdZf\n"


def test_edits_that_overlap_leave_the_file_as_it_was() -> None:
    result = planned([finding(0, 3, "X"), finding(2, 4, "Y", rule="s"), finding(0, 1, "Z", "b.py")])
    assert [change.path for change in result.changes] == ["b.py"]
    dropped = result.skipped[0].finding
    assert (dropped.rule, dropped.path) == (DROPPED, "a.py")
    assert "edits overlap" in dropped.message
    assert "r, s" in dropped.message


def test_a_result_that_does_not_parse_leaves_the_file_as_it_was() -> None:
    result = planned([finding(0, 1, "(")], refused={"a.py": "does not parse"})
    assert not result.changes
    assert "the result does not parse" in result.skipped[0].finding.message


def test_a_second_look_that_finds_more_leaves_the_file_as_it_was() -> None:
    result = planned([finding(0, 1, "X")], more=[finding(0, 1, "Y", rule="s")])
    assert not result.changes
    assert "finds more to fix (s)" in result.skipped[0].finding.message


def test_a_file_that_refuses_a_change_is_named() -> None:
    findings = [finding(0, 1, "X"), finding(0, 1, "Y", "b.py")]
    result = planned(findings, refuses={"a.py": "is read-only"})
    assert [change.path for change in result.changes] == ["b.py"]
    assert [one.finding.rule for one in result.skipped] == [DROPPED, "r"]
    assert "it is read-only" in result.skipped[0].finding.message
