"""Classes that rules ask about: what derives from them, in a file and across files."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests.patterns.declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

DUMP = """
    summary: Dumps
    find: $MODEL.dict($$$ARGS)
    replace: $MODEL.dump($$$ARGS)
    where: {MODEL: {instance: acme.Model}}
"""
LOAD = """
    summary: Loads
    find: $CLASS.parse($DATA)
    replace: $CLASS.load($DATA)
    where: {CLASS: {subclass: acme.Model}}
"""
USER = "from acme import Model\n\n\nclass User(Model):\n    pass\n"


@pytest.mark.parametrize(
    ("files", "call"),
    [
        ({"app/models.py": USER}, "from app.models import User\n\nUser()"),
        ({"app/models.py": USER}, "from app import models\n\nmodels.User()"),
        ({"app/models.py": USER}, "import app.models as m\n\nm.User()"),
        (
            {
                "app/models.py": USER,
                "app/admins.py": "from .models import User\n\n\nclass Admin(User):\n    pass\n",
            },
            "from app.admins import Admin\n\nAdmin()",
        ),
        (
            {"app/__init__.py": "from .models import User\n", "app/models.py": USER},
            "from app import User\n\nUser()",
        ),
        (
            {"app/__init__.py": "from .models import *\n", "app/models.py": USER},
            "from app import User\n\nUser()",
        ),
        (
            {
                "app/base.py": "from acme import Model\n",
                "app/models.py": "from .base import Model\n\n\nclass User(Model):\n    pass\n",
            },
            "from app.models import User\n\nUser()",
        ),
        (
            {"app/models.py": "import acme\n\n\nclass A:\n    class User(acme.Model): ...\n"},
            "from app.models import A\n\nA.User()",
        ),
    ],
)
def test_an_instance_of_a_class_of_another_file(
    tmp_path: Path, files: dict[str, str], call: str
) -> None:
    dumps = pack(tmp_path, python__dumps=DUMP)
    every = {"app/__init__.py": "", **files, "app/main.py": f"{call}.dict(1)\n"}
    assert applied(dumps, every) == {**every, "app/main.py": f"{call}.dump(1)\n"}


@pytest.mark.parametrize(
    "user",
    [
        "class User:\n    pass\n",
        "from acme import Other\n\n\nclass User(Other):\n    pass\n",
        "from post import Model\n\n\nclass User(Model):\n    pass\n",
    ],
)
def test_a_class_of_another_file_that_does_not_derive(tmp_path: Path, user: str) -> None:
    dumps = pack(tmp_path, python__dumps=DUMP)
    main = "from models import User\n\nUser().dict()\n"
    assert not found(dumps, {"models.py": user, "main.py": main})


def test_what_a_file_gets_elsewhere_may_be_an_instance(tmp_path: Path) -> None:
    dumps = pack(tmp_path, python__dumps=DUMP)
    main = "from models import User, make\n\nmake().dict()\n"
    [one] = found(dumps, {"models.py": f"{USER}\n\ndef make(): ...\n", "main.py": main})
    assert one.fix is not None
    assert one.fix.applicability.name == "REVIEW"


def test_a_base_that_is_imported_in_two_ways_may_be_it(tmp_path: Path) -> None:
    dumps = pack(tmp_path, python__dumps=DUMP)
    models = (
        "try:\n    from acme import Model\nexcept ImportError:\n    from post import Model\n"
        "\n\nclass User(Model):\n    pass\n"
    )
    main = "from models import User\n\nUser().dict()\n"
    [one] = found(dumps, {"models.py": models, "main.py": main})
    assert one.fix is not None
    assert one.fix.applicability.name == "REVIEW"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("User.parse(1)", "User.load(1)"),
        ("Model.parse(1)", "Model.load(1)"),
        ("Same = User\nSame.parse(1)", "Same = User\nSame.load(1)"),
        ("type(User()).parse(1)", "type(User()).load(1)"),
        ("User().__class__.parse(1)", "User().__class__.load(1)"),
        (
            "def f(kind: type[User]):\n    kind.parse(1)",
            "def f(kind: type[User]):\n    kind.load(1)",
        ),
        (
            "class A(User):\n    @classmethod\n    def make(cls):\n        return cls.parse(1)",
            "class A(User):\n    @classmethod\n    def make(cls):\n        return cls.load(1)",
        ),
        ("class A(User[int]): ...\n\n\nA.parse(1)", "class A(User[int]): ...\n\n\nA.load(1)"),
    ],
)
def test_a_class_or_one_that_derives_from_it(tmp_path: Path, before: str, after: str) -> None:
    loads = pack(tmp_path, python__loads=LOAD)
    assert applied(loads, {"a.py": f"{USER}\n\n{before}\n"}) == {"a.py": f"{USER}\n\n{after}\n"}


@pytest.mark.parametrize(
    "code",
    [
        "class A:\n    @classmethod\n    def parse(cls, data): ...\n\n\nA.parse(1)",
        "class A:\n    @classmethod\n    def f(cls):\n        cls.parse(1)",
        "def f(): ...\n\n\nf.parse(1)",
        "'a'.parse(1)",
        "int.parse(1)",
    ],
)
def test_what_is_no_such_class(tmp_path: Path, code: str) -> None:
    loads = pack(tmp_path, python__loads=LOAD)
    assert not found(loads, {"a.py": f"{USER}\n\n{code}\n"})


@pytest.mark.parametrize(
    "code",
    [
        "User().parse(1)",
        "unknown.parse(1)",
        "def f(one):\n    one.parse(1)",
        "import json\njson.parse(1)",
        "class A(User):\n    def f(self):\n        self.parse(1)",
    ],
)
def test_what_may_be_such_a_class(tmp_path: Path, code: str) -> None:
    loads = pack(tmp_path, python__loads=LOAD)
    for one in found(loads, {"a.py": f"{USER}\n\n{code}\n"}):
        assert one.fix is not None
        assert one.fix.applicability.name == "REVIEW"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(one: 'User'):\n    one.dict()", "def f(one: 'User'):\n    one.dump()"),
        ("def f() -> User: ...\n\n\nf().dict()", "def f() -> User: ...\n\n\nf().dump()"),
        (
            "async def f() -> User: ...\n\n\nasync def g():\n    (await f()).dict()",
            "async def f() -> User: ...\n\n\nasync def g():\n    (await f()).dump()",
        ),
        (
            "class A(User):\n    @property\n    def b(self):\n        return self.dict()",
            "class A(User):\n    @property\n    def b(self):\n        return self.dump()",
        ),
        ("User[int]().dict()", "User[int]().dump()"),
    ],
)
def test_an_instance_by_what_is_said_of_it(tmp_path: Path, before: str, after: str) -> None:
    dumps = pack(tmp_path, python__dumps=DUMP)
    assert applied(dumps, {"a.py": f"{USER}\n\n{before}\n"}) == {"a.py": f"{USER}\n\n{after}\n"}


@pytest.mark.parametrize(
    "code",
    [
        "async def f() -> User: ...\n\n\nf().dict()",
        "def f() -> User | int: ...\n\n\nf().dict()",
        "@cached\ndef f() -> User: ...\n\n\nf().dict()",
        "def f(one: 'list[User]'):\n    one.dict()",
        "def f(one: 'Nowhere'):\n    one.dict()",
    ],
)
def test_what_is_said_of_it_may_mean_another(tmp_path: Path, code: str) -> None:
    dumps = pack(tmp_path, python__dumps=DUMP)
    [one] = found(dumps, {"a.py": f"{USER}\n\n{code}\n"})
    assert one.fix is not None
    assert one.fix.applicability.name == "REVIEW"


@pytest.mark.parametrize(
    "code", ["def f() -> Plain: ...\n\n\nf().dict()", "def f(one: 'Plain'):\n    one.dict()"]
)
def test_what_is_said_of_it_means_another(tmp_path: Path, code: str) -> None:
    dumps = pack(tmp_path, python__dumps=DUMP)
    assert not found(dumps, {"a.py": f"{USER}\n\nclass Plain: ...\n\n\n{code}\n"})


def test_a_class_of_another_file_around(tmp_path: Path) -> None:
    waits = pack(
        tmp_path,
        python__waits="""
            summary: Waits
            find: acme.wait($SECONDS)
            replace: acme.sleep($SECONDS)
            inside: "class $NAME(acme.Model): ..."
        """,
        python__handles="""
            summary: Handles
            find: "def handle($SELF, $EVENT): ..."
            replace: "def handle_event($SELF, $EVENT): ..."
            where: {SELF: {instance: acme.Model}}
        """,
    )
    main = (
        "import acme\nfrom models import User\n\n\nclass A(User):\n"
        "    def handle(self, event):\n        acme.wait(event)\n"
    )
    after = applied(waits, {"models.py": USER, "main.py": main})
    assert after["main.py"] == main.replace("handle", "handle_event").replace("wait", "sleep")


def test_every_class_that_derives_at_any_remove(tmp_path: Path) -> None:
    handles = pack(
        tmp_path,
        python__handles="""
            summary: A model that says no name
            every: "class $NAME($$$BASES): ..."
            has: "def name($SELF): ..."
            where: {NAME: {subclass: acme.Model}}
        """,
    )
    main = (
        "from models import User\n\n\nclass A(User): ...\n\n\nclass B: ...\n"
        "\n\nclass C(User):\n    def name(self): ...\n"
    )
    lines = [
        (one.path, one.evidence) for one in found(handles, {"models.py": USER, "main.py": main})
    ]
    assert lines == [
        ("main.py", ("`A` is `acme.Model` or derives from it",)),
        ("models.py", ("`User` is `acme.Model` or derives from it",)),
    ]


PROVEN = DUMP.replace("acme.Model}", "acme.Model, proven: true}")


@pytest.mark.parametrize(
    "code",
    [
        "def f(one: dict):\n    one.dict()",
        "def f(one: 'dict'):\n    one.dict()",
        "def f(one: dict[str, User]):\n    one.dict()",
        "def f(one: list[User]):\n    one.dict()",
        "def f():\n    one: list[User] = make()\n    one.dict()",
        "def f(one: dict | None):\n    one.dict()",
        "import typing\ndef f(one: typing.Optional[typing.List[User]]):\n    one.dict()",
        "one: str = make()\none.dict()",
    ],
)
def test_what_is_said_to_be_of_a_type_of_the_language(tmp_path: Path, code: str) -> None:
    dumps = pack(tmp_path, python__dumps=DUMP)
    assert not found(dumps, {"a.py": f"{USER}\n\n{code}\n"})


@pytest.mark.parametrize(
    "code",
    [
        "def f(one: object):\n    one.dict()",
        "from any import *\ndef f(one: 'dict'):\n    one.dict()",
        "from any import dict\ndef f(one: dict):\n    one.dict()",
    ],
)
def test_what_may_be_of_any_type(tmp_path: Path, code: str) -> None:
    files = {"a.py": f"{USER}\n\n{code}\n"}
    [one] = found(pack(tmp_path, python__dumps=DUMP), files)
    assert one.fix is not None
    assert one.fix.applicability.name == "REVIEW"
    assert not found(pack(tmp_path, python__dumps=PROVEN), files)


def test_only_what_is_proven(tmp_path: Path) -> None:
    proven = pack(tmp_path, python__dumps=PROVEN)
    before = f"{USER}\n\ndef f(one, user: User):\n    one.dict(user.dict())\n"
    after = before.replace("user.dict", "user.dump")
    assert applied(proven, {"a.py": before}, unsafe=True) == {"a.py": after}


OWN = "class Admin(User):\n    def dict(self): ...\n"
ASKS = "from models import User\n\n\ndef f(user: User):\n    user.dict()\n"


@pytest.mark.parametrize(
    "files",
    [
        {"models.py": f"{USER.replace('pass', 'def dict(self): ...')}", "main.py": ASKS},
        {"models.py": f"{USER}\n\n{OWN}", "main.py": ASKS},
        {"models.py": USER, "admins.py": f"from models import User\n\n\n{OWN}", "main.py": ASKS},
        {"models.py": USER.replace("pass", "dict = 1"), "main.py": ASKS},
        {"main.py": f"{USER}\n\n{OWN}\n\ndef f(user: User):\n    user.dict()\n"},
        {"main.py": f"{USER}\n\n{OWN}\n\nAdmin().dict()\n"},
        {"main.py": f"{USER.replace('pass', 'def dict(self):')}        self.dict()\n"},
    ],
)
def test_a_method_that_the_project_defines_itself(tmp_path: Path, files: dict[str, str]) -> None:
    dumps = pack(tmp_path, python__dumps=DUMP)
    [one] = found(dumps, files)
    assert one.fix is not None
    assert one.fix.applicability.name == "REVIEW"
    assert "defines `dict` itself" in one.evidence[-1]
    assert applied(dumps, files) == files


@pytest.mark.parametrize(
    "other",
    [
        "class Admin:\n    def dict(self): ...\n",
        "from post import Model\n\n\nclass Admin(Model):\n    def dict(self): ...\n",
        "from models import User\n\n\nclass Admin(User):\n    def dicts(self): ...\n",
        "from models import User\n\n\nclass Admin(User):\n    def f(self):\n        dict = 1\n",
    ],
)
def test_what_defines_no_such_method(tmp_path: Path, other: str) -> None:
    dumps = pack(tmp_path, python__dumps=DUMP)
    files = {"models.py": USER, "admins.py": other, "main.py": ASKS}
    assert applied(dumps, files) == {**files, "main.py": ASKS.replace("dict", "dump")}


def test_a_method_of_the_class_that_is_named_itself(tmp_path: Path) -> None:
    loads = pack(tmp_path, python__loads=LOAD)
    before = f"{USER.replace('pass', 'def parse(self): ...')}\n\nModel.parse(1)\n"
    after = {"a.py": before.replace("Model.parse", "Model.load")}
    assert applied(loads, {"a.py": before}) == after


def test_a_definition_that_moves_with_the_calls(tmp_path: Path) -> None:
    moves = """
        summary: Moves
        find: "def dict($SELF, $$$REST): ..."
        replace: "def dump($SELF, $$$REST): ..."
        where: {SELF: {instance: acme.Model}}
    """
    both = pack(tmp_path, python__dumps=DUMP, python__moves=moves)
    files = {"models.py": f"{USER}\n\n{OWN}", "main.py": ASKS}
    after = {path: text.replace("dict", "dump") for path, text in files.items()}
    assert applied(both, files) == after
    for_review = pack(tmp_path, python__moves=f"{dedent(moves)}applicability: review\n")
    assert applied(for_review, files) == files
    assert applied(for_review, files, unsafe=True) == after


def test_a_class_is_known_by_its_name_before(tmp_path: Path) -> None:
    moves = "summary: Moves\nrename: acme.old.Model -> acme.Model\n"
    waits = """
        summary: Waits
        find: acme.wait($SECONDS)
        replace: acme.sleep($SECONDS)
        inside: "class $NAME(acme.Model): ..."
    """
    rules = pack(tmp_path, python__dumps=DUMP, python__moves=moves, python__waits=waits)
    before = (
        "import acme\nfrom acme.old import Model\n\n\nclass User(Model):\n    one = acme.wait(1)\n"
        "\n\nUser().dict()\n"
    )
    after = (
        "import acme\nfrom acme import Model\n\n\nclass User(Model):\n    one = acme.sleep(1)\n"
        "\n\nUser().dump()\n"
    )
    other = "from a import User\n\n\ndef f(user: User):\n    user.dict()\n"
    files = {"a.py": before, "b.py": other}
    assert applied(rules, files) == {"a.py": after, "b.py": other.replace("dict", "dump")}


@pytest.mark.parametrize(
    "models",
    [
        "if FAST:\n    class User(Model): ...\nelse:\n    class User: ...\n",
        "class User(Model): ...\n\n\nUser = wrapped(User)\n",
        "try:\n    from fast import User\nexcept ImportError:\n    class User(Model): ...\n",
    ],
)
def test_a_class_that_another_file_defines_in_two_ways(tmp_path: Path, models: str) -> None:
    dumps = pack(tmp_path, python__dumps=DUMP)
    main = "from models import User\n\n\ndef f(user: User):\n    user.dict()\n"
    files = {"models.py": f"from acme import Model\n\n\n{models}", "main.py": main}
    [one] = found(dumps, files)
    assert one.fix is not None
    assert one.fix.applicability.name == "REVIEW"


def test_a_class_that_another_file_hands_on_in_two_ways(tmp_path: Path) -> None:
    dumps = pack(tmp_path, python__dumps=DUMP)
    app = "try:\n    from models import User\nexcept ImportError:\n    User = None\n"
    main = "from app import User\n\n\ndef f(user: User):\n    user.dict()\n"
    [one] = found(dumps, {"models.py": USER, "app.py": app, "main.py": main})
    assert one.fix is not None


@pytest.mark.parametrize(
    ("app", "level"),
    [
        ("from models import *\n", "SAFE"),
        ("from models import *\nfrom others import *\n", "REVIEW"),
        ("from models import *\n\n\nclass User: ...\n", None),
    ],
)
def test_a_class_that_comes_with_all_of_a_module(
    tmp_path: Path, app: str, level: str | None
) -> None:
    dumps = pack(tmp_path, python__dumps=DUMP)
    main = "from app import User\n\n\ndef f(user: User):\n    user.dict()\n"
    files = {"models.py": USER, "others.py": "x = 1\n", "app.py": app, "main.py": main}
    levels = [one.fix and one.fix.applicability.name for one in found(dumps, files)]
    assert levels == ([] if level is None else [level])
