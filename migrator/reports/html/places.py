"""Where findings lie: a folder that says something, and owners."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrator.model import Report

#: What stands for no owner.
NOBODY = "nobody"
_DEEPEST = 5
_FOLDERS = 20


class Places:
    """The folder and the owners that each path of a report is filed under."""

    def __init__(self, report: Report) -> None:
        self._owners = report.owners
        paths = {one.finding.path for one in report.findings}
        self._depth = next(
            (
                depth
                for depth in range(_DEEPEST, 1, -1)
                if len({_cut(path, depth) for path in paths}) <= _FOLDERS
            ),
            1,
        )

    def folder(self, path: str) -> str:
        """The folder of `path`, cut to a depth at which there are not too many of them."""
        return _cut(path, self._depth)

    def owners(self, path: str) -> tuple[str, ...]:
        """The owners of `path`, or what stands for none."""
        return self._owners.get(path) or (NOBODY,)


def _cut(path: str, depth: int) -> str:
    return "/".join(path.split("/")[:-1][:depth]) or "."
