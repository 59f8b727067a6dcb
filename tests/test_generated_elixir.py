"""Generated Elixir: after an apply a file is, to the byte, what its pieces become."""

from __future__ import annotations

from pathlib import Path

import beam
from hypothesis import given
from in_process import audited
from pieces import File, Layout, files
from promises import after_an_apply, assert_on_disk

from migrator.model import Applicability

LAYOUTS = [Layout(ends, ("    ", "  ", "\t")) for ends in (["\n"], ["\r\n"], ["\n", "\r\n"])]
# What Elixir refuses in a comment: what ends a line elsewhere, and what changes the direction.
FORBIDDEN = "\v\f\x85\u2028\u2029\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u202c\u2069"
#: What becomes of each is known to the byte; see `pieces`.
PIECES = [
    "defmodule Desk.As$n do¶\n"
    "    alias Pipeline.⟦AsyncStreaming→Streaming⟧.ConsoleHandler, as: Console¶\n"
    "    def handler, do: Console¶\nend¶",
    "defmodule Desk.Braces$n do¶\n    alias Pipeline.⟦AsyncStreaming→Streaming⟧.{¶\n"
    "        ConsoleHandler,¶\n        NullHandler¶\n    }¶\n"
    "    def handlers, do: [ConsoleHandler, NullHandler]¶\nend¶",
    "defmodule Desk.Handler$n do¶\n    @behaviour Pipeline.⟦AsyncStreaming→Streaming⟧.Handler¶\n"
    "    def handle_event(⟦{:chunk, text}→{:delta, %{content: text}}⟧), do: IO.write(text)¶\n"
    "    def handle_event({:⟦complete→done⟧, _}) do¶\n        :ok¶\n    end¶\nend¶",
    "defmodule Desk.Case$n do\n    @behaviour Pipeline.⟦AsyncStreaming→Streaming⟧.Handler\n"
    "    def handle_event(event) do¶\n        case event do¶\n"
    "            ⟦{:chunk, text}→{:delta, %{content: text}}⟧ -> IO.write(text)¶\n"
    "            _ -> :ok\n        end¶\n    end¶\nend¶",
    "defmodule Desk.Call$n do\n    def run(ctx) do¶\n"
    "        Pipeline.⟦AsyncStreaming→LLM⟧.invoke!(⟦→ctx, ⟧prompt: ctx.prompt, "
    "⟦handler: Desk.Some→stream: true, on_event: &Desk.Some.handle_event/1⟧)¶\n    end\nend¶",
    'defmodule Desk.Keys$n do¶\n    def step, do: %{type: "llm", ⟦async_→⟧stream: true,¶\n'
    "        ⟦async_→stream_⟧handler: Desk.Some}¶\nend¶",
    'defmodule Desk.Text$n do¶\n    @step %{"type" => "llm", "⟦async_→⟧stream" => true,¶\n'
    '        "⟦async_→stream_⟧handler" => "Pipeline.⟦AsyncStreaming→Streaming⟧.X"}¶\nend¶',
]
NOISE = [
    "",
    " ",
    "# Pipeline.AsyncStreaming: ¶",
    "_ = {:chunk, 1}¶",
    "_ = ~s(see Pipeline.AsyncStreaming.invoke!) <> 'ä🌊' <> \"#{1}\"¶",
    'defmodule Desk.Prose$n do\n    @moduledoc """\n    Pipeline.AsyncStreaming: größe\n'
    '    """\n    def run(tasks), do: Task.async_stream(tasks, & &1)¶\nend¶',
]
# One process parses all: those of its own, by the interpreter's own parser.
PARSE = """
for path <- Path.wildcard("**/*.exs") do
  case Code.string_to_quoted(File.read!(path)) do
    {:ok, _} -> :ok
    {:error, why} -> IO.puts("#{path}: #{inspect(why)}")
  end
end
"""


def test_bytes_and_places(tmp_path: Path) -> None:
    beam.require_elixir()
    made: dict[str, tuple[bytes, bytes]] = {}

    @given(files(LAYOUTS, PIECES, NOISE, FORBIDDEN))
    def every(file: File) -> None:
        report, after = after_an_apply("a.exs", file.before)
        assert not report.not_analysed
        assert after == file.after
        # Of what an audit finds nothing safe, an apply makes nothing.
        left = audited({"a.exs": after}).findings
        assert not [one for one in left if one.finding.applicability is Applicability.SAFE]
        made[f"{len(made)}.exs"] = (file.before, after)

    every()
    assert_on_disk(tmp_path / "disk", made)
    for number, part in enumerate(("before", "after")):
        folder = tmp_path / part
        folder.mkdir()
        for path, parts in made.items():
            (folder / path).write_bytes(parts[number])
        parsed = beam.run("elixir", "-e", PARSE, cwd=folder)
        assert (parsed.returncode, parsed.stdout) == (0, ""), parsed.stderr + parsed.stdout
