"""Measure us and others on one corpus: `python benchmarks/peers.py CORPUS`, on Linux.

`benchmarks/corpus.py` makes the corpus. The others are ripgrep, which finds the words, ruff with
its rule for banned names, and ast-grep with a rule for the names in each language:
`python -m pip install ast-grep-cli ruff`, and ripgrep from the system. All run in turn, round after
round, so that what else the machine does meets all alike. Each counts with all that it starts:
processor seconds, seconds, and the largest process in MiB.

`docs/speed.md` has the table that it prints.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

WORDS = ("async_streaming", "AsyncStreaming", "async_stream", "async_handler", "stream_handler")
NAMES = "^(async_streaming|async_stream|async_handler|stream_handler)$"
RULES = "\n---\n".join(
    f"id: {language}\nlanguage: {language}\nmessage: old\nrule: {{kind: {kind}, regex: '{regex}'}}"
    for language, kind, regex in (
        ("python", "identifier", NAMES),
        ("elixir", "alias", "AsyncStreaming"),
        ("yaml", "plain_scalar", f"{NAMES}|AsyncStreaming"),
    )
)
BANNED = 'lint.flake8-tidy-imports.banned-api."pipeline.async_streaming".msg = "moved"'
_BECOME_PARENT_OF_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER
_MEASURE = "--measure"


class Cost(NamedTuple):
    """What one run took: seconds of processors and on the clock, MiB of its largest process."""

    cpu: float
    wall: float
    memory: float


class Tool(NamedTuple):
    """A command that is measured, and the one that tells its version."""

    name: str
    command: list[str]
    version: list[str]


def tools() -> list[Tool]:
    """Us first: the others are told in ratios to it."""
    scripts = Path(sys.executable).parent
    us, ruff, grep = (str(scripts / name) for name in ("migrate", "ruff", "ast-grep"))
    words = [part for word in WORDS for part in ("-e", word)]
    banned = ["check", "--isolated", "--no-cache", "--select", "TID251", "--config", BANNED]
    found = [
        Tool("migrate audit, cold", [us, "audit", "--no-cache", "."], [us, "--version"]),
        Tool("migrate audit, nothing changed", [us, "audit", "."], [us, "--version"]),
        Tool("ripgrep, the words", ["rg", "--count", *words, "."], ["rg", "--version"]),
        Tool("ruff, Python alone", [ruff, *banned, "."], [ruff, "--version"]),
        Tool("ast-grep", [grep, "scan", "--inline-rules", RULES, "."], [grep, "--version"]),
    ]
    missing = [tool.name for tool in found if shutil.which(tool.command[0]) is None]
    if missing:
        raise SystemExit(f"not installed: {', '.join(missing)}")
    return found


def measure(command: list[str]) -> Cost:
    """Run `command` in the current folder, and wait for all that it starts."""
    ctypes.CDLL(None).prctl(_BECOME_PARENT_OF_ORPHANS, 1, 0, 0, 0)
    begun = time.perf_counter()
    subprocess.run(command, capture_output=True, check=False)
    wall = time.perf_counter() - begun
    while True:
        try:
            os.wait()
        except ChildProcessError:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def measured(command: list[str], folder: Path) -> Cost:
    """The cost of one run in `folder`, in a process of its own: what is waited for adds up."""
    own = [sys.executable, str(Path(__file__).resolve()), _MEASURE, *command]
    done = subprocess.run(own, cwd=folder, capture_output=True, text=True, check=True)
    return Cost(*json.loads(done.stdout))


def table(corpus: Path, rounds: int) -> list[str]:
    """A row for each tool: medians, and the median of the ratios to our first within a round."""
    found = tools()
    costs: dict[str, list[Cost]] = {tool.name: [] for tool in found}
    with tempfile.TemporaryDirectory() as state:
        os.environ["MIGRATE_STATE_DIR"] = str(Path(state) / "state")
        measured(found[1].command, corpus)  # fills the cache
        for _ in range(rounds):
            for tool in found:
                costs[tool.name].append(measured(tool.command, corpus))
    first = costs[found[0].name]
    rows = ["| | version | cpu s | wall s | MiB | cpu, to the first |", "|---|---|---|---|---|---|"]
    for tool in found:
        own = costs[tool.name]
        ratio = median(one.cpu / ours.cpu for one, ours in zip(own, first, strict=True))
        said = subprocess.run(tool.version, capture_output=True, text=True, check=True).stdout
        version = next(word for word in said.split() if word[0].isdigit())
        cpu, wall, memory = (median(one[at] for one in own) for at in range(3))
        rows.append(
            f"| {tool.name} | {version} | {cpu:.2f} | {wall:.2f} | {memory:.0f} | {ratio:.2f} |"
        )
    return rows


def main() -> int:
    """Print the table and what it was measured on."""
    if sys.argv[1:2] == [_MEASURE]:
        print(json.dumps(measure(sys.argv[2:])))
        return 0
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    print("\n".join(table(arguments.corpus, arguments.rounds)))
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"\nPython {platform.python_version()}, {os.cpu_count()} processors, load {load}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
