"""The files of a tree, and why the others are left out."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from migrator.config import NAMES
from migrator.config.project import is_project, root_above
from migrator.engine.configured import Configurations
from migrator.engine.contents import SIZE_LIMIT, refusal, too_large
from migrator.engine.left_out import (
    IgnoreFile,
    ignore_file,
    ignore_files_above,
    is_ignored,
    left_out_by_contents,
    left_out_by_name,
    lies_in_ignored,
    marks_in,
    why_unread,
)
from migrator.engine.seen import stamp, stamp_of
from migrator.engine.tracked import tracked
from migrator.errors import MigrateError
from migrator.languages import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from migrator.engine.configured import Configured
    from migrator.engine.contents import Given

_BY_GIT = "ignored by git"
_LINKED = "behind a symbolic link"
_ENDS = tuple(SUFFIXES)
_OTHER_KIND = "is of a kind that no rule looks at"
_IN_IGNORED = "is ignored by git, and so is all in it: name files in it to have them looked at"


@dataclass
class Walk:
    """What a walk found: paths with their language, and how many were left out, by reason.

    Paths are relative to the current folder and written with `/`. `skipped` are files that a rule
    might have to see, but that cannot be taken, and why; `too_large` are those of them that have
    more than `size_limit` bytes, with their language. `tracked` are files that git tracks and that
    are left out for what .gitignore says. `context` are the other files of the project: they tell
    what names mean, and nothing is reported of them. `configured` has what is configured for each
    of `files`; `stamps` tell of these and of `context` what the file was when it was found.
    """

    files: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    too_large: dict[str, str] = field(default_factory=dict)
    tracked: dict[str, str] = field(default_factory=dict)
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
    if given is not None:
        named = [given.path]
        _take_given(walk, given, configured)
    else:
        taken = [_take_path(walk, path, configured) for path in paths or ["."]]
        named = [file for file in taken if file is not None]
    around = _walk_around(paths, configured, size_limit)
    if force_exclude and named:
        _leave_out(walk, named, around if around.files else discover((), configured, size_limit))
    walk.files = dict(sorted(walk.files.items()))
    walk.context = {path: name for path, name in around.files.items() if path not in walk.files}
    walk.stamps.update((path, around.stamps[path]) for path in walk.context)
    return walk


def present(name: str) -> os.stat_result | None:
    """What the system tells of a path that is asked for, if it lets us ask.

    Raises `MigrateError` where there is no such path.
    """
    try:
        return os.lstat(name)
    except PermissionError:
        return None
    except OSError as error:
        raise MigrateError(f"{name}: {error.strerror}; name a file or a folder") from None


def _take_path(walk: Walk, name: str, configured: Configurations) -> str | None:
    """Take the file or the folder `name` into `walk`; the file as reports name it, if it is one."""
    path = Path(name)
    info = present(name)
    if info is None:
        walk.skipped[shown(path)] = "cannot be looked at: its folder may not be searched"
        return None
    if _leads_out(path):
        walk.skipped[shown(path)] = "lies outside of the project, behind a symbolic link"
        return None
    if stat.S_ISDIR(info.st_mode) or (stat.S_ISLNK(info.st_mode) and path.is_dir()):
        folder = _Folder(walk, configured)
        folder.walk(Path(os.path.realpath(path)))
        folder.note_ignored()
        return None
    file = shown(path)
    _take(walk, file, info, configured.of(Path(file).parent))
    if not _is_of_a_language(path.name):
        walk.skipped[file] = _OTHER_KIND
    return file


def _walk_around(paths: Iterable[str], configured: Configurations, size_limit: int) -> Walk:
    """The projects that `paths` lie in, where they are not whole projects themselves."""
    around = Walk(size_limit=size_limit)
    roots = {root_above(Path(os.path.realpath(path))) for path in paths}
    for root in sorted(root for root in roots if root is not None):
        _Folder(around, configured).walk(Path(os.path.relpath(root)))
    return around


def _leave_out(walk: Walk, named: Sequence[str], whole: Walk) -> None:
    """Take from `walk` the files of `named` that a walk of the whole project does not take."""
    for path in named:
        # What is not there yet is excluded by nothing that a walk could tell.
        if path in walk.files and path not in whole.files and os.path.lexists(path):
            del walk.files[path], walk.configured[path]
            walk.leave_out("named, and excluded")


def _absolute(path: Path) -> Path:
    """`path` from the root of the file system on, without `..`."""
    return Path(os.path.abspath(path))  # noqa: PTH100


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
    root = next((folder for folder in (here, *here.parents) if is_project(folder)), here)
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


class _Place(NamedTuple):
    """A folder of the walk: its path, as it begins in reports, and absolute, with `/` behind.

    `ignores` are the ignore files that are in force for it, its own not yet among them, and
    `own` is what was configured above it.
    """

    path: str
    shown: str
    absolute: str
    ignores: tuple[IgnoreFile, ...]
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
        self._top = Path()
        self._by_git: dict[str, Configured] = {}

    def walk(self, top: Path) -> None:
        self._top = top
        name = shown(top)
        absolute = f"{_absolute(top).as_posix().rstrip('/')}/"
        above = ignore_files_above(top)
        self._all_ignored = lies_in_ignored(absolute, above)
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
            if len(place.absolute) > len(absolute) and (reason := left_out_by_contents(names)):
                self._walk.leave_out(reason)
                continue
            waiting += self._folders(entries, names, self._inside(place, names))

    def note_ignored(self) -> None:
        """Note what somebody may miss of what was left out because git ignores it."""
        if self._all_ignored:
            self._walk.skipped[shown(self._top)] = _IN_IGNORED
        for path, language in tracked(self._top, self._by_git):
            self._walk.tracked[shown(Path(path))] = language

    def _inside(self, place: _Place, names: Collection[str]) -> _Place:
        """`place` with what its own files, which have these `names`, say of it."""
        if ".gitignore" in names:
            file = f"{place.path}/.gitignore"
            own = ignore_file(file, place.absolute)
            place = place._replace(ignores=(*place.ignores, *own))
            # Git reads what is too large for us or not ours to read; it reads no link.
            if not own and (why := why_unread(file)):
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
                reason = left_out_by_name(name, names) or self._ignored(place, name, True)
                if reason is None:
                    found.append(place.below(name))
                else:
                    path = f"{place.path}/{name}"
                    reason = left_out_by_contents(marks_in(path)) or reason
                    self._walk.leave_out(reason)
                    if reason == _BY_GIT:
                        self._by_git[f"{place.absolute}{name}/"] = place.own
            elif name.lower().endswith(_ENDS):
                self._file(entry, place)
            elif entry.is_symlink() and os.path.isdir(entry.path):  # noqa: PTH112
                self._walk.leave_out(_LINKED)
        return found

    def _file(self, entry: os.DirEntry[str], place: _Place) -> None:
        if reason := self._ignored(place, entry.name, False):
            self._walk.leave_out(reason)
            if reason == _BY_GIT:
                self._by_git[f"{place.absolute}{entry.name}"] = place.own
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
        return _BY_GIT if is_ignored(path, place.ignores, is_folder) else None
