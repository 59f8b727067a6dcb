"""Rules that only confirm: every such place has this, and none of that is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from declared import applied, found, pack

if TYPE_CHECKING:
    from pathlib import Path

HANDLERS = """
    summary: A handler that handles nothing
    every: "class $NAME(lib.Handler): ..."
    has: "def on($SELF, $EVENT): ..."
    message: "`$NAME` handles nothing"
"""
STREAMS = """
    summary: A call that says nothing of streaming
    every: lib.run($$$ARGS)
    has: $X.streaming
"""
TAGGED = """
    summary: Tests that stream without their tag
    every: "defmodule $M do $$$BODY end"
    where:
      BODY: {has: "use ExUnit.Case, $$$OPTIONS"}
    has: "@moduletag :streaming"
"""
LEFT = """
    summary: A step without a handler
    paths: [{path: "steps[*][type=llm][!handler]"}]
"""


@pytest.mark.parametrize(
    ("name", "rule", "text", "lines"),
    [
        (
            "python",
            HANDLERS,
            "from lib import Handler\nclass A(Handler): pass\nclass B(Handler):\n"
            "    def on(self, event):\n        return 1\nclass C(other.Handler): pass\n"
            "class D(Handler):\n    def off(self, event): ...\n",
            [2, 7],
        ),
        (
            "python",
            STREAMS,
            "import lib\nlib.run(a, b)\nlib.run(a, x=b.streaming)\nrun(a)\n",
            [2],
        ),
        (
            "elixir",
            TAGGED,
            "defmodule A do\n  use ExUnit.Case, async: true\n  @moduletag :streaming\nend\n"
            "defmodule B do\n  use ExUnit.Case, async: true\n  @moduletag :slow\nend\n"
            "defmodule C do\n  use Other.Case, async: true\nend\n",
            [5],
        ),
        (
            "yaml",
            LEFT,
            "steps:\n  - {type: llm, handler: h}\n  - {type: llm}\n  - {type: tool}\n",
            [3],
        ),
    ],
)
def test_reported(tmp_path: Path, name: str, rule: str, text: str, lines: list[int]) -> None:
    path = {"python": "a.py", "elixir": "a.exs", "yaml": "a.yaml"}[name]
    rules = pack(tmp_path, **{f"{name}__r": rule})
    findings = found(rules, {path: text})
    assert [1 + text.count("\n", 0, one.span.start) for one in findings] == lines
    assert all(str(one.applicability) == "manual" for one in findings)
    assert applied(rules, {path: text}, unsafe=True) == {path: text}


def test_what_is_told(tmp_path: Path) -> None:
    (finding,) = found(
        pack(tmp_path, python__r=HANDLERS), {"a.py": "import lib\nclass A(lib.Handler): ...\n"}
    )
    assert finding.message == "`A` handles nothing"
