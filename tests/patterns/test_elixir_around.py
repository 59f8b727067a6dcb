"""What is said of the body of a block around something in Elixir."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.patterns.declared import found, pack

if TYPE_CHECKING:
    from pathlib import Path

CALLBACK = """
    summary: A callback has a second argument
    find: |
      def handle($EVENT) do
        $$$BODY
      end
    inside: |
      defmodule $MODULE do
        use Acme.Handler, $$$OPTIONS
        $$$REST
      end
    message: "`$MODULE.handle` has a second argument"
"""
EXACT = """
    summary: A module that uses nothing else
    find: Acme.run($X)
    inside: |
      defmodule $MODULE do
        use Acme.Handler
      end
"""


HANDLE = "  def handle(a) do\n    a\n  end\n"


@pytest.mark.parametrize(
    "body",
    [
        f"  use Acme.Handler\n{HANDLE}",
        f"  use Acme.Handler, a: 1\n{HANDLE}",
        f"  @doc 1\n{HANDLE}  use Acme.Handler\n",
        f"  alias Acme.Handler\n  use Handler\n{HANDLE}",
    ],
)
def test_a_module_with_what_is_said(tmp_path: Path, body: str) -> None:
    code = f"defmodule A do\n{body}end\n"
    [one] = found(pack(tmp_path, elixir__r=CALLBACK), {"a.ex": code})
    assert one.message == "`A.handle` has a second argument"


@pytest.mark.parametrize(
    "body",
    [
        HANDLE,
        f"  use Other.Handler\n{HANDLE}",
        f"  def f do\n    use Acme.Handler\n  end\n{HANDLE}",
        f"  use Acme.Handler\n{HANDLE.replace('handle', 'other')}",
    ],
)
def test_another_module(tmp_path: Path, body: str) -> None:
    assert not found(pack(tmp_path, elixir__r=CALLBACK), {"a.ex": f"defmodule A do\n{body}end\n"})


def test_a_body_without_a_rest_is_all_of_it(tmp_path: Path) -> None:
    code = "defmodule A do\n  use Acme.Handler\n  Acme.run(1)\nend\n"
    assert not found(pack(tmp_path, elixir__r=EXACT), {"a.ex": code})
