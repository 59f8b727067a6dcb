"""In Elixir too the work grows as the file does: counted in calls, not in the machine's time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest
from in_process import audited

LEGACY = "Pipeline.AsyncStreaming"


def repeated(lines: str, head: str = "", foot: str = "") -> Callable[[int], str]:
    """Makes a module with `lines` over and over, each time with another number for `N`."""

    def made(count: int) -> str:
        body = "".join(lines.replace("N", str(at)) for at in range(count))
        return f"defmodule Big do\n{head}{body}{foot}end\n"

    return made


SHAPES = {
    "imported calls among functions": repeated(
        "def rN(ctx), do: invoke!(prompt: ctx.prompt, handler: AppN)\ndef fN(x), do: x\n",
        f"import {LEGACY}\n",
    ),
    "imports in functions": repeated(
        f"def rN(ctx) do\nimport {LEGACY}\ninvoke!(prompt: ctx.prompt, handler: AppN)\nend\n"
    ),
    "calls in one function": repeated(
        f'{LEGACY}.invoke!(prompt: "N", handler: AppN)\n', "def run(ctx) do\n", "end\n"
    ),
    "variables as handlers": repeated(
        f"hN = fn e -> e end\n{LEGACY}.invoke!(prompt: ctx.prompt, handler: hN)\n",
        "def run(ctx) do\n",
        "end\n",
    ),
    "one variable as handler": repeated(
        f"ctxN = {LEGACY}.invoke!(prompt: ctx.prompt, handler: h)\n",
        "def run(ctx, h) do\n",
        "end\n",
    ),
    "clauses of `{kind, data}`": repeated(
        "def handle_event({kind, [xN]}), do: xN\n", f"@behaviour {LEGACY}.Handler\n"
    ),
    "clauses of a case": repeated(
        "{:chunk, _xN} -> N\n",
        f"@behaviour {LEGACY}.Handler\ndef handle_event(event) do\ncase event do\n",
        "end\nend\n",
    ),
    "kinds asked for": repeated(
        f"{LEGACY}.invoke!(prompt: ctx.prompt, handler: fn {{kind, _}} -> kind == :chunk end)\n",
        "def run(ctx) do\n",
        "end\n",
    ),
    "tags by name": repeated(
        f"{LEGACY}.Quiet.handle_event({{kind, N}})\nsend(self(), :chunk)\n",
        "def run(kind) do\n",
        "end\n",
    ),
    "tags of recorded events": repeated(
        "list = [{:chunk, N} | list]\nassert Enum.map(list, &elem(&1, 0)) == [:chunk]\n",
        f"alias {LEGACY}.Quiet\ndef run(list) do\n",
        "end\n",
    ),
    "look-ups of keys": repeated(
        "step[:async_stream]\nMap.get(step, :async_handler)\n", "def run(step) do\n", "end\n"
    ),
}


def counted(text: str) -> int:
    """How many functions are called to audit the file."""
    found = 0

    def seen(frame: Any, event: str, value: Any) -> None:
        nonlocal found
        found += event == "call"

    sys.setprofile(seen)
    try:
        report = audited({"a.ex": text.encode()})
    finally:
        sys.setprofile(None)
    assert report.findings
    assert not report.not_analysed
    return found


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_file_is_about_twice_the_work(shape: str) -> None:
    make = SHAPES[shape]
    counted(make(4))  # what is imported and kept at the first time is no work of the file
    few, many = counted(make(40)), counted(make(80))
    assert many < 2.2 * few


def test_no_call_looks_at_what_others_name() -> None:
    """Loops count here, that call nothing."""
    make = SHAPES["calls in one function"]
    few, many = lines_run(make(40), "_calls.py"), lines_run(make(80), "_calls.py")
    assert 0 < many < 2.1 * few


def lines_run(text: str, module: str) -> int:
    """How many lines of the module are run to audit the file."""
    found = 0

    def seen(frame: Any, event: str, _value: Any) -> Any:
        nonlocal found
        if not frame.f_code.co_filename.endswith(module):
            return None
        found += event == "line"
        return seen

    sys.settrace(seen)
    try:
        audited({"a.ex": text.encode()})
    finally:
        sys.settrace(None)
    return found
