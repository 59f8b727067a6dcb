"""What `use` of a library's module brings, as the pack says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from migrator.errors import MigrateError
from tests.patterns.declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

USES = """
    uses:
      Acme.Live: [import Acme.Socket, alias Acme.Live.JS]
      Acme.Web: ["alias Acme.Socket, as: S"]
"""
RULE = """
    summary: Pushes
    rename: Acme.Socket.push/2 -> Acme.Socket.send
    alternatives:
      - find: Acme.Socket.pull($SOCKET)
        replace: Acme.Reader.read($SOCKET)
      - find: Acme.Live.JS.show($ID)
        replace: Acme.Live.JS.reveal($ID)
"""
QUOTING = """defmodule MyWeb do
  def live do
    quote do
      use Acme.Live, layout: 1
    end
  end
end
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("use Acme.Live\n  push(s, 1)", "use Acme.Live\n  send(s, 1)"),
        ("use Acme.Live, layout: 1\n  s |> push(1)", "use Acme.Live, layout: 1\n  s |> send(1)"),
        ("use Acme.Live\n  pull(s)", "use Acme.Live\n  Acme.Reader.read(s)"),
        ("use Acme.Live\n  JS.show(s)", "use Acme.Live\n  JS.reveal(s)"),
        ("use Acme.Web\n  S.push(s, 1)", "use Acme.Web\n  S.send(s, 1)"),
        ("use MyWeb, :live\n  pull(s)", "use MyWeb, :live\n  Acme.Reader.read(s)"),
    ],
)
def test_brought(tmp_path: Path, before: str, after: str) -> None:
    rules = pack(tmp_path, USES, elixir__r=RULE)
    files = {"web.ex": QUOTING, "a.ex": f"defmodule A do\n  {before}\nend\n"}
    assert applied(rules, files)["a.ex"] == f"defmodule A do\n  {after}\nend\n"


@pytest.mark.parametrize(
    ("brought", "before", "after"),
    [
        ("import Acme.Socket", "pull(s)", "Acme.Reader.read(s)"),
        ("import Acme.Socket", "push(s, 1)", "send(s, 1)"),
        ("alias Acme.Socket, as: S", "S.pull(s)", "Acme.Reader.read(s)"),
    ],
)
def test_brought_by_the_project(tmp_path: Path, brought: str, before: str, after: str) -> None:
    files = {
        "web.ex": QUOTING.replace("use Acme.Live, layout: 1", brought),
        "a.ex": f"defmodule A do\n  use MyWeb, :live\n  {before}\nend\n",
    }
    after = f"defmodule A do\n  use MyWeb, :live\n  {after}\nend\n"
    assert applied(pack(tmp_path, elixir__r=RULE), files)["a.ex"] == after


@pytest.mark.parametrize(
    "code",
    [
        "push(s, 1)",
        "use Acme.Other\n  push(s, 1)",
        "use Acme.Web\n  push(s, 1)",
        "use Acme.Live\n  push(s, 1, 2)",
        "use Acme.Live\n  push(s, 1)\n  def push(a, b), do: a + b",
        "use Acme.Live\n  alias My.JS\n  JS.show(s)",
    ],
)
def test_not_brought(tmp_path: Path, code: str) -> None:
    rules = pack(tmp_path, USES, elixir__r=RULE)
    assert not found(rules, {"a.ex": f"defmodule A do\n  {code}\nend\n"})


def test_it_says_which_use_brings_it(tmp_path: Path) -> None:
    rules = pack(tmp_path, USES, elixir__r=RULE)
    [one] = found(rules, {"a.ex": "defmodule A do\n  use Acme.Live\n  push(s, 1)\nend\n"})
    assert one.evidence == ("`push` is imported from `Acme.Socket` by the `use` at line 2",)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (
            "uses:\n  Acme.Live: [Acme.Socket]\n",
            r"pack.yaml:5: `uses.Acme.Live\[0\]`: it is `import Module`, `alias Module` or",
        ),
        ("uses:\n  acme: [import A]\n", r"pack.yaml:5: `uses.acme`: `acme` is no module"),
        ("uses:\n  A: ['import A, as: B']\n", r"pack.yaml:5: `uses.A\[0\]`: it is `import"),
    ],
)
def test_mistakes(tmp_path: Path, said: str, problem: str) -> None:
    with pytest.raises(MigrateError, match=problem):
        pack(tmp_path, said, elixir__r=RULE)


WEB = """defmodule Web do
  def live do
    quote do
      use Acme.Live
      alias Acme.Socket, as: S
    end
  end

  def plain do
    quote do
      import Acme.Plain
    end
  end

  defmacro __using__(which), do: apply(__MODULE__, which, [])
end
"""


@pytest.mark.parametrize("code", ["push(1)", "S.push(1)"])
@pytest.mark.parametrize(
    ("use", "level"),
    [("use Web, :live", "SAFE"), ("use Web, :plain", "REVIEW"), ("use Web", "REVIEW")],
)
def test_what_an_option_chooses(tmp_path: Path, use: str, level: str, code: str) -> None:
    rules = pack(
        tmp_path,
        "uses:\n  Acme.Live: [import Acme.Socket]\n",
        elixir__r="summary: s\nfind: Acme.Socket.push($X)\nreplace: Acme.Socket.send($X)\n",
    )
    page = f"defmodule Page do\n  {use}\n  def f, do: {code}\nend\n"
    [one] = found(rules, {"web.ex": WEB, "page.ex": page})
    assert one.fix is not None
    assert one.fix.applicability.name == level
    assert ("or not, by its options" in " ".join(one.evidence)) is (level == "REVIEW")
