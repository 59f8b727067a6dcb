"""Patterns of other people match what git has them match, and in a moment."""

from __future__ import annotations

import hypothesis
import pytest
from hypothesis import strategies
from pathspec import GitIgnoreSpec

from migrator.engine.ignores import is_pattern, patterns

PARTS = ["a", "b", "*", "?", "**", "/", "[ab]", "[!a]", "\\*", ".", "!"]


@hypothesis.given(
    strategies.lists(strategies.sampled_from(PARTS), min_size=1, max_size=9).map("".join),
    strategies.lists(strategies.text("ab*./", min_size=1, max_size=8), min_size=1, max_size=9),
)
@hypothesis.settings(max_examples=1000, deadline=None)
def test_it_matches_as_before(pattern: str, paths: list[str]) -> None:
    hypothesis.assume(is_pattern(pattern))
    plain, ours = GitIgnoreSpec.from_lines([pattern]), patterns([pattern])
    for path in paths:
        assert ours.check_file(path).include == plain.check_file(path).include


@pytest.mark.parametrize(
    "pattern", ["a*" * 60 + "b", "*?" * 60 + "b", "*[a-z]" * 60 + "[0-9]", "*" * 60 + "b"]
)
def test_stars_take_no_time(pattern: str) -> None:
    assert not patterns([pattern]).match_file("a" * 250)
    assert patterns([pattern]).match_file("a" * 250 + ("0" if "0" in pattern else "b"))


def test_folders_without_end_are_no_pattern() -> None:
    assert is_pattern("**/a/**/b/**/c")
    assert not is_pattern("**/a/" * 20)
