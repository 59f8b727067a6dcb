"""The files of a tree, and why the others are left out."""

from __future__ import annotations

import os
import stat
from codecs import BOM_UTF8
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from migrator.config import NAMES
from migrator.engine.configured import Configurations
from migrator.engine.contents import SIZE_LIMIT, contents, refusal, too_large
from migrator.engine.ignores import Patterns
from migrator.engine.seen import stamp, stamp_of
from migrator.errors import MigrateError
from migrator.languages import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from migrator.engine.configured import Configured
    from migrator.engine.contents import Given

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
_BY_GIT = "ignored by git"
_LINKED = "behind a symbolic link"
_ENDS = tuple(SUFFIXES)
_OTHER_KIND = "is of a kind that no rule looks at"
# What a project has at its root, and no folder within it.
_PROJECT_MARKS = (".git", "pyproject.toml", "setup.py", "mix.exs")


@dataclass
class Walk:
    """What a walk found: paths with their language, and how many were left out, by reason.

    Paths are relative to the current folder and written with `/`. `skipped` are files that a rule
    might have to see, but that cannot be taken, and why; `too_large` are those of them that have
    more than `size_limit` bytes, with their language. `context` are the other files of the
    project: they tell what names mean, and nothing is reported of them. `configured` has what is
    configured for each of `files`; `stamps` tell of these and of `context` what the file was when
    it was found.
    """

    files: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    too_large: dict[str, str] = field(default_factory=dict)
    excluded: dict[str, int] = field(default_factory=dict)
    context: dict[str, str] = field(default_factory=dict)
    configured: dict[str, Configured] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)
    size_limit: int = SIZE_LIMIT

    def leave_out(self, reason: str) -> None:
        """Count one file or folder that is left out."""
        self.excluded[reason] = self.excluded.get(reason, 0) + 1


def discover(
    paths: Sequence[str],
    configured: Configurations | None = None,
    size_limit: int = SIZE_LIMIT,
    *,
    force_exclude: bool = False,
    given: Given | None = None,
) -> Walk:
    """Walk `paths` (files or folders); raises `MigrateError` for one that does not exist.

    With the bytes of a file `given`, that is the only one of `paths`, and need not exist.

    What .gitignore files name, vendored folders and what configurations exclude is left out; so is
    a file given by name with `force_exclude`, and without it taken in any case. Links are not
    followed, and a file of more than `size_limit` bytes is skipped.
    """
    walk = Walk(size_limit=size_limit)
    configured = configured or Configurations()
    named: list[str] = []
    if given is not None:
        named.append(given.path)
        _take_given(walk, given, configured)
    for name in () if given is not None else paths or ["."]:
        path = Path(name)
        try:
            info = path.lstat()
        except OSError as error:
            raise MigrateError(f"{name}: {error.strerror}; name a file or a folder") from None
        if _leads_out(path):
            walk.skipped[shown(path)] = "lies outside of the project, behind a symbolic link"
        elif stat.S_ISDIR(info.st_mode) or (stat.S_ISLNK(info.st_mode) and path.is_dir()):
            _Folder(walk, configured).walk(Path(os.path.realpath(path)))
        else:
            where = shown(path)
            named.append(where)
            _take(walk, where, info, configured.of(Path(where).parent))
            if not _is_of_a_language(path.name):
                walk.skipped[where] = _OTHER_KIND
    projects = {_project(Path(os.path.realpath(name))) for name in paths}
    around = Walk(size_limit=size_limit)
    for root in sorted(root for root in projects if root is not None):
        _Folder(around, configured).walk(Path(os.path.relpath(root)))
    if force_exclude and named:
        _leave_out(walk, named, around if around.files else discover((), configured, size_limit))
    walk.files = dict(sorted(walk.files.items()))
    walk.context = {path: name for path, name in around.files.items() if path not in walk.files}
    walk.stamps.update((path, around.stamps[path]) for path in walk.context)
    return walk


def _leave_out(walk: Walk, named: Sequence[str], whole: Walk) -> None:
    """Take from `walk` the files of `named` that a walk of the whole project does not take."""
    for path in named:
        # What is not there yet is excluded by nothing that a walk could tell.
        if path in walk.files and path not in whole.files and os.path.lexists(path):
            del walk.files[path], walk.configured[path]
            walk.leave_out("named, and excluded")


def _project(path: Path) -> Path | None:
    """The closest folder above `path` that is the root of a project; `None` if it is one itself.

    `path` is absolute.
    """
    if _is_project(path):
        return None
    return next((folder for folder in path.parents if _is_project(folder)), None)


