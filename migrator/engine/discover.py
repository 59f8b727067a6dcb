"""The files of a tree, and why the others are left out."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pathspec import GitIgnoreSpec

from migrator.errors import MigrateError
from migrator.languages import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    "deps": "vendored",
    "node_modules": "vendored",
    "site-packages": "vendored",
    "third_party": "vendored",
    "vendor": "vendored",
}
_SIZE_LIMIT = 5 * 1024 * 1024
# What a project has at its root, and no folder within it.
_PROJECT_MARKS = (".git", "pyproject.toml", "setup.py", "mix.exs")


@dataclass
class Walk:
    """What a walk found: paths with their language, and how many were left out, by reason.

    Paths are relative to the current folder and written with `/`. `skipped` are files that a rule
    might have to see, but that cannot be taken. `context` are the other files of the project: they
    tell what names mean, and nothing is reported of them.
    """

    files: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    excluded: dict[str, int] = field(default_factory=dict)
    context: dict[str, str] = field(default_factory=dict)

    def leave_out(self, reason: str) -> None:
        """Count one file or folder that is left out."""
        self.excluded[reason] = self.excluded.get(reason, 0) + 1


def discover(paths: Sequence[str], exclude: Iterable[str] = ()) -> Walk:
    """Walk `paths` (files or folders); raises `MigrateError` for one that does not exist.

    What .gitignore files name, vendored folders and `exclude` (patterns of the same form) are
    left out; a file given by name is taken in any case. Links are not followed.
    """
    walk = Walk()
    extra = GitIgnoreSpec.from_lines(exclude)
    for given in paths or ["."]:
        path = Path(given)
        try:
            mode = path.lstat().st_mode
        except OSError as error:
            raise MigrateError(f"{given}: {error.strerror}") from None
        if stat.S_ISDIR(mode) or (stat.S_ISLNK(mode) and path.is_dir()):
            _Folder(walk, extra).walk(path)
        else:
            _take(walk, path, mode)
    walk.files = dict(sorted(walk.files.items()))
    roots = {root for given in paths if (root := _project(Path(given))) is not None}
    for root in sorted(roots):
        around = Walk()
        _Folder(around, extra).walk(Path(os.path.relpath(root)))
        others = {path: name for path, name in around.files.items() if path not in walk.files}
        walk.context.update(others)
    return walk


def _project(path: Path) -> Path | None:
    """The closest folder above `path` that is the root of a project; `None` if it is one itself."""
    path = path.absolute()
    if _is_project(path):
        return None
    return next((folder for folder in path.parents if _is_project(folder)), None)


def _is_project(folder: Path) -> bool:
    return any((folder / mark).exists() for mark in _PROJECT_MARKS)


def shown(path: Path) -> str:
    """`path` as reports name it: relative to the current folder, with `/`."""
    return os.path.relpath(path).replace(os.sep, "/")


def _take(walk: Walk, path: Path, mode: int) -> None:
    name = SUFFIXES.get(path.suffix.lower())
    if name is None:
        return
    where = shown(path)
    if stat.S_ISLNK(mode):
        walk.skipped[where] = "is a symbolic link, and links are not followed"
    elif not stat.S_ISREG(mode):
        walk.skipped[where] = "is no regular file"
    elif path.stat().st_size > _SIZE_LIMIT:
        walk.skipped[where] = f"is larger than {_SIZE_LIMIT // 1024 // 1024} MiB"
    else:
        walk.files[where] = name


class _Folder:
    """A walk below one folder, with the ignore files on the way down."""

    def __init__(self, walk: Walk, extra: GitIgnoreSpec) -> None:
        self._walk = walk
        self._extra = extra

    def walk(self, top: Path) -> None:
        waiting = [(top, _above(top))]
        while waiting:
            folder, specs = waiting.pop()
            specs = [*specs, *_ignored(folder)]
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except OSError as error:
                self._walk.skipped[shown(folder)] = f"cannot be listed: {error.strerror}"
                continue
            for entry in entries:
                path = Path(entry.path)
                is_folder = entry.is_dir(follow_symlinks=False)
                if reason := self._reason(path, top, specs, is_folder=is_folder):
                    if is_folder or path.suffix.lower() in SUFFIXES:
                        self._walk.leave_out(reason)
                elif is_folder:
                    waiting.append((path, specs))
                else:
                    _take(self._walk, path, entry.stat(follow_symlinks=False).st_mode)

    def _reason(
        self, path: Path, top: Path, specs: list[tuple[Path, GitIgnoreSpec]], *, is_folder: bool
    ) -> str | None:
        if is_folder:
            if path.name in _LEFT_OUT:
                return _LEFT_OUT[path.name]
            if (path / "pyvenv.cfg").is_file():
                return "virtual environment"
            if (path / ".git").exists():
                return "submodule"
        if self._extra.match_file(_relative(path, top, is_folder)):
            return "excluded by the configuration"
        return "ignored by git" if _is_ignored(path, specs, is_folder) else None


def _relative(path: Path, base: Path, is_folder: bool) -> str:
    relative = os.path.relpath(path, base).replace(os.sep, "/")
    return f"{relative}/" if is_folder else relative


def _is_ignored(path: Path, specs: list[tuple[Path, GitIgnoreSpec]], is_folder: bool) -> bool:
    # The deepest file that says anything about the path decides, as git has it.
    for base, spec in reversed(specs):
        said = spec.check_file(_relative(path, base, is_folder)).include
        if said is not None:
            return said
    return False


def _above(top: Path) -> list[tuple[Path, GitIgnoreSpec]]:
    """The ignore files between the repository's root and `top`, `top` left out."""
    top = top.absolute()
    chain = [top, *top.parents]
    root = next((folder for folder in chain if (folder / ".git").exists()), None)
    if root is None:
        return []
    between = chain[1 : chain.index(root) + 1]
    specs = _spec(root, root / ".git" / "info" / "exclude")
    for folder in reversed(between):
        specs += _ignored(folder)
    return specs


def _ignored(folder: Path) -> list[tuple[Path, GitIgnoreSpec]]:
    return _spec(folder, folder / ".gitignore")


def _spec(base: Path, file: Path) -> list[tuple[Path, GitIgnoreSpec]]:
    if not file.is_file() or file.is_symlink():
        return []
    try:
        lines = file.read_bytes().decode("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []
    return [(base.absolute(), GitIgnoreSpec.from_lines(lines))]


def contents(path: str) -> bytes | str:
    """The bytes of a file of the walk, or the reason why they cannot be had."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        return f"cannot be read: {error.strerror}"
