"""What a file yielded is found by all that its rules were told, and by nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from migrator.engine import cases
from migrator.engine.cache import NO_CACHE, Cache
from migrator.engine.check import check
from migrator.engine.checked import CRASHED, Checked
from migrator.engine.packs import builtin_folder, load
from migrator.engine.project import Task
from migrator.engine.results import Key, Results
from migrator.engine.values import encoded
from migrator.model import Applicability, Fact, Look, Paths

FOLDER = builtin_folder() / "async_streaming"
DATA = b"async_stream: true\n"
TASK = Task("a.yaml", "yaml")
LOOK = Look()
# Each field of a `Look`, otherwise; a new one has to be thought of here and in `Results`. The facts
# that a file is told come with its task, and of what may be edited it is told nothing.
OTHERWISE: dict[str, list[Any]] = {
    "level": [Applicability.REVIEW],
    "fixing": [frozenset({"step-keys"}), frozenset()],
    "options": [{"async-streaming": {"models": []}}],
    "kept": [frozenset({("step-keys", 1)})],
    "left_out": [{"a.yaml": frozenset({"step-keys"})}],
    "answers": [{}],
}
CASES = [(name, value) for name, values in OTHERWISE.items() for value in values]


def results(data: bytes = DATA, folder: Path = FOLDER, cache: Cache | None = None) -> Results:
    return Results(cache or Cache(), [folder], lambda _: data)


def key(task: Task = TASK, look: Look = LOOK, data: bytes = DATA) -> Key:
    found = results(data).key(task, look)
    assert found is not None
    return found


def checked(look: Look = LOOK) -> Checked:
    rules = [rule for rule in load(FOLDER).rules if rule.language == "yaml"]
    return check("a.yaml", DATA, "yaml", rules, look)


def test_what_was_put_is_got() -> None:
    found = checked()
    assert found.findings
    results().put(key(), found, LOOK.paths)
    assert results().get(key(), LOOK.paths) == found


def test_a_name_that_another_locale_reads_otherwise_has_results_of_its_own() -> None:
    name = "\xe9.yaml"
    as_bytes = name.encode().decode("ascii", "surrogateescape")
    assert key(Task(name, "yaml")) != key(Task(as_bytes, "yaml"))


def test_all_of_a_look_is_thought_of() -> None:
    assert {field.name for field in fields(Look)} == {*OTHERWISE, "known", "editable", "paths"}


@pytest.mark.parametrize(("name", "value"), CASES)
def test_what_rules_are_told_is_in_the_key(name: str, value: Any) -> None:
    other = results().key(TASK, replace(LOOK, **{name: value}))
    assert other is None or other.look != key().look


def test_so_are_the_facts_that_it_is_told() -> None:
    told = frozenset({Fact("kind", "key", files=("a.yaml",))})
    assert key(TASK._replace(known=told)).look != key().look
    elsewhere = frozenset({Fact("kind", "key", words=(("nowhere",),), files=("b.yaml",))})
    assert key(look=replace(LOOK, known=elsewhere)) == key()


def test_nor_is_what_is_asked_of_other_files() -> None:
    assert key(look=replace(LOOK, editable=frozenset())) == key()
    assert key(look=replace(LOOK, left_out={"b.yaml": frozenset({"step-keys"})})) == key()


def test_the_rest_is_in_the_key() -> None:
    keys = {
        key(),
        key(Task("b.yaml", "yaml")),
        key(Task("a.yaml", "python")),
        key(data=DATA + b"\n"),
    }
    assert len(keys) == 4


class Own(NamedTuple):
    """A type of a pack."""

    part: int


@pytest.mark.parametrize(
    ("task", "look"),
    [
        (TASK._replace(data=DATA), LOOK),
        (TASK._replace(line=1), LOOK),
        (TASK._replace(known=frozenset({Fact("kind", "key", Own(1))})), LOOK),
        (TASK, replace(LOOK, options={"p": {"day": object()}})),
    ],
)
def test_what_is_not_kept_has_no_key(task: Task, look: Look) -> None:
    assert results().key(task, look) is None
    assert results(cache=NO_CACHE).key(TASK, LOOK) is None


def test_only_whole_results_of_these_bytes_are_kept() -> None:
    found = checked()
    finding = found.findings[0]
    crashed = finding._replace(finding=finding.finding._replace(rule=CRASHED))
    for bad in (
        Checked("a.yaml", reason="takes too long"),
        replace(found, digest=b"of other bytes"),
        replace(found, findings=(crashed,)),
        replace(found, facts=(Fact("kind", "key", Own(1)),)),
    ):
        results().put(key(), bad, LOOK.paths)
        assert results().get(key(), LOOK.paths) is None


@pytest.mark.parametrize("value", [b"", b"1", b"[]", b'{"Span": [1, 2]}'])
def test_what_is_no_result_of_the_file_is_none(value: bytes) -> None:
    Cache().put("checked", value, *key())
    assert results().get(key(), LOOK.paths) is None
    results().put(key(), checked(), LOOK.paths)
    other = key(Task("b.yaml", "yaml"))
    kept = Cache().get("checked", *key())
    assert kept is not None
    Cache().put("checked", kept, *other)
    assert results().get(other, LOOK.paths) is None


def test_what_follows_is_found_where_what_was_asked_of_files_to_edit_is_alike() -> None:
    made: list[frozenset[str]] = []

    def learnt(*editable: str) -> tuple[Fact, ...]:
        look = replace(LOOK, editable=Paths(frozenset(editable)))

        def make() -> tuple[Fact, ...]:
            made.append(frozenset(editable))
            return (Fact("learnt", str(look.may_edit("a.yaml"))),)

        return tuple(results().recalled(Fact, (), look, make))

    assert learnt("a.yaml") == learnt("a.yaml", "b.yaml") == (Fact("learnt", "True"),)
    assert made == [{"a.yaml"}]
    assert learnt("b.yaml") == (Fact("learnt", "False"),)
    assert len(made) == 2


@pytest.mark.parametrize("value", [1, (1, 2), ((), 1), ((), (1,)), (None, ())])
def test_what_follows_is_made_where_something_else_is_kept(
    value: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cache, "get", lambda *_: encoded(value))
    learnt = (Fact("learnt", "key"),)
    assert results().recalled(Fact, (), LOOK, lambda: learnt) == learnt


def test_what_follows_from_facts_is_found_by_all_of_them() -> None:
    facts = (Fact("kind", "key", ("value", 1), "a.yaml"),)
    learnt = (Fact("learnt", "key", words=(("a", "b"),)),)
    made: list[int] = []

    def make() -> tuple[Fact, ...]:
        made.append(1)
        return learnt

    for _ in range(2):
        assert results().recalled(Fact, facts, LOOK, make) == learnt
        assert len(made) == 1
    elsewhere = replace(LOOK, known=frozenset({Fact("kind", "key", files=("b.yaml",))}))
    for told, look in (((), LOOK), ((*facts, *facts), LOOK), (facts, elsewhere)):
        made.clear()
        assert results().recalled(Fact, told, look, make) == learnt
        assert made
    made.clear()
    assert results(cache=NO_CACHE).recalled(Fact, facts, LOOK, make) == learnt
    assert results().recalled(Fact, (Fact("kind", "key", Own(1)),), LOOK, make) == learnt
    assert len(made) == 2


def test_a_result_is_kept_among_other_paths_where_all_that_was_asked_is_answered_alike() -> None:
    place = ("place", "app.tools", "a.yaml")
    alike = replace(checked(), asked=((place, None),))
    more, module = frozenset({"b.py"}), frozenset({"app/tools.py"})
    results().put(key(), alike, LOOK.paths)
    assert results().get(key(), LOOK.paths) == alike
    assert results().get(key(), more) == alike
    assert results().get(key(), module) is None
    results().put(key(), replace(alike, asked=None), LOOK.paths)
    assert results().get(key(), LOOK.paths) == alike
    assert results().get(key(), more) is None


PACK = load(FOLDER)
SEVERAL = [one for one in cases.cases(cases.folder_of(FOLDER, PACK)) if len(one.before) > 1]


class _Kept:
    """Looks at files, if there is no result of an earlier audit of this folder."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.results = Results(Cache(), [FOLDER], files.__getitem__)
        self.project = cases.in_memory([PACK], files, LOOK)
        self.known = 0

    def check(self, tasks: Sequence[Task], look: Look) -> Iterator[Checked]:
        for task in tasks:
            key = self.results.key(task, look)
            assert key
            found = self.results.get(key, look.paths)
            self.known += found is not None
            if found is None:
                (found,) = self.project.check([task], look)
                self.results.put(key, found, look.paths)
            yield found


