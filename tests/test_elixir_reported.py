"""Elixir whose edit the guide leaves open: migrated or reported, never neither.

A line that ends in `#< rule` must have a finding of that rule (or of one of them), of whatever
applicability. After an apply, a line that still says a legacy word must still have one.
"""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest
from in_process import audited, here, planned

from migrator.model import Applicability, Severity

HANDLER = """\
defmodule Mine do
  @behaviour Pipeline.AsyncStreaming.Handler  #< legacy-handler
{body}
end
"""

IN_A_HANDLER = {
    "elem in if": """
        def handle_event(event) do
          if elem(event, 0) == :chunk do  #< event-shape
            IO.write(elem(event, 1))
          end
        end
    """,
    "elem in cond": """
        def handle_event(event) do
          cond do
            elem(event, 0) == :chunk -> IO.write(elem(event, 1))  #< event-shape
            :complete === elem(event, 0) -> IO.puts(elem(event, 1))  #< last-event
            true -> :ok
          end
        end
    """,
    "elem in a guard": """
        def handle_event(event) when elem(event, 0) == :chunk do  #< event-shape
          IO.write(elem(event, 1))
        end
    """,
    "case of elem": """
        def handle_event(event) do
          case elem(event, 0) do
            :chunk -> IO.write(elem(event, 1))  #< event-shape
            :complete -> IO.puts(elem(event, 1))  #< last-event
          end
        end
    """,
    "kind and data": """
        def handle_event({kind, data}) do
          case kind do
            :chunk -> IO.write(data)  #< event-shape
            :complete -> IO.puts(data)  #< last-event
            _ -> :ok
          end
        end
    """,
    "kind and data unpacked": """
        def handle_event(event) do
          {kind, data} = event
          if kind == :chunk, do: IO.write(data)  #< event-shape
        end
    """,
    "kind in a guard": """
        def handle_event({kind, text}) when kind == :chunk, do: IO.write(text)  #< event-shape
        def handle_event({kind, _}) when kind == :complete, do: IO.puts("")  #< last-event
    """,
    "a tag of an attribute": """
        @chunk :chunk
        def handle_event({@chunk, text}), do: IO.write(text)  #< event-shape
    """,
    "a map of functions": """
        @table %{chunk: &IO.write/1, complete: &IO.puts/1}
        def handle_event({kind, text}), do: @table[kind].(text)  #< event-shape
    """,
    "the text of an event of either kind": """
        def handle_event({_kind, text}), do: IO.write(text)  #< event-shape
    """,
    "a last event compared whole": """
        def handle_event(event), do: if(event == {:complete, ""}, do: :empty)  #< last-event
    """,
    "the type of an event": """
        @type event :: {:chunk, String.t()} | :other  #< event-shape
        @spec handle_event(event()) :: :ok
        def handle_event(_event), do: :ok
    """,
    "one of several events": """
        def handle_event(event) when event in [{:chunk, ""}, {:chunk, " "}], do: :ok  #< event-shape
    """,
    "kinds sifted elsewhere in the module": """
        def handle_event(_event), do: :ok
        def known(all), do: Enum.filter(all, fn {kind, _} -> kind in [:chunk] end)  #< event-shape
        def open(all), do: Enum.reject(all, fn {kind, _} -> kind == :complete end)  #< last-event
    """,
    "apply by the tag": """
        def handle_event({kind, text}), do: apply(__MODULE__, kind, [text])  #< event-shape
    """,
}

IN_A_FILE = {
    "a handler by way of the project's own macro": """
        defmodule MyApp.Base do
          defmacro __using__(_opts) do
            quote do
              @behaviour Pipeline.AsyncStreaming.Handler  #< legacy-handler
              def handle_event(_event), do: :ok
              defoverridable handle_event: 1
            end
          end
        end

        defmodule MyApp.Console do
          use MyApp.Base
          def handle_event({:chunk, text}), do: IO.write(text)  #< event-shape
        end
    """,
    "a call by way of an import that a macro brings": """
        defmodule MyApp.Base do
          defmacro __using__(_opts) do
            quote do
              import Pipeline.AsyncStreaming, only: [invoke!: 1]  #< legacy-call
            end
          end
        end

        defmodule MyApp.Run do
          use MyApp.Base
          def run(ctx), do: invoke!(prompt: ctx.prompt, handler: MyApp.A)  #< legacy-call
        end
    """,
    "a call by way of a function of names": """
        defmodule MyAppWeb do
          def streaming do
            quote do
              alias Pipeline.AsyncStreaming  #< legacy-namespace
            end
          end

          defmacro __using__(which), do: apply(__MODULE__, which, [])
        end

        defmodule MyAppWeb.Run do
          use MyAppWeb, :streaming
          def run(opts), do: AsyncStreaming.invoke!(opts)  #< legacy-call
        end
    """,
    "names in a list of words": """
        defmodule MyApp.Names do
          def all, do: ~w(Pipeline.AsyncStreaming.A Pipeline.AsyncStreaming.B)  #< legacy-namespace
        end
    """,
    "a function that hands options on": """
        defmodule MyApp.Run do
          def run(opts) do
            Pipeline.AsyncStreaming.invoke!(Keyword.put(opts, :model, "x"))  #< legacy-call
          end
        end
    """,
    "the namespace as a value": """
        defmodule MyApp.Run do
          def run(name), do: Module.concat(Pipeline.AsyncStreaming, name)  #< legacy-namespace
        end
    """,
    "an import without only": """
        defmodule MyApp.Run do
          import Pipeline.AsyncStreaming  #< legacy-namespace legacy-call
          def run(opts), do: invoke!(opts)  #< legacy-call
        end
    """,
    "a call in a pipe that starts with the list": """
        defmodule MyApp.Run do
          def run(ctx) do
            [prompt: ctx.prompt, handler: MyApp.Console]
            |> Keyword.put(:model, "x")
            |> Pipeline.AsyncStreaming.invoke!()  #< legacy-call
          end
        end
    """,
    "a handler that a call makes": """
        defmodule MyApp.Run do
          def run(ctx) do
            Pipeline.AsyncStreaming.invoke!(prompt: ctx.prompt, handler: make(ctx))  #< legacy-call
          end

          defp make(ctx), do: ctx.handler
        end
    """,
    "a handler of two": """
        defmodule MyApp.Run do
          alias MyApp.{A, B}

          def run(ctx) do
            handler = if ctx.quiet, do: A, else: B
            Pipeline.AsyncStreaming.invoke!(prompt: ctx.prompt, handler: handler)  #< legacy-call
          end
        end
    """,
    "keys taken, kept and declared": """
        defmodule MyApp.Step do
          defstruct id: nil, async_stream: false  #< step-keys
          @type t :: %__MODULE__{async_stream: boolean()}  #< step-keys
          def live(step), do: Map.take(step, [:async_stream, :id])  #< step-keys
          def rest(opts), do: Keyword.drop(opts, [:async_handler])  #< step-keys
          def turn(step), do: update_in(step[:async_stream], &(!&1))  #< step-keys
        end
    """,
    "the module called through a variable": """
        defmodule MyApp.Run do
          def run(opts) do
            hooks = Pipeline.AsyncStreaming  #< legacy-namespace legacy-call
            hooks.invoke!(opts)
          end
        end
    """,
    "the behaviour in a callback's type": """
        defmodule MyApp.Run do
          @callback run(Pipeline.AsyncStreaming.Handler.t()) :: :ok  #< legacy-handler
        end
    """,
}


