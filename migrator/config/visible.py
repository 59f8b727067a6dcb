"""What lies at a path as far as may be seen: nothing where a folder on the way may not be searched.

The questions of `pathlib` raise there, before Python 3.14.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def is_file(path: Path | str) -> bool:
    """Whether a file, or a link to one, lies there."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: Path | str) -> bool:
    """Whether a folder, or a link to one, lies there."""
    return os.path.isdir(path)  # noqa: PTH112
