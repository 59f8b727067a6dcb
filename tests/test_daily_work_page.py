"""The page on daily work, run: its project, its commands, and what they print."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from pages import DOCS, blocks, check, follow, section, write
from terminal import converse

PAGE = "daily-work.md"
LEGACY = "steps:\n  - type: llm\n    async_stream: true\n"


def test_the_week(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    page = (DOCS / PAGE).read_text("utf-8")
    follow(tmp_path, page.partition("## One by one")[0])
    one_by_one = section(PAGE, "One by one")
    (dialogue,) = blocks(one_by_one, "text")
    command, _, shown = dialogue.partition("\n")
    answers = re.findall(r",\?\] (.)$", shown, re.MULTILINE)
    said = converse(tmp_path, command.split()[2:], answers, {})
    terminal = "\n".join(line.rstrip() for line in said.terminal.splitlines())
    assert terminal == shown.rstrip("\n")
    for title in ("One by one", "What is to stay", "Only what changed"):
        follow(tmp_path, section(PAGE, title))


def test_configuration(tmp_path: Path) -> None:
    text = section(PAGE, "Configuration")
    (table,) = blocks(text, "toml")
    files = {
        "pyproject.toml": table,
        "billing/migrator.toml": 'extend-exclude = ["generated/"]\n',
        "wrong/migrator.toml": 'exclude = ["a/"]\n',
    }
    sources = ("workflow", "tests/fixtures/old", "billing/steps", "billing/generated/all")
    write(tmp_path, **files, **{f"{name}.yaml": LEGACY for name in sources})
    settings, wrong = blocks(text, "console")
    check(tmp_path, wrong)
    (tmp_path / "wrong" / "migrator.toml").unlink()
    check(tmp_path, settings)


def test_in_an_editor(tmp_path: Path) -> None:
    follow(tmp_path, section(PAGE, "In an editor"))
    assert not list(tmp_path.iterdir())
