"""With the cache a run says what it says without: cold, warm, after a change, damaged."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from migrator.cli.app import run
from migrator.engine import seen
from migrator.engine.audit import Audit
from migrator.engine.run import Run
from migrator.engine.workers import Workers

FIXTURES = Path(__file__).parent.parent / "fixtures"
_TOGETHER = re.compile(r"handler-not-found|model-cannot-stream|shared-handler")


def report(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What an audit of the current folder prints."""
    assert run(["audit", "--format", "json", *arguments]) == 1
    return capfd.readouterr().out


def _told(case: Path) -> str:
    told = case / "findings.txt"
    return told.read_text() if told.exists() else ""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo project and some cases of a pack, side by side in one project."""
    cases = sorted((FIXTURES / "async-streaming").glob("*/*"))
    # Where a tree has the library, a handler that it has not is looked for by all files together.
    without = [case for case in cases if not any(case.rglob("pipeline*"))]
    # What all files together say wants the text again: the demo project has enough of that.
    without = [case for case in without if not _TOGETHER.search(_told(case))]
    for number, case in enumerate(without[::40]):
        shutil.copytree(case, tmp_path / f"case{number}")
    shutil.copytree(FIXTURES / "demo", tmp_path / "demo")
    (tmp_path / "broken.py").write_text("import pipeline.async_streaming (\n")
    (tmp_path / "kept.py").write_text(
        "import pipeline.async_streaming  # migrate: ignore[legacy-namespace] later\n"
    )
    (tmp_path / "demo" / "more.py").write_text("from pipeline.async_streaming import Handler\n")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_cache_changes_no_answer(
    tree: Path, state: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    real = Workers.check

    def counted(self: Workers, tasks, look):  # type: ignore[no-untyped-def]
        for result in real(self, tasks, look):
            checked.append(result.path)
            yield result

    monkeypatch.setattr(Workers, "check", counted)

    def looked(*arguments: str) -> tuple[str, set[str]]:
        checked.clear()
        return report(capfd, *arguments), set(checked)

    plain, all_ = looked("--no-cache")
    assert not state.exists()
    assert looked() == (plain, all_)
    assert looked() == (plain, set())

    (tree / "demo" / "more.py").write_text("from pipeline.async_streaming import Handler as H\n")
    changed, _ = looked("--no-cache")
    assert changed != plain
    once, some = looked()
    assert once == changed
    assert "demo/more.py" in some
    assert len(some) < len(all_) / 2  # for the others nothing changed

    for file in (state / "cache").rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[:-1] + b" ")
    assert looked()[0] == changed


def test_an_unchanged_tree_is_not_read(
    tree: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tree that was written long ago, by the clock of this test."""
    monkeypatch.setattr(seen, "_EXACT", -(10**12))
    read: list[str] = []
    real = Run._read
    monkeypatch.setattr(Run, "_read", lambda self, path: read.append(path) or real(self, path))
    plain = report(capfd, "--no-cache")
    assert report(capfd) == plain
    assert len(set(read)) > 60

    read.clear()
    assert report(capfd) == plain
    # Comments that suppress, what is not analysed and what all files together say want the text.
    assert {"broken.py", "kept.py"} <= set(read)
    assert len(set(read)) < 6

    (tree / "demo" / "more.py").write_text("from pipeline.async_streaming import Handler as H\n")
    changed = report(capfd, "--no-cache")
    assert changed != plain
    assert report(capfd) == changed
    os.utime(tree / "demo" / "more.py", ns=(0, 0))
    (tree / "demo" / "more.py").chmod(0o600)
    assert report(capfd) == changed


def _findings(report: str) -> object:
    return json.loads(report)["findings"]


# What is appended in turn to a file that has no word of the old API, whether the file is looked at
# then, and whether the report is another one.
CHANGES = [
    ("\n# later\n", False, False),
    ("\nfrom app.base import Base\n\nclass Own(Base):\n    pass\n", True, False),
    ('\nx = {"type": "llm", "async_stream": True}\n', True, True),
    ("\nx = {}\n", True, False),
]


def test_a_change_is_looked_at_where_it_has_words_and_nowhere_else(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "_EXACT", -(10**12))
    monkeypatch.chdir(tmp_path)
    Path("app").mkdir()
    Path("app/base.py").write_text(
        "from pipeline.async_streaming import Handler\n\nclass Base(Handler):\n    pass\n"
    )
    Path("app/other.py").write_text("x = 1\n")
    tasks: list[str] = []
    real = Workers.check
    monkeypatch.setattr(
        Workers,
        "check",
        lambda self, some, look: tasks.extend(one.path for one in some) or real(self, some, look),
    )
    before = report(capfd)
    for more, is_looked_at, is_news in CHANGES:
        with Path("app/other.py").open("a") as file:
            file.write(more)
        tasks.clear()
        now = report(capfd)
        assert ("app/other.py" in tasks) == is_looked_at
        assert (_findings(now) != _findings(before)) == is_news
        tasks.clear()
        assert report(capfd) == now
        assert not tasks
        assert report(capfd, "--no-cache") == now
        before = now
    Path("app/other.py").write_text("")
    assert report(capfd) == report(capfd, "--no-cache")
    Path("app/other.py").unlink()
    assert report(capfd) == report(capfd, "--no-cache")


def test_what_is_written_never_comes_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    from migrator.engine.results import Results

    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("async_stream: true\n")
    asked: list[object] = []
    real = Results.get
    monkeypatch.setattr(Results, "get", lambda *key: asked.append(key) or real(*key))
    report(capfd)
    assert asked
    asked.clear()
    assert run(["apply"]) == 0
    assert not asked
    assert Path("a.yaml").read_text() == "stream: true\n"


# What a hook asks about: who hands `invoke` on, who calls it, both, and what does neither.
HOOKS = [("clean.py",), ("uses.py",), ("hooks.py",), ("hooks.py", "uses.py"), ("other.py",)]


def test_a_hook_about_other_files_looks_at_none_again_unless_it_matters_which(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen, "_EXACT", -(10**12))
    monkeypatch.chdir(tmp_path)
    Path(".git").mkdir()
    Path("hooks.py").write_text("from pipeline.async_streaming import invoke\n")
    Path("uses.py").write_text(
        "from hooks import invoke\n\n\n"
        "def go(ctx, handler):\n    return invoke(ctx.prompt, handler)\n"
    )
    for name in ("clean.py", "other.py"):
        Path(name).write_text("x = 1\n")

    def asked(*arguments: str) -> str:
        run(["audit", "--format", "json", *arguments])
        return capfd.readouterr().out

    plain = {files: asked("--no-cache", *files) for files in HOOKS}
    alone, together = (_levels(plain[files]) for files in (("uses.py",), ("hooks.py", "uses.py")))
    assert not alone <= together  # it matters whether both may be edited
    assert asked("clean.py") == plain["clean.py",]
    with monkeypatch.context() as patch:
        patch.setattr(Audit, "run", lambda *_: pytest.fail("it was looked at again"))
        assert asked("other.py") == plain["other.py",]
    for before in HOOKS:
        for files in HOOKS:
            asked(*before)
            assert asked(*files) == plain[files], (before, files)


def _levels(report: str) -> set[tuple[str, str]]:
    found = json.loads(report)["findings"]
    return {(one["rule"], one["applicability"]) for one in found}
