"""Generated Elixir does after an apply what it did before, or what is left is told.

Events go by other names, are kept, sent, handed on, made anew and matched, in any order and
nesting; the modules that do so stand in one file or in several.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING

import beam
import pytest
from elixir_library import outcomes
from hypothesis import given, settings
from hypothesis import strategies as st
from in_process import audited, planned

from migrator.model import Applicability, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Pick = Callable[[Sequence[str]], str]
    Files = dict[str, bytes]

# `<event>` is a name of an event, `<tag>` and `<text>` what is read of it, `<test>` a test of its
# tag, `<read>` something made of its text, `<made>` an event made anew, `<block>` a few statements.
# `<+event>`, `<+tag>` and `<+text>` are new names for them. They hold behind the code that binds
# them; in code that begins with `§` they hold at once, and until the next `§`. There `<:event>` is
# one of before, and `<=tag>` the one that was bound last.
STATEMENTS = (
    "note(<read>)",
    "note(<read>)",
    "note(<made>)",
    "note(if(<test>, do: <read>, else: 'none'))",
    "keep(<event>)",
    "keep(<made>)",
    "{<+tag>, <+text>} = <event>",
    "{_, <+text>} = <event>",
    "{<+tag>, _} = <event>",
    "<+tag> = <tag>",
    "<+text> = <text>",
    "<+event> = <event>",
    "<+event> = <made>",
    "{<+event>, _} = {<event>, 1}",
    "[<+event>] = [<event>]",
    "%{event: <+event>} = %{event: <event>}",
    "send(self(), <event>)",
    "send(self(), <made>)",
    "show(<event>)",
    "show(<made>)",
    "Help.show(<event>)",
    "<event> |> Help.show()",
    "Help.show(<made>)",
    "shown(<event>)",
    "pair(<tag>, <text>)",
    "words(<text>)",
    "Help.words(<text>)",
    "many([<event>, <event>])",
    "Enum.each([<event>], &show/1)",
    "Enum.each([<event>], &Help.show/1)",
    "§Enum.each([<event>], fn <+event> -> note(<read>) end)",
    "apply(Help, :show, [<event>])",
    "maybe(<event>)",
    "maybe()",
    'note(<test> and <text> == "one")',
    'note(<event> == {:chunk, "one"})',
    'note(match?({:complete, "one two"}, <event>))',
    "note(Map.get(%{chunk: <read>}, <tag>))",
    "note(@table[<tag>])",
    "note([chunk: 1, complete: 2][<tag>])",
    "note(Keyword.get([<event>], :chunk))",
    "note([<event>][:chunk])",
    "note(Map.new([<event>]))",
    "note(Enum.unzip([<event>]))",
    "show({<tag>, <read>})",
    "§case {<tag>, <read>} do\n  {:chunk, <+text>} ->\n    <block>\n  _ -> :ok\nend",
    "§note(Enum.find_value([<:event>], fn {:complete, <+text>} -> <read>; _ -> nil end))",
    "§note(for {:chunk, <+text>} <- [<:event>], do: <read>)",
    "§note(for <+event> <- [<:event>], <test>, do: <read>)",
    '§note(for {<+tag>, <+text>} <- [<:event>], <test>, into: "", do: <=text>)',
    "§note(Enum.map([<:event>], fn <+event> -> <read> end))",
    "§note(Enum.map([<:event>], fn {:chunk, <+text>} -> <read>; {_, <+text>} -> <read> end))",
    "note(Enum.filter([<event>], &match?({:chunk, _}, &1)))",
    '§note(Enum.reduce([<:event>], "", fn {_, <+text>}, all -> all <> <=text> end))',
    "§note(with({:chunk, <+text>} <- <:event>, do: <read>))",
    "§note(with {<+tag>, <+text>} when <=tag> == :chunk <- <:event> do <read> end)",
    "§note(with <+event> <- <:event>, true <- <test> do <read> end)",
    "§note(then(<:event>, fn {:chunk, <+text>} -> <read>; {<+tag>, <+text>} -> <read> end))",
    "<+event> = Map.update!(%{of: []}, :of, fn all -> [<event> | all] end).of |> hd()",
    "<+event> = put_in(%{of: nil}, [:of], <event>).of",
    "<+event> = update_in(%{of: []}.of, &[<event> | &1]).of |> List.first()",
    "%{of: <+event>} = %{of: <event>, by: 1} |> Map.put(:by, 2) |> Map.delete(:as)",
    "{:ok, <+event>} = Map.fetch(%{of: <event>}, :of)",
    "[<+event>] = List.wrap(<event>)",
    "<+event> = <event> || <made>",
    "<+event> = Task.await(Task.async(fn -> <event> end))",
    "§if <+event> = <:event>, do: note(<read>)",
    "§for {_, <+event>} <- %{of: <:event>}, do: note(<read>)",
    "§for <+event> <- Enum.reduce([<:event>], [], &[&1 | &2]), do: note(<read>)",
    "note(Enum.map_join([<event>], &elem(&1, 1)))",
    "if <test> do\n  <block>\nend",
    "if <test> do\n  <block>\nelse\n  <block>\nend",
    "unless <test> do\n  <block>\nend",
    "cond do\n  <test> ->\n    <block>\n  true ->\n    <block>\nend",
    "§case <event> do\n  {:chunk, <+text>} ->\n    <block>\n  _ -> :ok\nend",
    "§case <event> do\n  {:chunk, _} ->\n    <block>\n  {:complete, <+text>} ->\n    <block>\nend",
    "§case <event> do\n  {<+tag>, <+text>} ->\n    <block>\nend",
    "§case <event> do\n  {<+tag>, <+text>} when <=tag> == :chunk ->\n    <block>\n  _ -> :ok\nend",
    "§case <event> do\n  {<+tag>, <+text>} when <=tag> in [:chunk, :complete] ->\n    <block>\nend",
    '§case <event> do\n  {:chunk, <+text>} when <=text> != "one" ->\n    <block>\n  _ -> :ok\nend',
    '§case <event> do\n  {:chunk, "o" <> <+text>} ->\n    <block>\n  _ -> :ok\nend',
    "§case <:event> do\n  {:chunk, _} = <+event> ->\n    <block>§\n  <+event> ->\n    <block>\nend",
    "§case {1, <event>} do\n  {1, {:chunk, <+text>}} ->\n    <block>\n  _ -> :ok\nend",
    "case <tag> do\n  :chunk ->\n    <block>\n  _ -> :ok\nend",
    "case <tag> do\n  :complete ->\n    <block>\n  :chunk ->\n    <block>\nend",
    "§case <:event> do\n  <+event> when elem(<=event>, 0) == :chunk ->\n    <block>\n  _ -> 0\nend",
    "§case {<tag>, <text>} do\n  {:chunk, <+text>} ->\n    <block>\n  _ -> :ok\nend",
    "§fun = fn <+event> ->\n  <block>\nend\nfun.(<:event>)",
    "fun = &note(elem(&1, 1))\nfun.(<event>)",
    "§for <+event> <- [<:event>] do\n  <block>\nend",
    "§for <+event> <- log() do\n  <block>\nend",
    "§for {:chunk, <+text>} <- log() do\n  <block>\nend",
    'try do\n  <block>\nafter\n  note("end")\nend',
)
TESTS = (
    "<tag> == :chunk",
    "<tag> == :chunk",
    "<tag> === :complete",
    ":chunk == <tag>",
    "<tag> != :chunk",
    "<tag> in [:chunk, :complete]",
    "<tag> not in [:complete]",
    "<tag> in @tags",
    "not (<tag> == :chunk)",
    "<tag> == @chunk",
    "match?({:chunk, _}, <event>)",
    'match?({:chunk, "one"}, <event>)',
    "match?({kind, _} when kind == :chunk, <event>)",
    "(tuple_size(<event>) == 2 and <tag> == :chunk)",
    "(<tag> == :chunk or <tag> == :complete)",
    'to_string(<tag>) == "chunk"',
    "(<tag> |> Kernel.==(:chunk))",
    "Enum.member?([:chunk], <tag>)",
    "chunk?(<event>)",
    "is_binary(<text>)",
)
READS = (
    "<text>",
    "<text>",
    "String.upcase(<text>)",
    "(<text> |> String.upcase())",
    '("=" <> <text>)',
    '"#{<text>}!"',
    "String.length(<text>)",
    "byte_size(<text>)",
    "[<text>, <text>]",
    "%{text: <text>}",
    "to_string(<text>)",
    'Enum.join([<text>, "a"], " ")',
)
MADE = (
    "{:chunk, String.upcase(<text>)}",
    "{:chunk, <read>}",
    "{:complete, <text>}",
    "{<tag>, <text>}",
    '{<tag>, "new"}',
    "put_elem(<event>, 1, <read>)",
    "same(<event>)",
    '{:chunk, "made"}',
    "{@chunk, <text>}",
    "(<event> |> Tuple.to_list() |> List.to_tuple())",
    "if(<test>, do: <event>, else: <made>)",
    "§(case <:event> do\n  {:chunk, <+text>} -> {:chunk, <read>}\n  other -> other\nend)",
    "§with({:chunk, <+text>} <- <:event>, do: {:chunk, <read>})",
    "§Map.update!(%{of: <:event>}, :of, fn {kind, <+text>} -> {kind, <read>} end).of",
)
TEXTS = (
    "elem(<event>, 1)",
    "elem(<event>, 1)",
    "elem(<event>, 1)",
    "(<event> |> elem(1))",
    "Kernel.elem(<event>, 1)",
    "elem(hd([<event>]), 1)",
    "then(<event>, &elem(&1, 1))",
    "then(<event>, fn {_, text} -> text end)",
    ":erlang.element(2, <event>)",
    "(fn {_, text} -> text end).(<event>)",
    "(case <event> do {_, text} -> text end)",
    "with({_, text} <- <event>, do: text)",
    "List.last(Tuple.to_list(<event>))",
    "text_of(<event>)",
    "Help.text_of(<event>)",
    "hd(Enum.map([<event>], &elem(&1, 1)))",
    "hd(for({_, text} <- [<event>], do: text))",
    "elem(elem({<event>, 1}, 0), 1)",
    "elem(same(<event>), 1)",
)
TAGS = (
    "elem(<event>, 0)",
    "elem(<event>, 0)",
    "elem(<event>, 0)",
    "(<event> |> elem(0))",
    "hd(Tuple.to_list(<event>))",
    "then(<event>, &elem(&1, 0))",
    "(case <event> do {kind, _} -> kind end)",
    "tag_of(<event>)",
)
# Clauses of a function that is called `NAME`.
CLAUSES = (
    "§NAME(<+event>) do\n  <block>\nend",
    "§NAME(<+event>) do\n  <block>\nend",
    "§NAME({:chunk, <+text>}) do\n  <block>\nend§\nNAME({:complete, <+text>}) do\n  <block>\nend",
    "§NAME({:chunk, <+text>}) do\n  <block>\nend§\nNAME(_) do\n  :ok\nend",
    "§NAME({:chunk, _} = <+event>) do\n  <block>\nend§\nNAME(<+event>) do\n  <block>\nend",
    "§NAME({:complete, <+text>}), do: note(<read>)§\nNAME({_, <+text>}), do: note(<read>)",
    "§NAME({<+tag>, <+text>}) do\n  <block>\nend",
    "§NAME({<+tag>, <+text>} = <+event>) do\n  <block>\nend",
    "§NAME({<+tag>, <+text>}) when <=tag> == :chunk do\n  <block>\nend§\nNAME(_), do: :ok",
    "§NAME({<+tag>, <+text>}) when <=tag> in [:chunk, :complete] do\n  <block>\nend",
    "§NAME(<+event>) when elem(<=event>, 0) == :chunk do\n  <block>\nend§\nNAME(_), do: :ok",
    '§NAME({:chunk, "o" <> <+text>}) do\n  <block>\nend§\nNAME(_) do\n  :ok\nend',
    "§NAME({:chunk, <+text>}) when is_binary(<=text>) do\n  <block>\nend§\nNAME(_) do\n  :ok\nend",
)
FUNCTIONS = (
    "§fn <+event> ->\n  <block>\nend",
    "§fn <+event> ->\n  <block>\nend",
    "§fn\n  {:chunk, <+text>} ->\n    <block>§\n  {:complete, <+text>} ->\n    <block>\nend",
    "§fn\n  {:chunk, <+text>} -> note(<read>)§\n  _ -> :ok\nend",
    "§fn {<+tag>, <+text>} ->\n  <block>\nend",
    "§fn\n  {<+tag>, <+text>} when <=tag> == :chunk -> note(<read>)§\n  _ -> :ok\nend",
    "&note(elem(&1, 1))",
    "&show(&1)",
    "&show/1",
    "&keep/1",
    "&send(self(), &1)",
)
# What is asked of the events that were kept or sent.
AFTERWARDS = (
    "note(for {:chunk, text} <- log(), do: text)",
    "note(for {_, text} <- log(), do: text)",
    "note(Enum.map(log(), &elem(&1, 1)))",
    "note(log() |> Enum.map(fn {_, text} -> text end) |> Enum.join())",
    "note(Enum.filter(log(), &match?({:chunk, _}, &1)))",
    "note(Enum.count(log(), fn {kind, _} -> kind == :chunk end))",
    "note(Enum.find_value(log(), fn {:complete, text} -> text; _ -> nil end))",
    'note(Enum.reduce(log(), "", fn {_, text}, all -> all <> text end))',
    'note(Enum.reduce(log(), "", fn {:chunk, text}, all -> all <> text; _, all -> all end))',
    "note(Enum.group_by(log(), &elem(&1, 0), &elem(&1, 1)))",
    "note(Enum.any?(log(), &(elem(&1, 0) == :complete)))",
    "note(List.keyfind(log(), :complete, 0))",
    "note(Keyword.get_values(log(), :chunk))",
    "note(List.last(log()))",
    "events = log()\nnote(for {_, text} <- events, do: text)",
    "events = log()\nnote(Enum.map(events, &elem(&1, 1)))",
    'note(log() == [chunk: "direct"])',
    'note([{:chunk, "direct"}] == log())',
    "receive do\n  {:chunk, text} -> note(text)\nafter\n  0 -> :ok\nend",
    "receive do\n  {kind, text} when kind == :chunk -> note(text)\nafter\n  0 -> :ok\nend",
    "receive do\n  event -> note(elem(event, 1))\nafter\n  0 -> :ok\nend",
    "receive do\n  {:chunk, text} -> note(text)\n  {:complete, _} -> :ok\nafter\n  0 -> :ok\nend",
)
SENDS = (
    'Desk.Rec.handle_event({:chunk, "direct"})',
    '{:chunk, "piped"} |> Desk.Rec.handle_event()',
    'Enum.each([{:chunk, "a"}, {:complete, "b"}], &Desk.Rec.handle_event/1)',
    'event = {:chunk, "named"}\nDesk.Rec.handle_event(event)',
    'Enum.each([chunk: "a"], &Desk.Rec.handle_event/1)',
    'for text <- ["a"], do: Desk.Rec.handle_event({:chunk, text})',
)
# Functions of a module beside those that take events, each only where it is called.
HELPERS = {
    "show": "clauses",
    "shown": "§def shown(<+event>), do: show(<event>)",
    "many": "§def many(items) do\n  for <+event> <- items do\n    <block>\n  end\nend",
    "maybe": '§def maybe(<+event> \\\\ {:chunk, "none"}) do\n  <block>\nend',
    "pair": "§def pair(<+tag>, <+text>) do\n  if <=tag> == :chunk, do: note(<read>)\nend",
    "words": 'def words(words), do: note(words <> ".")',
    "same": "def same({kind, text}), do: {kind, text}",
    "text_of": "def text_of({_, text}), do: text",
    "tag_of": "def tag_of(event), do: elem(event, 0)",
    "chunk?": "def chunk?({:chunk, _}), do: true\ndef chunk?(_), do: false",
}
NOTES = """\
defmodule Desk.Notes do
  def note(what), do: Process.put(:seen, [what | Process.get(:seen, [])])
  def keep(event), do: Process.put(:log, log() ++ [event])
  def log, do: Process.get(:log, [])
