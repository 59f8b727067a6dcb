"""What stays with what is suppressed, and what is found and made beside it."""

from __future__ import annotations

import pytest
from in_process import audited, planned, standing

from migrator.model import Applicability

IMPORT = "from pipeline.async_streaming import ConsoleHandler, invoke"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # The import stays for the call, with the handler it is given; what moves has a name of its
        # own.
        (
            """from pipeline.async_streaming import ConsoleHandler, NullHandler, invoke

def a(ctx):
    invoke(ctx.prompt, ConsoleHandler)  # migrate: ignore[legacy-call] x
    invoke(ctx.prompt, NullHandler)
""",
            """from pipeline.async_streaming import ConsoleHandler, invoke
from pipeline.llm import invoke as llm_invoke
from pipeline.streaming import NullHandler

def a(ctx):
    invoke(ctx.prompt, ConsoleHandler)  # migrate: ignore[legacy-call] x
    llm_invoke(ctx, prompt=ctx.prompt, stream=True, on_event=NullHandler.handle_event)
""",
        ),
        # Another call that is given the same handler has to stay as well.
        (
            f"""{IMPORT}

def a(ctx):
    invoke(ctx.prompt, ConsoleHandler)  # migrate: ignore[legacy-call] x
    invoke(ctx.prompt, ConsoleHandler)
""",
            None,
        ),
        # The comment stays with what it suppresses in a statement that is split.
        (
            f"""{IMPORT}  # migrate: ignore[legacy-call] x

def a(ctx):
    invoke(ctx.prompt, ConsoleHandler)
""",
            """from pipeline.async_streaming import invoke  # migrate: ignore[legacy-call] x
from pipeline.llm import invoke as llm_invoke
from pipeline.streaming import ConsoleHandler

def a(ctx):
    llm_invoke(ctx, prompt=ctx.prompt, stream=True, on_event=ConsoleHandler.handle_event)
""",
        ),
        # A name in full needs its import.
        (
            """import pipeline.async_streaming

A = pipeline.async_streaming.ConsoleHandler  # migrate: ignore[legacy-namespace] x
""",
            None,
        ),
        # The handler of a call that goes on to send the old events.
        (
            """from pipeline.async_streaming import invoke  # migrate: ignore[legacy-call] x

def show(event):
    if event[0] == "chunk":
        print(event[1])

def a(ctx):
    invoke(ctx.prompt, show)  # migrate: ignore[legacy-call] x
""",
            None,
        ),
    ],
)
def test_what_depends_on_it_stays_right(before: str, after: str | None) -> None:
    plan = planned({"a.py": before.encode()})
    assert not plan.skipped
    assert [change.after.decode() for change in plan.changes] == ([after] if after else [])


def test_a_handler_in_another_file_of_a_call_that_stays() -> None:
    files = {
        "h.py": b"""from pipeline.async_streaming import Handler


class Show(Handler):
    def handle_event(self, event):
        if event[0] == "chunk":
            print(event[1])
""",
        "a.py": b"""from pipeline.async_streaming import invoke
from h import Show

def a(ctx):
    invoke(ctx.prompt, Show())  # migrate: ignore[legacy-call] x
""",
    }
    report = audited(files)
    (event,) = [one.finding for one in report.findings if one.finding.rule == "event-shape"]
    assert event.applicability is Applicability.MANUAL
    assert "the call at line 5 of a.py is suppressed" in event.message


@pytest.mark.parametrize(
    ("handler", "kept"),
    [
        ("Show", ["h.ex:5"]),
        ("&Show.handle_event/1", ["h.ex:5"]),
        ("fn {:chunk, text} -> IO.puts(text) end", ["a.ex:6"]),
        ("&local/1", ["a.ex:9"]),
    ],
)
def test_an_elixir_handler_of_a_call_that_stays(handler: str, kept: list[str]) -> None:
    files = {
        "h.ex": b"""defmodule Show do
  @behaviour Pipeline.AsyncStreaming.Handler

  @impl true
  def handle_event({:chunk, text}), do: IO.puts(text)
  def test, do: Show.handle_event({:chunk, "a"})
end
""",
        "a.ex": f"""defmodule A do
  def a(ctx) do
    # migrate: ignore[legacy-call] x
    Pipeline.AsyncStreaming.invoke!(
      prompt: ctx.prompt,
      handler: {handler}
    )
  end
  defp local({{:chunk, text}}), do: IO.puts(text)
end
""".encode(),
    }
    found = [one for one in audited(files).findings if one.finding.rule == "event-shape"]
    stay = [
        f"{one.finding.path}:{one.start.line}"
        for one in found
        if "is suppressed, and goes on to send" in one.finding.message
    ]
    assert stay[:1] == kept
    safe = [one for one in found if one.finding.applicability is Applicability.SAFE]
    assert bool(safe) == ("Show" not in handler)


