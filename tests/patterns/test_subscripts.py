"""Patterns of subscripts, with any number of indices, and what has stars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.patterns.declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

SWAP = "find: lib.Old[$A, $$$B]\nreplace: lib.New[$$$B, $A]"
NONE = "find: lib.Opt[$A]\nreplace: $A | None"
CALL = "find: lib.Callable[[$$$A], $R]\nreplace: lib.Function[$R, $$$A]"
NAMED = "find: 'def f($SELF, **$REST): ...'\nreplace: 'def g($SELF, **$REST): ...'\n"
NAMED += "where: {SELF: {instance: lib.A}}"


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (SWAP, "x: lib.Old[1, 2, 3]", "x: lib.New[2, 3, 1]"),
        (SWAP, "x = lib.Old[1]", "x = lib.New[1]"),
        (SWAP, "x = lib.Old[1, 2:3]", "x = lib.New[2:3, 1]"),
        (SWAP, "x: lib.Old[a, *b]", "x: lib.New[*b, a]"),
        (SWAP, "x: lib.Old[int, lib.Old[int, str]]", "x: lib.New[lib.New[str, int], int]"),
        (NONE, "x: lib.Opt[int]", "x: int | None"),
        (CALL, "x: lib.Callable[[int, str], bool]", "x: lib.Function[bool, int, str]"),
        (CALL, "x: lib.Callable[[], None]", "x: lib.Function[None]"),
        (
            NAMED,
            "class B(lib.A):\n    def f(self, **rest: int): ...",
            "class B(lib.A):\n    def g(self, **rest: int): ...",
        ),
    ],
)
def test_written(tmp_path: Path, rule: str, before: str, after: str) -> None:
    rules = pack(tmp_path, python__r=f"summary: s\n{rule}\n")
    head = "import lib\nlib.run()\n"
    assert applied(rules, {"a.py": f"{head}{before}\n"}) == {"a.py": f"{head}{after}\n"}


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (NONE, "x: lib.Opt[*a]"),
        (NONE, "x: lib.Opt[a, b]"),
        (CALL, "x: lib.Callable[..., None]"),
        (NAMED, "class B(lib.A):\n    def f(self, *rest): ..."),
    ],
)
def test_not_found(tmp_path: Path, rule: str, code: str) -> None:
    rules = pack(tmp_path, python__r=f"summary: s\n{rule}\n")
    assert not found(rules, {"a.py": f"import lib\n{code}\n"})
