"""What a comment keeps of a case is kept once the rest has moved: no comment turns unused then."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from in_process import builtin

from migrator.engine.cases import Case, cases, folder_of, in_memory
from migrator.engine.packs import builtin_folder
from migrator.engine.suppress import UNUSED
from migrator.model import Applicability, Look

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Cases in which what stays shows only beside what has moved, in the file or in another one.
NAMES = frozenset(
    {
        "ex-modules-beside-a-handler",
        "ex-anonymous-capture",
        "ex-fn",
        "ex-fn-in-a-variable",
        "py-attributes-of-other-files",
        "py-attributes-that-other-files-set",
        "py-behind-all-tests",
        "py-event-rebound-in-a-branch",
        "py-events-that-are-hashed",
        "py-handler-across-files",
        "py-helpers-of-bases-in-other-files",
        "py-lambda",
        "py-lambda-by-a-variable",
        "py-lambda-over-many-lines",
        "py-left-in-other-files",
        "py-legacy-names-by-a-star-and-by-name",
        "py-match-text-of-any-tag",
        "py-matched-parts",
        "py-methods-that-other-files-replace",
        "py-module-reexported",
        "py-parts-handed-to-other-files",
        "py-parts-in-a-tuple",
        "py-put-together-and-kept",
        "py-reads-without-a-test",
        "py-named-in-a-string-by-way-of-a-module",
        "py-recorded-and-asked-by-lambdas",
        "py-recorded-and-shown-whole",
        "py-recorded-beside-a-table",
        "py-recorded-by-a-handler",
        "py-recorded-in-another-file",
        "py-tags-in-types",
        "py-tags-under-names",
        "py-text-read-and-unpacked",
        "py-what-python-itself-gives",
        "py-written-and-then-read",
        "py-written-to-functions-of-other-files",
    }
)
# On a push some of the findings are suppressed at each level, at night all.
EACH = 1 if os.environ.get("MIGRATE_NIGHTLY") else 4
CASES = [
    case
    for case in cases(folder_of(builtin_folder() / "async_streaming", builtin()))
    if case.name in NAMES
]


def suppressed(case: Case, look: Look) -> Iterator[Mapping[str, bytes]]:
    """The files of the case with each of its findings suppressed by itself."""
    told = in_memory([builtin()], case.before, look).audit().report().findings
    places = {(one.finding.path, one.start.line, one.finding.rule) for one in told}
    for path, line, rule in sorted(places):
        lines = case.before[path].split(b"\n")
        indent = re.match(rb"[ \t]*", lines[line - 1])
        assert indent
        lines.insert(line - 1, indent[0] + f"# migrate: ignore[{rule}] stays".encode())
        yield {**case.before, path: b"\n".join(lines)}


@pytest.mark.parametrize("level", [Applicability.SAFE, Applicability.REVIEW])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_comment_stays_and_the_file_settles(case: Case, level: Applicability) -> None:
    look = Look(level=level, options=case.configuration.options)
    each = list(suppressed(case, look))
    assert each
    first = 0 if level is Applicability.SAFE else EACH - 1
    for before in each[first::EACH] or each:
        project = in_memory([builtin()], before, look)
        plan = project.plan(project.audit())
        assert not plan.skipped
        after = {**before, **{change.path: change.after for change in plan.changes}}
        again = in_memory([builtin()], after, look)
        audit = again.audit()
        assert not [one for one in audit.report().findings if one.finding.rule == UNUSED]
        rest = again.plan(audit)
        assert not rest.changes
        assert not rest.skipped


def test_the_cases_are_there() -> None:
    assert {case.name for case in CASES} == NAMES


def test_a_comment_beside_a_current_event_is_for_nothing() -> None:
    text = (
        b"from pipeline.streaming import Handler\n\n\n"
        b"class Desk(Handler):\n"
        b"    def handle_event(self, event):\n"
        b'        if event[0] == "delta":\n'
        b'            print(event[1]["content"])  # migrate: ignore[event-shape] moved\n'
    )
    found = in_memory([builtin()], {"desk.py": text}, Look()).audit().report().findings
    assert [one.finding.rule for one in found] == [UNUSED]
