"""The README's example, run: the files it shows, the commands, and what they print."""

from __future__ import annotations

import re
from pathlib import Path

from command import migrate
from pages import check, write

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
FILES = re.findall(r"`([\w.]+)`\n\n```(?:python|yaml)\n(.*?)```", README, re.DOTALL)
CONSOLES = re.findall(r"```console\n(.*?)```", README, re.DOTALL)


def test_the_example(tmp_path: Path) -> None:
    assert [name for name, _ in FILES] == ["report.py", "workflow.yaml"]
    write(tmp_path, **dict(FILES))
    assert len(CONSOLES) == 4
    for console in CONSOLES:
        check(tmp_path, console)


def test_the_configuration_it_shows_is_valid(tmp_path: Path) -> None:
    (table,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    (tmp_path / "pyproject.toml").write_text(table, "utf-8")
    run = migrate(tmp_path, "audit", ".")
    assert (run.returncode, run.stderr) == (0, "")
