"""Which groups of words a file holds, and whether it speaks of the old API."""

from __future__ import annotations

import re
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrator.engine import words
from migrator.engine.words import Groups, speaks

WORDS = st.sampled_from(["a", "ab", "b", "c", "abc", "import *", "é"])
GROUP = st.lists(WORDS, max_size=3).map(tuple)


@pytest.fixture(params=["all words at once", "word by word"])
def finder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "word by word":
        monkeypatch.setitem(sys.modules, "ahocorasick_rs", None)
    else:
        pytest.importorskip("ahocorasick_rs")
    words._all_at_once.cache_clear()
    request.addfinalizer(words._all_at_once.cache_clear)


@pytest.mark.usefixtures("finder")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(GROUP), st.lists(st.one_of(WORDS, st.sampled_from(" ._1"))).map("".join))
def test_a_group_is_held_where_all_of_its_words_are(
    groups: list[tuple[str, ...]], text: str
) -> None:
    held = list(Groups(groups).held("a.py", text.encode(), "python"))
    wanted = {group for group in groups if all(_is_whole(word, text) for word in group)}
    assert set(held) == wanted
    assert len(held) == len(wanted)


def _is_whole(word: str, text: str) -> bool:
    after = r"(?!\w)" if re.match(r"(?a)\w", word[-1]) else ""
    before = r"(?<!\w)" if re.match(r"(?a)\w", word) else ""
    return re.search(f"(?a){before}{re.escape(word)}{after}", text) is not None


def test_part_of_a_longer_word_does_not_count() -> None:
    assert speaks(b"x: async_stream", "yaml", ["async_stream"])
    assert not speaks(b"x: async_streams", "yaml", ["async_stream"])
    assert not speaks(b"x: an_async_stream", "yaml", ["async_stream"])


@pytest.mark.parametrize(
    "escape", ["\\n", "\\x0a", "\\12", "\\u000a", "\\U0000000a", "\\N{LINE FEED}"]
)
def test_an_escape_before_a_word_is_no_part_of_it(escape: str) -> None:
    assert speaks(f"x = 'a{escape}async_stream'".encode(), "python", ["async_stream"])
