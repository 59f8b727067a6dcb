"""Completion, by click's own protocol for each shell, and by the shells that are there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
# Asks the function that a shell was told of for what comes last, and prints it.
ASKS = {
    "bash": (
        'eval "$(_MIGRATE_COMPLETE=bash_source migrate)"; COMP_WORDS=({words}); '
        "COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _migrate_completion migrate; "
        'printf "%s\\n" "${{COMPREPLY[@]}}"'
    ),
    "fish": "_MIGRATE_COMPLETE=fish_source migrate | source; complete --do-complete '{words}'",
    # The builtins of its completion work on a terminal alone; these print what they are given.
    "zsh": (
        "compdef() {{ :; }}; compadd() {{ print -l -- ${{(P)@[-1]}}; }}; "
        'eval "$(_MIGRATE_COMPLETE=zsh_source migrate)"; words=({words}); CURRENT=$#words; '
        "_migrate_completion"
    ),
}


def offered(shell: str, words: str) -> list[str]:
    """What `shell`'s own protocol brings for the last of `words`."""
    given = words.split(" ")
    position = str(len(given) - 1)
    environment = {
        **os.environ,
        "_MIGRATE_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": given[-1] if shell == "fish" else position,
    }
    run = subprocess.run(
        [BIN / "migrate"], env=environment, capture_output=True, text=True, check=False
    )
    assert run.stderr == ""
    if shell == "bash":
        return [line.partition(",")[2] for line in run.stdout.split()]
    if shell == "fish":
        return [line.partition(",")[2].partition("\t")[0] for line in run.stdout.splitlines()]
    return run.stdout.splitlines()[1::3]


@pytest.mark.parametrize(
    ("words", "some"),
    [
        ("migrate a", ["audit", "apply"]),
        ("migrate baseline ", ["check", "prune", "write"]),
        ("migrate apply --inter", ["--interactive"]),
        ("migrate audit --select step-", ["step-keys", "step-must-stream"]),
        ("migrate audit --select step-keys,step-", ["step-keys,step-must-stream"]),
        ("migrate gate --pack upgrades --ignore base", ["base64-strings"]),
        ("migrate gate --pack nowhere --ignore base", []),
        ("migrate rules show unused", ["unused-suppression"]),
        ("migrate rules test u", ["upgrades"]),
        ("migrate audit --pack a", ["async-streaming"]),
        ("migrate audit --format ju", ["junit"]),
    ],
)
def test_names(words: str, some: list[str]) -> None:
    assert offered("bash", words) == some


@pytest.mark.parametrize(("words", "kind"), [("audit a", "file"), ("audit --pack ./a", "dir")])
def test_files_are_the_shells_to_offer(words: str, kind: str) -> None:
    environment = {
        **os.environ,
        "_MIGRATE_COMPLETE": "bash_complete",
        "COMP_WORDS": f"migrate {words}",
        "COMP_CWORD": str(len(words.split(" "))),
    }
    run = subprocess.run([BIN / "migrate"], env=environment, capture_output=True, check=True)
    assert run.stdout.decode().startswith(f"{kind},")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell(shell: str) -> None:
    assert offered(shell, "migrate audit --select step-") == ["step-keys", "step-must-stream"]
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")
    run = subprocess.run(
        [shell, "-c", ASKS[shell].format(words="migrate audit --select step-")],
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""
    assert run.stdout.split() == ["step-keys", "step-must-stream"]


def test_the_page_says_how() -> None:
    page = (Path(__file__).parents[2] / "docs" / "daily-work.md").read_text("utf-8")
    for asks in ASKS.values():
        (told,) = re.findall(r"eval [^;]*|_MIGRATE[^;]*source(?=;)", asks)
        assert f"`{told.replace('|', chr(92) + '|')}`" in page