@pytest.mark.parametrize(
    ("aliases", "moved"),
    [
        (
            "  alias Pipeline.AsyncStreaming.Console\n  alias Pipeline.AsyncStreaming.Null\n",
            "  alias Pipeline.AsyncStreaming.Console\n  alias Pipeline.Streaming.Null\n",
        ),
        ("  alias Pipeline.AsyncStreaming.{Console, Null}\n", None),
    ],
)
def test_what_a_suppressed_call_is_given_stays_in_elixir(aliases: str, moved: str | None) -> None:
    call = "    Pipeline.AsyncStreaming.invoke!(prompt: ctx.prompt, handler: {})\n"
    kept = f"    # migrate: ignore[legacy-call] x\n{call.format('Console')}"
    # Another call that is given the same stays as well: what it goes by does.
    body = f"  def run(ctx) do\n{kept}{call.format('Null')}{call.format('Console')}  end\nend\n"
    plan = planned({"a.ex": f"defmodule Run do\n{aliases}{body}".encode()})
    assert not plan.skipped
    if moved is None:
        assert not plan.changes
        return
    null = "invoke!(ctx, prompt: ctx.prompt, stream: true, on_event: &Null.handle_event/1)"
    after = body.replace(call.format("Null"), f"    Pipeline.LLM.{null}\n")
    assert [change.after.decode() for change in plan.changes] == [
        f"defmodule Run do\n{moved}{after}"
    ]


KEPT_HANDLERS = """defmodule Plain do
  # migrate: ignore[legacy-handler] later
  @behaviour Pipeline.AsyncStreaming.Handler
  @impl true
  def handle_event(event), do: IO.write(elem(event, 1))
end

defmodule Tagged do
  # migrate: ignore[legacy-handler] later
  @behaviour Pipeline.AsyncStreaming.Handler
  @impl true
  def handle_event({:chunk, text}), do: IO.write(text)
  def handle_event({:complete, text}), do: IO.write(text)
end
"""


def test_the_events_of_an_elixir_handler_whose_behaviour_stays() -> None:
    data = {"a.ex": KEPT_HANDLERS.encode()}
    found = audited(data).findings
    assert [(one.start.line, one.finding.rule, one.finding.severity.value) for one in found] == [
        (5, "event-shape", "error"),
        (12, "event-shape", "error"),
        (13, "last-event", "advice"),
        (13, "last-event", "error"),
    ]
    plan = planned(data)
    assert not plan.skipped
    assert [change.after.decode() for change in plan.changes] == [
        KEPT_HANDLERS.replace("elem(event, 1)", "elem(event, 1).content")
        .replace("{:chunk, text}", "{:delta, %{content: text}}")
        .replace("{:complete, text}", "{:done, %{content: text}}")
    ]


@pytest.mark.parametrize(
    ("rule", "directives", "moves"),
    [
        # What stands below the import by that alias would be another module.
        ("legacy-namespace", ["alias Pipeline.AsyncStreaming", "import AsyncStreaming"], False),
        # The calls move, and nothing is left that the import or `require` is for.
        ("legacy-call", ["alias Pipeline.AsyncStreaming", "import AsyncStreaming"], True),
        ("legacy-call", ["import Pipeline.AsyncStreaming"], True),
        ("legacy-call", ["require Pipeline.AsyncStreaming"], True),
    ],
)
def test_an_elixir_import_that_stays(rule: str, directives: list[str], moves: bool) -> None:
    *above, last = directives
    head = "".join(f"  {one}\n" for one in above)
    head = f"defmodule Run do\n{head}  # migrate: ignore[{rule}] later\n  {last}\n"
    by = "Pipeline.AsyncStreaming." if last.startswith("require") else ""
    call = f"  def run(ctx), do: tidy({by}invoke!(prompt: ctx.prompt, handler: Sink))\nend\n"
    after = (
        "  def run(ctx), do: tidy(Pipeline.LLM.invoke!(ctx, prompt: ctx.prompt, stream: true, "
        "on_event: &Sink.handle_event/1))\nend\n"
    )
    if not moves:
        call = after = "  def run(text), do: tidy(text)\nend\n"
    plan = planned({"a.ex": f"{head}{call}".encode()})
    assert not plan.skipped
    assert [change.after.decode() for change in plan.changes] == [f"{head}{after}"] * moves