end
"""
MODULE = """\
defmodule Desk.NAME do
  import Desk.Notes
  alias Desk.Help
  @chunk :chunk
  @tags [:chunk, :complete]
  @table %{chunk: 1, complete: 2}
  BODY
end
"""
RUN = """\
def run(ctx) do
  result = Pipeline.AsyncStreaming.invoke!(prompt: ctx.prompt, handler: HANDLER)
  BODY
  {Process.get(:seen), result, length(log())}
end
"""
_HOLE = re.compile(r"(?m)(^ +)?<([+:=]?)(event|tag|text|test|read|made|block)>")
_CALL = re.compile(r"(?<![.\w])(?:&|apply\(Help, :)?(\w+\??)(?=[(/,])")
_OF_HELP = re.compile(r"(?:Help\.|apply\(Help, :)(\w+)")
_CONSTANTS = re.compile(r"(?m)^  (@(?:chunk|tags|table)) .*\n")


@dataclass
class Known:
    """What is in scope, as it is spelled."""

    event: list[str] = field(default_factory=list)
    tag: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)

    def copy(self) -> Known:
        return Known(list(self.event), list(self.tag), list(self.text))


class Writer:
    """Writes programs, by what `pick` takes of several."""

    def __init__(self, pick: Pick) -> None:
        self._pick = pick
        self._names = 0

    def program(self) -> Files:
        """The files of one program."""
        recorder = ""
        handler = self._pick(("Desk.Rec", "&Desk.Rec.handle_event/1", "a function"))
        if handler == "a function":
            handler = self._filled(self._pick(FUNCTIONS), Known(), 2)
            sends = ""
        else:
            clauses = self._filled(self._pick(CLAUSES), Known(), 2)
            recorder = clauses.replace("NAME", "def handle_event")
            sends = self._pick(("", *SENDS))
        asked = self._pick(("", *AFTERWARDS)) if re.search(r"keep|send", recorder + handler) else ""
        body = indent("\n".join(filter(None, (sends, asked))), "  ")
        run = RUN.replace("HANDLER", indent(handler, "  ").strip()).replace("  BODY", body)
        parts = [NOTES]
        if _OF_HELP.search(recorder + run):
            calls = "".join(f"{name}()" for name in _OF_HELP.findall(recorder + run))
            parts.append(self._module("Help", "", calls))
        if recorder:
            behaviour = "@behaviour Pipeline.AsyncStreaming.Handler\n"
            parts.append(self._module("Rec", behaviour + recorder, recorder))
        parts.append(self._module("Main", run, run))
        if self._pick(("one file", "one file", "several")) == "one file":
            parts = ["\n".join(parts)]
        return {f"{place}.exs": text.encode() for place, text in enumerate(parts)}

    def _module(self, name: str, body: str, calls: str) -> str:
        """A module with the functions that it calls of its own."""
        own: dict[str, str] = {}
        waiting = [calls]
        while waiting:
            for called in _CALL.findall(waiting.pop()):
                if called in HELPERS and called not in own:
                    code = HELPERS[called]
                    code = self._pick(CLAUSES) if code == "clauses" else code
                    own[called] = self._filled(code, Known(), 1).replace("NAME", f"def {called}")
                    waiting.append(own[called])
        body = indent("\n".join((body, *own.values())), "  ").strip()
        text = MODULE.replace("NAME", name).replace("BODY", body)
        used = text.replace("  alias Desk.Help\n", "")
        text = text if "Help." in used or "(Help" in used else used
        return _CONSTANTS.sub(lambda one: one[0] if text.count(one[1]) > 1 else "", text)

    def _block(self, known: Known, depth: int) -> str:
        """A few statements, with `depth` more levels in them."""
        known = known.copy()
        fitting = [one for one in STATEMENTS if depth or "<block>" not in one]
        if depth < 1:  # helpers call no further ones, or they might call themselves
            fitting = [one for one in fitting if not _calls_on(one)]
        count = self._pick(("1", "1", "1", "2"))
        return "\n".join(self._filled(self._pick(fitting), known, depth) for _ in range(int(count)))

    def _filled(self, code: str, known: Known, depth: int) -> str:
        is_scoped = code.startswith("§")
        outer = known.copy() if is_scoped else known
        bound: list[tuple[str, str]] = []

        def fill(found: re.Match[str]) -> str:
            margin, sign, what = found[1] or "", found[2], found[3]
            if what == "block":
                return indent(self._block(known, depth - 1), margin)
            if sign == "+":
                self._names += 1
                bound.append((what, f"{what}{self._names}"))
                if is_scoped:
                    getattr(known, what).append(bound[-1][1])
                return margin + bound[-1][1]
            if sign == "=":
                return margin + next(name for kind, name in reversed(bound) if kind == what)
            return margin + self._spelled(what, outer if sign == ":" else known, depth)

        written = ""
        for part in code.removeprefix("§").split("§"):
            if is_scoped:
                known = outer.copy()
            written += _HOLE.sub(fill, part)
        for what, name in () if is_scoped else bound:
            getattr(known, what).append(name)
        return written

    def _spelled(self, what: str, known: Known, depth: int) -> str:
        forms = {"test": TESTS, "read": READS, "made": MADE, "text": TEXTS, "tag": TAGS}
        named = getattr(known, what, [])
        if what == "event" and not named:
            return self._filled(
                "{:chunk, <text>}" if known.text else '{:chunk, "none"}', known, depth
            )
        if what == "event" or (named and self._pick(("name", "name", "form")) == "name"):
            return self._pick(named)
        return self._filled(self._pick(forms[what]), known, depth)


def _calls_on(code: str) -> bool:
    return any(name in ("show", "shown", "many", "maybe", "pair") for name in _CALL.findall(code))


@st.composite
def programs(draw: st.DrawFn) -> Files:
    return Writer(lambda options: draw(st.sampled_from(options))).program()


@pytest.mark.parametrize("level", [Applicability.SAFE, Applicability.REVIEW])
def test_the_outcome_is_the_same_or_work_is_left(level: Applicability, tmp_path: Path) -> None:
    beam.require_elixir()
    done: list[tuple[Files, Files]] = []

    @given(programs())
    @settings(max_examples=settings.default.max_examples // 4)
    def every(files: Files) -> None:
        plan = planned(files, level)
        assert not plan.skipped
        after = files | {one.path: one.after for one in plan.changes}
        left = audited(after).findings
        if not plan.unseen and not any(one.finding.severity is Severity.ERROR for one in left):
            done.append((files, after))

    every()
    before = outcomes([one for one, _ in done], tmp_path / "legacy", legacy=True)
    after = outcomes([one for _, one in done], tmp_path / "current", legacy=False)
    for (files, changed), old, new in zip(done, before, after, strict=True):
        # What no program would do, which ends with an error on the legacy library, says nothing.
        if old.startswith("= "):
            assert new == old, "\n".join(
                one.decode() for one in (*files.values(), *changed.values())
            )
