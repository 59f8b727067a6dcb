"""A project is planned as a whole: what rests on a file that has to stay does not go ahead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from migrator.engine.cases import in_memory
from migrator.engine.checked import Checked
from migrator.engine.packs import Pack
from migrator.engine.plan import DROPPED
from migrator.engine.project import Task
from migrator.model import (
    Applicability,
    Edit,
    Fact,
    Finding,
    Fix,
    Look,
    Rule,
    Severity,
    Source,
    Span,
)


def _check(source: Source, look: Look) -> Iterator[Finding | Fact]:
    """`old` becomes `new`, in a file that uses `a` only if `a` is edited as well."""
    yield Fact("holds", source.path, path=source.path)
    start = source.text.find("old")
    if start >= 0 and ("import a" not in source.text or look.known):
        # What is left of `broken` does not parse.
        new = "(" if "broken" in source.text else "new"
        edit = Edit(source.path, Span(start, start + 3), new)
        fix = Fix("rename", (edit,), Applicability.SAFE)
        yield Finding("rename", source.path, edit.span, Severity.ERROR, "old", (), fix)


def _learn(facts: Sequence[Fact], look: Look) -> Iterator[Fact]:
    if any(fact.key == "a.py" and look.edits(fact.path) for fact in facts):
        yield Fact("edited", "a.py", files=("b.py",))


RENAME = Rule("rename", "p", "Rename", "Rename", "python", (("old",),), _check, _learn)
PACK = Pack("p", "1", "P", (), (RENAME,), (), {})


def changed(files: dict[str, bytes]) -> tuple[dict[str, bytes], set[str]]:
    project = in_memory([PACK], files, Look())
    plan = project.plan(project.audit())
    dropped = {one.finding.path for one in plan.skipped if one.finding.rule == DROPPED}
    return {change.path: change.after for change in plan.changes}, dropped


def test_files_go_together() -> None:
    files = {"a.py": b"old = 1\n", "b.py": b"import a\na.old\n", "c.py": b"old\n"}
    after = {"a.py": b"new = 1\n", "b.py": b"import a\na.new\n", "c.py": b"new\n"}
    assert changed(files) == (after, set())


def test_what_rests_on_a_file_that_stays_stays_too() -> None:
    files = {"a.py": b"old = broken\n", "b.py": b"import a\na.old\n", "c.py": b"old\n"}
    assert changed(files) == ({"c.py": b"new\n"}, {"a.py"})


def test_a_file_that_cannot_be_analysed_is_looked_at_once() -> None:
    """It may be one that takes all the time a file may take."""
    files = {"a.py": b"old = broken\n", "b.py": b"old = (\n", "c.py": b"old\n"}
    project = in_memory([PACK], files, Look())
    looks: Counter[str] = Counter()

    def check(tasks: Sequence[Task], look: Look) -> Iterable[Checked]:
        looks.update(task.path for task in tasks)
        return project.check(tasks, look)

    counted = replace(project, check=check)
    audit = counted.audit()
    assert [change.path for change in counted.plan(audit).changes] == ["c.py"]
    assert looks["b.py"] == 1 < looks["c.py"]
