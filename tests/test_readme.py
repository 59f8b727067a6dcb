"""The README's example, run: the files it shows, the commands, and what they print."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
FILES = re.findall(r"`([\w.]+)`\n\n```(?:python|yaml)\n(.*?)```", README, re.DOTALL)
CONSOLES = re.findall(r"```console\n(.*?)```", README, re.DOTALL)


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


def test_the_example(tmp_path: Path) -> None:
    assert [name for name, _ in FILES] == ["report.py", "workflow.yaml"]
    for name, text in FILES:
        (tmp_path / name).write_text(text, "utf-8")
    assert len(CONSOLES) == 4
    for console in CONSOLES:
        commands = re.findall(r"^\$ (.*)$", console, re.MULTILINE)
        shown = [line for command in commands for line in printed(command, tmp_path)]
        assert console.splitlines() == shown


def test_the_configuration_it_shows_is_valid(tmp_path: Path) -> None:
    (table,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "pyproject.toml").write_text(table, "utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "migrator", "audit", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