def same_without_and_with(files: Mapping[str, bytes], gone: str) -> int:
    """Audit without the file `gone`, then with it; how many results were known already."""
    known = 0
    for there in ({path: files[path] for path in files if path != gone}, files):
        kept = _Kept(there)
        audit = replace(kept.project, check=kept.check).audit()
        plain = cases.in_memory([PACK], there, LOOK).audit()
        assert audit.report() == plain.report()
        assert audit.checked == plain.checked
        known += kept.known
    return known


def test_files_that_come_and_go_change_no_answer() -> None:
    known = sum(
        same_without_and_with(case.before, gone) for case in SEVERAL for gone in case.before
    )
    assert known > 200


def test_a_module_that_comes_changes_what_an_import_leads_to() -> None:
    own = b"from pipeline.async_streaming import Handler\n\n\nclass Own(Handler):\n    pass\n"
    use = b"""from handlers import Own


class Mine(Own):
    def handle_event(self, event):
        if event[0] == "chunk":
            print(event[1])
"""
    files = {"a/handlers.py": own, "b/handlers.py": b"", "use.py": use}
    first = cases.in_memory([PACK], {"a/handlers.py": own, "use.py": use}, LOOK).audit().report()
    second = cases.in_memory([PACK], files, LOOK).audit().report()
    assert first.findings != second.findings
    assert same_without_and_with(files, "b/handlers.py")
