"""Answers about fixes: their file, what they are about, and what they leave."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import pytest
from in_process import builtin

from migrator.engine.baseline import Key
from migrator.engine.cases import Case, cases, folder_of, in_memory
from migrator.engine.decisions import LATER, Decisions, asked, decided, load, merged, save
from migrator.engine.locate import locate
from migrator.engine.packs import builtin_folder
from migrator.errors import MigrateError
from migrator.model import (
    Answer,
    Answers,
    Applicability,
    Edit,
    Finding,
    Fix,
    Look,
    Plan,
    Severity,
    Source,
    Span,
    splice,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from migrator.engine.audit import Audit
    from migrator.model import Located

YES, NO = Answer(True), Answer(False)
TWO = b"async_stream: 1\n---\nasync_stream: 2\n"
STREAM = ("step-keys", "", "async_stream")


def planned(
    files: dict[str, bytes], answers: dict[tuple[str, str, str], tuple[Answer, ...]]
) -> Plan:
    """What an apply to `files` writes with the same answers about each of them."""
    look = Look(answers=dict.fromkeys(files, answers))
    project = in_memory([builtin()], files, look)
    return project.plan(project.audit())


def test_they_come_back_sorted_and_in_their_order(tmp_path: Path) -> None:
    file = tmp_path / "d.jsonl"
    alike = Key("a\udc80.py", "rule", "A.b", "x = '\u202e\\'")
    answers = {
        Key("b.py", "rule", "", "x"): (Answer(True, "x\ny", "z"), Answer(True, "x", "")),
        alike: (YES, NO, YES),
    }
    save(Decisions(file, answers))
    assert load(file).answers == answers
    lines = file.read_bytes().splitlines()
    assert len(lines) == 5 and lines[0].startswith(b'["a\\udc80.py", ')
    save(load(file))
    assert file.read_bytes().splitlines() == lines


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("=======", ":2: is no line of decisions: a mark of a merge"),
        ('["a", "b", "c", "d"]', ":2: must be `[path, rule, scope, text,"),
        ('["a", "b", "c", "d", true]', ":2: must be"),
        ('["a", "b", "c", "d", "maybe"]', ":2: must be"),
        ('["a", "b", "c", "d", "edit", "e"]', ":2: must be"),
        ('{"a": "yes"}', ":2: must be"),
    ],
)
def test_a_line_that_is_wrong(tmp_path: Path, line: str, told: str) -> None:
    file = tmp_path / "d.jsonl"
    file.write_text(f'["a", "b", "c", "d", "no"]\n{line}\n')
    with pytest.raises(MigrateError) as error:
        load(file)
    assert str(error.value).startswith(f"{file}{told}")


def test_paths_are_those_of_the_folder_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    decisions = Decisions(
        Path("..", "d.jsonl"), {Key(f"{tmp_path.name}/a.py", "r", "s", "t"): (NO,)}
    )
    assert decisions.by_path() == {"a.py": {("r", "s", "t"): (NO,)}}


@pytest.mark.parametrize(
    ("answers", "after"),
    [
        ((), TWO),
        ((YES, LATER), b"stream: 1\n---\nasync_stream: 2\n"),
        ((LATER, YES), b"async_stream: 1\n---\nstream: 2\n"),
        ((YES, YES), b"stream: 1\n---\nstream: 2\n"),
        # One that got a yes is gone; what is left are the others.
        ((YES, NO, NO), TWO),
        ((NO, NO, YES, YES), TWO),
    ],
)
def test_of_what_is_alike_each_has_its_own(answers: tuple[Answer, ...], after: bytes) -> None:
    plan = planned({"a.yaml": TWO}, {STREAM: answers})
    assert not plan.skipped
    assert [change.after for change in plan.changes] == ([after] if after != TWO else [])
    # The same answers leave the result as it is.
    assert not planned({"a.yaml": after}, {STREAM: answers}).changes


@pytest.mark.parametrize(
    ("before", "now", "after"),
    [
        ((), (YES, LATER), (YES, LATER)),
        ((), (LATER, LATER), None),
        ((YES, LATER), (YES, NO), (YES, NO)),
        # One that got a yes was made, and the rest is decided now.
        ((LATER, YES, LATER), (NO, YES), (NO, YES, YES)),
        ((YES, NO), (NO, YES), (NO, YES)),
        ((NO,), (NO, YES), (NO, YES)),
    ],
)
def test_what_is_decided_later(
    before: tuple[Answer, ...], now: tuple[Answer, ...], after: tuple[Answer, ...] | None
) -> None:
    key = Key("a.yaml", *STREAM)
    decisions = Decisions(Path("d.jsonl"), {key: before} if before else {})
    found = merged(decisions, [(key, answer) for answer in now])
    assert found.answers.get(key) == after


def test_a_no_to_one_of_a_rule_on_a_line_speaks_for_all_of_them() -> None:
    one, other = ("step-keys", "b", "async_stream"), ("step-keys", "c", "async_stream")
    data = b"{b: {async_stream: 1}, c: {async_stream: 1}}\n"
    assert not planned({"a.yaml": data}, {one: (YES,), other: (NO,)}).changes
    (change,) = planned({"a.yaml": data}, {one: (YES,), other: (YES,)}).changes
    assert change.after == b"{b: {stream: 1}, c: {stream: 1}}\n"


HANDLER = """\
from pipeline.async_streaming import Handler


