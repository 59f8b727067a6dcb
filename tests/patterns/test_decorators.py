"""A decorator that becomes several: one takes its place, the others stand above and below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.patterns.declared import applied, pack

if TYPE_CHECKING:
    from pathlib import Path

CHECK = """
    summary: Checks are class methods
    find: "@lib.check($$$FIELDS, early=True)"
    replace: |
      @lib.guard($$$FIELDS, mode="before")
      @classmethod
"""
MANY = """
    summary: Tasks are traced
    find: "@lib.task"
    replace: |
      @lib.traced(1)
      @lib.job
      @lib.kept
"""


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (
            CHECK,
            "class A:\n    @lib.check('a', early=True)  # first\n    def f(cls): ...\n",
            "class A:\n    @lib.guard('a', mode=\"before\")  # first\n    @classmethod\n"
            "    def f(cls): ...\n",
        ),
        (
            CHECK,
            "class A:\n    @lib.check(\n        'a',\n        early=True,\n    )\n"
            "    def f(cls): ...\n",
            "class A:\n    @lib.guard(\n        'a',\n        mode=\"before\",\n    )\n"
            "    @classmethod\n    def f(cls): ...\n",
        ),
        (
            CHECK,
            "class A:\n    @lib.check(early=True)\n    @classmethod\n    def f(cls): ...\n",
            'class A:\n    @lib.guard(mode="before")\n    @classmethod\n    def f(cls): ...\n',
        ),
        (
            CHECK,
            "class A:\r\n\t@lib.check('a', early=True)\r\n\t@other\r\n\tdef f(cls): ...\r\n",
            "class A:\r\n\t@lib.guard('a', mode=\"before\")\r\n\t@classmethod\r\n\t@other\r\n"
            "\tdef f(cls): ...\r\n",
        ),
        (
            MANY,
            "@other\n@lib.task\n@lib.kept\nclass A: ...\n",
            "@other\n@lib.traced(1)\n@lib.job\n@lib.kept\nclass A: ...\n",
        ),
        (
            MANY,
            "@lib.task\ndef f(): ...\n",
            "@lib.traced(1)\n@lib.job\n@lib.kept\ndef f(): ...\n",
        ),
        (MANY, "f = lib.task(g)\n", "f = lib.task(g)\n"),
    ],
)
def test_several(tmp_path: Path, rule: str, before: str, after: str) -> None:
    files = {"a.py": f"import lib\n\n\n{before}"}
    assert applied(pack(tmp_path, python__r=rule), files) == {"a.py": f"import lib\n\n\n{after}"}


def test_what_stands_beside_is_imported(tmp_path: Path) -> None:
    before = "from lib import task\n\n\n@task\ndef f(): ...\n"
    after = "from lib import traced, job, kept\n\n\n@traced(1)\n@job\n@kept\ndef f(): ...\n"
    assert applied(pack(tmp_path, python__r=MANY), {"a.py": before}) == {"a.py": after}


def test_two_on_one_function(tmp_path: Path) -> None:
    before = (
        "import lib\n\n\nclass A:\n    @lib.check('a', early=True)\n"
        "    @lib.check('b', early=True)\n    def f(cls): ...\n"
    )
    after = (
        "import lib\n\n\nclass A:\n    @lib.guard('a', mode=\"before\")\n"
        "    @lib.guard('b', mode=\"before\")\n    @classmethod\n    def f(cls): ...\n"
    )
    assert applied(pack(tmp_path, python__r=CHECK), {"a.py": before}) == {"a.py": after}


def test_beside_one_that_goes(tmp_path: Path) -> None:
    gone = """
        summary: Marks go
        find: "@lib.mark"
        replace: ""
    """
    rules = pack(tmp_path, python__r=MANY, python__gone=gone)
    before = "import lib\n\n\n@lib.mark\n@lib.task\n@lib.mark\ndef f(): ...\n"
    after = "import lib\n\n\n@lib.traced(1)\n@lib.job\n@lib.kept\ndef f(): ...\n"
    assert applied(rules, {"a.py": before}) == {"a.py": after}