KEPT_BY_A_NAME = """defmodule Run do
  # migrate: ignore[{rule}] later
  {first}
  {second}
end
"""
RUN = "def run(ctx), do: {on}.invoke!(prompt: ctx.prompt, handler: {handler})"
LIBRARY = "Pipeline.AsyncStreaming"


@pytest.mark.parametrize(
    ("rule", "first", "second", "left"),
    [
        # Arguments of the current call would go to the legacy one.
        ("legacy-call", f"@hooks {LIBRARY}", RUN.format(on="@hooks", handler="Sink"), [4]),
        # A handler of the legacy library would get current events.
        (
            "legacy-namespace",
            f"alias {LIBRARY}.Tee",
            RUN.format(on=LIBRARY, handler="Tee"),
            [4],
        ),
        ("legacy-namespace", RUN.format(on=LIBRARY, handler=f"{LIBRARY}.Tee"), "", [3]),
        # The behaviour goes by an alias that does not name it.
        ("legacy-handler", f"@behaviour {LIBRARY}.Base.Handler", "", []),
    ],
)
def test_what_cannot_go_without_a_suppressed_name_in_elixir(
    rule: str, first: str, second: str, left: list[int]
) -> None:
    data = {"a.ex": KEPT_BY_A_NAME.format(rule=rule, first=first, second=second).encode()}
    found = [
        (one.start.line, one.finding.rule, one.finding.applicability)
        for one in audited(data).findings
    ]
    assert found == [(line, "legacy-call", Applicability.MANUAL) for line in left]
    for level in (Applicability.SAFE, Applicability.REVIEW):
        plan = planned(data, level)
        assert not plan.changes and not plan.skipped


def test_an_elixir_alias_stays_with_a_behaviour_that_goes_by_it() -> None:
    text = f"""defmodule Show do
  alias {LIBRARY}.Base
  # migrate: ignore[legacy-handler] later
  @behaviour Base.Handler
  def base, do: Base
end
"""
    (kept,) = audited({"a.ex": text.encode()}).findings
    assert (kept.start.line, kept.finding.applicability) == (2, Applicability.MANUAL)
    assert kept.finding.message.endswith("; it stays with what is suppressed at line 4")


def test_a_comment_above_the_handler_of_an_elixir_call_speaks_for_its_line_still() -> None:
    text = f"""defmodule Run do
  def run(ctx) do
    {LIBRARY}.invoke!(
      prompt: ctx.prompt,
      # Shows what comes.
      # migrate: ignore[lambda-handler] later
      handler: fn {{:chunk, text}} -> IO.write(text) end
    )
  end
end
"""
    plan = planned({"a.ex": text.encode()})
    assert not plan.skipped
    (change,) = plan.changes
    assert (
        change.after.decode()
        == """defmodule Run do
  def run(ctx) do
    Pipeline.LLM.invoke!(
      ctx,
      prompt: ctx.prompt,
      stream: true,
      # Shows what comes.
      # migrate: ignore[lambda-handler] later
      on_event: fn {:delta, %{content: text}} -> IO.write(text) end
    )
  end
end
"""
    )
    again = planned({"a.ex": change.after})
    assert not again.changes and not again.skipped


def test_a_list_of_events_of_which_some_stay_in_elixir() -> None:
    text = """defmodule Show do
  def events(ctx) do
    Pipeline.LLM.invoke!(ctx, prompt: "", stream: true, on_event: &send(self(), &1))
    # migrate: ignore[event-shape] later
    ctx.events == [chunk: "a", done: %{content: "a", tokens: nil, finish_reason: nil}]
    # migrate: ignore[last-event] later
    ctx.events == [delta: %{content: "a"}, complete: "a"]
  end
end
"""
    report = audited({"a.ex": text.encode()})
    kept = [(one.located.start.line, one.located.finding.rule) for one in report.suppressed]
    assert kept == [(5, "event-shape"), (7, "last-event")]
    assert not any(one.finding.rule == "unused-suppression" for one in report.findings)


