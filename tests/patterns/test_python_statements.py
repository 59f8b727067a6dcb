"""Patterns for Python that are statements: assignments, imports, and blocks with any body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

DAEMON = """
    summary: A setter
    alternatives:
      - find: $T.setDaemon($V)
        replace: $T.daemon = $V
        where: {T: {instance: lib.Thread}}
      - find: $T.setDaemon($V)
        where: {T: {instance: lib.Thread}}
"""
OPTION = """
    summary: An option is set by a call
    find: lib.options.limit = $V
    replace: lib.set_limit($V)
"""
RAISE = """
    summary: An error takes its text by name
    find: raise lib.Error($TEXT)
    replace: "raise lib.Problem(text=$TEXT) from None"
"""
MADE = "import lib\nt = lib.Thread()\n"


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (DAEMON, MADE + "t.setDaemon(True)  # c\n", MADE + "t.daemon = True  # c\n"),
        (DAEMON, MADE + "t.setDaemon(a); f()\n", MADE + "t.daemon = a; f()\n"),
        (DAEMON, MADE + "if t: t.setDaemon((yield))\n", MADE + "if t: t.daemon = (yield)\n"),
        (
            OPTION,
            "from lib import options as o\no.limit = (  # why\n    3\n)\n",
            "from lib import set_limit\nset_limit((  # why\n    3\n))\n",
        ),
        (OPTION, "import lib\nlib.options.limit = 3\n", "import lib\nlib.set_limit(3)\n"),
        (
            RAISE,
            "from lib import Error\n\nraise Error('a')\n",
            "from lib import Problem\n\nraise Problem(text='a') from None\n",
        ),
    ],
)
def test_written(tmp_path: Path, rule: str, before: str, after: str) -> None:
    assert applied(pack(tmp_path, python__r=rule), {"a.py": before}) == {"a.py": after}


BLOCK = """
    summary: A block
    find:
      - "with lib.open($PATH) as $FILE: ..."
      - "for $X in lib.items($$$ARGS): ..."
      - "def $NAME($$$ARGS) -> lib.Old: ..."
      - "class $NAME(lib.Base): ..."
      - "try: ...\\nexcept lib.Error: ..."
"""
IMPORT = """
    summary: A module that is gone
    find: [import lib.old, from lib.parts import gone]
"""


@pytest.mark.parametrize(
    ("rule", "text", "lines"),
    [
        (BLOCK, "import lib\nwith lib.open(a) as f:\n    pass\nwith lib.open(a): pass\n", [2]),
        (BLOCK, "from lib import items\nfor a, b in items(1, k=2):\n    # c\n    print(a)\n", [2]),
        (BLOCK, "import lib\n@lib.deco\ndef f(a, *, b=1) -> lib.Old:\n    return 1\n", [3]),
        (BLOCK, "import lib\ndef f() -> lib.New: ...\nclass A(lib.Base):\n    x = 1\n", [3]),
        (BLOCK, "import lib\ntry:\n    f()\nexcept lib.Error:\n    pass\n", [2]),
        (BLOCK, "import lib\ntry:\n    f()\nexcept lib.Error:\n    pass\nelse:\n    g()\n", []),
        (DAEMON, MADE + "x = [t.setDaemon(True)]\n", [3]),
        (IMPORT, "import lib.old\nimport lib.old.sub as s, os\n", [1, 2]),
        (IMPORT, "from lib import old, new\nfrom lib.old import x\n", [1, 2]),
        (IMPORT, "from lib.parts import gone as g\nfrom lib.parts import there\n", [1]),
        (IMPORT, "from lib.old import *\n", [1]),
        (IMPORT, "import lib.older\nimport old\nfrom . import old\nfrom mylib import old\n", []),
    ],
)
def test_reported(tmp_path: Path, rule: str, text: str, lines: list[int]) -> None:
    findings = found(pack(tmp_path, python__r=rule), {"a.py": text})
    assert [1 + text.count("\n", 0, one.span.start) for one in findings] == lines
    assert all(str(one.applicability) == "manual" for one in findings)


def test_of_a_block_its_head_is_shown(tmp_path: Path) -> None:
    text = "import lib\nwith lib.open(\n    a\n) as f:  # c\n    pass\n"
    (finding,) = found(pack(tmp_path, python__r=BLOCK), {"a.py": text})
    assert text[slice(*finding.span)] == "with lib.open(\n    a\n) as f:"


def test_inside_a_block(tmp_path: Path) -> None:
    rule = """
        summary: A call in a block
        find: lib.read($FILE)
        replace: lib.read_all($FILE)
        where: {FILE: {inside: "with lib.open($P) as $F: ..."}}
    """
    text = "import lib\nwith lib.open(p) as f:\n    lib.read(f)\nlib.read(f)\n"
    after = applied(pack(tmp_path, python__r=rule), {"a.py": text})
    assert after == {"a.py": text.replace("    lib.read(f)", "    lib.read_all(f)")}
