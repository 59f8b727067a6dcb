"""Patterns and renames for Python: what they find, and exactly what they write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

INVOKE = """
    summary: The call moved
    find: lib.old.invoke(prompt=$P, handler=$H, $$$REST)
    replace: lib.new.invoke(prompt=$P, stream=True, on_event=$H, $$$REST)
    signatures: ["lib.old.invoke(prompt, handler, **options)"]
"""
UTCNOW = """
    summary: Naive times
    find: datetime.datetime.utcnow()
    replace: datetime.datetime.now(datetime.timezone.utc)
    imports: [datetime.timezone]
"""
EQUALS = """
    summary: An alias of assertEqual
    find: $SELF.assertEquals($$$ARGS)
    replace: $SELF.assertEqual($$$ARGS)
    where: {SELF: {instance: unittest.TestCase}}
"""
NOT_IN = """
    summary: No has
    find: lib.has($D, $K)
    replace: $K in $D
"""


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        # names as the file calls them
        (
            INVOKE,
            "from lib.old import invoke\ninvoke(p, h)\n",
            "from lib.new import invoke\ninvoke(prompt=p, stream=True, on_event=h)\n",
        ),
        (
            INVOKE,
            "from lib.old import invoke as go\ngo(handler=h, prompt=p, a=1)\n",
            "from lib.new import invoke\ninvoke(stream=True, on_event=h, prompt=p, a=1)\n",
        ),
        (
            INVOKE,
            "import lib.old\nlib.old.invoke(p, handler=h)\n",
            "import lib.new\nlib.new.invoke(prompt=p, stream=True, on_event=h)\n",
        ),
        (
            INVOKE,
            "import lib.old as o\no.invoke(p, h)\no.other()\n",
            "import lib.old as o\nfrom lib.new import invoke\n"
            "invoke(prompt=p, stream=True, on_event=h)\no.other()\n",
        ),
        # a call laid out one argument a line keeps its lines and comments
        (
            INVOKE,
            "from lib.old import Other, invoke\ninvoke(\n    p,  # the prompt\n"
            "    handler=h,  # the desk\n    a=1,\n)\n",
            "from lib.old import Other\nfrom lib.new import invoke\ninvoke(\n"
            "    prompt=p,  # the prompt\n    stream=True,\n    on_event=h,  # the desk\n"
            "    a=1,\n)\n",
        ),
        # a call in a call
        (
            INVOKE,
            "from lib.old import invoke\ninvoke(invoke(p, h), h)\n",
            "from lib.new import invoke\ninvoke(prompt=invoke(prompt=p, stream=True, on_event=h), "
            "stream=True, on_event=h)\n",
        ),
        # imports that come
        (
            UTCNOW,
            "from datetime import datetime\nx = datetime.utcnow()\n",
            "from datetime import datetime, timezone\nx = datetime.now(timezone.utc)\n",
        ),
        (
            UTCNOW,
            "import datetime\nx = datetime.datetime.utcnow()\n",
            "import datetime\nx = datetime.datetime.now(datetime.timezone.utc)\n",
        ),
        (
            UTCNOW,
            "import datetime as dt\nx = dt.datetime.utcnow()\n",
            "import datetime as dt\nx = dt.datetime.now(dt.timezone.utc)\n",
        ),
        (
            UTCNOW,
            "from datetime import (\n    datetime,\n    timedelta,\n)\nx = datetime.utcnow()\n",
            "from datetime import (\n    datetime,\n    timedelta,\n    timezone,\n)\n"
            "x = datetime.now(timezone.utc)\n",
        ),
        (
            UTCNOW,
            "from datetime import datetime\ntimezone = 1\nx = datetime.utcnow()\n",
            "from datetime import datetime, timezone as datetime_timezone\ntimezone = 1\n"
            "x = datetime.now(datetime_timezone.utc)\n",
        ),
        # instances
        (
            EQUALS,
            "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n"
            "        self.assertEquals(a, b)  # both\n",
            "import unittest\nclass T(unittest.TestCase):\n    def test(self):\n"
            "        self.assertEqual(a, b)  # both\n",
        ),
        # precedence, before and after
        (
            NOT_IN,
            "import lib\nx = not lib.has(d, k)\ny = f(lib.has(a or b, k))\n",
            "x = not (k in d)\ny = f(k in (a or b))\n",
        ),
        # the blanks and brackets of others stay
        (
            "summary: s\nfind: lib.f($$$A)\nreplace: lib.g($$$A)\n",
            "import lib\nlib.f( a,b , c= 1 )\nlib.f()\n",
            "import lib\nlib.g( a,b , c= 1 )\nlib.g()\n",
        ),
        (
            "summary: s\nfind: lib.f($A)\nreplace: $A\n",
            "import lib\nimport os\nx = lib.f(os.path)\n",
            "import os\nx = os.path\n",
        ),
        (
            "summary: s\nfind: lib.f($A, 'x')\nreplace: lib.f($A)\n",
            "import lib\nlib.f(a, \"x\")\nlib.f(a, 'y')\n",
            "import lib\nlib.f(a)\nlib.f(a, 'y')\n",
        ),
    ],
)
def test_written(tmp_path: Path, rule: str, before: str, after: str) -> None:
    assert applied(pack(tmp_path, python__r=rule), {"a.py": before}) == {"a.py": after}


RENAMES = """
    summary: Names moved
    rename:
      - lib.old -> lib.new
      - lib.old.Special -> lib.extra.Best
      - lib.old.go(handler=) -> lib.old.go(on_event=)
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import lib.old\nlib.old.x()\n", "import lib.new\nlib.new.x()\n"),
        ("import lib.old as o\no.x()\n", "import lib.new as o\no.x()\n"),
        ("from lib import old\nold.x()\n", "from lib import new\nnew.x()\n"),
        ("from lib.old import x\nx()\n", "from lib.new import x\nx()\n"),
        ("from lib.old.sub import x\nx()\n", "from lib.new.sub import x\nx()\n"),
        ("from lib.old import *\n", "from lib.new import *\n"),
        ("from lib.old import Special\nSpecial()\n", "from lib.extra import Best\nBest()\n"),
        (
            "from lib.old import Special as S, x\nS(x)\n",
            "from lib.new import x\nfrom lib.extra import Best as S\nS(x)\n",
        ),
        ("import lib.old\nlib.old.Special()\n", "import lib.extra\nlib.extra.Best()\n"),
        (
            "from lib.old import Special\n__all__ = ['Special']\n",
            "from lib.extra import Best as Special\n__all__ = ['Special']\n",
        ),
        (
            "from lib.old import Special\nBest = 1\nSpecial()\n",
            "from lib.extra import Best as Special\nBest = 1\nSpecial()\n",
        ),
        (
            "from lib.old import go\ngo(1, handler=h)\n",
            "from lib.new import go\ngo(1, on_event=h)\n",
        ),
        (
            "def f():\n    from lib.old import x\n    return x\n",
            "def f():\n    from lib.new import x\n    return x\n",
        ),
    ],
)
def test_renamed(tmp_path: Path, before: str, after: str) -> None:
    assert applied(pack(tmp_path, python__r=RENAMES), {"a.py": before}) == {"a.py": after}


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (INVOKE, "from other.old import invoke\ninvoke(p, h)\n"),
        (INVOKE, "from lib.old import invoke\ndef f(invoke):\n    invoke(p, h)\n"),
        (INVOKE, "def invoke(p, h): ...\ninvoke(p, h)  # lib.old.invoke\n"),
        (INVOKE, "x.invoke(p, h)\n"),
        (INVOKE, "from lib.old import invoke\ninvoke(p)\n"),
        (EQUALS, "import unittest\nclass T(Base2):\n    pass\n"),
        (EQUALS, "class T:\n    def test(self):\n        self.assertEquals(a, b)\n"),
        (
            EQUALS,
            "import unittest\nclass T:\n    def test(self):\n        self.assertEquals(a, b)\n",
        ),
        (RENAMES, "from lib import older\nolder.Special(handler=1)\n"),
        (RENAMES, "from lib.older import x\n"),
        (RENAMES, "from lib import old\ndef f(old):\n    old.x()\n".replace("lib", "my")),
    ],
)
def test_left_alone(tmp_path: Path, rule: str, text: str) -> None:
    assert not found(pack(tmp_path, python__r=rule), {"a.py": text})


