"""The tutorial, done: the files it has its reader write, the commands, and what they print."""

from __future__ import annotations

import re
from pathlib import Path

from pages import DOCS, check, write

PAGE = (DOCS / "tutorial.md").read_text("utf-8")
# A file by its path at the end of a line, or a console.
STEPS = re.findall(
    r"`([\w./-]+/[\w.-]+)`:\n\n```(?:yaml|python)\n(.*?)```|```console\n(.*?)```", PAGE, re.DOTALL
)


def test_every_step(tmp_path: Path) -> None:
    assert PAGE.count("```") == 2 * len(STEPS)
    for path, text, console in STEPS:
        if path:
            write(tmp_path, **{path: text})
        else:
            check(tmp_path, console)


def test_the_rule_and_its_cases_are_short() -> None:
    texts = [text for path, text, _ in STEPS if path.startswith("acme/") and "send" in path]
    assert sum(text.count("\n") for text in texts) < 20