def _absolute(path: Path) -> Path:
    """`path` from the root of the file system on, without `..`."""
    return Path(os.path.abspath(path))  # noqa: PTH100


def _is_project(folder: Path) -> bool:
    return any(_has(folder, mark) for mark in _PROJECT_MARKS)


def _has(folder: Path, name: str) -> bool:
    """Whether `folder` has a `name`, as far as may be seen."""
    return os.path.lexists(folder / name)


def shown(path: Path) -> str:
    """`path` as reports name it: relative to the current folder, with `/`.

    However a file was reached, it has this one name: no link is on the way to it.
    """
    return os.path.relpath(_real(path)).replace(os.sep, "/")


def _real(path: Path) -> Path:
    """Where `path` really lies; a link that it is itself stays one."""
    return Path(os.path.realpath(path.parent), path.name)


def _leads_out(path: Path) -> bool:
    """Whether `path` seems to lie in the current project, but is really somewhere else."""
    here = Path(os.path.realpath("."))
    root = next((folder for folder in (here, *here.parents) if _is_project(folder)), here)
    seems = Path(os.path.normpath(here / path))
    return seems.is_relative_to(root) and not Path(os.path.realpath(path)).is_relative_to(root)


def _is_of_a_language(name: str) -> bool:
    return name.lower().endswith(_ENDS)


def _take(walk: Walk, where: str, info: os.stat_result, own: Configured) -> None:
    suffix = os.path.splitext(where)[1].lower()  # noqa: PTH122
    if suffix not in SUFFIXES:
        return
    if reason := refusal(info, walk.size_limit):
        walk.skipped[where] = reason
        if reason == too_large(walk.size_limit):
            walk.too_large[where] = SUFFIXES[suffix]
    else:
        walk.files[where] = SUFFIXES[suffix]
        walk.configured[where] = own
        walk.stamps[where] = stamp(info)


def _take_given(walk: Walk, given: Given, configured: Configurations) -> None:
    language = SUFFIXES.get(os.path.splitext(given.path)[1].lower())  # noqa: PTH122
    if language is None:
        walk.skipped[given.path] = _OTHER_KIND
    elif len(given.data) > walk.size_limit:
        walk.skipped[given.path] = too_large(walk.size_limit)
    else:
        walk.files[given.path] = language
        walk.configured[given.path] = configured.of(Path(given.path).parent)
        walk.stamps[given.path] = stamp_of(given.data)


class _Ignore(NamedTuple):
    """What one ignore file says of the paths that begin with `base`, absolute and with `/`."""

    base: str
    patterns: Patterns


class _Place(NamedTuple):
    """A folder of the walk: its path, as it begins in reports, and absolute, with `/` behind.

    `ignores` are the ignore files that are in force for it, its own not yet among them, and
    `own` is what was configured above it.
    """

    path: str
    shown: str
    absolute: str
    ignores: tuple[_Ignore, ...]
    own: Configured

    def below(self, name: str) -> _Place:
        """The folder `name` in this one, for which the same is in force."""
        return _Place(
            f"{self.path}/{name}",
            f"{self.shown}{name}/",
            f"{self.absolute}{name}/",
            self.ignores,
            self.own,
        )


