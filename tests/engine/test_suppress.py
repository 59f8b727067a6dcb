"""Comments that suppress findings: what they speak for, what they leave, and how they go."""

from __future__ import annotations

import sys

import pytest
from hostile import finding
from in_process import audited, planned

from migrator.engine.cases import in_memory
from migrator.engine.suppress import UNUSED, Directive, directives, split, unused
from migrator.model import Applicability, Look, Source, Span, State

PYTHON = "from pipeline.async_streaming import ConsoleHandler{}\n"
YAML = "steps:\n  - type: llm\n    async_stream: true{}\n"
ELIXIR = "defmodule A do\n  alias Pipeline.AsyncStreaming.Sink{}\nend\n"


def standing(name: str, text: str) -> tuple[list[str], list[str]]:
    """The findings that count and those that are suppressed, as `line rule`."""
    report = audited({name: text.encode()})
    return (
        [f"{one.start.line} {one.finding.rule}" for one in report.findings],
        [f"{one.located.start.line} {one.located.finding.rule}" for one in report.suppressed],
    )


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


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("a.yaml", "a: 1 # migrate: ignore[step-keys] x\nb: 2\n", "a: 1\nb: 2\n"),
        ("a.yaml", "a: 1\n  # migrate: ignore[step-keys] x\nb: 2\n", "a: 1\nb: 2\n"),
        ("a.yaml", "a: 1\r\n# migrate: ignore[step-keys]\r\n", "a: 1\r\n"),
        ("a.yaml", "a: 1\n# migrate: ignore[step-keys]", "a: 1"),
        ("a.yaml", "# migrate: ignore[step-keys]", ""),
        ("a.py", "a = 1  # noqa  # migrate: ignore[step-keys] x\n", "a = 1  # noqa\n"),
        ("a.py", "a = 1  # migrate: ignore[step-keys] x  # noqa\n", "a = 1  # noqa\n"),
        (
            "a.yaml",
            "async_stream: 1 # migrate: ignore[event-shape, step-keys,legacy-call] x\n",
            "async_stream: 1 # migrate: ignore[step-keys] x\n",
        ),
        ("a.ex", "defmodule A do\n  # migrate: ignore[nothing]\nend\n", "defmodule A do\nend\n"),
    ],
)
def test_what_is_unused_goes_exactly(name: str, before: str, after: str) -> None:
    (change,) = planned({name: before.encode()}).changes
    assert change.after.decode() == after
    again = audited({name: change.after})
    assert not [one for one in again.findings if one.finding.rule == UNUSED]


def test_rules_that_were_not_asked_for_are_not_missed() -> None:
    from in_process import builtin

    files = {"a.yaml": b"a: 1 # migrate: ignore[step-keys, other-rule] x\n"}
    for fixing, left in (
        (None, ["step-keys", "other-rule"]),
        (frozenset({"legacy-call", UNUSED}), ["other-rule"]),
        (frozenset({"legacy-call"}), []),
    ):
        report = in_memory([builtin()], files, Look(fixing=fixing)).audit().report()
        assert [
            (one.finding.rule, one.finding.message.split("`")[1]) for one in report.findings
        ] == [(UNUSED, rule) for rule in left]


def test_the_checklist_does_not_call_it_done() -> None:
    report = audited({"a.yaml": b"async_stream: 1 # migrate: ignore[step-keys] x\n"})
    (item,) = [one for one in report.checklist if one.id == "configuration"]
    assert (item.state, item.findings) == (State.MANUAL, 0)
    assert item.evidence.endswith("; 1 suppressed")
    assert not report.findings


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


def test_a_comment_of_very_many_rules_costs_no_more_than_its_length() -> None:
    compared = 0

    class Place(Span):
        __hash__ = Span.__hash__

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return tuple(self) == other

    source = Source("a.py", "x = 1\n", "python")
    ids = tuple(("rule", Place(at, at + 4)) for at in range(2000))
    span = Span(0, 1)
    said = Directive(span, 1, (1, 1), ids, "", span, span)
    found = list(unused("a.py", source, [said], (), ("rule",), ("rule",)))
    assert len(found) == len(ids)
    assert compared <= 4 * len(ids)


def test_very_many_comments_are_not_all_asked_about_each_finding() -> None:
    def calls(count: int) -> int:
        found = 0

        def seen(frame: object, event: str, value: object) -> None:
            nonlocal found
            found += event == "call"

        span = Span(0, 1)
        said = [
            Directive(span, line, (line, line), (("legacy-call", span),), "", span, span)
            for line in range(1, count + 1)
        ]
        located = [finding(line=line) for line in range(1, count + 1)]
        sys.setprofile(seen)
        try:
            active, suppressed, _ = split(located, {"a.py": said})
        finally:
            sys.setprofile(None)
        assert not active
        assert [one.line for one in suppressed] == list(range(1, count + 1))
        return found

    assert calls(400) < 2.6 * calls(200)
