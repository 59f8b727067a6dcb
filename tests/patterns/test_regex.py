"""Regular expressions of packs: what is none is told, and none is run that could take for ever."""

from __future__ import annotations

import re

import pytest

from migrator.patterns.regex import compiled, surely_matches


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("(", "missing"),
        ("a**", "multiple repeat"),
        ("a{99999999999}", "too large"),
        ("(" * 5000 + ")" * 5000, "is nested too deep"),
    ],
)
def test_what_is_none_is_told(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=f"is no regular expression: .*{said}"):
        compiled(text)


@pytest.mark.parametrize(
    ("text", "value", "matches"),
    [
        ("x", "x", True),
        ("a/(b|c)@v[12]", "a/b@v1", True),
        ("a/(b|c)@v[12]", "a/b@v3", False),
        (r"acme:1\.(\d+)", "acme:1.22", True),
        ("a|b|c", "b", True),
        (".*", "anything", True),
        # There may be too many ways to match these.
        ("(a+)+", "aa", False),
        ("(a|b)*", "ab", False),
        ("(a|a)(b|b)", "ab", False),
    ],
)
def test_what_is_sure(text: str, value: str, matches: bool) -> None:
    assert surely_matches(compiled(text), value) == matches


@pytest.mark.parametrize(
    "text", ["(a+)+$", "(a|a)*$", "(a*)*b", "(.*)*x", "(?:a?){40}a{40}", "(a|a)" * 40, "a*" * 20]
)
def test_none_is_run_that_could_take_for_ever(text: str) -> None:
    class Untouched:
        pattern = text

        def fullmatch(self, _: str) -> re.Match[str] | None:
            raise AssertionError("it is run")

    assert not surely_matches(Untouched(), "a" * 40 + "!")  # type: ignore[arg-type]
