"""Which configuration a file has: the closest one at or above it."""

from __future__ import annotations

import os
from pathlib import Path

from migrator.config.read import Configuration, configuration_in, mistaken_in

_NONE = Configuration()


class Closest:
    """Finds the configuration of folders, each file read once; `pinned` is that of all folders."""

    def __init__(self, pinned: Configuration | None = None) -> None:
        self._pinned = pinned
        self._own: dict[Path, Configuration | None] = {}
        self._mistaken: dict[Path, str | None] = {}

    @property
    def mistaken(self) -> tuple[str, ...]:
        """What to tell of files that are no configuration, and were probably to be one."""
        return tuple(filter(None, self._mistaken.values()))

    def of(self, folder: Path) -> Configuration:
        """The closest configuration at or above `folder`, or an empty one.

        Raises `MigrateError` where it is wrong.
        """
        folder = Path(os.path.abspath(folder))  # noqa: PTH100
        found = (self.own(one) for one in (folder, *folder.parents))
        return next((one for one in found if one is not None), self._pinned or _NONE)

    def own(self, folder: Path) -> Configuration | None:
        """The configuration in `folder` itself; raises `MigrateError` where it is wrong."""
        if self._pinned is not None:
            return None
        folder = Path(os.path.abspath(folder))  # noqa: PTH100
        if folder not in self._own:
            self._own[folder] = configuration_in(folder)
            if self._own[folder] is None:
                self._mistaken[folder] = mistaken_in(folder)
        return self._own[folder]
