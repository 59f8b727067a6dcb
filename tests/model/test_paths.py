"""What is asked of the paths of all files is remembered, by whatever way it is asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from migrator.helpers.python.modules import answers_alike, modules
from migrator.model import Paths

PATHS = frozenset({"app/__init__.py", "app/tools.py", "lib/tools.py", "app/a.yaml"})


def test_what_is_asked_for_by_name_is_remembered() -> None:
    paths = Paths(PATHS)
    assert "app/tools.py" in paths
    assert "app/nowhere.py" not in paths
    assert {"app/a.yaml", "b"} & paths == {"app/a.yaml"}
    assert paths.asked is not None
    assert dict(paths.asked) == {
        ("in", "app/tools.py"): True,
        ("in", "app/nowhere.py"): False,
        ("in", "app/a.yaml"): True,
        ("in", "b"): False,
    }


@pytest.mark.parametrize(
    "ask", [sorted, len, lambda paths: paths == {"a"}, lambda paths: paths | {"a"}, bool]
)
def test_who_asks_for_all_is_told_that_all_counts(ask: Callable[[Paths], object]) -> None:
    paths = Paths(PATHS)
    ask(paths)
    assert paths.asked is None
    assert Paths(PATHS).asked == ()


QUESTIONS: list[tuple[Callable[[frozenset[str] | Paths], object], list[set[str]], list[set[str]]]]
QUESTIONS = [
    # The question; with which paths its answer is another, and with which it is not.
    (lambda paths: "app/b.py" in paths, [{"app/b.py"}], [{"b.py"}]),
    (lambda paths: modules(paths).has_part("new"), [{"new/a.py"}], [{"old/a.py", "new/a.yaml"}]),
    (
        lambda paths: modules(paths).package("lib/tools.py"),
        [{"lib/__init__.py"}],
        [{"lib/more.py"}, {"app/more/__init__.py"}],
    ),
    (
        lambda paths: modules(paths).place("tools.Own", "run.py"),
        [{"tools.py"}, {"lib/__init__.py"}],
        [{"app/more.py"}, {"lib/tool.py"}, {"lib/tools.yaml"}],
    ),
    (
        lambda paths: modules(paths).ending(("app", "tools")),
        [{"more/app/tools.py"}],
        [{"more/tools.py"}],
    ),
]


@pytest.mark.parametrize(("ask", "other", "alike"), QUESTIONS)
def test_among_other_paths_answers_are_compared(
    ask: Callable[[frozenset[str] | Paths], object], other: list[set[str]], alike: list[set[str]]
) -> None:
    paths = Paths(PATHS)
    answer = ask(paths)
    assert answer == ask(PATHS)
    asked = paths.asked
    assert asked
    assert answers_alike(asked, PATHS)
    for more in other:
        assert ask(PATHS | more) != answer
        assert not answers_alike(asked, PATHS | more)
    for more in alike:
        assert ask(PATHS | more) == answer
        assert answers_alike(asked, PATHS | more)


def test_what_was_asked_of_other_paths_is_remembered_where_these_are_alike() -> None:
    paths = Paths(frozenset({"a", "b"}))
    assert not paths.answers_alike(((("in", "a"), True), (("in", "c"), True)))
    assert paths.asked == ()
    asked = ((("in", "a"), True), (("in", "c"), False))
    assert paths.answers_alike(asked)
    assert paths.asked == asked
