"""What an empty replacement takes out: statements and decorators, their lines, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

PYTHON = """
    summary: No longer needed
    alternatives:
      - find: acme.close($$$ARGS)
        replace: ""
      - find: "@acme.task"
        replace: ""
      - find: $NAME = acme.init($$$ARGS)
        replace: ""
"""
ELIXIR = """
    summary: No longer needed
    alternatives:
      - find: Acme.close(@@@ARGS)
        replace: ""
      - find: use Acme.Old
        replace: ""
      - find: "@behaviour Acme.Old"
        replace: ""
      - find: "@NAME = Acme.init(@@@ARGS)"
        replace: ""
""".replace("@@@", "$$$").replace("@NAME", "$NAME")
CALL = "from acme import close\n"
FUNCTION = CALL + "def f(x):\n"
DEF = "def f(x) do\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import acme\nx = 1\nacme.close(x)\ny = 2\n", "x = 1\ny = 2\n"),
        ("import acme\nx = 1\nacme.close(\n    x,\n)\ny = 2\n", "x = 1\ny = 2\n"),
        ("import acme\r\nx = 1\r\nacme.close(x)", "x = 1\r\n"),
        # the block keeps a statement
        (FUNCTION + "    close(x)\n", "def f(x):\n    pass\n"),
        (FUNCTION + "    close(x)\n    close()\n", "def f(x):\n    pass\n"),
        (FUNCTION + "    close(x); close()\n", "def f(x):\n    pass\n"),
        (FUNCTION + '    """Doc."""\n    close(x)\n', 'def f(x):\n    """Doc."""\n'),
        (CALL + "try:\n    close()\nfinally:\n    g()\n", "try:\n    pass\nfinally:\n    g()\n"),
        (CALL + "if x: close()\n", "if x: pass\n"),
        (CALL + "if x: close(); g()\n", "if x: g()\n"),
        # of several on a line the others stay
        (CALL + "a(); close(1); b(); close(2); close(3)\n", "a(); b()\n"),
        (CALL + "close(1); a()\n", "a()\n"),
        # no more blank lines than there were
        (FUNCTION + "    a()\n\n    close(x)\n\n    b()\n", "def f(x):\n    a()\n\n    b()\n"),
        (FUNCTION + "    close(x)\n\n    b()\n", "def f(x):\n    b()\n"),
        (FUNCTION + "    a()\n    close(x)\n\n    b()\n", "def f(x):\n    a()\n\n    b()\n"),
        # comments on other lines are not its own
        (CALL + "# one\nclose()\n# two\na()\n", "# one\n# two\na()\n"),
        # decorators
        ("import acme\n@acme.task\n@other\ndef f(): ...\n", "@other\ndef f(): ...\n"),
        # what the import still serves
        ("from acme import close, other\nclose()\nother()\n", "from acme import other\nother()\n"),
    ],
)
def test_in_python(tmp_path: Path, before: str, after: str) -> None:
    assert applied(pack(tmp_path, python__r=PYTHON), {"a.py": before}) == {"a.py": after}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # it may be more than a call
        (CALL + "close(f())\ng()\n", "g()\n"),
        (CALL + "close(x := 1)\ng()\n", "g()\n"),
        ("import acme\nx = acme.init()\ng()\n", "g()\n"),
        # a comment may be about it
        (CALL + "close()  # at last\ng()\n", "g()\n"),
        (CALL + "close(\n    # all\n)\ng()\n", "g()\n"),
        (FUNCTION + "    close()  # all\n", "def f(x):\n    pass  # all\n"),
        (FUNCTION + "    close()  # all\n    close()\n", "def f(x):\n    pass  # all\n"),
    ],
)
def test_for_review_in_python(tmp_path: Path, before: str, after: str) -> None:
    rules = pack(tmp_path, python__r=PYTHON)
    assert "close" in applied(rules, {"a.py": before})["a.py"] or "init" in before
    assert applied(rules, {"a.py": before}, unsafe=True) == {"a.py": after}


@pytest.mark.parametrize(
    "text",
    [
        CALL + "x = close()\n",
        CALL + "f(close())\n",
        CALL + "return_ = lambda: close()\n",
        CALL + "map(close, x)\n",
        "from other import close\nclose()\n",
    ],
)
def test_left_to_a_person_in_python(tmp_path: Path, text: str) -> None:
    rules = pack(tmp_path, python__r=PYTHON)
    fixes = [one.fix for one in found(rules, {"a.py": text})]
    assert fixes == ([] if "other" in text else [None])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Acme.close(1)\nx = 1\n", "x = 1\n"),
        ("defmodule A do\n  use Acme.Old\nend\n", "defmodule A do\nend\n"),
        (
            "defmodule A do\n  alias Acme.Old\n\n  @behaviour Old\n\n  def f, do: 1\nend\n",
            "defmodule A do\n  def f, do: 1\nend\n",
        ),
        (DEF + "  Acme.close(x)\n  x\nend\n", DEF + "  x\nend\n"),
        (DEF + "  # one\n  Acme.close(x)\n  x\nend\n", DEF + "  # one\n  x\nend\n"),
        (DEF + "  a()\n\n  Acme.close(x)\n\n  x\nend\n", DEF + "  a()\n\n  x\nend\n"),
        (
            "import Acme, only: [close: 1, open: 1]\nclose(1)\nopen(1)\n",
            "import Acme, only: [open: 1]\nopen(1)\n",
        ),
    ],
)
def test_in_elixir(tmp_path: Path, before: str, after: str) -> None:
    assert applied(pack(tmp_path, elixir__r=ELIXIR), {"a.ex": before}) == {"a.ex": after}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # its value is what is returned
        (DEF + "  x\n  Acme.close(x)\nend\n", DEF + "  x\nend\n"),
        (DEF + "  Acme.close(x)\nend\n", DEF + "  nil\nend\n"),
        ("fn x -> Acme.close(x) end\n", "fn x -> nil end\n"),
        ("if x do\n  Acme.close(1)\nelse\n  2\nend\n", "if x do\n  nil\nelse\n  2\nend\n"),
        # it may be more than a call
        ("Acme.close(f())\n1\n", "1\n"),
        ("x = Acme.init(1)\n1\n", "1\n"),
        ("Acme.close(1) # at last\n1\n", "1\n"),
    ],
)
def test_for_review_in_elixir(tmp_path: Path, before: str, after: str) -> None:
    rules = pack(tmp_path, elixir__r=ELIXIR)
    assert applied(rules, {"a.ex": before}) == {"a.ex": before}
    assert applied(rules, {"a.ex": before}, unsafe=True) == {"a.ex": after}


@pytest.mark.parametrize(
    "text",
    [
        "def f(x), do: Acme.close(x)\n",
        "x |> Acme.close()\n",
        "a = 1; Acme.close(a)\n",
        "g(&Acme.close/1)\n",
        "alias My.Acme\nAcme.close(1)\n",
    ],
)
def test_left_to_a_person_in_elixir(tmp_path: Path, text: str) -> None:
    rules = pack(tmp_path, elixir__r=ELIXIR)
    fixes = [one.fix for one in found(rules, {"a.ex": text})]
    assert fixes == ([] if "My" in text else [None])