def test_what_stands_between_the_braces_of_an_elixir_alias_stays_together() -> None:
    moved = "defmodule Report do\n  alias Pipeline.AsyncStreaming.Tee\n"
    kept = """  alias Pipeline.AsyncStreaming.{
    # migrate: ignore[legacy-namespace] later
    Event,
    Sink
  }
end
"""
    data = {"a.ex": f"{moved}{kept}".encode()}
    (beside,) = [one for one in audited(data).findings if one.start.line == 6]
    assert beside.finding.applicability is Applicability.MANUAL
    assert "with what is suppressed between the same braces" in beside.finding.message
    plan = planned(data)
    assert not plan.skipped
    after = moved.replace("AsyncStreaming", "Streaming")
    assert [change.after.decode() for change in plan.changes] == [f"{after}{kept}"]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        # A text that is read without a test of its tag shows by nothing what it is for.
        (
            "a.py",
            """from pipeline.async_streaming import Handler


class Show(Handler):
    def handle_event(self, event):
        print(event[1])  # migrate: ignore[event-shape] later
""",
            ("async_streaming", "streaming"),
        ),
        (
            "a.ex",
            """defmodule Show do
  @behaviour Pipeline.AsyncStreaming.Handler
  # migrate: ignore[event-shape] later
  def handle_event(event), do: IO.write(elem(event, 1))
end
""",
            ("AsyncStreaming", "Streaming"),
        ),
        (
            "a.ex",
            """defmodule Show do
  @behaviour Pipeline.AsyncStreaming.Handler
  # migrate: ignore[event-shape] it is no text alone
  def handle_event({kind, text}), do: IO.write([to_string(kind), text])
end
""",
            ("AsyncStreaming", "Streaming"),
        ),
    ],
)
def test_events_that_stay_in_a_handler_that_moves(
    name: str, before: str, after: tuple[str, str]
) -> None:
    plan = planned({name: before.encode()})
    assert not plan.skipped
    text = before.replace(*after)
    assert [change.after.decode() for change in plan.changes] == [text]
    assert standing(name, text)[0] == []


def test_a_comment_about_events_speaks_for_its_line_alone() -> None:
    text = """from pipeline.streaming import Handler


class Show(Handler):
    def handle_event(self, event):
        print(event[1])  # migrate: ignore[event-shape] later


class Other(Handler):
    def handle_event(self, event):
        print(event[1])
"""
    assert standing("a.py", text) == ([], ["6 event-shape"])


LAZY = b"""from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.async_streaming import invoke


def __getattr__(name):
    if name == "invoke":
        from pipeline.async_streaming import invoke

        return invoke  # migrate: ignore[legacy-call] for plugins
    raise AttributeError(name)
"""
TAKING = b"""from app.lazy import invoke
from pipeline.async_streaming import Handler


class Show(Handler):
    def handle_event(self, event):
        if event[0] == "chunk":
            print(event[1])


def run(ctx):
    invoke(ctx.prompt, Show())
"""


def test_calls_by_way_of_a_module_that_gives_the_legacy_function_when_it_is_asked() -> None:
    plan = planned({"app/lazy.py": LAZY, "app/run.py": TAKING})
    moved = TAKING.replace(b"async_streaming", b"streaming")
    assert [(one.path, one.after) for one in plan.changes] == [("app/run.py", moved)]


def test_a_place_of_an_event_that_stays_keeps_the_calls_that_send_it() -> None:
    text = b"""from pipeline.async_streaming import invoke


def show(event):
    if event[0] == "chunk":  # migrate: ignore[event-shape] x
        print(event[1])
    elif event[0] == "complete":
        print(len(event[1]))


def other(event):
    if event[0] == "chunk":
        print(event[1])


def run(ctx):
    invoke(ctx.prompt, show)
    invoke(ctx.prompt, other)
"""
    (change,) = planned({"a.py": text}).changes
    after = change.after.decode()
    assert "    invoke(ctx.prompt, show)" in after
    assert "on_event=other" in after
    assert 'elif event[0] == "complete":' in after
    found = audited({"a.py": text}).findings
    (call,) = [one.finding.message for one in found if one.start.line == 17]
    assert call == (
        "`show` stays, since line 5 of a.py is suppressed, and is about the legacy events: "
        "move both"
    )


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        (
            "a.py",
            """from pipeline.async_streaming import invoke


def run(ctx):
    # migrate: ignore[legacy-call] x
    invoke(ctx.prompt, make("pipeline.async_streaming.ConsoleHandler"))
""",
            6,
        ),
        (
            "a.ex",
            """defmodule A do
  def run(ctx) do
    # migrate: ignore[legacy-call] x
    Pipeline.AsyncStreaming.invoke!(
      prompt: Pipeline.AsyncStreaming.invoke!(prompt: ctx.prompt, handler: B),
      handler: B
    )
  end
end
""",
            5,
        ),
        (
            "a.py",
            """from pipeline.async_streaming import Handler


class Passing(Handler):
    def handle_event(self, event):
        kind, text = event
        if kind == "chunk":
            self.inner.on(
                ("chunk", text)  # migrate: ignore[event-shape] x
            )
""",
            7,
        ),
    ],
)
def test_a_fix_that_reaches_into_what_stays_is_left_and_says_so(
    name: str, text: str, line: int
) -> None:
    inside = text.partition("import")[2].partition("\n")[2] if name == "a.py" else text
    for change in planned({name: text.encode()}).changes:
        assert change.after.decode().endswith(inside)
    found = [one for one in audited({name: text.encode()}).findings if one.start.line == line]
    assert [one.finding.fix for one in found] == [None]


