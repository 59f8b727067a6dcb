"""Modules that moved: the statements that import them, once each, under names that still hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declared import applied, pack

if TYPE_CHECKING:
    from pathlib import Path

MOCK = "summary: s\nrename: mock -> unittest.mock\n"
DEEP = "summary: s\nrename: a.b -> c.d.e\n"
SHORT = "summary: s\nrename: a.b -> c\n"


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
