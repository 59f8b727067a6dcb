"""What of a tree is left out: folders of other people's code, and what git ignores."""

from __future__ import annotations

import os
from codecs import BOM_UTF8
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from migrator.config.visible import is_file, is_folder
from migrator.engine.contents import contents
from migrator.engine.gitignore import Patterns

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

# Folders that hold other people's code, or what tools make.
_LEFT_OUT = {
    ".eggs": "tool cache",
    ".git": "version control",
    ".hg": "version control",
    ".hypothesis": "tool cache",
    ".mypy_cache": "tool cache",
    ".nox": "tool cache",
    ".pytest_cache": "tool cache",
    ".ruff_cache": "tool cache",
    ".svn": "version control",
    ".tox": "tool cache",
    "__pycache__": "tool cache",
    "_build": "build output",
    "node_modules": "vendored",
    "site-packages": "vendored",
    "third_party": "vendored",
    "vendor": "vendored",
}
# Elsewhere, a folder of that name is as good as any other.
_LEFT_OUT_BESIDE_MIX = {"deps": "vendored"}


def left_out_by_name(name: str, beside: Collection[str]) -> str | None:
    """Why a folder of that name is left out, if it is; `beside` are the names next to it."""
    if name in _LEFT_OUT_BESIDE_MIX and "mix.exs" in beside:
        return _LEFT_OUT_BESIDE_MIX[name]
    return _LEFT_OUT.get(name)


def left_out_by_contents(names: Collection[str]) -> str | None:
    """Why a folder that holds `names` is left out, if it is."""
    if "pyvenv.cfg" in names:
        return "virtual environment"
    return "submodule" if ".git" in names else None


def marks_in(folder: str) -> list[str]:
    """The names in a folder that tell its kind, without listing it."""
    return [name for name in ("pyvenv.cfg", ".git") if os.path.lexists(f"{folder}/{name}")]


class IgnoreFile(NamedTuple):
    """What one ignore file says of the paths that begin with `base`, absolute and with `/`."""

    base: str
    patterns: Patterns


def is_ignored(path: str, ignores: Sequence[IgnoreFile], is_folder: bool) -> bool:
    """Whether git ignores `path`: the deepest file that says anything of it decides."""
    for base, patterns in reversed(ignores):
        said = patterns.says(path[len(base) :], is_folder=is_folder)
        if said is not None:
            return said
    return False


def lies_in_ignored(folder: str, above: Sequence[IgnoreFile]) -> bool:
    """Whether `folder`, or one on the way to it, is ignored by the files above it."""
    if not above:
        return False
    root = above[0].base
    parts = folder[len(root) :].split("/")[:-1]
    return any(
        is_ignored(
            path := root + "/".join(parts[:count]),
            [one for one in above if path.startswith(one.base)],
            True,
        )
        for count in range(1, len(parts) + 1)
    )


def ignore_files_above(top: Path) -> tuple[IgnoreFile, ...]:
    """The ignore files between the repository's root and `top`, `top` left out."""
    top = Path(os.path.abspath(top))  # noqa: PTH100
    root = repository_above(top)
    if root is None:
        return ()
    found = list(ignore_file(str(root / ".git" / "info" / "exclude"), _base(root)))
    above = [folder for folder in top.parents if folder.is_relative_to(root)]
    for folder in reversed(above):
        found += ignore_file(str(folder / ".gitignore"), _base(folder))
    return tuple(found)


def repository_above(top: Path) -> Path | None:
    """The root of the repository that the folder `top`, absolute, lies in."""
    chain = (top, *top.parents)
    return next(
        (folder for folder in chain if is_file(folder / ".git") or is_folder(folder / ".git")), None
    )


def _base(folder: Path) -> str:
    return f"{folder.as_posix().rstrip('/')}/"


def why_unread(file: str) -> str | None:
    """Why an ignore file cannot be read that git may read."""
    if os.path.islink(file) or not os.path.isfile(file):  # noqa: PTH113, PTH114
        return None
    read = contents(file)
    return read if isinstance(read, str) else None


def ignore_file(file: str, base: str) -> tuple[IgnoreFile, ...]:
    """What the ignore file says of all below `base`; nothing where it cannot be read."""
    read = contents(file)
    if isinstance(read, str):
        return ()
    patterns = Patterns(read.data.removeprefix(BOM_UTF8).split(b"\n"))
    return (IgnoreFile(base, patterns),) if patterns else ()