def test_advice_and_what_says_not_to_stream_keep_nothing_else() -> None:
    files = {
        "a.py": b"""from pipeline.async_streaming import invoke


def run(ctx):
    invoke(ctx.prompt, lambda event: print(event[1]))  # migrate: ignore[lambda-handler] small
""",
        "a.yaml": b"""steps:
  - type: llm
    async_stream: false  # migrate: ignore[step-must-stream] a batch
""",
    }
    plan = planned(files)
    assert not plan.skipped
    python, yaml = (one.after.decode() for one in plan.changes)
    assert 'on_event=lambda event: print(event[1]["content"]))  # migrate: ignore' in python
    assert "    stream: false  # migrate: ignore[step-must-stream] a batch" in yaml


@pytest.mark.parametrize(
    ("kept", "other"),
    [
        ("Show", "Show"),
        ("Show", "&Show.handle_event/1"),
        ("&Show.handle_event/1", "Show"),
        ("&local/1", "&local/1"),
    ],
)
def test_an_elixir_call_that_is_given_the_handler_of_one_that_stays(kept: str, other: str) -> None:
    show = """defmodule Show do
  use Pipeline.AsyncStreaming.Handler

  def handle_event({:chunk, text}), do: IO.write(text)
end
"""
    run = f"""defmodule Run do
  def kept(ctx) do
    # migrate: ignore[legacy-call] x
    Pipeline.AsyncStreaming.invoke!(prompt: ctx.prompt, handler: {kept})
  end

  def other(ctx), do: Pipeline.AsyncStreaming.invoke!(prompt: ctx.prompt, handler: {other})

  def local({{:chunk, text}}), do: IO.write(text)
end
"""
    plan = planned({"show.ex": show.encode(), "run.ex": run.encode()})
    assert not plan.skipped
    moved = {one.path: one.after.decode() for one in plan.changes}
    assert "Pipeline.LLM" not in moved.get("run.ex", "")
    assert ("{:chunk, text}" in moved["show.ex"]) == (kept != "&local/1")


def test_an_elixir_call_in_another_file_that_is_given_the_handler_of_one_that_stays() -> None:
    call = "Pipeline.AsyncStreaming.invoke!(prompt: ctx.prompt, handler: Show)"
    files = {
        "show.ex": b"""defmodule Show do
  use Pipeline.AsyncStreaming.Handler

  def handle_event({:chunk, text}), do: IO.write(text)
end
""",
        "a.ex": f"""defmodule A do
  # migrate: ignore[legacy-call] x
  def run(ctx), do: {call}
end
""".encode(),
        "b.ex": f"""defmodule B do
  def run(ctx), do: {call}
end
""".encode(),
    }
    plan = planned(files)
    assert [one.path for one in plan.changes] == ["show.ex"]
    assert b"{:chunk, text}" in plan.changes[0].after
    (found,) = [one.finding for one in audited(files).findings if one.finding.path == "b.ex"]
    assert found.message == (
        "`Show` stays, since the call at line 3 of a.ex is suppressed, and goes on to send the "
        "legacy events: move both"
    )


def test_an_elixir_event_that_stays_keeps_the_calls_that_send_it() -> None:
    files = {
        "show.ex": b"""defmodule Show do
  use Pipeline.AsyncStreaming.Handler

  # migrate: ignore[event-shape] x
  def handle_event({:chunk, text}), do: IO.write(text)
  def handle_event({:complete, text}), do: IO.puts(text)
end
""",
        "a.ex": b"""defmodule A do
  def run(ctx), do: Pipeline.AsyncStreaming.invoke!(prompt: ctx.prompt, handler: Show)

  def other(ctx) do
    Pipeline.AsyncStreaming.invoke!(
      prompt: ctx.prompt,
      # migrate: ignore[event-shape] x
      handler: fn {:chunk, text} -> IO.write(text) end
    )
  end
end
""",
    }
    plan = planned(files)
    assert not plan.skipped
    assert [one.path for one in plan.changes] == ["show.ex"]
    after = plan.changes[0].after
    assert after == files["show.ex"].replace(b"AsyncStreaming", b"Streaming")
