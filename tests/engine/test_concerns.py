"""A file is told the facts that concern it, and no others."""

from __future__ import annotations

import pytest

from migrator.engine.concerns import Concerns
from migrator.model import Fact

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
