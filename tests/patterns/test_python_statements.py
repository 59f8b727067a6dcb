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


DECORATOR = """
    summary: Decorators are called
    find: "@lib.task"
    replace: "@lib.job()"
"""
OPTIONS = """
    summary: A decorator has other options
    find: "@lib.task(retry=$N, $$$REST)"
    replace: "@lib.job(retries=$N, $$$REST)"
"""
IF = """
summary: s
find: "if lib.old($X): ..."
replace: "if lib.new($X) is $X: ..."
"""
WITH = """
    summary: Files are opened by a session
    find: "with lib.open($PATH) as $FILE: ..."
    replace: "with lib.session().read($PATH) as $FILE: ..."
"""
HEADS = """
    summary: Heads of blocks
    alternatives:
      - find: "for $X in lib.items($$$ARGS): ..."
        replace: "for $X in lib.pairs($$$ARGS).values(): ..."
      - find: "class $NAME($$$BASES, lib.Base): ..."
        replace: "class $NAME($$$BASES, lib.New, strict=True): ..."
      - find: "def handle($SELF, $$$ARGS): ..."
        replace: "def handle_event($SELF, $$$ARGS): ..."
        where: {SELF: {instance: lib.Handler}}
      - find: "def finish($SELF, $RESULT): ..."
        replace: "def done($SELF, *, $RESULT): ..."
        where: {SELF: {instance: lib.Handler}}
"""


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (
            DECORATOR,
            "import lib\n@lib.task  # c\ndef f(): ...\n",
            "import lib\n@lib.job()  # c\ndef f(): ...\n",
        ),
        (
            DECORATOR,
            "from lib import task as t\n\n\n@other\n@t\nasync def f():\n    t.name\n",
            "from lib import task as t, job\n\n\n@other\n@job()\nasync def f():\n    t.name\n",
        ),
        (
            OPTIONS,
            "import lib\n@lib.task(\n    name='x',\n    retry=3,\n)\nclass A: ...\n",
            "import lib\n@lib.job(\n    name='x',\n    retries=3,\n)\nclass A: ...\n",
        ),
        (
            WITH,
            "from lib import open\nwith open(p) as f:  # c\n    f.open()\n    open\n",
            "from lib import open, session\n"
            "with session().read(p) as f:  # c\n    f.open()\n    open\n",
        ),
        (
            WITH,
            "import lib\nwith lib.open((a +\n  b)) as f: pass\n",
            "import lib\nwith lib.session().read((a +\n  b)) as f: pass\n",
        ),
        (
            HEADS,
            "import lib\nfor x in lib.items(1, k=2):\n    print(x)\n",
            "import lib\nfor x in lib.pairs(1, k=2).values():\n    print(x)\n",
        ),
        (
            HEADS,
            "from lib import Base\n\n@d\nclass A(M, Base):  # c\n    x = 1\nclass B(Base): ...\n",
            "from lib import New\n\n@d\nclass A(M, New, strict=True):  # c\n    x = 1\n"
            "class B(New, strict=True): ...\n",
        ),
        (
            HEADS,
            "import lib\nclass A(lib.Handler):\n"
            "    def handle(self, /, *, a: int = 1) -> None:\n        handle()\n",
            "import lib\nclass A(lib.Handler):\n"
            "    def handle_event(self, /, *, a: int = 1) -> None:\n        handle()\n",
        ),
        (
            HEADS,
            "import lib\nclass A(lib.Handler):\n    def finish(self, r: str): ...\n",
            "import lib\nclass A(lib.Handler):\n    def done(self, *, r: str): ...\n",
        ),
        (
            HEADS,
            "import lib\nclass A(lib.Handler):\n    def finish(\n        self,\n"
            "        r: str,\n    ) -> 'int': ...\n",
            "import lib\nclass A(lib.Handler):\n    def done(self, *, r: str) -> 'int': ...\n",
        ),
        (
            IF,
            "import lib\nif lib.old(a):\n    f()\nelif lib.old(b):\n    g()\nelse:\n    h()\n",
            "import lib\nif lib.new(a) is a:\n    f()\nelif lib.new(b) is b:\n    g()\nelse:\n"
            "    h()\n",
        ),
        (
            IF,
            "import lib\nif a: f()\nelif lib.old(b): g()  # c\n",
            "import lib\nif a: f()\nelif lib.new(b) is b: g()  # c\n",
        ),
        # what looks alike
        (IF, "import lib\nif lib.old(a) and a: f()\nx = 1 if lib.old(a) else 2\n", ""),
        (IF, "import lib\nwhile lib.old(a): f()\n", ""),
        (DECORATOR, "import lib\n@lib.task()\ndef f(): lib.task\n", ""),
        (DECORATOR, "from other import task\n@task\ndef f(): ...\n", ""),
        (DECORATOR, "import lib\n@lib.task.now\ndef f(task): task(lib.task)\n", ""),
        (WITH, "import lib\nwith lib.open(p): ...\nf = lib.open(p)\n", ""),
        (WITH, "import lib\nasync def a():\n    async with lib.open(p) as f: ...\n", ""),
        (HEADS, "import lib\nclass A:\n    def handle(self, x): ...\ndef handle(a): ...\n", ""),
        (
            HEADS,
            "import lib\nclass A(lib.Handler):\n    async def finish(self, r): ...\n"
            "    def finish(self, r, s): ...\n    def finish_it(self, r): ...\n",
            "",
        ),
        (HEADS, "import lib\nfor x in lib.items():\n    f()\nelse:\n    g()\n", ""),
        (HEADS, "import lib\n[x for x in lib.items()]\nclass A(lib.Base, metaclass=M): ...\n", ""),
    ],
)
def test_heads_and_decorators(tmp_path: Path, rule: str, before: str, after: str) -> None:
    written = applied(pack(tmp_path, python__r=rule), {"a.py": before})
    assert written == {"a.py": after or before}


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


def test_a_method_of_another_class_is_for_review(tmp_path: Path) -> None:
    text = "import lib\nfrom other import Base\nclass A(Base):\n    def handle(self): ...\n"
    (finding,) = found(pack(tmp_path, python__r=HEADS), {"a.py": text})
    assert str(finding.applicability) == "review"


PARAMETER = """
    summary: What handles an event is told of the run too
    find: "def handle($SELF, $EVENT): ..."
    replace: "def handle($SELF, $EVENT, *, run=None): ..."
    where: {SELF: {instance: lib.Handler}}
"""
HANDLER = "import lib\nclass A(lib.Handler):\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    def handle(self, event): ...\n", "    def handle(self, event, *, run=None): ...\n"),
        (
            "    def handle(self, event: str) -> None:\n        event.run(run=1)\n",
            "    def handle(self, event: str, *, run=None) -> None:\n        event.run(run=1)\n",
        ),
        # it would mean something else, or be there twice
        ("    def handle(self, event):\n        return run(event)\n", None),
        ("    def handle(self, event):\n        run = event\n", None),
        ("    def handle(self, event):\n        return [run for run in event]\n", None),
        ("    def handle(self, run): ...\n", None),
    ],
)
def test_a_parameter_that_comes(tmp_path: Path, before: str, after: str | None) -> None:
    rules = pack(tmp_path, python__r=PARAMETER)
    files = {"a.py": HANDLER + before}
    assert applied(rules, files, unsafe=True) == {"a.py": HANDLER + (after or before)}
    assert [bool(one.fix) for one in found(rules, files)] == [after is not None]
