"""With the cache a run says what it says without: cold, warm, after a change, damaged."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from migrator.cli.app import run
from migrator.engine.workers import Workers

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
