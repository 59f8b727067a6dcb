"""Before a file is looked at its bytes have to come back from its text."""

from __future__ import annotations

import pytest

from migrator.engine.check import read
from migrator.errors import NotAnalysedError


def test_bytes_that_do_not_come_back_are_refused() -> None:
    """An escape that switches to the set which is on already means nothing, and is lost."""
    data = b"# coding: iso2022_jp\nx = 1  # \x1b(B\n"
    assert data.decode("iso2022_jp").encode("iso2022_jp") != data
    with pytest.raises(NotAnalysedError, match="does not survive decoding as iso2022_jp"):
        read("a.py", data, "python")
