"""What a rule writes is not found again, though its pattern means that too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from migrator.errors import MigrateError
from tests.patterns.declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

EXECUTE = """
    summary: s
    find: $C.execute($SQL)
    replace: $C.execute(lib.text($SQL))
    where: {C: {instance: lib.Connection}}
"""
TABLE = """
    summary: s
    find: $E.has_table($NAME)
    replace: lib.inspect($E).has_table($NAME)
    where: {E: {instance: lib.Engine}}
"""
STRICT = "summary: s\nfind: lib.make($$$REST)\nreplace: lib.make($$$REST, strict=True)\n"
TASK = "summary: s\nfind: '@lib.task($$$A)'\nreplace: '@lib.task($$$A, strict=True)'\n"
OPEN = """
    summary: s
    find: "with lib.open($P) as $F: ..."
    replace: "with lib.open(lib.path($P)) as $F: ..."
"""
SWAPPED = """
    summary: s
    find: lib.has($A, $B)
    replace: lib.has($B, $A)
    where: {A: {kind: string}}
"""
LOGGED = "summary: s\nfind: '@lib.task($$$A)'\nreplace: |\n  @lib.task($$$A)\n  @lib.log\n"
STOP = "summary: s\nfind: lib.stop($X)\nreplace: |\n  lib.warn()\n  lib.stop($X)\n  lib.done()\n"
RUN = "summary: s\nfind: Lib.run($Q)\nreplace: Lib.run(Lib.text($Q))\n"
MAKE = "summary: s\nfind: Lib.make($$$REST)\nreplace: 'Lib.make($$$REST, strict: true)'\n"
USES = "summary: s\nfind: use Lib.X\nreplace: |\n  use Lib.X\n  import Lib.Y\n"
ENDS = "summary: s\nfind: Lib.stop($X)\nreplace: |\n  Lib.stop($X)\n  Lib.done()\n"


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (EXECUTE, "def f(c: lib.Connection):\n    c.execute(a)", "c.execute(lib.text(a))"),
        (TABLE, "def f(e: lib.Engine):\n    e.has_table(a)", "lib.inspect(e).has_table(a)"),
        (STRICT, "lib.make(1, a=2)", "lib.make(1, a=2, strict=True)"),
        (TASK, "@lib.task()\ndef f(): ...", "@lib.task(strict=True)"),
        (OPEN, "with lib.open(a) as f: ...", "with lib.open(lib.path(a)) as f: ..."),
        (SWAPPED, "lib.has('a', b)", "lib.has(b, 'a')"),
        (LOGGED, "@lib.task(1)\ndef f(): ...", "@lib.task(1)\n@lib.log\n"),
        (STOP, "lib.stop(1)  # c", "lib.warn()\nlib.stop(1)  # c\nlib.done()\n"),
    ],
)
def test_python(tmp_path: Path, rule: str, before: str, after: str) -> None:
    rules = pack(tmp_path, python__r=rule)
    made = applied(rules, {"a.py": f"import lib\n{before}\n"})
    assert after in made["a.py"]
    assert not found(rules, made)


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (STRICT, "lib.make(strict=True, a=2)"),
        (LOGGED, "@lib.log\n@lib.task(1)\ndef f(): ..."),
    ],
)
def test_python_that_is_so_already(tmp_path: Path, rule: str, code: str) -> None:
    assert not found(pack(tmp_path, python__r=rule), {"a.py": f"import lib\n{code}\n"})


@pytest.mark.parametrize(
    "code",
    [
        "lib.warn()\nlib.stop(1)",
        "lib.stop(1)\nlib.done()",
        "lib.warn()\nlib.stop(1)\nlib.warn()",
        "lib.warn(); lib.stop(1); lib.done()",
        "if a: lib.stop(1)",
    ],
)
def test_python_without_all_that_is_to_be_beside_it(tmp_path: Path, code: str) -> None:
    assert found(pack(tmp_path, python__r=STOP), {"a.py": f"import lib\n{code}\n"})


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (RUN, "Lib.run(a)", "Lib.run(Lib.text(a))"),
        (RUN, "a |> Lib.run()", "a |> Lib.text() |> Lib.run()"),
        (MAKE, "Lib.make(1, a: 2)", "Lib.make(1, a: 2, strict: true)"),
        (USES, "use Lib.X  # c", "use Lib.X  # c\nimport Lib.Y"),
        (USES, "use Lib.X\nimport Lib.Y", "use Lib.X\nimport Lib.Y"),
        (ENDS, "Lib.stop(1)", "Lib.stop(1)\nLib.done()"),
    ],
)
def test_elixir(tmp_path: Path, rule: str, before: str, after: str) -> None:
    rules = pack(tmp_path, elixir__r=rule)
    made = applied(rules, {"a.exs": f"{before}\n"})
    assert not found(rules, made)
    assert made == {"a.exs": f"{after}\n"} or "|>" in before


@pytest.mark.parametrize(
    "replace",
    ["lib.f($B, $A)", "lib.f( $A,  $B )"],
)
def test_what_has_no_end_is_refused(tmp_path: Path, replace: str) -> None:
    with pytest.raises(MigrateError) as raised:
        pack(tmp_path, python__r=f"summary: s\nfind: lib.f($A, $B)\nreplace: {replace}\n")
    assert "r.yaml:3: `replace`: it writes what `find` finds" in str(raised.value)
