"""Which files held what, from run to run: a file that may have changed is asked anew."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from migrator.engine.cache import Cache
from migrator.engine.seen import Seen, stamp

LONG_AGO = 1_500_000_000


def stamped(*names: str) -> dict[str, str]:
    return {name: stamp(os.lstat(name)) for name in names}


def settled(now: str) -> str:
    """The stamp of a file that was written long ago, its other time too."""
    return f"{now.rsplit(' ', 2)[0]} {LONG_AGO}000000000 {LONG_AGO}000000001"


@pytest.fixture
def stamps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    monkeypatch.chdir(tmp_path)
    for name in ("a.py", "b.py"):
        Path(name).write_text("x = 1\n")
    return {name: settled(now) for name, now in stamped("a.py", "b.py").items()}


def told(seen: Seen, asked: object, *names: str) -> list[bool | None]:
    """Whether each file is known to hold what was asked for; `None` where that is not known."""
    answers = seen.answers(asked)
    unknown = answers.unknown(frozenset(names))
    return [None if name in unknown else name in answers.held for name in names]


def noted(seen: Seen, asked: object = "words") -> None:
    answers = seen.answers(asked)
    answers.note("a.py", held=True)
    answers.note("b.py", held=False)


def test_answers_are_kept_for_the_next_run(stamps: dict[str, str]) -> None:
    seen = Seen(stamps, Cache())
    assert told(seen, "words", "a.py") == [None]
    noted(seen)
    assert told(seen, "words", "a.py", "b.py") == [True, False]
    seen.save()
    again = Seen(stamps, Cache())
    assert told(again, "words", "a.py", "b.py") == [True, False]
    assert told(again, "other words", "a.py") == [None]
    assert told(again, "words", "new.py") == [None]
    assert again.token == seen.token


@pytest.mark.parametrize("at", range(6))
def test_a_file_of_which_anything_else_is_told_is_asked_anew(
    stamps: dict[str, str], at: int
) -> None:
    seen = Seen(stamps, Cache())
    noted(seen)
    seen.save()
    parts = stamps["a.py"].split()
    parts[at] = str(int(parts[at]) + 1)
    changed = Seen({**stamps, "a.py": " ".join(parts)}, Cache())
    assert told(changed, "words", "a.py", "b.py") == [None, False]
    assert changed.token != seen.token


def test_what_was_asked_before_a_change_is_not_known_of_the_changed_file(
    stamps: dict[str, str],
) -> None:
    seen = Seen(stamps, Cache())
    noted(seen, "first")
    noted(seen, "second")
    seen.save()
    now = {**stamps, "a.py": settled(stamps["a.py"].replace(" ", " 1", 1))}
    changed = Seen(now, Cache())
    changed.answers("first").note("a.py", held=False)
    changed.save()
    again = Seen(now, Cache())
    assert told(again, "first", "a.py") == [False]
    assert told(again, "second", "a.py") == [None]
    assert told(again, "second", "b.py") == [False]


@pytest.mark.parametrize("age", [-10, 0, 1])
def test_a_file_that_was_written_just_now_is_read_again(stamps: dict[str, str], age: int) -> None:
    fresh = f"{stamps['a.py'].rsplit(' ', 2)[0]} {time.time_ns() - age * 10**9} {LONG_AGO}000000000"
    now = {**stamps, "a.py": fresh}
    seen = Seen(now, Cache())
    noted(seen)
    assert not seen.are_settled(now)
    assert seen.are_settled(["b.py"])
    seen.save()
    again = Seen(now, Cache())
    assert told(again, "words", "a.py", "b.py") == [None, False]


def test_nothing_is_written_where_nothing_is_news(
    stamps: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Seen(stamps, Cache())
    noted(seen)
    seen.save()
    monkeypatch.setattr(Cache, "put", lambda *_: pytest.fail("was written"))
    again = Seen(stamps, Cache())
    again.answers("words")
    again.save()


def test_a_run_asks_some_questions_and_the_oldest_go(stamps: dict[str, str]) -> None:
    seen = Seen(stamps, Cache())
    for number in range(40):
        noted(seen, number)
    seen.save()
    again = Seen(stamps, Cache())
    assert told(again, 39, "a.py") == [True]
    assert told(again, 0, "a.py") == [None]


def test_another_folder_has_its_own(
    stamps: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Seen(stamps, Cache())
    noted(seen)
    seen.save()
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    assert told(Seen(stamps, Cache()), "words", "a.py") == [None]
