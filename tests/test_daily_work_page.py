"""The page on daily work, run: its project, its commands, and what they print."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

PAGE = (Path(__file__).parent.parent / "docs" / "daily-work.md").read_text("utf-8")
LEGACY = "steps:\n  - type: llm\n    async_stream: true\n"


def section(title: str) -> str:
    """The text below a heading of the page."""
    (found,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    return str(found)


def blocks(title: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", section(title), re.DOTALL)


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def check(folder: Path, console: str) -> None:
    """Run the commands of `console`; they must print what it shows, blanks at line ends aside."""
    shown = []
    for command in re.findall(r"^\$ (.*)$", console, re.MULTILINE):
        shown += [f"$ {command}", *printed(command, folder)]
    assert console.splitlines() == shown


def printed(command: str, folder: Path) -> list[str]:
    ours = f"{shlex.quote(sys.executable)} -m migrator"
    run = subprocess.run(
        ["sh", "-c", re.sub(r"\bmigrate(?= )", ours, command)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull},
    )
    return [line.rstrip() for line in (run.stdout + run.stderr).splitlines()]


def test_configuration(tmp_path: Path) -> None:
    (table,) = blocks("Configuration", "toml")
    files = {
        "pyproject.toml": table,
        "billing/migrator.toml": 'extend-exclude = ["generated/"]\n',
        "wrong/migrator.toml": 'exclude = ["a/"]\n',
    }
    sources = ("workflow", "tests/fixtures/old", "billing/steps", "billing/generated/all")
    write(tmp_path, **files, **{f"{name}.yaml": LEGACY for name in sources})
    settings, wrong = blocks("Configuration", "console")
    check(tmp_path, wrong)
    (tmp_path / "wrong" / "migrator.toml").unlink()
    check(tmp_path, settings)
