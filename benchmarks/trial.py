"""Try the tool on other people's trees: `python benchmarks/trial.py FOLDER...`.

For each folder: audit it as it is, where nothing may be reported that is not legacy and nothing may
change; then plant legacy code in a copy, behind the end of every n-th file, and ask that all of it
is found, that apply moves it, and that every other byte stays. Prints a line a step.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

PYTHON = """

from pipeline.async_streaming import Handler as PlantedHandler, invoke as planted_invoke


class Planted(PlantedHandler):
    def handle_event(self, event):
        match event:
            case ("chunk", text):
                self.text = text  # planted


def planted(ctx):
    return planted_invoke(ctx.prompt, handler=Planted())
"""
PYTHON_AFTER = """

from pipeline.streaming import Handler as PlantedHandler
from pipeline.llm import invoke as planted_invoke


class Planted(PlantedHandler):
    def handle_event(self, event):
        match event:
            case ("delta", {"content": text}):
                self.text = text  # planted


def planted(ctx):
    return planted_invoke(ctx, prompt=ctx.prompt, stream=True, on_event=Planted().handle_event)
"""
YAML = """
---
steps:
  - type: llm   # planted
    async_stream: true
    async_handler: Pipeline.AsyncStreaming.ConsoleHandler
"""
YAML_AFTER = """
---
steps:
  - type: llm   # planted
    stream: true
    stream_handler: Pipeline.Streaming.ConsoleHandler
"""
ELIXIR = """

defmodule Planted do
  alias Pipeline.AsyncStreaming
  @behaviour AsyncStreaming.Handler

  @impl true
  def handle_event({:chunk, text}), do: IO.write(text) # planted

  def run(ctx), do: AsyncStreaming.invoke!(prompt: ctx.prompt, handler: &handle_event/1)
end
"""
ELIXIR_AFTER = """

defmodule Planted do
  alias Pipeline.Streaming
  @behaviour Streaming.Handler

  @impl true
  def handle_event({:delta, %{content: text}}), do: IO.write(text) # planted

  def run(ctx), do: Pipeline.LLM.invoke!(ctx, prompt: ctx.prompt, stream: true, on_event: &handle_event/1)
end
"""  # noqa: E501
EXPECTED = {
    ".ex": Counter(
        {"legacy-namespace": 1, "legacy-handler": 1, "event-shape": 1, "legacy-call": 1}
    ),
    ".py": Counter({"legacy-handler": 1, "legacy-call": 2, "event-shape": 1}),
    ".yaml": Counter({"step-keys": 2, "legacy-namespace": 1}),
}
EXPECTED[".exs"] = EXPECTED[".ex"]
EXPECTED[".yml"] = EXPECTED[".yaml"]
AFTER = {
    ".ex": (ELIXIR, ELIXIR_AFTER),
    ".exs": (ELIXIR, ELIXIR_AFTER),
    ".py": (PYTHON, PYTHON_AFTER),
    ".yaml": (YAML, YAML_AFTER),
    ".yml": (YAML, YAML_AFTER),
}


def main() -> int:
    """Run the trial on every folder given; 1 if any of them fails."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=25, help="plant in every n-th file")
    arguments = parser.parse_args()
    return max([trial(folder, arguments.every) for folder in arguments.folders])


def trial(folder: Path, every: int) -> int:
    """Audit `folder`, then a copy with legacy code planted; 1 if anything is not as it should."""
    seconds, before = audit(folder)
    report(folder, "as it is", seconds, before)
    failed = [f"reported: {one['path']}:{one['line']} {one['rule']}" for one in before["findings"]]
    failed += [f"not analysed: {one['path']}: {one['reason']}" for one in before["not_analysed"]]
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(shutil.copytree(folder, Path(scratch) / folder.name, symlinks=True))
        planted = plant(copy, every)
        seconds, found = audit(copy)
        report(folder, f"planted in {len(planted)}", seconds, found)
        failed += missing(copy, planted, found)
        migrate("apply", ".", cwd=copy)
        failed += changed(copy, folder, planted)
    for line in failed:
        print(f"  {line}")
    return 1 if failed else 0


def plant(copy: Path, every: int) -> list[Path]:
    """Append legacy code to every n-th file that is read today and is still read with it."""
    planted = []
    for suffix, (text, _) in AFTER.items():
        files = sorted(
            path for path in copy.rglob(f"*{suffix}") if path.is_file() and not path.is_symlink()
        )
        for path in files[::every]:
            data = path.read_bytes()
            line_end = b"\r\n" if b"\r\n" in data else b"\n"
            path.write_bytes(data + text.encode().replace(b"\n", line_end))
            planted.append(path)
    return planted


def missing(copy: Path, planted: list[Path], found: dict[str, Any]) -> list[str]:
    """Planted files whose findings are not those expected, unless named as not analysed."""
    by_path: dict[str, Counter[str]] = {}
    for one in found["findings"]:
        by_path.setdefault(one["path"], Counter())[one["rule"]] += 1
    refused = {one["path"]: one["reason"] for one in found["not_analysed"]}
    problems = []
    for path in planted:
        name = path.relative_to(copy).as_posix()
        if name in refused:
            print(f"  refused: {name}: {refused[name]}")
        elif by_path.get(name) != EXPECTED[path.suffix]:
            problems.append(f"missing: {name}: {dict(by_path.get(name, {}))}")
    return problems


def changed(copy: Path, folder: Path, planted: list[Path]) -> list[str]:
    """Files whose bytes after apply are not the old ones with the planted part moved."""
    problems = []
    marked = set(planted)
    for path in copy.rglob("*"):
        if not path.is_file() or path.is_symlink():
            continue
        original = (folder / path.relative_to(copy)).read_bytes()
        now = path.read_bytes()
        allowed = [original]
        if path in marked:
            line_end = b"\r\n" if b"\r\n" in original else b"\n"
            allowed = [
                original + part.encode().replace(b"\n", line_end) for part in AFTER[path.suffix]
            ]
        if now not in allowed:
            problems.append(f"changed: {path.relative_to(copy)}")
    return problems


def audit(folder: Path) -> tuple[float, dict[str, Any]]:
    """Seconds, and the JSON report of `folder`."""
    start = time.perf_counter()
    run = migrate("audit", ".", "--format", "json", cwd=folder)
    seconds = time.perf_counter() - start
    if run.returncode not in (0, 1):
        raise SystemExit(f"{folder}: exit {run.returncode}: {run.stderr}")
    result: dict[str, Any] = json.loads(run.stdout)
    return seconds, result


def migrate(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the tool in `cwd`."""
    return subprocess.run(
        [sys.executable, "-m", "migrator", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def report(folder: Path, what: str, seconds: float, found: dict[str, Any]) -> None:
    """Print a line for one audit."""
    summary = found["summary"]
    print(
        f"{folder.name}, {what}: {summary['files']} files, {summary['parsed']} parsed, "
        f"{seconds:.1f} s, findings {summary['findings']}, "
        f"{len(found['not_analysed'])} not analysed",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
