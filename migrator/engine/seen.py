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
from typing import TYPE_CHECKING, Any

from migrator.engine.cache import NO_CACHE
from migrator.engine.concordance import Concordance

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

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


class Answers:
    """Which files hold what was asked for: `held` of those that are not `unknown`."""

    def __init__(self, held: set[str], unknown: set[str], all_: Collection[str]) -> None:
        self.held = held
        self.unknown = unknown
        self.is_news = False
        self._all = all_

    def of(self, path: str) -> bool | None:
        """The answer about a file; `None` where it has to be read."""
        return None if path in self.unknown or path not in self._all else path in self.held

    def note(self, path: str, *, held: bool) -> None:
        """Remember the answer about a file that was read."""
        self.is_news = True
        self.unknown.discard(path)
        if held:
            self.held.add(path)


class Seen:
    """The files of one walk, by their `stamps`; what is not in the cache is kept for this run."""

    def __init__(self, stamps: Mapping[str, str], cache: Cache = NO_CACHE) -> None:
        self._stamps = stamps
        self._cache = cache
        self.concordance = Concordance()
        self._begun = time.time_ns()
        before, asked = self._read()
        self._changed = {path for path, now in stamps.items() if before.get(path) != now}
        self._is_same = before == stamps
        self._asked = {
            question: Answers(
                set(held) - self._changed, {*unknown, *self._changed} & stamps.keys(), stamps
            )
            for question, (held, unknown) in asked.items()
        }

    def answers(self, asked: Any) -> Answers:
        """What is known of the files that hold what was `asked` for, a value of JSON."""
        question = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
        found = self._asked.pop(question, None)
        if found is None:
            found = Answers(set(), set(self._stamps), self._stamps)
            found.is_news = True
        self._asked[question] = found
        return found

    def token(self) -> bytes | None:
        """What stands for all files as they are; `None` where it might stand for others too."""
        if all(map(self._is_settled, self._changed)):
            said = "\n".join(f"{path}\0{now}" for path, now in sorted(self._stamps.items()))
            return hashlib.sha256(said.encode("utf-8", "surrogateescape")).digest()
        return None

    def save(self) -> None:
        """Keep what is known for the next run."""
        asked = list(self._asked.items())[-_MOST:]
        if self._is_same and not any(one.is_news for _, one in asked):
            return
        kept = {
            path: now
            for path, now in self._stamps.items()
            if path not in self._changed or self._is_settled(path)
        }
        said = {
            question: [sorted(kept.keys() & one.held), sorted(kept.keys() & one.unknown)]
            for question, one in asked
        }
        self._cache.put(_KIND, json.dumps([kept, said]).encode(), *self._parts)

    @cached_property
    def _parts(self) -> tuple[bytes, ...]:
        return (os.fsencode(os.path.realpath(".")),)

    def _read(self) -> tuple[dict[str, str], dict[str, list[list[str]]]]:
        kept = self._cache.get(_KIND, *self._parts) if self._cache.is_used else None
        if kept is None:
            return {}, {}
        before, asked = json.loads(kept)
        return before, asked

    def _is_settled(self, path: str) -> bool:
        """Whether another change of the file would show in its times."""
        return all(int(one) < self._begun - _EXACT for one in self._stamps[path].rsplit(" ", 2)[1:])
