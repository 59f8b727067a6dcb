"""Which project a folder belongs to, told by what lies at the top of one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: What the top folder of a project has; a repository may hold several projects.
_REPOSITORY = ".git"
_PROJECT = ("pyproject.toml", "setup.py", "mix.exs")


def project_of(folder: Path) -> Path | None:
    """The closest folder at or above `folder`, a real path, with `.git`.

    Where there is none, the closest that looks like a project; `None` if there is none either.
    """
    for marks in ((_REPOSITORY,), _PROJECT):
        for candidate in (folder, *folder.parents):
            if any(os.path.lexists(candidate / mark) for mark in marks):
                return candidate
    return None
