"""Which project a folder belongs to, told by what lies at the top of one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# What the top folder of a project has; a repository may hold several projects.
_REPOSITORY = (".git",)
_PROJECT = ("pyproject.toml", "setup.py", "mix.exs")


def project_of(folder: Path) -> Path | None:
    """The closest folder at or above `folder`, a real path, with `.git`.

    Where there is none, the closest that looks like a project; `None` if there is none either.
    """
    for marks in (_REPOSITORY, _PROJECT):
        for candidate in (folder, *folder.parents):
            if _has_any(candidate, marks):
                return candidate
    return None


def root_above(path: Path) -> Path | None:
    """The closest folder above `path`, which is absolute, that is the top of a project.

    `None` if `path` is one itself, or lies in none.
    """
    if is_project(path):
        return None
    return next((folder for folder in path.parents if is_project(folder)), None)


def is_project(folder: Path) -> bool:
    """Whether `folder` is the top of a project or a repository, as far as may be seen."""
    return _has_any(folder, (*_REPOSITORY, *_PROJECT))


def _has_any(folder: Path, names: Sequence[str]) -> bool:
    return any(os.path.lexists(folder / name) for name in names)
