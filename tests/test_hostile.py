"""A tree of hostile files, audited, applied and taken back: as root, and as an ordinary user."""

from __future__ import annotations

import codecs
import contextlib
import encodings
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import hostile_tree
import pytest
import trees
from hostile_tree import (
    CASES,
    CLEAN,
    LEFT,
    LEFT_OUT,
    MIGRATED,
    REFUSED,
    REPORTED,
    SKIPPED,
    UNREADABLE,
    Case,
)
from processes import alone

from migrator.engine.check import check
from migrator.engine.checked import Checked
from migrator.engine.contents import contents
from migrator.engine.packs import builtin_folder, load
from migrator.engine.project import Task
from migrator.model import Look
from migrator.reports.escape import shown

pytestmark = pytest.mark.skipif(os.name == "nt", reason="names, modes and links of POSIX")

#: What a command gave back: exit code, standard output, standard error.
Result = tuple[int, str, str]
Runner = Callable[..., Result]
NOBODY = 65534


def by_process(*arguments: str) -> Result:
    """A command as the user has it, with workers that files may bring down."""
    command = [sys.executable, "-m", "migrator", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout, run.stderr


def by_nobody(*arguments: str) -> Result:
    """The same as an ordinary user, who may start no program here: files are parsed in place."""
    parts = [Path("..", name).absolute() for name in ("out", "err", "code")]
    for path in parts:
        path.touch()
        os.chown(path, NOBODY, NOBODY)
    alone(as_nobody, *parts, *arguments)
    out, err, code = (path.read_text() for path in parts)
    return int(code), out, err


def as_nobody(out: str, err: str, code: str, *arguments: str) -> None:
    from migrator.cli.app import run
    from migrator.engine.workers import Workers

    Workers.check = checked  # type: ignore[method-assign, assignment]
    rehearse(run)
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    with open(out, "w") as sys.stdout, open(err, "w") as sys.stderr:  # noqa: PTH123
        Path(code).write_text(str(run(list(arguments))))


def checked(_: object, tasks: Sequence[Task], look: Look) -> Iterable[Checked]:
    rules = load(builtin_folder() / "async_streaming").rules
    for task in tasks:
        read = task.data if task.data is not None else contents(task.path)
        if isinstance(read, str):
            yield Checked(task.path, reason=read)
            continue
        found = read if isinstance(read, bytes) else read.data
        named = [rule for rule in rules if rule.language == task.language]
        yield check(task.path, found, task.language, named, look)


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that another user can be let into, with the state of the runs in it."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made).resolve()
        (folder / "state").mkdir(mode=0o700)
        monkeypatch.setenv("MIGRATE_STATE_DIR", str(folder / "state"))
        yield folder


@pytest.mark.parametrize("run", [by_process, by_nobody], ids=["with workers", "as nobody"])
def test_every_file_ends_as_the_manifest_says(
    home: Path, monkeypatch: pytest.MonkeyPatch, run: Runner
) -> None:
    tree = home / "tree"
    hostile_tree.make(tree)
    monkeypatch.chdir(tree)
    cases = list(CASES)
    if run is by_nobody:
        if os.geteuid() != 0:
            pytest.skip("only the superuser becomes another user; the other run is an ordinary one")
        cases = [case for case in cases if not case.crashes]
        for case in CASES:
            if case.crashes:
                (tree / case.path).unlink()
        for case in UNREADABLE:
            case.make(tree / case.path)
        cases += UNREADABLE
        give_away(home)
    before = trees.seen(tree)
    audit = run("audit", "--format", "json")
    assert trees.seen(tree) == before
    assert_report(cases, audit)
    apply = run("apply")
    assert_applied(cases, apply, before, trees.seen(tree))
    undo = run("undo")
    assert undo[0] == 0, undo
    assert trees.seen(tree) == before


def test_what_may_not_be_looked_at_is_named_where_it_is_asked_for(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # To the superuser everything is open.
    run = by_nobody if os.geteuid() == 0 else by_process
    tree = home / "tree"
    for path in ("a.yaml", "unread.yaml", "unlisted/b.yaml", "listed/b.yaml", "z/z.yaml"):
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_bytes(hostile_tree.YAML)
    (tree / "unread.yaml").chmod(0)
    (tree / "listed").chmod(0o444)
    (tree / "unlisted").chmod(0)
    if run is by_nobody:
        give_away(home)
    monkeypatch.chdir(tree)
    named = ["unlisted", "unlisted/b.yaml", "listed", "listed/b.yaml", "unread.yaml", "a.yaml"]
    code, out, err = run("audit", "--format", "json", *named)
    report = json.loads(out)
    assert (code, {one["path"] for one in report["findings"]}) == (1, {"a.yaml"}), err
    assert [one["path"] for one in report["not_analysed"]] == ["unread.yaml"]
    skipped = {one["path"] for one in report["skipped"]}
    assert skipped == {"unlisted", "unlisted/b.yaml", "listed/b.yaml"}
    code, _, err = run("apply", *named)
    assert code == 1
    assert err.endswith("changed 1 file (1 fix)\n")


def rehearse(run: Callable[[list[str]], int]) -> None:
    """Have everything imported while that can be read."""
    for _, name, _ in pkgutil.iter_modules(encodings.__path__):
        with contextlib.suppress(LookupError):
            codecs.lookup(name)
    home, state = Path.cwd(), os.environ["MIGRATE_STATE_DIR"]
    with tempfile.TemporaryDirectory() as made, contextlib.ExitStack() as quiet:
        os.environ["MIGRATE_STATE_DIR"] = f"{made}/state"
        Path(made, "tree").mkdir()
        os.chdir(f"{made}/tree")
        nothing = quiet.enter_context(Path(os.devnull).open("w"))
        quiet.enter_context(contextlib.redirect_stdout(nothing))
        quiet.enter_context(contextlib.redirect_stderr(nothing))
        Path("migrator.toml").write_text("ignore = []\n")
        Path("a.py").write_bytes(hostile_tree.PYTHON)
        Path("b.py").write_bytes(b"x = (\n" + hostile_tree.PYTHON)
        Path("a.yaml").write_bytes(hostile_tree.YAML)
        for command in (["audit"], ["apply"], ["undo"]):
            run(command)
        os.chdir(home)
        os.environ["MIGRATE_STATE_DIR"] = state


def give_away(home: Path) -> None:
    """Make all of it the ordinary user's."""
    for folder, folders, files in os.walk(home):
        for name in ("", *folders, *files):
            path = os.path.join(folder, name)  # noqa: PTH118
            mode = os.lstat(path).st_mode
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
            if not os.path.islink(path):  # noqa: PTH114
                os.chmod(path, mode & 0o7777)  # noqa: PTH101


def assert_report(cases: list[Case], result: Result) -> None:
    code, out, err = result
    assert code == 1, err
    report = json.loads(out)
    assert out.isascii()
    found = {one["path"] for one in report["findings"]}
    refused = {one["path"]: one["reason"] for one in report["not_analysed"]}
    skipped = {one["path"]: one["reason"] for one in report["skipped"]}
    for reason in skipped.values():
        assert f": {shown(reason)}\n" in err
    wrong = []
    for case in cases:
        end = (
            REFUSED
            if case.path in refused
            else REPORTED
            if case.path in found
            else SKIPPED
            if case.path in skipped
            else CLEAN
        )
        wanted = {MIGRATED: REPORTED, LEFT: REPORTED, LEFT_OUT: CLEAN}.get(case.end, case.end)
        why = refused.get(case.path) or skipped.get(case.path, "")
        if end != wanted or (case.end in (REFUSED, SKIPPED) and case.why not in why):
            wrong.append((case.path, end, wanted, why))
    assert not wrong, "\n".join(map(str, wrong))
    counts = report["summary"]
    ends = Counter(case.end for case in cases)
    assert counts["files"] == sum(ends.values()) - ends[LEFT_OUT]
    assert counts["reported"] == ends[MIGRATED] + ends[LEFT]
    assert counts["not_analysed"] == ends[REFUSED]
    assert counts["skipped"] == ends[SKIPPED]
    assert counts["clean"] == ends[CLEAN]
    assert counts["excluded"]["ignored by git"] == 3
    assert counts["excluded"]["submodule"] == 1
    assert counts["excluded"]["virtual environment"] == 1


def assert_applied(
    cases: list[Case],
    result: Result,
    before: dict[str, trees.Seen],
    after: dict[str, trees.Seen],
) -> None:
    code, out, err = result
    assert (code, out) == (1, ""), err[-2000:]
    assert err.isprintable() or not set(err) & set("\x1b\x07\x7f\r\u202e")
    assert after.keys() == before.keys()
    due = {case.path: case for case in cases if case.end == MIGRATED}
    for path, one in before.items():
        expected = due[path].after if path in due else one.data
        assert after[path].data == expected, path
        assert (after[path].mode, after[path].owner, after[path].extended) == (
            one.mode,
            one.owner,
            one.extended,
        ), path
    for case in cases:
        if case.end in (LEFT, REFUSED):
            named = [line for line in err.splitlines() if line.startswith(shown(case.path) + ": ")]
            assert named and case.why in named[0], (case.path, named)
    assert err.splitlines()[-1].startswith(f"changed {len(due)} files (")


def test_there_are_enough_of_them() -> None:
    assert len({case.path for case in CASES}) == len(CASES) >= 150
