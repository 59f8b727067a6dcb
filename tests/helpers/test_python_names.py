"""What a name stands for: scopes, order, branches, imports of every form."""

from __future__ import annotations

import libcst as cst
import pytest

from migrator.helpers.python.names import names
from migrator.model import Source

LEGACY = "lib.old.go"


def meanings(text: str) -> list[set[str | None]]:
    """What each name or chain that is called `...mark(...)`'s first argument stands for."""
    found = names(Source("pkg/example.py", text, "python"))
    return [
        set(found.resolve(node.args[0].value))
        for node in sorted(
            (node for node in found.tree.spans if isinstance(node, cst.Call)),
            key=lambda node: found.tree.spans[node].start,
        )
        if isinstance(node.func, cst.Name) and node.func.value == "mark"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from lib.old import go\nmark(go)", {LEGACY}),
        ("from lib.old import go as g\nmark(g)", {LEGACY}),
        ("import lib.old as o\nmark(o.go)", {LEGACY}),
        ("import lib.old\nmark(lib.old.go)", {LEGACY}),
        ("from lib import old\nmark(old.go)", {LEGACY}),
        ("from lib.old import *\nmark(go)", {LEGACY}),
        ("from .old import go\nmark(go)", {".old.go"}),
        ("from . import old\nmark(old.go)", {".old.go"}),
        ("from ..lib import old as o\nmark(o.go)", {"..lib.old.go"}),
        ("mark(go)", {None}),
        ("go = 1\nmark(go)", {None}),
        ("def go(): pass\nmark(go)", {"pkg/example:go"}),
        ("class A:\n    class B: pass\n    mark(B)", {"pkg/example:A.B"}),
        ("import lib.old as o\nk = o\nmark(k.go)", {LEGACY}),
        ("mark(go())", {None}),
        ("import importlib as i\no = i.import_module('lib.old')\nmark(o.go)", {LEGACY}),
        ("o = other('lib.old')\nmark(o.go)", {None}),
        ("def f(x):\n    for _ in x:\n        x = x.strip('a')\n        mark(x)", {None}),
    ],
)
def test_resolve(text: str, expected: set[str | None]) -> None:
    assert meanings(text) == [expected]


IMPORT = "from lib.old import go\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # another binding hides the import
        (IMPORT + "def f(go):\n    mark(go)", {None}),
        (IMPORT + "def f(*go):\n    mark(go)", {None}),
        (IMPORT + "f = lambda go: mark(go)", {None}),
        (IMPORT + "[mark(go) for go in x]", {None}),
        (IMPORT + "for go in x:\n    mark(go)", {None}),
        (IMPORT + "with x as go:\n    mark(go)", {None}),
        (IMPORT + "match x:\n    case [go]:\n        mark(go)", {None}),
        (IMPORT + "match x:\n    case {'a': 1, **go}:\n        mark(go)", {None}),
        (IMPORT + "try:\n    pass\nexcept E as go:\n    mark(go)", {None}),
        (IMPORT + "if (go := 1):\n    mark(go)", {None}),
        (IMPORT + "def f():\n    go = 1\n    mark(go)", {None}),
        (IMPORT + "from other import go\nmark(go)", {"other.go"}),
        (IMPORT + "class A:\n    go = 1\n    mark(go)", {None}),
        (IMPORT + "del go\nmark(go)", {None}),
        # and here it does not
        ("mark(go)\n" + IMPORT, {None}),
        (IMPORT + "mark(go)\ngo = 1", {LEGACY}),
        (IMPORT + "class A:\n    go = 1\n    def f(self):\n        mark(go)", {LEGACY}),
        (IMPORT + "[x for go in y]\nmark(go)", {LEGACY}),
        (IMPORT + "def f(a=mark(go), go=1): pass", {LEGACY}),
        (IMPORT + "f(go=mark(go))", {LEGACY}),
        (IMPORT + "def f():\n    return lambda: mark(go)", {LEGACY}),
        ("def f():\n    mark(go)\n" + IMPORT, {LEGACY}),
        ("if x:\n    from lib.old import go\nelse:\n    go = 1\n    mark(go)", {None}),
        ("def f():\n    global go\n    from lib.old import go\nmark(go)", {LEGACY}),
        ("try:\n    from lib.old import go\nexcept E:\n    go = None\nmark(go)", {LEGACY}),
        ("while x:\n    from lib.old import go\n    mark(go)\n    go = 1", {LEGACY}),
        (IMPORT + "def go(a=mark(go)): pass", {LEGACY}),
        (IMPORT + "@mark(go)\ndef go(): pass", {LEGACY}),
        (IMPORT + "class go(mark(go)): pass", {LEGACY}),
        (IMPORT + "class go(go):\n    mark(go)", {LEGACY}),
        (IMPORT + "class go(go):\n    def f(self):\n        mark(go)", {"pkg/example:go"}),
        # one or the other
        ("try:\n    from lib.old import go\nexcept E:\n    def go(): pass\nmark(go)",
         {LEGACY, "pkg/example:go"}),
        (IMPORT + "if x:\n    go = wrap(go)\nmark(go)", {LEGACY, None}),
        (IMPORT + "def f():\n    mark(go)\ngo = 1", {LEGACY, None}),
        (IMPORT + "while x:\n    mark(go)\n    go = 1", {LEGACY, None}),
        ("def f(x):\n  go = 1\n  for _ in x:\n    if x:\n      from lib.old import go\n"
         "      if y:\n        break\n      return\n  mark(go)", {LEGACY, None}),
        (IMPORT + "while mark(go):\n    go = 1", {LEGACY, None}),
        (IMPORT + "with x:\n    go = 1\nmark(go)", {LEGACY, None}),
        (IMPORT + "x and (go := 1)\nmark(go)", {LEGACY, None}),
        (IMPORT + "try:\n    del go\nexcept E:\n    mark(go)", {LEGACY}),
    ],
)  # fmt: skip
def test_shadowing(text: str, expected: set[str | None]) -> None:
    assert meanings(text) == [expected]


def test_an_assignment_reads_before_it_binds() -> None:
    assert meanings(IMPORT + "go = mark(go)") == [{LEGACY}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f[go](x: mark(go)): mark(go)\nmark(go)", [{None}, {None}, {LEGACY}]),
        ("def f[T: mark(go)](x): mark(T)", [{LEGACY}, {None}]),
        ("class A[go](mark(go)):\n    def f[T](self): mark(go)", [{None}, {None}]),
        ("class A:\n    b = go\n    def f[T](self, x: mark(b)): mark(b)", [{LEGACY}, {None}]),
        ("type A[*go] = mark(go)\ntype B[**P] = mark(go)", [{None}, {LEGACY}]),
        ("type go = int\nmark(go)", [{None}]),
        ("type A = go\nmark(A)", [{LEGACY}]),
    ],
)
def test_type_parameters_hide_names_where_they_are_some(
    text: str, expected: list[set[str | None]]
) -> None:
    assert meanings(IMPORT + text) == expected
