"""The page on daily work, run: its project, its commands, and what they print."""

from __future__ import annotations

from pathlib import Path

from pages import blocks, check, follow, section, write

PAGE = "daily-work.md"
LEGACY = "steps:\n  - type: llm\n    async_stream: true\n"


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