class _Folder:
    """A walk below one folder, with the ignore files on the way down."""

    def __init__(self, walk: Walk, configured: Configurations) -> None:
        self._walk = walk
        self._configured = configured
        self._all_ignored = False

    def walk(self, top: Path) -> None:
        name = shown(top)
        absolute = f"{_absolute(top).as_posix().rstrip('/')}/"
        above = _above(top)
        self._all_ignored = _lies_in_ignored(absolute, above)
        begin = "" if name == "." else f"{name}/"
        waiting = [_Place(str(top), begin, absolute, above, self._configured.of(top))]
        while waiting:
            place = waiting.pop()
            try:
                with os.scandir(place.path) as listing:
                    entries = sorted(listing, key=attrgetter("name"))
            except OSError as error:
                where = place.shown.rstrip("/") or "."
                self._walk.skipped[where] = f"cannot be listed: {error.strerror}"
                continue
            names = {entry.name for entry in entries}
            if len(place.absolute) > len(absolute) and (reason := _left_out_for(names)):
                self._walk.leave_out(reason)
                continue
            waiting += self._folders(entries, names, self._inside(place, names))

    def _inside(self, place: _Place, names: Collection[str]) -> _Place:
        """`place` with what its own files, which have these `names`, say of it."""
        if ".gitignore" in names:
            file = f"{place.path}/.gitignore"
            own = _ignored(file, place.absolute)
            place = place._replace(ignores=(*place.ignores, *own))
            # Git reads what is too large for us or not ours to read; it reads no link.
            if not own and (why := _unread(file)):
                where = f"{place.shown}.gitignore"
                self._walk.skipped[where] = f"{why}; what it names is not left out"
        if any(name in names for name in NAMES):
            place = place._replace(own=self._configured.within(place.own, place.path))
        return place

    def _folders(
        self, entries: Iterable[os.DirEntry[str]], names: Collection[str], place: _Place
    ) -> list[_Place]:
        """The folders in `place` that are to be walked; its files are taken."""
        found = []
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                reason = _left_out(name, names) or self._ignored(place, name, True)
                if reason is None:
                    found.append(place.below(name))
                else:
                    path = f"{place.path}/{name}"
                    self._walk.leave_out(_left_out_for(_marks(path)) or reason)
            elif name.lower().endswith(_ENDS):
                self._file(entry, place)
            elif entry.is_symlink() and os.path.isdir(entry.path):  # noqa: PTH112
                self._walk.leave_out(_LINKED)
        return found

    def _file(self, entry: os.DirEntry[str], place: _Place) -> None:
        if reason := self._ignored(place, entry.name, False):
            self._walk.leave_out(reason)
            return
        where = f"{place.shown}{entry.name}"
        try:
            _take(self._walk, where, entry.stat(follow_symlinks=False), place.own)
        except OSError as error:
            self._walk.skipped[where] = f"cannot be read: {error.strerror}"

    def _ignored(self, place: _Place, name: str, is_folder: bool) -> str | None:
        """Why `name` in `place` is to be left out for a pattern, if it is."""
        path = f"{place.absolute}{name}"
        if place.own.excludes(path, is_folder=is_folder):
            return "excluded by the configuration"
        if self._all_ignored:
            return _BY_GIT
        return _BY_GIT if _says(path, place.ignores, is_folder) else None


def _says(path: str, ignores: Sequence[_Ignore], is_folder: bool) -> bool:
    """Whether git ignores `path`: the deepest file that says anything of it decides."""
    for base, patterns in reversed(ignores):
        said = patterns.says(path[len(base) :], is_folder=is_folder)
        if said is not None:
            return said
    return False


def _lies_in_ignored(folder: str, above: Sequence[_Ignore]) -> bool:
    """Whether `folder`, or one on the way to it, is ignored by the files above it."""
    if not above:
        return False
    root = above[0].base
    parts = folder[len(root) :].split("/")[:-1]
    return any(
        _says(
            path := root + "/".join(parts[:count]),
            [one for one in above if path.startswith(one.base)],
            True,
        )
        for count in range(1, len(parts) + 1)
    )


def _left_out(name: str, beside: Collection[str]) -> str | None:
    """Why a folder of that name is left out, if it is; `beside` are the names next to it."""
    if name in _LEFT_OUT_BESIDE_MIX and "mix.exs" in beside:
        return _LEFT_OUT_BESIDE_MIX[name]
    return _LEFT_OUT.get(name)


def _left_out_for(names: Collection[str]) -> str | None:
    """Why a folder that holds `names` is left out, if it is."""
    if "pyvenv.cfg" in names:
        return "virtual environment"
    return "submodule" if ".git" in names else None


def _marks(folder: str) -> list[str]:
    """What tells of a folder's kind, without listing it."""
    return [name for name in ("pyvenv.cfg", ".git") if os.path.lexists(f"{folder}/{name}")]


def _above(top: Path) -> tuple[_Ignore, ...]:
    """The ignore files between the repository's root and `top`, `top` left out."""
    top = _absolute(top)
    chain = [top, *top.parents]
    root = next((folder for folder in chain if (folder / ".git").exists()), None)
    if root is None:
        return ()
    found = list(_ignored(str(root / ".git" / "info" / "exclude"), _base(root)))
    for folder in reversed(chain[1 : chain.index(root) + 1]):
        found += _ignored(str(folder / ".gitignore"), _base(folder))
    return tuple(found)


def _base(folder: Path) -> str:
    return f"{folder.as_posix().rstrip('/')}/"


def _unread(file: str) -> str | None:
    """Why an ignore file cannot be read that git may read."""
    if os.path.islink(file) or not os.path.isfile(file):  # noqa: PTH113, PTH114
        return None
    read = contents(file)
    return read if isinstance(read, str) else None


def _ignored(file: str, base: str) -> tuple[_Ignore, ...]:
    """What the ignore file says, if it can be read and says anything."""
    read = contents(file)
    if isinstance(read, str):
        return ()
    patterns = Patterns(read.data.removeprefix(BOM_UTF8).split(b"\n"))
    return (_Ignore(base, patterns),) if patterns else ()