LEGACY_WORDS = (":chunk", ":complete", "AsyncStreaming")


def sources() -> dict[str, str]:
    handlers = {
        name: HANDLER.format(body=indent(dedent(body).strip("\n"), "  "))
        for name, body in IN_A_HANDLER.items()
    }
    return {**handlers, **{name: dedent(text).lstrip("\n") for name, text in IN_A_FILE.items()}}


SOURCES = sources()


def marked(text: str) -> dict[int, set[str]]:
    """The rules that each line of `text` names behind `#<`."""
    return {
        number: set(line.partition("#<")[2].split())
        for number, line in enumerate(text.splitlines(), 1)
        if "#<" in line
    }


def unreported(lines: dict[int, set[str]]) -> dict[int, set[str]]:
    """Those of `lines` that an audit of the current folder has no finding for."""
    found: dict[int, set[str]] = {}
    for one in audited(here()).findings:
        found.setdefault(one.start.line, set()).add(one.finding.rule)
    return {line: rules for line, rules in lines.items() if not rules & found.get(line, set())}


@pytest.fixture(params=SOURCES)
def mine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that holds one of the sources, alone in the current folder."""
    monkeypatch.chdir(tmp_path)
    path = Path("mine.ex")
    path.write_text(SOURCES[request.param], encoding="utf-8")
    return path


def test_every_marked_line_is_reported(mine: Path) -> None:
    assert not unreported(marked(mine.read_text(encoding="utf-8")))


@pytest.mark.parametrize("level", [Applicability.SAFE, Applicability.REVIEW], ids=str)
def test_what_an_apply_leaves_is_still_reported(mine: Path, level: Applicability) -> None:
    plan = planned(here(), level)
    assert not plan.skipped, [one.reason for one in plan.skipped]
    for change in plan.changes:
        Path(change.path).write_bytes(change.after)
    assert not planned(here(), level).changes, "a second apply changes something"
    lines = mine.read_text(encoding="utf-8").splitlines()
    left = {
        number: rules
        for number, rules in marked("\n".join(lines)).items()
        if any(word in lines[number - 1] for word in LEGACY_WORDS)
    }
    assert not unreported(left)


COLLECTS = """\
defmodule MyApp.RunTest do
  use ExUnit.Case, async: true

  @tag :streaming
  test "collects the events" do
    ctx = %{prompt: "Write"}
    test = self()
    Pipeline.LLM.invoke!(ctx, prompt: ctx.prompt, stream: true, on_event: &send(test, &1))
    assert_received {:delta, %{content: "Write"}}
  end
end
"""


def test_a_handler_that_only_yaml_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    quiet = "defmodule MyApp.Quiet do\n  def handle_event({:chunk, text}), do: text\nend\n"
    Path("quiet.ex").write_text(quiet, encoding="utf-8")
    step = "- {type: llm, stream: true, stream_handler: MyApp.Quiet}\n"
    Path("steps.yaml").write_text(step, encoding="utf-8")
    found = [one.finding for one in audited(here()).findings]
    assert [(one.path, one.rule) for one in found] == [("quiet.ex", "event-shape")]
    assert found[0].applicability < Applicability.SAFE


def test_a_test_that_collects_by_hand_is_shown_the_recorder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("run_test.exs").write_text(COLLECTS, encoding="utf-8")
    advice = [
        one.finding
        for one in audited(here()).findings
        if "Pipeline.TestMode.StreamingRecorder" in one.finding.message
    ]
    assert [one.severity for one in advice] == [Severity.ADVICE]
    assert advice[0].applicability is Applicability.MANUAL
