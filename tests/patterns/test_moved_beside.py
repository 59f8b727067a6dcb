"""A module moves by a rename, and one of its functions becomes another one by a pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

PYTHON = {
    "python__m": "summary: s\nrename: lib.old -> lib.new\n",
    "python__c": (
        "summary: s\nfind: lib.old.send(to=$A, $$$REST)\nreplace: lib.mail.post($A.it, $$$REST)\n"
        'signatures: ["lib.old.send(to)"]\n'
    ),
}
ELIXIR = {
    "elixir__m": "summary: s\nrename: Lib.Old -> Lib.New\n",
    "elixir__c": (
        'summary: s\nfind: "Lib.Old.send(to: $A, $$$REST)"\n'
        'replace: "Lib.Mail.post(&$A.it/1, $$$REST)"\n'
    ),
}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # the function is not in the new module
        (
            "from lib.old import Item, send\nsend(Item, x=Item)\n",
            "from lib.new import Item\nfrom lib.mail import post\npost(Item.it, x=Item)\n",
        ),
        (
            "import lib.old\nlib.old.send(lib.old.Item)\n",
            "import lib.new\nimport lib.mail\nlib.mail.post(lib.new.Item.it)\n",
        ),
        (
            "from lib import old\nold.send(to=old.Item)\n",
            "from lib import new\nfrom lib.mail import post\npost(new.Item.it)\n",
        ),
        # a text in what is written anew
        (
            "from lib.old import send\nsend(f('lib.old.Item'))\n",
            "from lib.mail import post\npost(f('lib.new.Item').it)\n",
        ),
        # what a person has to move needs it where it was
        (
            "from lib.old import Item, send\nsend(to=Item)\nsend(*x)\n",
            "from lib.old import send\nfrom lib.new import Item\nfrom lib.mail import post\n"
            "post(Item.it)\nsend(*x)\n",
        ),
        (
            "import lib.old as o\no.send(*x)\no.Item\n",
            "import lib.old as o\nfrom lib import new\no.send(*x)\nnew.Item\n",
        ),
        (
            "import lib.old\nlib.old.send(*x)\nlib.old.Item\n",
            "import lib.old\nimport lib.new\nlib.old.send(*x)\nlib.new.Item\n",
        ),
        (
            "from lib import old\nold.send(*x)\nold.Item\n",
            "from lib import old, new\nold.send(*x)\nnew.Item\n",
        ),
    ],
)
def test_in_python(tmp_path: Path, before: str, after: str) -> None:
    assert applied(pack(tmp_path, **PYTHON), {"a.py": before}) == {"a.py": after}


@pytest.mark.parametrize(
    "text",
    [
        "from lib.old import send\nsend(*x)\n",
        "from lib.old import send\nmap(send, x)\n",
        "from lib.old import *\nsend(*x)\n",
        "import lib.old\nlib.old.send(*x)\n",
        "patch('lib.old.send')\n",
    ],
)
def test_left_to_a_person_in_python(tmp_path: Path, text: str) -> None:
    rules = pack(tmp_path, **PYTHON)
    assert [one.fix for one in found(rules, {"a.py": text})] == [None]
    assert applied(rules, {"a.py": text}) == {"a.py": text}


def test_where_the_pattern_goes_to_the_new_module_the_name_goes_with_it(tmp_path: Path) -> None:
    rule = "summary: s\nfind: lib.old.send($A)\nreplace: lib.new.send(to=$A)\n"
    rules = pack(tmp_path, python__m=PYTHON["python__m"], python__c=rule)
    text = "from lib.old import send\nsend(x)\nmap(send, y)\n"
    assert applied(rules, {"a.py": text}) == {
        "a.py": "from lib.new import send\nsend(to=x)\nmap(send, y)\n"
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Lib.Old.send(to: Lib.Old.Item)\n", "Lib.Mail.post(&Lib.New.Item.it/1)\n"),
        (
            "alias Lib.Old\nOld.send(to: Old.Item, x: Old.Other)\n",
            "alias Lib.New\nLib.Mail.post(&New.Item.it/1, x: New.Other)\n",
        ),
        ('Lib.Old.send(to: f("Lib.Old.Item"))\n', 'Lib.Mail.post(&f("Lib.New.Item").it/1)\n'),
        (
            "alias Lib.Old.Item\nLib.Old.send(to: Item)\n",
            "alias Lib.New.Item\nLib.Mail.post(&Item.it/1)\n",
        ),
    ],
)
def test_in_elixir(tmp_path: Path, before: str, after: str) -> None:
    assert applied(pack(tmp_path, **ELIXIR), {"a.ex": before}) == {"a.ex": after}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import Lib.Old, only: [send: 1]\nsend(to: 1)\n2\n", "Lib.Mail.post(&1.it/1)\n2\n"),
        (
            "import Lib.Old, only: [send: 1, other: 0]\nsend(to: a)\nother()\n",
            "import Lib.New, only: [other: 0]\nLib.Mail.post(&a.it/1)\nother()\n",
        ),
        # what a person has to move needs it where it was
        (
            "import Lib.Old, only: [send: 1]\nsend(opts)\nsend(to: a)\n",
            "import Lib.Old, only: [send: 1]\nsend(opts)\nLib.Mail.post(&a.it/1)\n",
        ),
        ("import Lib.Old\nsend(opts)\n", None),
        ("alias Lib.Old\nOld.send(opts)\nOld.Item.f()\n", None),
        ("alias Lib.Old\nx = {Old, :send, []}\n", None),
    ],
)
def test_imports_and_aliases_in_elixir(tmp_path: Path, before: str, after: str | None) -> None:
    rules = pack(tmp_path, **ELIXIR)
    assert applied(rules, {"a.ex": before}) == {"a.ex": after or before}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ("lib.old.send(a)", "`lib.old.send(to=a)` is now `lib.mail.post(a.it)`"),
        ("lib.old.send(a, b=c)", "`lib.old.send(to=a, b=c)` is now `lib.mail.post(a.it, b=c)`"),
    ],
)
def test_messages_have_no_comma_too_many(tmp_path: Path, call: str, said: str) -> None:
    (one,) = found(
        pack(tmp_path, python__c=PYTHON["python__c"]), {"a.py": f"import lib.old\n{call}\n"}
    )
    assert one.message == said
