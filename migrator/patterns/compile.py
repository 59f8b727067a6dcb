"""From rule files to rules: each is checked, then compiled to the `Rule` that code makes too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from migrator.model import Rule


def compiled(files: Iterable[tuple[str, Path]], language: str, pack: str) -> list[Rule]:
    """The rules in `files`, each an id and a path; raises `MigrateError` with line and key."""
    return []