@pytest.mark.parametrize(
    ("rule", "text", "applicability", "said"),
    [
        (INVOKE, "from lib.old import invoke\ninvoke(*a)\n", "manual", "what the `*` brings"),
        (INVOKE, "from lib.old import invoke\ninvoke(p, **k)\n", "manual", "`handler` may come"),
        (INVOKE, "from lib.old import invoke\ninvoke(p, h, **k)\n", "review", "the `**` brings"),
        (
            INVOKE,
            "from lib.old import invoke\ninvoke(p, h, stream=1)\n",
            "manual",
            "`stream=` is there already",
        ),
        (INVOKE, "from lib.old import *\ninvoke(p, h)\n", "review", "may stand for something"),
        (
            INVOKE,
            "from lib.old import invoke\nif x:\n    invoke = f\ninvoke(p, h)\n",
            "review",
            "may stand for something",
        ),
        (
            EQUALS,
            "import unittest\ndef f(t):\n    t.assertEquals(1, 2)\n",
            "review",
            "may be an instance",
        ),
        (NOT_IN, "import lib\nlib.has(f(), g())\n", "review", "in another order"),
        (NOT_IN, "import lib\nlib.has(\n  a,\n  # why\n  b)\n", "review", "comment"),
        ("summary: s\nfind: lib.f($A)\n", "import lib\nlib.f(1)\n", "manual", "imports what"),
        (
            "summary: s\nfind: lib.f($A)\nreplace: lib.g()\n",
            "import lib\nlib.f(h())\n",
            "review",
            "`h()` is no longer evaluated",
        ),
        (
            "summary: s\nfind: lib.f($A)\nreplace: lib.g($A, $A)\n",
            "import lib\nlib.f(h())\n",
            "review",
            "`h()` is evaluated more than once",
        ),
        (
            "summary: s\nfind: lib.f($$$A)\nreplace: lib.g(lib.k($$$A), $$$A)\n",
            "import lib\nlib.f(1, x=h())\n",
            "review",
            "arguments of it are evaluated more than once",
        ),
        (
            "summary: s\nfind: $X.old_name\nreplace: $X.new_name\n",
            "x.old_name\n",
            "review",
            "nothing in the pattern is resolved",
        ),
        (
            "summary: s\nfind: lib.f()\nreplace: lib.g()\napplicability: review\n",
            "import lib\nlib.f()\n",
            "review",
            "imports",
        ),
        (
            "summary: s\nfind: $X.old_name\nreplace: $X.new_name\napplicability: safe\n",
            "x.old_name\n",
            "review",
            "nothing in the pattern is resolved",
        ),
    ],
)
def test_no_more_than_is_proven(
    tmp_path: Path, rule: str, text: str, applicability: str, said: str
) -> None:
    rules = pack(tmp_path, python__r=rule)
    (finding,) = [one for one in found(rules, {"a.py": text}) if ":1:" not in one.message]
    assert str(finding.applicability) == applicability
    assert said in " ".join((finding.message, *finding.evidence))
    assert applied(rules, {"a.py": text}) == {"a.py": text}
    applied(rules, {"a.py": text}, unsafe=True)


