"""Blocks around something that stand in one another, and classes by their name alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from migrator.errors import MigrateError
from tests.patterns.declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = """
    summary: Keys of a configuration
    find: orm = $VALUE
    replace: attrs = $VALUE
    inside: |
      class $MODEL(lib.Model):
          class Config($$$BASES): ...
"""
CALL = """
    summary: Calls of coroutines of handlers
    find: lib.wait($S)
    replace: await lib.sleep($S)
    inside: |
      class $HANDLER(lib.Handler):
          async def $NAME($$$P): ...
    message: "`$HANDLER.$NAME` waits"
"""


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (
            CONFIG,
            "class A(lib.Model):\n    class Config:\n        orm = 1\n",
            "class A(lib.Model):\n    class Config:\n        attrs = 1\n",
        ),
        (
            CONFIG,
            "class A(lib.Model):\n    class Config(B):\n        if C:\n            orm = 1\n",
            "class A(lib.Model):\n    class Config(B):\n        if C:\n            attrs = 1\n",
        ),
        (
            CALL,
            "class A(lib.Handler):\n    async def f(self):\n        lib.wait(1)\n",
            "class A(lib.Handler):\n    async def f(self):\n        await lib.sleep(1)\n",
        ),
    ],
)
def test_one_in_the_other(tmp_path: Path, rule: str, before: str, after: str) -> None:
    files = {"a.py": f"import lib\n\n\n{before}"}
    expected = {"a.py": f"import lib\n\n\n{after}"}
    assert applied(pack(tmp_path, python__r=rule), files, unsafe=True) == expected


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (CONFIG, "class Config:\n    orm = 1\n"),
        (CONFIG, "class A:\n    class Config:\n        orm = 1\n"),
        (CONFIG, "class A(lib.Model):\n    orm = 1\n"),
        (CONFIG, "class Config:\n    class A(lib.Model):\n        orm = 1\n"),
        (CALL, "async def f():\n    class A(lib.Handler):\n        x = lib.wait(1)\n"),
        (CALL, "class A(lib.Handler):\n    def f(self):\n        lib.wait(1)\n"),
    ],
)
def test_not_in_one_another(tmp_path: Path, rule: str, code: str) -> None:
    assert not found(pack(tmp_path, python__r=rule), {"a.py": f"import lib\n\n\n{code}"})


def test_a_message_has_the_holes_of_all(tmp_path: Path) -> None:
    code = "import lib\nclass A(lib.Handler):\n    async def f(self):\n        lib.wait(1)\n"
    [one] = found(pack(tmp_path, python__r=CALL), {"a.py": code})
    assert one.message == "`A.f` waits"
    assert one.fix is not None
    assert one.fix.applicability.name == "SAFE"


def test_a_class_without_bases_in_the_pattern_may_have_any(tmp_path: Path) -> None:
    rule = """
        summary: Waits outside of classes
        find: lib.wait($S)
        replace: lib.sleep($S)
        not-inside: "class $ANY: ..."
    """
    before = "import lib\nlib.wait(1)\nclass A(B, c=D):\n    x = lib.wait(1)\n"
    after = "import lib\nlib.sleep(1)\nclass A(B, c=D):\n    x = lib.wait(1)\n"
    assert applied(pack(tmp_path, python__r=rule), {"a.py": before}) == {"a.py": after}


@pytest.mark.parametrize(
    ("inside", "problem"),
    [
        ("class $A: \n    class $A: ...", "`\\$A` is a hole of both blocks: give it two names"),
        ("class $A:\n    x = 1\n", "the body of a statement is `...`"),
        ("class $A:\n    x = 1\n    class $B: ...", "the body of a statement is `...`"),
    ],
)
def test_mistakes(tmp_path: Path, inside: str, problem: str) -> None:
    text = inside.replace("\n", "\n  ")
    rule = f"summary: s\nfind: lib.f($X)\nreplace: lib.g($X)\ninside: |\n  {text}\n"
    with pytest.raises(MigrateError, match=problem):
        pack(tmp_path, python__r=rule)
