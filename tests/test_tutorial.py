"""The tutorial, done: the files it has its reader write, the commands, and what they print."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAGE = (Path(__file__).parent.parent / "docs" / "tutorial.md").read_text("utf-8")
# A file by its path at the end of a line, or a console.
STEPS = re.findall(
    r"`([\w./-]+/[\w.-]+)`:\n\n```(?:yaml|python)\n(.*?)```|```console\n(.*?)```", PAGE, re.DOTALL
)


def printed(command: str, folder: Path) -> list[str]:
    """The command, and what it prints to both streams, blanks at line ends aside."""
    run = subprocess.run(
        [sys.executable, "-m", "migrator", *command.split()[1:]],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return [f"$ {command}", *map(str.rstrip, (run.stdout + run.stderr).splitlines())]


def test_every_step(tmp_path: Path) -> None:
    assert PAGE.count("```") == 2 * len(STEPS)
    for path, text, console in STEPS:
        if path:
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, "utf-8")
            continue
        commands = re.findall(r"^\$ (.*)$", console, re.MULTILINE)
        shown = [line for command in commands for line in printed(command, tmp_path)]
        assert console.splitlines() == shown


def test_the_rule_and_its_cases_are_short() -> None:
    texts = [text for path, text, _ in STEPS if path.startswith("acme/") and "send" in path]
    assert sum(text.count("\n") for text in texts) < 20
