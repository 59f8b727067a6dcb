"""Comments that suppress findings: what they speak for, and what they say."""

from __future__ import annotations

import pytest
from in_process import standing

from migrator.engine.directives import directives
from migrator.engine.suppress import UNUSED
from migrator.model import Source

PYTHON = "from pipeline.async_streaming import ConsoleHandler{}\n"
YAML = "steps:\n  - type: llm\n    async_stream: true{}\n"
ELIXIR = "defmodule A do\n  alias Pipeline.AsyncStreaming.Sink{}\nend\n"


def reasons(name: str, text: str) -> list[str]:
    return [one.reason for one in directives(Source(name, text, name.rpartition(".")[2]))]


@pytest.mark.parametrize(
    ("name", "text", "left", "suppressed"),
    [
        # On the line, and alone on the line above, in each language.
        ("a.py", PYTHON.format("  # migrate: ignore[legacy-namespace] why"), [], ["1"]),
        ("a.py", "# migrate: ignore[legacy-namespace]\n" + PYTHON.format(""), [], ["2"]),
        ("a.yaml", YAML.format("  # migrate: ignore[step-keys] why"), [], ["3"]),
        ("a.yaml", "# migrate: ignore[step-keys]\nasync_stream: yes\n", [], ["2"]),
        ("a.ex", ELIXIR.format("  # migrate: ignore[legacy-namespace] why"), [], ["2"]),
        ("a.ex", "# migrate: ignore-file[legacy-namespace] why\n" + ELIXIR.format(""), [], ["3"]),
        # Comments above one another speak for the line below them all.
        (
            "a.yaml",
            "# migrate: ignore[step-keys] a\n# migrate: ignore[legacy-namespace] b\n"
            "async_handler: pipeline.async_streaming.X\n",
            [],
            ["3", "3"],
        ),
        # Several ids; a comment of another tool before and behind it.
        (
            "a.yaml",
            "async_handler: pipeline.async_streaming.X  # a # migrate: "
            "ignore[step-keys ,legacy-namespace] b # c\n",
            [],
            ["1", "1"],
        ),
        # The whole file, from anywhere in it.
        (
            "a.yaml",
            "async_stream: 1\n---\nasync_stream: 2\n# migrate: ignore-file[step-keys] x\n",
            [],
            ["1", "3"],
        ),
        # Where no comment can stand: behind the text or above it.
        (
            "a.py",
            'def f():\n    """One.\n\n    pipeline.async_streaming.X\n    """'
            "  # migrate: ignore[legacy-namespace] x\n",
            [],
            ["4"],
        ),
        (
            "a.py",
            "# migrate: ignore[legacy-namespace] x\n"
            'X = """\npipeline.async_streaming.X\n""", "pipeline.async_streaming.X"\n',
            [],
            ["4"],
        ),
        (
            "a.py",
            "X = 1 + \\\n    len('pipeline.async_streaming.X')"
            "  # migrate: ignore[legacy-namespace] x\n",
            [],
            ["2"],
        ),
        (
            "a.ex",
            'defmodule A do\n  @doc """\n  Pipeline.AsyncStreaming.X\n  """'
            "  # migrate: ignore[legacy-namespace] x\n  def a, do: 1\nend\n",
            [],
            ["3"],
        ),
        ("a.yaml", "async_handler: |  # migrate: ignore[step-keys] x\n  a\n", [], ["1"]),
        # What only looks like one: in a string, in a text, of another rule, of another line.
        ("a.yaml", 'async_stream: "# migrate: ignore[step-keys]"\n', ["1 step-keys"], []),
        ("a.yaml", "async_stream: |\n  # migrate: ignore[step-keys]\n", ["1 step-keys"], []),
        ("a.yaml", "async_stream: x#migrate:ignore[step-keys]\n", ["1 step-keys"], []),
        (
            "a.py",
            'X = {"async_stream": "# migrate: ignore[step-keys]", "type": "llm"}\n',
            ["1 step-keys"],
            [],
        ),
        (
            "a.ex",
            'defmodule A do\n  def a, do: %{"async_stream" => "# migrate: ignore[step-keys]",'
            ' "type" => "llm"}\nend\n',
            ["2 step-keys"],
            [],
        ),
        ("a.yaml", "async_stream: 1 # migrate: ignored[step-keys]\n", ["1 step-keys"], []),
        # One that suppresses nothing is a finding itself.
        (
            "a.yaml",
            "async_stream: 1 # migrate: ignore[legacy-namespace]\n",
            ["1 step-keys", f"1 {UNUSED}"],
            [],
        ),
        (
            "a.yaml",
            "# migrate: ignore[step-keys]\n\nasync_stream: 1\n",
            [f"1 {UNUSED}", "3 step-keys"],
            [],
        ),
        ("a.yaml", "async_stream: 1 # migrate: ignore\n", ["1 step-keys", f"1 {UNUSED}"], []),
        ("a.yaml", "async_stream: 1 # migrate: ignore[]\n", ["1 step-keys", f"1 {UNUSED}"], []),
        ("a.yaml", "a: 1 # migrate: ignore[step-key] x\n", [f"1 {UNUSED}"], []),
        ("a.yaml", "a: 1 # migrate: ignore-file[step-keys] x\n", [f"1 {UNUSED}"], []),
        (
            "a.yaml",
            "# migrate: ignore[step-keys] x\nasync_stream: 1 # migrate: ignore[step-keys] x\n",
            [f"1 {UNUSED}"],
            ["2 step-keys"],
        ),
        # The reason may name the old API.
        (
            "a.py",
            PYTHON.format("  # migrate: ignore[legacy-namespace] pipeline.async_streaming stays"),
            [],
            ["1"],
        ),
    ],
)
def test_what_a_comment_speaks_for(
    name: str, text: str, left: list[str], suppressed: list[str]
) -> None:
    counts, kept = standing(name, text)
    assert counts == left
    assert [one.split()[0] for one in kept] == [one.split()[0] for one in suppressed]


@pytest.mark.parametrize(
    ("comment", "reason"),
    [
        ("# migrate: ignore[a] waits for #12", "waits for #12"),
        ("#migrate:ignore[a]", ""),
        ("# migrate: ignore[a]: as agreed # noqa", "as agreed"),
        ("# migrate: ignore [a]  - as agreed\t", "as agreed"),
    ],
)
def test_the_reason(comment: str, reason: str) -> None:
    assert reasons("a.yaml", f"a: 1 {comment}\n") == [reason]
