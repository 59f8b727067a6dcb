"""With the cache a run says what it says without: cold, warm, after a change, damaged."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.cli.app import run
from migrator.engine import cases
from migrator.engine.check import Checked, check
from migrator.engine.packs import Pack, builtin_folder, load
from migrator.engine.words import Groups
from migrator.engine.workers import Workers
from migrator.model import Fact, Look, Rule

FIXTURES = Path(__file__).parent.parent / "fixtures"


def report(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What an audit of the current folder prints."""
    assert run(["audit", "--format", "json", *arguments]) == 1
    return capfd.readouterr().out


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo project and some cases of a pack, side by side in one project."""
    cases = sorted((FIXTURES / "async-streaming").glob("*/*"))[::40]
    for number, case in enumerate(cases):
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
    # What does not parse may do so for another reason the next time.
    warm, again = looked()
    assert warm == plain
    assert "broken.py" in again
    assert len(again) < 6

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


def concerning(look: Look, path: str, data: bytes, language: str) -> frozenset[Fact]:
    """The facts of `look` that name the file, or words that it holds."""
    held = set(Groups(group for fact in look.known for group in fact.words).held(data, language))
    return frozenset(
        fact
        for fact in look.known
        if path in fact.files or not held.isdisjoint(fact.words) or not (fact.files or fact.words)
    )


def test_what_a_rule_says_of_a_file_rests_on_the_facts_that_concern_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks = 0

    def both(path: str, data: bytes, name: str, rules: Sequence[Rule], look: Look) -> Checked:
        nonlocal looks
        whole = check(path, data, name, rules, look)
        if known := concerning(look, path, data, name):
            looks += 1
            assert check(path, data, name, rules, replace(look, known=known)) == whole
        return whole

    monkeypatch.setattr(cases, "check", both)
    folder = builtin_folder() / "async_streaming"
    pack: Pack = load(folder)
    for case in list(cases.cases(cases.folder_of(folder, pack)))[::4]:
        if len(case.before) > 1:
            cases.in_memory([pack], case.before, Look()).audit()
    assert looks > 20
