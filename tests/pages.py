"""Pages of the documentation, run: the files they show, their commands, and what these print."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
# Commits are made by somebody, and by no configuration of whoever runs the tests.
_GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "x",
    "GIT_AUTHOR_EMAIL": "x",
    "GIT_COMMITTER_NAME": "x",
    "GIT_COMMITTER_EMAIL": "x",
}


def section(page: str, title: str) -> str:
    """The text below a heading of a page."""
    text = (DOCS / page).read_text("utf-8")
    (found,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    return str(found)


def blocks(text: str, kind: str) -> list[str]:
    """What stands in the fences of a kind."""
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


def write(folder: Path, **files: str) -> None:
    """Files by their paths below `folder`."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def check(folder: Path, console: str) -> None:
    """Run the commands of `console`; they must print what it shows, blanks at line ends aside."""
    shown = []
    for command in re.findall(r"^\$ (.*)$", console, re.MULTILINE):
        shown += [f"$ {command}", *_printed(command, folder)]
    assert console.splitlines() == shown


def follow(folder: Path, text: str) -> None:
    """Do what `text` shows, in order: write the file that a fence is named by, run consoles."""
    steps = r"`([\w./-]+)`\n\n```(?:python|yaml)\n(.*?)```|```console\n(.*?)```"
    for name, file, console in re.findall(steps, text, re.DOTALL):
        if name:
            write(folder, **{name: file})
        else:
            check(folder, console)


def _printed(command: str, folder: Path) -> list[str]:
    ours = f"{shlex.quote(sys.executable)} -m migrator "
    run = subprocess.run(
        ["sh", "-c", re.sub(r"(^|\| )migrate ", lambda found: f"{found[1]}{ours}", command)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **_GIT},
    )
    return [line.rstrip() for line in (run.stdout + run.stderr).splitlines()]
