"""Imports of all of a module, found in bytes; what resolves such imports is tested with modules."""

from __future__ import annotations

import pytest

from migrator.languages.python_stars import stars


@pytest.mark.parametrize(
    ("text", "modules"),
    [
        ("from a import *\n", ["a"]),
        ("from a.b.c import *\n", ["b/c"]),
        ("from .a import *\n", ["app/a"]),
        ("from ..a import *\n", ["src/a"]),
        ("from . import *\n", ["app"]),
        ("if x: from a import*; from b \\\n import \\\n *\n", ["a", "b"]),
        ("x from a import *\n", []),
        ("from a import b, c\n", []),
        ("'from a import star'\n", []),
    ],
)
def test_modules_that_all_is_imported_of(text: str, modules: list[str]) -> None:
    words = [f"\0{module} import *" for module in modules]
    assert stars(text.encode(), "src/app/one.py") == words


@pytest.mark.parametrize(
    "again", [b"from \\\n", b"from a ", b"from a import", b"import \\\n", b"import *\n", b"xfrom "]
)
def test_words_of_star_imports_are_looked_for_once_along_a_file(again: bytes) -> None:
    """With each looked for up to the end, a file of a mebibyte takes hours."""
    data = b"import *\n" + again * (1024 * 1024 // len(again))
    assert stars(data, "a.py") == []
