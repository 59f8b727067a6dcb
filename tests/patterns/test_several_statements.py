"""A statement that becomes several: one takes its place, the others have lines beside it."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from tests.patterns.declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

SETUP = """
    summary: Setups
    find: lib.setup($X)
    replace: |
      lib.prepare()
      lib.run($X)
      lib.level = 1
"""
USES = """
    summary: Uses
    find: use Acme.Case
    replace: |
      import Acme.Conn
      import Acme.Case
"""
START = """
    summary: Starts
    find: Acme.start($X)
    replace: |
      Acme.prepare()
      Acme.run($X)
      Acme.done()
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("lib.setup(1)  # c", "lib.prepare()\nlib.run(1)  # c\nlib.level = 1"),
        (
            "def f():\n    lib.setup(\n        1,\n    )",
            "def f():\n    lib.prepare()\n    lib.run(\n        1,\n    )\n    lib.level = 1",
        ),
        (
            "def f():\r\n\tlib.setup(1)",
            "def f():\r\n\tlib.prepare()\r\n\tlib.run(1)\r\n\tlib.level = 1",
        ),
    ],
)
def test_python(tmp_path: Path, before: str, after: str) -> None:
    end = "\r\n" if "\r" in before else "\n"
    files = {"a.py": f"import lib{end}{before}{end}"}
    expected = {"a.py": f"import lib{end}{after}{end}"}
    assert applied(pack(tmp_path, python__r=SETUP), files) == expected


@pytest.mark.parametrize("code", ["if a: lib.setup(1)", "lib.setup(1); b()", "a(); lib.setup(1)"])
def test_python_without_a_line_of_its_own(tmp_path: Path, code: str) -> None:
    [one] = found(pack(tmp_path, python__r=SETUP), {"a.py": f"import lib\n{code}\n"})
    assert one.fix is None
    assert "what stands beside it then has no line of its own" in one.evidence


def test_python_where_more_runs_before(tmp_path: Path) -> None:
    [one] = found(pack(tmp_path, python__r=SETUP), {"a.py": "import lib\nlib.setup(f())\n"})
    assert one.fix is not None
    assert one.fix.applicability.name == "REVIEW"


def test_the_message_parts_them(tmp_path: Path) -> None:
    [one] = found(pack(tmp_path, python__r=SETUP), {"a.py": "import lib\nlib.setup(1)\n"})
    assert one.message == "`lib.setup(1)` is now `lib.prepare(); lib.run(1); lib.level = 1`"


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (
            USES,
            "quote do\n    use Acme.Case  # c\n    a()\n  end",
            "quote do\n    import Acme.Conn\n    import Acme.Case  # c\n    a()\n  end",
        ),
        (USES, "use Acme.Case", "import Acme.Conn\n  import Acme.Case"),
        (
            USES,
            "import Acme.Conn\n  use Acme.Case",
            "import Acme.Conn\n  import Acme.Case",
        ),
        (
            START,
            "alias Acme, as: C\n  def f(x) do\n    C.start(x)\n    :ok\n  end",
            "alias Acme, as: C\n  def f(x) do\n    C.prepare()\n    C.run(x)\n    C.done()\n"
            "    :ok\n  end",
        ),
    ],
)
def test_elixir(tmp_path: Path, rule: str, before: str, after: str) -> None:
    files = {"a.ex": f"defmodule A do\n  {before}\nend\n"}
    expected = {"a.ex": f"defmodule A do\n  {after}\nend\n"}
    assert applied(pack(tmp_path, elixir__r=rule), files) == expected


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("def f(x), do: Acme.start(x)", None),
        ("def f(x), do: (Acme.start(x); x)", None),
        ("def f(x), do: Enum.map(x, &Acme.start/1)", None),
        ("def f(x), do: x |> Acme.start()", None),
        ("def f(x) do\n    x |> Acme.start() |> y()\n    x\n  end", None),
        ("def f(x) do\n    Acme.start(y())\n    x\n  end", "REVIEW"),
        ("def f(x) do\n    Acme.start(x)\n  end", "REVIEW"),
    ],
)
def test_elixir_where_it_may_not_be(tmp_path: Path, code: str, level: str | None) -> None:
    files = {"a.ex": f"defmodule A do\n  {code}\nend\n"}
    [one] = found(pack(tmp_path, elixir__r=START), files)
    assert (one.fix and one.fix.applicability.name) == level


def test_a_pipe_on_lines_of_its_own(tmp_path: Path) -> None:
    before = dedent(
        """
        defmodule A do
          def f(x) do
            x |> Acme.start()
            :ok
          end
        end
        """
    )
    after = before.replace(
        "x |> Acme.start()", "Acme.prepare()\n    x |> Acme.run()\n    Acme.done()"
    )
    assert applied(pack(tmp_path, elixir__r=START), {"a.ex": before}) == {"a.ex": after}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_last_line_that_nothing_ends(tmp_path: Path, end: str) -> None:
    rules = pack(tmp_path, python__r=SETUP, elixir__s=START)
    files = {"a.py": f"import lib{end}lib.setup(1)", "a.ex": f"x = 1{end}Acme.start(x)"}
    assert applied(rules, files) == {
        "a.py": end.join(("import lib", "lib.prepare()", "lib.run(1)", "lib.level = 1")),
        "a.ex": end.join(("x = 1", "Acme.prepare()", "Acme.run(x)", "Acme.done()")),
    }
