"""Sources: the bytes of a file have to come back from its text, and not too many are kept."""

from __future__ import annotations

import pytest

from migrator.engine.sources import Sources, read
from migrator.errors import NotAnalysedError


def test_bytes_that_do_not_come_back_are_refused() -> None:
    """An escape that switches to the set which is on already means nothing, and is lost."""
    data = b"# coding: iso2022_jp\nx = 1  # \x1b(B\n"
    assert data.decode("iso2022_jp").encode("iso2022_jp") != data
    with pytest.raises(NotAnalysedError, match="does not survive decoding as iso2022_jp"):
        read("a.py", data, "python")


def test_sources_are_dropped_where_they_are_too_many() -> None:
    sources = Sources(12)
    first = sources.parsed("a.py", b"a = 1\n", "python")
    assert sources.parsed("a.py", b"a = 1\n", "python") is first
    assert sources.parsed("b.py", b"a = 1\n", "python") is not first
    assert first.memo
    other = sources.parsed("a.py", b"a = 2\n", "python")
    assert other.text == "a = 2\n"
    assert not first.memo
    assert sources.parsed("a.py", b"a = 1\n", "python") is not first
    assert other.memo
    much = sources.parsed("c.py", b"much = 'longer'\n", "python")
    assert not other.memo
    assert much.memo
    sources.close()
    assert not much.memo


def test_what_was_made_for_one_look_goes_when_it_is_over() -> None:
    sources = Sources(12)
    source = sources.parsed("a.py", b"a = 1\n", "python")
    before = set(source.memo)
    source.memo["made", 1] = "for a look"
    sources.close()
    assert set(source.memo) == before