SEND = "summary: s\nrename: lib.send -> lib.post\n"


@pytest.mark.parametrize(
    "taken",
    [
        "from app.compat import send\nsend()\n",
        "from .compat import send as s\ns()\n",
        "from app import compat\ncompat.send()\n",
        "import app.compat\napp.compat.send()\n",
        "from app.compat import *\nsend()\n",
    ],
)
def test_a_name_that_other_files_take_from_here_stays(tmp_path: Path, taken: str) -> None:
    files = {"app/__init__.py": "", "app/compat.py": "from lib import send\nsend()\n"}
    rules = pack(tmp_path, python__r=SEND)
    after = applied(rules, {**files, "app/b.py": taken})
    assert after["app/compat.py"] == "from lib import post as send\nsend()\n"
    assert after["app/b.py"] == taken


def test_a_name_that_other_files_only_speak_of_goes(tmp_path: Path) -> None:
    files = {
        "app/__init__.py": "",
        "app/compat.py": "from lib import send\nsend()\n",
        "app/b.py": "from other.compat import send\nsend()\n",
    }
    after = applied(pack(tmp_path, python__r=SEND), files)
    assert after["app/compat.py"] == "from lib import post\npost()\n"
    assert after["app/b.py"] == files["app/b.py"]


NAMED = """
    summary: A module moved
    rename: lib.old -> lib.new
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('patch("lib.old.send")\n', 'patch("lib.new.send")\n'),
        (
            "X = {'h': 'lib.old', \"b\": r'lib.old.A'}\n",
            "X = {'h': 'lib.new', \"b\": r'lib.new.A'}\n",
        ),
        # no name as a whole, or no text
        ('patch("lib.old.send()")\n"lib.old"\n', 'patch("lib.old.send()")\n"lib.old"\n'),
        (
            'f("lib.older.x", b"lib.old", f"lib.old")\n',
            'f("lib.older.x", b"lib.old", f"lib.old")\n',
        ),
        ('f("lib.old" ".x", "lib.\\x6fld", "mylib.old")\n', None),
    ],
)
def test_texts_that_are_names(tmp_path: Path, before: str, after: str | None) -> None:
    rules = pack(tmp_path, python__r=NAMED)
    assert applied(rules, {"a.py": before}) == {"a.py": before if after is None else after}


def test_a_text_that_names_a_function_which_a_pattern_calls(tmp_path: Path) -> None:
    text = 'from unittest import mock\nmock.patch("lib.old.invoke")\n'
    (finding,) = found(pack(tmp_path, python__r=INVOKE), {"a.py": text})
    assert str(finding.applicability) == "manual"
    assert "only named here" in finding.message


def test_what_a_module_exports_keeps_its_name(tmp_path: Path) -> None:
    text = 'from lib.old import send\n__all__ = ["send"]\n'
    rule = "summary: s\nrename: lib.old.send -> lib.post\n"
    after = 'from lib import post as send\n__all__ = ["send"]\n'
    assert applied(pack(tmp_path, python__r=rule), {"a.py": text}) == {"a.py": after}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from app.compat import invoke\ninvoke(p, h)\n",
            "from lib.new import invoke\ninvoke(prompt=p, stream=True, on_event=h)\n",
        ),
        (
            "from app import compat as c\nc.invoke(p, h)\nc.x()\n",
            "from app import compat as c\nfrom lib.new import invoke\n"
            "invoke(prompt=p, stream=True, on_event=h)\nc.x()\n",
        ),
        (
            "from app.again import go\ngo(p, h)\n",
            "from lib.new import invoke\ninvoke(prompt=p, stream=True, on_event=h)\n",
        ),
        ("from other.compat import invoke\ninvoke(p, h)\n", None),
        ("from app.compat import other\nother(p, h)\n", None),
    ],
)
def test_calls_of_what_a_module_of_the_project_hands_on(
    tmp_path: Path, before: str, after: str | None
) -> None:
    files = {
        "app/__init__.py": "",
        "app/compat.py": "from lib.old import invoke\nfrom other import other\n",
        "app/again.py": "from .compat import invoke as go\n",
        "app/b.py": before,
    }
    rules = pack(tmp_path, python__r=INVOKE)
    assert applied(rules, files) == {**files, "app/b.py": before if after is None else after}


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("from lib import old\nmap(old, xs)\nx = {'a': old}\nold(1)\n", [2, 3, 4]),
        ("import lib\n@lib.old\ndef f(): ...\nlib.old.name\n", [2]),
        ("import lib\nold = 1\nf(old=old)\nlib.older\n", []),
        ("from lib import kept\nmap(kept, xs)\n", []),
        ("from lib import some\nmap(some, xs)\n", []),
    ],
)
def test_functions_that_are_only_named(tmp_path: Path, text: str, lines: list[int]) -> None:
    rule = """
        summary: s
        alternatives:
          - {find: lib.old($X), replace: lib.new($X)}
          - {find: lib.kept($X), replace: "lib.kept($X, all=True)"}
          - {find: "lib.some($X, all=True)", replace: lib.every($X)}
    """
    rules = pack(tmp_path, python__r=rule)
    findings = found(rules, {"a.py": text})
    assert [1 + text.count("\n", 0, one.span.start) for one in findings] == lines
    assert all("only named here" in one.message for one in findings if one.fix is None)
    after = applied(rules, {"a.py": text}, unsafe=True)["a.py"]
    assert after.count("old") == text.count("old") - ("old(1)" in text)


@pytest.mark.parametrize(
    ("call", "said"),
    [("f(b=1)", "`lib.f(b=1)`"), ("f(2, b=1)", "`lib.f(2, b=1)`"), ("f(2, 3, b=1)", "lib.f(2, 3,")],
)
def test_messages_leave_out_what_is_none(tmp_path: Path, call: str, said: str) -> None:
    rules = pack(tmp_path, python__r="summary: s\nfind: lib.f($$$A, b=$B)\nreplace: lib.f($$$A)\n")
    (finding,) = found(rules, {"a.py": f"import lib\nlib.{call}\n"})
    assert said in finding.message


@pytest.mark.parametrize(
    ("made", "is_one"),
    [
        ("dict(a=1)", False),
        ("sorted(x)", False),
        ("(1, 2)", False),
        ("{1, 2}", False),
        ("[y for y in x]", False),
        ("lib.Model()", True),
        ("x()", True),
        ("x == 1", True),
    ],
)
def test_what_a_builtin_makes_is_an_instance_of_nothing_else(
    tmp_path: Path, made: str, is_one: bool
) -> None:
    rules = pack(
        tmp_path,
        python__a="""
            summary: s
            find: $M.copy()
            replace: $M.duplicate()
            where: {M: {instance: lib.Model}}
        """,
    )
    files = {"a.py": f"import lib\n\n\ndef f(x):\n    made = {made}\n    made.copy()\n"}
    assert bool(found(rules, files)) == is_one


@pytest.mark.parametrize(
    ("annotation", "is_safe"),
    [
        ("lib.Model | None", True),
        ("None | lib.Model", True),
        ("Optional[lib.Model]", True),
        ("Annotated[lib.Model, 1]", True),
        ("lib.Model | dict", False),
        ("Iterable[lib.Model]", False),
        ("Optional[Other]", False),
    ],
)
@pytest.mark.parametrize("declared", ["def f(m: {}):\n", "def f():\n    m: {} = load()\n"])
def test_an_annotation_may_say_that_there_may_be_none(
    tmp_path: Path, annotation: str, *, is_safe: bool, declared: str
) -> None:
    rules = pack(
        tmp_path,
        python__a="""
            summary: s
            find: $M.dict()
            replace: $M.dump()
            where: {M: {instance: lib.Model}}
        """,
    )
    text = f"from typing import Annotated, Optional\nimport lib\n\n\n{declared}    m.dict()\n"
    text = text.format(annotation)
    after = text.replace("m.dict()", "m.dump()") if is_safe else text
    assert applied(rules, {"a.py": text}) == {"a.py": after}
    assert len(found(rules, {"a.py": text})) == 1


@pytest.mark.parametrize(
    ("find", "replace", "before", "after"),
    [
        ("lib.f([$$$A])", "lib.f($$$A)", "lib.f([1, *x, g(2)])", "lib.f(1, *x, g(2))"),
        ("lib.f([$$$A])", "lib.f($$$A)", "lib.f([1,],)", "lib.f(1,)"),
        ("lib.f([$$$A])", "lib.f($$$A)", "lib.f([])", "lib.f()"),
        ("lib.f([$$$A])", "lib.g(0, $$$A)", "lib.f([1, 2])", "lib.g(0, 1, 2)"),
        ("lib.f([$$$A], $B)", "lib.f($B, $$$A)", "lib.f([1, 2], 3)", "lib.f(3, 1, 2)"),
        ("lib.f([$$$A], $$$B)", "lib.f($$$A, $$$B)", "lib.f([1], x=2)", "lib.f(1, x=2)"),
        ("lib.f(lib.g($$$A))", "lib.f($$$A)", "lib.f(lib.g(1, x=2, **y))", "lib.f(1, x=2, **y)"),
        ("lib.f(lib.g($$$A), b=$B)", "lib.f($$$A, b=$B)", "lib.f(lib.g(1), b=2)", "lib.f(1, b=2)"),
        ("lib.f($$$A)", "lib.f([$$$A])", "lib.f(1, 2)", None),
        ("lib.f(**$A)", "lib.g($A)", "lib.f(**x)", "lib.g(x)"),
        ("lib.f($A)", "lib.g(*$A)", "lib.f(x or y)", "lib.g(*(x or y))"),
    ],
)
def test_what_a_list_or_another_call_holds_becomes_arguments(
    tmp_path: Path, find: str, replace: str, before: str, after: str | None
) -> None:
    text = f"summary: s\nfind: {find}\nreplace: {replace}\n"
    if after is None:
        rules = pack(tmp_path, python__r=text.replace("replace: lib.f", "replace: lib.h"))
        after = "lib.h([1, 2])"
    else:
        rules = pack(tmp_path, python__r=text)
    files = {"a.py": f"import lib\n{before}\n"}
    assert applied(rules, files) == {"a.py": f"import lib\n{after}\n"}


@pytest.mark.parametrize(
    ("find", "code", "is_safe"),
    [
        ("$X.opt(None)", "x.opt(None)", False),
        ("$X.opt(flag=True)", "x.opt(flag=True)", False),
        ("$X.opt(isinstance($Y, str))", "x.opt(isinstance(x, str))", False),
        ("$X.opt(lib.A)", "x.opt(lib.A)", True),
        ("$X.reload($Y)", "x.reload(1)", False),
        ("len($X)", "len(x)", True),
    ],
)
def test_builtins_alone_say_nothing_of_an_attribute(
    tmp_path: Path, find: str, code: str, is_safe: bool
) -> None:
    rules = pack(tmp_path, python__r=f"summary: s\nfind: {find}\nreplace: lib.new($X)\n")
    text = f"import lib\n\n\ndef f(x):\n    {code}\n"
    (finding,) = found(rules, {"a.py": text})
    assert (str(finding.applicability) == "safe") == is_safe
