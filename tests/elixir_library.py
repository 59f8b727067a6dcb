"""What generated Elixir programs come to on the library, legacy and current, many in one VM."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import beam

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LEGACY = """\
defmodule Pipeline.AsyncStreaming.Handler do
  @callback handle_event({:chunk, String.t()} | {:complete, String.t()}) :: any()
end

defmodule Pipeline.AsyncStreaming do
  def invoke!(options) do
    {prompt, options} = Keyword.pop!(options, :prompt)
    {handler, options} = Keyword.pop!(options, :handler)
    tell = if is_function(handler, 1), do: handler, else: &handler.handle_event/1
    for part <- String.split(prompt), do: tell.({:chunk, part})
    tell.({:complete, prompt})
    {prompt, options}
  end
end
"""
CURRENT = """\
defmodule Pipeline.Streaming.Handler do
  @callback handle_event({:delta, %{content: String.t()}} | {:done, map()}) :: any()
end

defmodule Pipeline.LLM do
  def invoke!(%{prompt: _}, options) do
    {prompt, options} = Keyword.pop!(options, :prompt)
    {true, options} = Keyword.pop!(options, :stream)
    {on_event, options} = Keyword.pop!(options, :on_event)
    for part <- String.split(prompt), do: on_event.({:delta, %{content: part}})
    on_event.({:done, %{content: prompt, tokens: 2, finish_reason: "stop"}})
    {prompt, options}
  end
end
"""
# A line for each program: what `run` gave, in which events of now are what they were, or nothing
# where it, or the compiler, raised an error.
RUN = """
defmodule Outcome do
  def of(path, number) do
    Code.compile_file(path)
    main = Module.concat(["Desk#{number}", "Main"])
    "= " <> inspect(alike(main.run(%{prompt: "one two"})), limit: :infinity, width: :infinity)
  rescue
    error -> "! " <> inspect(error, width: :infinity)
  catch
    kind, reason -> "! " <> inspect({kind, reason}, width: :infinity)
  end

  defp alike({:delta, %{content: text}}), do: {:chunk, alike(text)}
  defp alike({:done, %{content: text}}), do: {:complete, alike(text)}
  defp alike(:delta), do: :chunk
  defp alike(:done), do: :complete
  defp alike([first | rest]), do: [alike(first) | alike(rest)]

  defp alike(tuple) when is_tuple(tuple),
    do: tuple |> Tuple.to_list() |> Enum.map(&alike/1) |> List.to_tuple()

  defp alike(map) when is_map(map) and not is_struct(map),
    do: Map.new(map, fn {key, value} -> {alike(key), alike(value)} end)

  defp alike(value), do: value
end

for number <- Enum.take(0..COUNT, COUNT) do
  # A process of its own: a program keeps things in its dictionary, and its mailbox.
  task = Task.async(fn -> Outcome.of("#{number}.exs", number) end)

  case Task.yield(task, 5_000) || Task.shutdown(task, :brutal_kill) do
    {:ok, line} -> IO.puts(line)
    _ -> IO.puts("! no end")
  end
end
"""


def outcomes(programs: Sequence[Mapping[str, bytes]], folder: Path, *, legacy: bool) -> list[str]:
    """What `Desk.Main.run/1` of each program gives for two words: `= value` or `! error`."""
    folder.mkdir()
    for number, files in enumerate(programs):
        text = "\n".join(one.decode() for _, one in sorted(files.items()))
        (folder / f"{number}.exs").write_text(text.replace("Desk", f"Desk{number}"), "utf-8")
    library = LEGACY if legacy else CURRENT
    (folder / "run.exs").write_text(library + RUN.replace("COUNT", str(len(programs))), "utf-8")
    ran = beam.run("elixir", "run.exs", cwd=folder)
    lines = ran.stdout.splitlines()
    assert len(lines) == len(programs), ran.stderr
    return lines
