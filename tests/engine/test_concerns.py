"""A file is told the facts that concern it, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from migrator.engine import cases
from migrator.engine.candidates import Candidates
from migrator.engine.check import check
from migrator.engine.concerns import Concerns
from migrator.engine.packs import Pack, builtin_folder, load
from migrator.model import Fact, Look

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"

EVERYONE = Fact("kind", "everyone")
BY_FILE = Fact("kind", "by file", files=("a.py", "b.py"))
BY_WORDS = Fact("kind", "by words", words=(("Handler", "import *"), ("Console",)))
BOTH = Fact("kind", "both", words=(("Null",),), files=("b.py",))
CONCERNS = Concerns([EVERYONE, BY_FILE, BY_WORDS, BOTH])


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("c.py", "x = 1", {EVERYONE}),
        ("a.py", "x = 1", {EVERYONE, BY_FILE}),
        ("c.py", "Console()", {EVERYONE, BY_WORDS}),
        ("c.py", "from x import *\nHandler()", {EVERYONE, BY_WORDS}),
        ("c.py", "from x import *\nHandlers() or OldHandler()", {EVERYONE}),
        ("c.py", "Consoles, AConsole", {EVERYONE}),
        ("b.py", "Null.Console", {EVERYONE, BY_FILE, BY_WORDS, BOTH}),
    ],
)
def test_what_a_file_is_told(path: str, text: str, told: set[Fact]) -> None:
    assert CONCERNS.of(path, text.encode(), "python") == told


def several() -> Iterator[tuple[Pack, dict[str, bytes]]]:
    """The cases of more than one file, and whole projects."""
    for name in ("async_streaming", "upgrades"):
        folder = builtin_folder() / name
        pack = load(folder)
        for case in cases.cases(cases.folder_of(folder, pack)):
            if len(case.before) > 1:
                yield pack, dict(case.before)
    pack = load(builtin_folder() / "async_streaming")
    for demo in ("demo", "demo-elixir"):
        root = FIXTURES / demo
        files = (path for path in sorted(root.rglob("*")) if path.is_file())
        yield pack, {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_the_rules_say_the_same_as_if_they_were_told_all() -> None:
    told = 0
    for pack, files in several():
        audit = cases.in_memory([pack], files, Look()).audit()
        for path, checked in audit.checked.items():
            whole = check(path, files[path], audit.language(path), pack.rules, audit.look)
            assert checked.findings == whole.findings, path
            told += bool(audit.look.known)
    assert told > 200


def test_what_is_learnt_settles(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[int] = []
    real = Candidates.concerned
    monkeypatch.setattr(Candidates, "concerned", lambda *told: rounds.append(1) or real(*told))
    for pack, files in several():
        rounds.clear()
        cases.in_memory([pack], files, Look()).audit()
        assert len(rounds) < 8, sorted(files)
