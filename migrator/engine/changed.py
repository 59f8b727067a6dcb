"""Which files of a walk changed, and on which lines; git tells what they were."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

from migrator.config.visible import is_folder
from migrator.engine.contents import contents
from migrator.errors import MigrateError
from migrator.languages import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from migrator.engine.discover import Walk
    from migrator.engine.git import Repository

_LINE_END = re.compile(rb"\r\n|\r|\n")
# Pairs of equal lines above which a diff would take long.
_MOST_PAIRS = 100_000
# So much of a file that is new must stand in one that is gone for it to be the same file, moved.
_SAME = 0.5


class Reference(Enum):
    """What a file is compared with, and which of its versions is."""

    #: The folder, with the last commit.
    COMMIT = "since the last commit"
    #: What is staged, with the last commit.
    STAGED = "in what is staged"
    #: The folder, with the commit at which the branch left another.
    BRANCH = "since"


@dataclass(frozen=True)
class Since:
    """What a run is asked to compare with; `name` is that of the other branch or commit."""

    reference: Reference
    name: str = ""

    def __str__(self) -> str:
        return f"{self.reference.value} {self.name}".rstrip()


@dataclass
class Changes:
    """What changed in the files of a walk.

    `lines` has the numbers of the lines that are new in a file, from 1, or `None` where all are.
    `staged` has the bytes that are staged of the files that have others in the folder.
    """

    lines: dict[str, frozenset[int] | None] = field(default_factory=dict)
    staged: dict[str, bytes] = field(default_factory=dict)


def narrow(walk: Walk, start: Path, since: Since) -> Changes:
    """Leave only the files that changed in `walk.files`; the others tell what names mean.

    Raises `MigrateError` where git cannot tell of the repository that `start` lies in.
    """
    from migrator.engine.git import Repository

    repository = Repository(start if is_folder(start) else start.parent)
    if since.reference is Reference.BRANCH:
        base = repository.tree(repository.fork_point(since.name))
    else:
        base = repository.tree(repository.head())
    comparison = _Comparison(walk, repository, base, staged=since.reference is Reference.STAGED)
    changes = comparison.changes()
    for path in [path for path in walk.files if path not in changes.lines]:
        walk.context[path] = walk.files.pop(path)
    return changes


class _Comparison:
    def __init__(
        self, walk: Walk, repository: Repository, base: Mapping[str, str], *, staged: bool
    ) -> None:
        self._walk = walk
        self._repository = repository
        self._base = base
        self._staged = staged
        self._place = cache(self._place_of_folder)

    def changes(self) -> Changes:
        found = Changes()
        if self._staged:
            self._take_index(found)
        new: dict[str, bytes] = {}
        for path in self._walk.files:
            data = found.staged[path] if path in found.staged else self._read(path)
            if data is None:
                found.lines[path] = None
            elif not self._is_same(data, self._base.get(self._name(path))):
                new[path] = data
        olds = self._olds(new)
        for path, data in new.items():
            lines = changed_lines(olds.get(path), data)
            if lines is None or lines:
                found.lines[path] = lines
        return found

    def _take_index(self, found: Changes) -> None:
        """Make the walk one of what is staged."""
        index = self._repository.index
        differ: dict[str, str] = {}
        for files in (self._walk.files, self._walk.context):
            for path in list(files):
                entry = index.get(self._name(path))
                if entry is None:
                    del files[path]
                elif entry.unmerged:
                    raise MigrateError(f"{path}: a merge has left it open; settle it and stage it")
                elif not self._is_same(self._read(path) or b"", entry.object):
                    differ[path] = entry.object
        blobs = self._repository.contents(set(differ.values()))
        found.staged = {path: blobs[name] for path, name in differ.items()}
        for name, entry in index.items():
            gone = os.path.join(self._repository.root, name)  # noqa: PTH118
            is_ours = os.path.splitext(name)[1].lower() in SUFFIXES  # noqa: PTH122
            is_news = entry.object != self._base.get(name)
            if is_ours and is_news and not os.path.lexists(gone):
                shown = os.path.relpath(gone).replace(os.sep, "/")
                self._walk.skipped[shown] = "is staged, but not there any more"

    def _olds(self, new: Mapping[str, bytes]) -> dict[str, bytes]:
        """What each file was: by its name, or else one that is gone and mostly the same."""
        wanted = {path: self._base.get(self._name(path)) for path in new}
        names = {name for name in wanted.values() if name}
        gone = self._gone() if None in wanted.values() else {}
        blobs = self._repository.contents(names | set(gone.values()))
        found = {}
        for path, name in wanted.items():
            if name:
                found[path] = blobs[name]
            elif (moved := _closest(new[path], map(blobs.__getitem__, gone.values()))) is not None:
                found[path] = moved
        return found

    def _gone(self) -> dict[str, str]:
        """The files of the base, of a language of ours, that are no longer there."""
        there = self._repository.index if self._staged else None
        root = self._repository.root
        return {
            path: name
            for path, name in self._base.items()
            if os.path.splitext(path)[1].lower() in SUFFIXES  # noqa: PTH122
            and not (path in there if there is not None else os.path.lexists(f"{root}/{path}"))
        }

    def _is_same(self, data: bytes, name: str | None) -> bool:
        """Whether a file is the object called `name`, line ends aside, which git may convert."""
        if name is None:
            return False
        names = (data, data.replace(b"\r\n", b"\n"))
        return any(self._repository.object_name(one) == name for one in names)

    def _read(self, path: str) -> bytes | None:
        found = contents(path, self._walk.size_limit)
        return None if isinstance(found, str) else found.data

    def _name(self, path: str) -> str:
        """The path from the root of the repository."""
        folder, name = os.path.split(path)
        return f"{self._place(folder)}{name}"

    def _place_of_folder(self, folder: str) -> str:
        real = os.path.realpath(folder or ".")
        root = os.path.realpath(self._repository.root)
        if os.path.commonpath([real, root]) != root:
            raise MigrateError(f"{folder}: does not lie in the repository {root}")
        below = os.path.relpath(real, root).replace(os.sep, "/")
        return "" if below == "." else f"{below}/"


def changed_lines(old: bytes | None, new: bytes) -> frozenset[int] | None:
    """The lines of `new`, from 1, that are not those of `old`; `None` where all are new.

    What ends a line does not count.
    """
    if old is None or b"\0" in new:
        return None
    before, after = _LINE_END.split(old), _LINE_END.split(new)
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    inner = range(start, len(after) - end)
    found = _differing(before[start : len(before) - end], [after[at] for at in inner])
    return frozenset(start + at + 1 for at in found)


def _differing(before: Sequence[bytes], after: Sequence[bytes]) -> Iterator[int]:
    had, has = Counter(before), Counter(after)
    if sum(count * had[line] for line, count in has.items()) > _MOST_PAIRS:
        # Too alike to be matched one by one: the first of equal lines are the old ones.
        for at, line in enumerate(after):
            had[line] -= 1
            if had[line] < 0:
                yield at
        return
    import difflib

    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, _, _, first, last in matcher.get_opcodes():
        if tag != "equal":
            yield from range(first, last)


def _closest(data: bytes, others: Iterable[bytes]) -> bytes | None:
    """That of `others` which has the most lines in common with `data`, if it has enough."""
    lines = Counter(line for line in _LINE_END.split(data) if line.strip())
    best, most = None, 0
    for other in others:
        common = sum((lines & Counter(_LINE_END.split(other))).values())
        if common > most and common >= _SAME * sum(lines.values()):
            best, most = other, common
    return best
