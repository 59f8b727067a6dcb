"""What other rules make of what is found: found as well where a comment suppresses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declared import applied, found, pack

from migrator.engine.cases import in_memory
from migrator.engine.suppress import UNUSED
from migrator.model import Look

if TYPE_CHECKING:
    from pathlib import Path

    from migrator.engine.packs import Pack

MOVER = "summary: s\nrename: lib.old -> lib.new\n"
ADVICE = """
    summary: s
    severity: advice
    find: lib.old($A, $B)
    becomes: lib.new($A, $B)
    where: {B: {value: {kind: lambda}}}
    at: B
"""
KEPT = "# migrate: ignore[advice] small"


@pytest.fixture
def python(tmp_path: Path) -> Pack:
    return pack(tmp_path, python__advice=ADVICE, python__mover=MOVER)


@pytest.fixture
def elixir(tmp_path: Path) -> Pack:
    advice = """
        summary: s
        severity: advice
        find: "Lib.Old.go($A, by: $B)"
        becomes: ["Lib.New.go($A, by: $B)", "Lib.other($A, $B)"]
        where: {B: {value: {kind: lambda}}}
        at: B
    """
    mover = "summary: s\nrename: Lib.Old -> Lib.New\n"
    return pack(tmp_path, elixir__advice=advice, elixir__mover=mover)


def suppressed(rules: Pack, files: dict[str, str]) -> list[tuple[str, int]]:
    """The rule and the line of each finding that is suppressed."""
    data = {path: text.encode() for path, text in files.items()}
    report = in_memory([rules], data, Look()).audit().report()
    return [(one.located.finding.rule, one.located.start.line) for one in report.suppressed]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"import lib\n{KEPT}\nlib.old(1, lambda: 2)\n", 3),
        (f"import lib\nlib.old(1, lambda: 2)  {KEPT}\n", 2),
        (f"import lib\nlib.old(\n    1,\n    {KEPT}\n    lambda: 2,\n)\n", 5),
        (f"import lib\nlib.old(\n    1,\n    lambda: 2,  {KEPT}\n)\n", 4),
        (f"import lib\nb = lambda: 2\nlib.old(1, b)  {KEPT}\n", 3),
        ("# migrate: ignore-file[advice] small\nimport lib\nlib.old(1, lambda: 2)\n", 3),
    ],
)
def test_the_comment_stays_in_use(python: Pack, text: str, line: int) -> None:
    after = text.replace("lib.old", "lib.new")
    assert applied(python, {"a.py": text}) == {"a.py": after}
    assert not found(python, {"a.py": after})
    assert suppressed(python, {"a.py": after}) == [("advice", line)]


@pytest.mark.parametrize(
    "code",
    [
        "lib.new(1, lambda: 2)\n",
        f"lib.new(1, lambda: 2)\n{KEPT}\nlib.new(1, show)\n",
        f"{KEPT}\nlib.new(1, lambda: 2, 3)\n",
        f"{KEPT}\nlib.new(*given)\n",
        f"{KEPT}\nlib.new(\n    1,\n    lambda: 2,\n)\n",
        "# migrate: ignore[mover] small\nlib.new(1, lambda: 2)\n",
    ],
)
def test_nothing_is_told_of_what_no_comment_is_for(python: Pack, code: str) -> None:
    files = {"a.py": f"import lib\n{code}"}
    assert {one.rule for one in found(python, files)} <= {UNUSED}
    assert not suppressed(python, files)


def test_once_at_a_place(tmp_path: Path) -> None:
    both = ADVICE.replace("lib.new($A, $B)", '["lib.new($A, $B)", "lib.$F($A, $B)"]')
    rules = pack(tmp_path, python__advice=both, python__mover=MOVER)
    for name in ("old", "new", "other"):
        files = {"a.py": f"import lib\nlib.{name}(1, lambda: 2)  {KEPT}\n"}
        assert suppressed(rules, files) == [("advice", 2)]


def test_a_name_that_a_module_of_the_project_hands_on(python: Pack) -> None:
    files = {
        "shop/__init__.py": "",
        "shop/names.py": "from lib import old\n\n__all__ = ['old']\n",
        "shop/run.py": f"from shop.names import old\n\nold(1, lambda: 2)  {KEPT}\n",
        "shop/other.py": "from lib import new\n\nnew(1, lambda: 2)\n",
    }
    after = {**files, "shop/names.py": "from lib import new\n\n__all__ = ['new']\n"}
    after["shop/run.py"] = files["shop/run.py"].replace("old", "new")
    assert not found(python, after)
    assert suppressed(python, after) == [("advice", 3)]


def test_what_stands_around_holds_of_it_too(tmp_path: Path) -> None:
    inside = f'{ADVICE}    inside: "def run($$$P): ..."\n'
    rules = pack(tmp_path, python__advice=inside, python__mover=MOVER)
    text = f"import lib\n\n\ndef run(a):\n    lib.new(a, lambda: 2)  {KEPT}\n"
    assert suppressed(rules, {"a.py": text}) == [("advice", 5)]
    assert not suppressed(rules, {"a.py": text.replace("run", "go")})


def test_each_of_alternatives_has_its_own(tmp_path: Path) -> None:
    advice = """
        summary: s
        severity: advice
        alternatives:
          - {find: lib.old($A), becomes: lib.new($A)}
          - {find: lib.older($A), becomes: "lib.newer(1, $A)", message: "`$A` of an older one"}
    """
    rules = pack(tmp_path, python__advice=advice, python__mover=MOVER)
    text = f"import lib\n\nlib.new(1)  {KEPT}\nlib.newer(1, 2)  {KEPT}\n"
    assert suppressed(rules, {"a.py": text}) == [("advice", 3), ("advice", 4)]


def test_arguments_by_a_signature_of_it(tmp_path: Path) -> None:
    signed = f"{ADVICE}    signatures: ['lib.new(a, b)']\n".replace(
        "new($A, $B)", "new(b=$B, a=$A)"
    )
    rules = pack(tmp_path, python__advice=signed, python__mover=MOVER)
    assert suppressed(rules, {"a.py": f"import lib\n\nlib.new(1, lambda: 2)  {KEPT}\n"})


def test_true_is_itself_where_all_of_a_module_is_imported(tmp_path: Path) -> None:
    rules = pack(tmp_path, python__r="summary: s\nfind: lib.f(a=True)\nreplace: lib.f(a=1)\n")
    text = "import lib\nfrom shop import *\n\nlib.f(a=True)\n"
    assert applied(rules, {"a.py": text}) == {"a.py": text.replace("True", "1")}


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (f"{KEPT}\nLib.Old.go(1, by: fn -> 2 end)\n", 2),
        (f"Lib.Old.go(1, by: &(&1 + 1)) {KEPT}\n", 1),
        (f"Lib.Old.go(\n  1,\n  {KEPT}\n  by: fn -> 2 end\n)\n", 4),
        (f"{KEPT}\n1 |> Lib.Old.go(by: fn -> 2 end)\n", 2),
        ("# migrate: ignore-file[advice] small\nLib.Old.go(1, by: fn -> 2 end)\n", 2),
    ],
)
def test_the_comment_stays_in_use_in_elixir(elixir: Pack, code: str, line: int) -> None:
    after = code.replace("Old", "New")
    assert applied(elixir, {"a.exs": code}) == {"a.exs": after}
    assert not found(elixir, {"a.exs": after})
    assert suppressed(elixir, {"a.exs": after}) == [("advice", line)]


def test_one_of_several_in_elixir(elixir: Pack) -> None:
    code = f"{KEPT}\nLib.other(1, fn -> 2 end)\nLib.other(2, fn -> 2 end)\n&Lib.other/2\n"
    assert not found(elixir, {"a.exs": code})
    assert suppressed(elixir, {"a.exs": code}) == [("advice", 2)]


def test_an_alias_that_a_use_brings(elixir: Pack) -> None:
    files = {
        "base.ex": "defmodule Base do\n  defmacro __using__(_) do\n    quote do\n"
        "      alias Some.Lib.New\n    end\n  end\nend\n",
        "run.ex": f"defmodule Run do\n  use Base\n  {KEPT}\n  New.go(1, by: fn -> 2 end)\nend\n",
    }
    assert not suppressed(elixir, files)
    files["base.ex"] = files["base.ex"].replace("Some.Lib", "Lib")
    assert suppressed(elixir, files) == [("advice", 4)]
