"""What earlier runs saw in the files of this folder: which of them held what words.

A file is what it was if its device, inode, size and both of its times are, as git has it too. Times
may not tell what was written right after a file was read: what is newer than that is read again.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from migrator.engine.cache import NO_CACHE
from migrator.engine.concordance import Concordance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set

    from migrator.engine.cache import Cache

_KIND = "seen"
# A run asks a few questions, and one after a change asks others.
_MOST = 16
# Nanoseconds: no file system in use tells times less exactly.
_EXACT = 2 * 10**9


def stamp(info: os.stat_result) -> str:
    """What tells whether a file is the one that it was; its times come last, in nanoseconds."""
    return (
        f"{info.st_dev} {info.st_ino} {info.st_size} {info.st_mode} "
        f"{info.st_mtime_ns} {info.st_ctime_ns}"
    )


def stamp_of(data: bytes) -> str:
    """The same of bytes that are in no file, and were never written."""
    return f"{hashlib.sha256(data).hexdigest()} 0 0"


class Answers:
    """Which files hold what was asked for: those `held` of all that are not `unknown`."""

    def __init__(self, held: set[str], unknown: set[str], all_: frozenset[str]) -> None:
        self.held = held
        self._unknown = unknown
        self._all = all_
        self.is_news = False

    def unknown(self, among: frozenset[str]) -> set[str]:
        """Those of these files that have to be read for an answer."""
        return (self._unknown & among) | (among - self._all)

    def kept(self, among: Set[str]) -> tuple[list[str], list[str]]:
        """What is to be kept of these files: which hold it, and of which that is not known."""
        return sorted(self.held & among), sorted(self._unknown & among)

    def note(self, path: str, *, held: bool) -> None:
        """Remember the answer about a file that was read."""
        self.is_news = True
        self._unknown.discard(path)
        if not self._unknown:
            self._unknown = set()  # an emptied set keeps what it took for thousands
        if held:
            self.held.add(path)


class Seen:
    """The files of one walk, by their `stamps`; what is not in the cache is kept for this run."""

    def __init__(self, stamps: Mapping[str, str], cache: Cache = NO_CACHE) -> None:
        self.stamps = stamps
        self.concordance = Concordance()
        self._cache = cache
        self._begun = time.time_ns()
        self._is_asked = False

    def answers(self, asked: Any) -> Answers:
        """What is known of the files that hold what was `asked` for, a value of JSON."""
        self._is_asked = True
        question = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
        found = self._asked.pop(question, None)
        if found is None:
            found = Answers(set(), set(self.stamps), self._all)
            found.is_news = True
        self._asked[question] = found
        return found

    @cached_property
    def token(self) -> bytes:
        """What stands for all files as they are; for others too, if not all are settled."""
        said = "\n".join(f"{path}\0{now}" for path, now in sorted(self.stamps.items()))
        return hashlib.sha256(said.encode("utf-8", "surrogateescape")).digest()

    def are_settled(self, paths: Iterable[str]) -> bool:
        """Whether another change of any of these files would show in its times."""
        return all(map(self._is_settled, paths))

    def save(self) -> None:
        """Keep what is known for the next run."""
        if not self._is_asked:
            return
        asked = list(self._asked.items())[-_MOST:]
        if self._before == self.stamps and not any(one.is_news for _, one in asked):
            return
        kept = {
            path: now
            for path, now in self.stamps.items()
            if path not in self._changed or self._is_settled(path)
        }
        said = {question: one.kept(kept.keys()) for question, one in asked}
        text = "\0".join((json.dumps(said), *chain.from_iterable(kept.items())))
        self._cache.put(_KIND, text.encode("utf-8", "surrogateescape"), *self._parts)

    @cached_property
    def _all(self) -> frozenset[str]:
        return frozenset(self.stamps)

    @cached_property
    def _parts(self) -> tuple[bytes, ...]:
        return (os.fsencode(os.path.realpath(".")),)

    @cached_property
    def _kept(self) -> list[str]:
        """What was said of all questions, and the path and the stamp of each file in turn."""
        kept = self._cache.get(_KIND, *self._parts) if self._cache.is_used else None
        return (kept or b"{}").decode("utf-8", "surrogateescape").split("\0")

    @cached_property
    def _before(self) -> dict[str, str]:
        return dict(zip(self._kept[1::2], self._kept[2::2], strict=True))

    @cached_property
    def _changed(self) -> set[str]:
        return {path for path, now in self.stamps.items() if self._before.get(path) != now}

    @cached_property
    def _asked(self) -> dict[str, Answers]:
        changed, all_ = self._changed, self._all
        return {
            question: Answers(set(held) - changed, {*unknown, *changed} & all_, all_)
            for question, (held, unknown) in json.loads(self._kept[0]).items()
        }

    def _is_settled(self, path: str) -> bool:
        return all(int(one) < self._begun - _EXACT for one in self.stamps[path].rsplit(" ", 2)[1:])
