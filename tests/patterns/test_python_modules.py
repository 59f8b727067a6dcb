"""Modules that moved: the statements that import them, once each, under names that still hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

MOCK = "summary: s\nrename: mock -> unittest.mock\n"
DEEP = "summary: s\nrename: a.b -> c.d.e\n"
SHORT = "summary: s\nrename: a.b -> c\n"
CALL = "summary: s\nfind: old.f($A)\nreplace: new.g($A)\n"
INSIDE = "summary: s\nfind: old.f($A)\nreplace: new.sub.g($A)\nimports: [new.sub]\n"


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (MOCK, "import mock\n\nmock.patch\n", "import unittest.mock\n\nunittest.mock.patch\n"),
        (
            MOCK,
            "import mock\nimport unittest\n\nmock.ANY\nunittest.main\n",
            "import unittest.mock\nimport unittest\n\nunittest.mock.ANY\nunittest.main\n",
        ),
        (
            MOCK,
            "import mock.mock\nmock.mock.x\n",
            "import unittest.mock.mock\nunittest.mock.mock.x\n",
        ),
        (
            MOCK,
            "if x:\n    import mock\n\ndef f():\n    mock.ANY\n",
            "if x:\n    import unittest.mock\n\ndef f():\n    unittest.mock.ANY\n",
        ),
        # another binding may stand for the name as well, or the new one is taken
        (
            MOCK,
            "try:\n    import mock\nexcept ImportError:\n    from unittest import mock\nmock.ANY\n",
            "try:\n    import unittest.mock as mock\n"
            "except ImportError:\n    from unittest import mock\nmock.ANY\n",
        ),
        (
            MOCK,
            "try:\n    import mock\nexcept ImportError:\n    mock = None\nmock.ANY\n",
            "try:\n    import unittest.mock as mock\n"
            "except ImportError:\n    mock = None\nmock.ANY\n",
        ),
        (
            MOCK,
            "import mock\n\ndef f(unittest):\n    return mock.ANY\n",
            "import unittest.mock as mock\n\ndef f(unittest):\n    return mock.ANY\n",
        ),
        (
            MOCK,
            "from x import unittest\nimport mock\n\nmock.ANY\n",
            "from x import unittest\nimport unittest.mock as mock\n\nmock.ANY\n",
        ),
        *(
            (CALL, f"{before}\n", f"{after}\n")
            for before, after in [
                ("import old\nnew = 1\nold.f(new)", "from new import g\nnew = 1\ng(new)"),
                (
                    "def f(new):\n    import old\n    old.f(new)",
                    "def f(new):\n    from new import g\n    g(new)",
                ),
                (
                    "from x import new\nimport old\nold.f(new)",
                    "from x import new\nfrom new import g\ng(new)",
                ),
                (
                    "import x as new\nimport old\nold.f(new)",
                    "import x as new\nfrom new import g\ng(new)",
                ),
                (
                    "import old\nimport new.x\nold.f(new.x)",
                    "import new.x\nnew.g(new.x)",
                ),
                ("import old\nold.f(1)", "import new\nnew.g(1)"),
            ]
        ),
        # what a rule says is imported may be a module, which its package does not bring
        (INSIDE, "import old\nold.f(1)\n", "from new import sub\nsub.g(1)\n"),
        (
            INSIDE,
            "import new\nimport old\nold.f(new)\n",
            "import new\nfrom new import sub\nsub.g(new)\n",
        ),
        (
            "summary: s\nrename: a.b -> c.d\n",
            "try:\n    from a import b\nexcept ImportError:\n    b = None\nb.x\n",
            "try:\n    from c import d as b\nexcept ImportError:\n    b = None\nb.x\n",
        ),
        # what is below a module that moved, and what is beside it
        (DEEP, "import a.b.c\na.b.c.x\n", "import c.d.e.c\nc.d.e.c.x\n"),
        (
            DEEP,
            "import a.b.c, a.b.d\na.b.c.x\na.b.d()\n",
            "import c.d.e.c, c.d.e.d\nc.d.e.c.x\nc.d.e.d()\n",
        ),
        (
            DEEP,
            "import a.b\nimport a\na.b.x\na.y\n",
            "import c.d.e\nimport a\nc.d.e.x\na.y\n",
        ),
        # a module that moved to the top
        (SHORT, "from a import b\nb.x\n", "import c as b\nb.x\n"),
        (SHORT, "from a import b as z, y\nz.x\n", "from a import y\nimport c as z\nz.x\n"),
        (SHORT, "from a.b import x\nx()\n", "from c import x\nx()\n"),
        (SHORT, "import a.b\na.b.x\n", "import c\nc.x\n"),
    ],
)  # fmt: skip
def test_moved(tmp_path: Path, rule: str, before: str, after: str) -> None:
    rules = pack(tmp_path, python__r=rule)
    for unsafe in (False, True):
        assert applied(rules, {"a.py": before}, unsafe=unsafe) == {"a.py": after}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "import lib\n\nx = lib.codes.ok\n",
            "from new import codes\n\nx = codes.OK\n",
        ),
        (
            "from lib import codes\n\nx = codes.ok\n",
            "from new import codes\n\nx = codes.OK\n",
        ),
    ],
)
def test_what_is_imported_of_a_name_that_moved(tmp_path: Path, before: str, after: str) -> None:
    rules = pack(
        tmp_path,
        python__a="summary: s\nrename: lib.codes.ok -> new.codes.OK\nimports: [new.codes]\n",
    )
    assert applied(rules, {"a.py": before}) == {"a.py": after}


def test_a_package_that_is_used_as_a_whole(tmp_path: Path) -> None:
    rules = pack(tmp_path, python__a="summary: s\nrename: lib.old -> lib.new\n")
    before = "import lib.old.deep\n\nprint(lib, lib.old.f)\n"
    assert applied(rules, {"a.py": before}) == {"a.py": before.replace("old", "new")}


def test_an_import_stays_while_a_use_does(tmp_path: Path) -> None:
    rules = pack(tmp_path, python__a="summary: s\nrename: lib.old -> lib.new\n")
    before = 'import lib.old\n\nprint(f"{lib.old.x=}", lib.old.y)\n'
    # What an f-string shows of its code is for review.
    after = 'import lib.old\nimport lib.new\n\nprint(f"{lib.old.x=}", lib.new.y)\n'
    assert applied(rules, {"a.py": before}) == {"a.py": after}
    after = before.replace("old", "new")
    assert applied(rules, {"a.py": before}, unsafe=True) == {"a.py": after}
    # With a module come the packages that it is in.
    before = 'import lib.old.deep\n\nprint(f"{lib.old.x=}", lib.old.deep.y)\n'
    after = 'import lib.old.deep\nimport lib.new.deep\n\nprint(f"{lib.old.x=}", lib.new.deep.y)\n'
    assert applied(rules, {"a.py": before}) == {"a.py": after}


@pytest.mark.parametrize(
    "rule",
    [
        "summary: s\nrename: lib.OLD -> lib.config.VALUE\n",
        "summary: s\nfind: lib.OLD\nreplace: lib.config.VALUE\n",
    ],
)
def test_what_a_case_names_keeps_a_dot(tmp_path: Path, rule: str) -> None:
    before = "import lib\n\nmatch 1:\n    case lib.OLD: ...\n    case [lib.OLD, 1]: ...\n"
    after = (
        "from lib import config\n\nmatch 1:\n    case config.VALUE: ...\n"
        "    case [config.VALUE, 1]: ...\n"
    )
    rules = pack(tmp_path, python__a=rule)
    assert applied(rules, {"a.py": before}) == {"a.py": after}
    given = f"from lib.config import VALUE\n{before}print(VALUE)\n"
    done = f"from lib.config import VALUE\n{after}print(VALUE)\n"
    assert applied(rules, {"a.py": given}) == {"a.py": done}


@pytest.mark.parametrize("new", ["lib.value()", "VALUE", "-lib.VALUE", "(lib.A, lib.B)"])
def test_a_case_is_left_where_what_is_written_would_be_a_pattern(tmp_path: Path, new: str) -> None:
    rules = pack(tmp_path, python__a=f"summary: s\nfind: lib.OLD\nreplace: {new}\n")
    before = "import lib\n\nmatch 1:\n    case lib.OLD:\n        print(1)\n"
    (only,) = found(rules, {"a.py": before})
    assert only.fix is None
    assert "in a `case` it would be a pattern" in only.evidence


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import lib\n\ndel lib.cache[1]\n", "import lib\n\nlib.cache.pop(1)\n"),
        (
            "from lib import cache as c\n\ndel c[1]\n",
            "from lib import cache as c\n\nc.pop(1)\n",
        ),
    ],
)
def test_an_attribute_of_what_was_found_needs_no_import(
    tmp_path: Path, before: str, after: str
) -> None:
    rules = pack(
        tmp_path, python__a="summary: s\nfind: del lib.cache[$K]\nreplace: lib.cache.pop($K)\n"
    )
    assert applied(rules, {"a.py": before}) == {"a.py": after}