class Sink(Handler):
    def handle_event(self, event):
        if event[0] == "chunk":
            print(event[1])
"""


@pytest.mark.parametrize(
    ("edited", "after"),
    [
        # In the place of the fix, with what the rest of it does elsewhere.
        (
            ('        if event[0] == "chunk":', '        if "delta" in event:  # mine'),
            'if "delta" in event:  # mine\n            print(event[1]["content"])\n',
        ),
        # Several lines, of which the finding is on the last; no lines at all.
        (
            (
                '    def handle_event(self, event):\n        if event[0] == "chunk":',
                "    def x(event):",
            ),
            "class Sink(Handler):\n    def x(event):\n            print(",
        ),
        (
            ('        if event[0] == "chunk":', '        x = 1\n        if event[0] == "chunk":'),
            'event):\n        x = 1\n        if event[0] == "chunk":\n            print(',
        ),
        (('        if event[0] == "chunk":', ""), "(self, event):\n            print("),
        # What the lines are no more is not edited.
        (('        if event[0] == "chunks":', "        if True:"), None),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_that_were_edited(edited: tuple[str, str], after: str | None, end: str) -> None:
    data = HANDLER.replace("\n", end).encode()
    text = 'event[0] == "chunk"'
    answers = {
        ("event-shape", "Sink.handle_event", text): (Answer(True, *edited),),
        ("legacy-handler", "", "Handler"): (YES,),
    }
    plan = planned({"a.py": data}, answers)
    assert not plan.skipped
    (change,) = plan.changes
    assert change.after.startswith(b"from pipeline.streaming import Handler")
    wanted = after if after is not None else HANDLER.partition("\n")[2]
    assert wanted.replace("\n", end).encode() in change.after
    again = planned({"a.py": change.after}, answers)
    assert not again.changes and not again.skipped


def test_lines_are_edited_also_where_the_fix_is_elsewhere() -> None:
    source = Source("a.yaml", "one\ntwo\n", "yaml")
    fix = Fix("x", (Edit("a.yaml", Span(0, 3), "1"),), Applicability.SAFE)
    finding = Finding("rule", "a.yaml", Span(4, 7), Severity.ERROR, "x", (), fix)
    yes = {("rule", Span(4, 7)): Answer(True, "two", "2")}
    located = locate(finding, source)
    (found,) = decided([located], yes, source, Look(answers={}))
    assert found.fix is not None
    assert splice(source.text, found.fix.edits) == "1\n2\n"


def test_what_no_file_alone_shows_is_decided_too() -> None:
    comment = b"a: 1  # migrate: ignore[step-keys] x\n"
    key = ("unused-suppression", "", "step-keys")
    assert not planned({"a.yaml": comment}, {}).changes
    (change,) = planned({"a.yaml": comment}, {key: (YES,)}).changes
    assert change.after == b"a: 1\n"
    edit = Answer(True, comment.decode().rstrip("\n"), "a: 2")
    (change,) = planned({"a.yaml": comment}, {key: (edit,)}).changes
    assert change.after == b"a: 2\n"


#: What some of the findings decide about the others in ways of its own.
ENTANGLED = (
    "ex-alias-that-an-import-uses",
    "ex-clauses-that-take-a-part",
    "ex-kind-handed-on",
    "ex-read-without-a-test",
    "py-recorded-and-asked-by-lambdas",
)


def chosen(of: int, which: int) -> Iterator[Case]:
    """One in so many cases, the same ones whatever others there are, and those of `ENTANGLED`."""
    for case in cases(folder_of(builtin_folder() / "async_streaming", builtin())):
        if case.name in ENTANGLED or crc32(case.name.encode()) % of == which:
            yield case


def answered(
    groups: Sequence[Sequence[Located]], makes: Callable[[int], bool]
) -> dict[str, Answers]:
    """The answers about the fixes of `groups`, by the number of each, as they are told by file."""
    answers: dict[str, dict[tuple[str, str, str], tuple[Answer, ...]]] = {}
    for number, group in enumerate(groups):
        for one in group:
            key = Key.of("", one)
            here = answers.setdefault(one.finding.path, {})
            apart = (key.rule, key.scope, key.text)
            here[apart] = (*here.get(apart, ()), YES if makes(number) else NO)
    return answers


def counted(audit: Audit) -> Counter[tuple[str, str, Span, Severity]]:
    """How often each finding is in the report of `audit`."""
    found = (one.finding for one in audit.report().findings)
    return Counter((one.path, one.rule, one.span, one.severity) for one in found)


def edits(finding: Finding) -> tuple[Edit, ...]:
    return finding.fix.edits if finding.fix else ()


def check_case(case: Case, decisions: Callable[[int], Iterable[Callable[[int], bool]]]) -> None:
    """What got a no stays, what is made is whole, and the same answers leave it as it is.

    `decisions` tells, for a number of fixes, which of them are to be made, once or more often.
    """
    pack, where = builtin(), f"{case.rule}/{case.name}"
    look = Look(level=Applicability.REVIEW, options=case.configuration.options)
    undecided = in_memory([pack], case.before, look).audit()
    groups = asked(undecided.report().findings, undecided.look)
    for makes in decisions(len(groups)):
        told = replace(look, answers=answered(groups, makes))
        project = in_memory([pack], case.before, told)
        audit = project.audit()
        plan = project.plan(audit)
        assert not plan.skipped, where
        # What shows only beside what stays is new; nothing is there twice that was there once.
        once = counted(undecided)
        often = counted(audit)
        assert all(often[one] <= max(1, once[one]) for one in often), where
        wanted: dict[bool, set[Edit]] = {True: set(), False: set()}
        for number, group in enumerate(groups):
            wanted[makes(number)].update(edit for one in group for edit in edits(one.finding))
        made = {edit for one in plan.applied for edit in edits(one)}
        assert made.isdisjoint(wanted[False] - wanted[True]), where
        files = {**case.before, **{change.path: change.after for change in plan.changes}}
        second = in_memory([pack], files, told)
        again = second.plan(second.audit())
        assert not again.changes and not again.skipped, where


@pytest.mark.parametrize("first", [0, 1])
def test_every_other_fix_of_the_cases(first: int) -> None:
    for case in chosen(16, first):
        check_case(case, lambda _: [lambda number: (number + first) % 2 == 0])


def test_all_fixes_of_the_cases_but_one() -> None:
    for case in chosen(32, 2):
        check_case(case, lambda count: [lambda n, but=but: n != but for but in range(count)])
