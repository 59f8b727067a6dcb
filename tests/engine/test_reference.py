"""The reference is what the types and the rules say."""

from __future__ import annotations

from migrator.engine.reference import pages


def test_every_key_is_told_of() -> None:
    rows = [line for line in pages()["files.md"].splitlines() if line.startswith("| `")]
    assert len(rows) > 40
    assert all(row.split(" | ")[-1].strip(" |") for row in rows)


def test_every_rule_has_its_page() -> None:
    text = pages()["rules.md"]
    assert "\n### step-keys\n" in text
    assert "\n### logger-warn\n" in text
    assert "It runs if it is asked for: `--pack upgrades`." in text
    assert "Logger.warn -> Logger.warning" in text
