"""What files yielded in earlier runs, by their bytes and by all that their rules were told.

That is the path, the packs, and the `Look`: the level, the rules, the options, and of the facts
that were learnt those that concern the file. Of the paths of all files it is what the rules asked
of them that has to have the same answers (`Paths`). So what is found here is what a look would
yield. Kept are files that were analysed whole; what a busy machine may have made fail
is not.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from migrator.engine.cache import digest_of
from migrator.engine.checked import Checked, is_final
from migrator.engine.packs import NO_RULES
from migrator.engine.sources import digest
from migrator.engine.values import decoded, encoded
from migrator.model import Paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence, Set
    from pathlib import Path

    from migrator.engine.cache import Cache
    from migrator.engine.project import Task
    from migrator.model import Asked, Fact, Look

_KIND = "checked"
_FOLLOWS = "follows"

T = TypeVar("T")


class Key(NamedTuple):
    """What a result is kept by; the last part is the digest of the file's bytes."""

    packs: bytes
    look: bytes
    language: bytes
    path: bytes
    data: bytes


class Results:
    """The results of a run's files in the cache; `read` gives the bytes of a file, or why not."""

    def __init__(
        self, cache: Cache, packs: Sequence[Path], read: Callable[[str], bytes | str]
    ) -> None:
        self.cache = cache
        self._folders = packs
        self._read = read
        self._paths: tuple[Set[str], str] | None = None
        self._facts: dict[Fact, str] = {}

    @cached_property
    def _packs(self) -> bytes | None:
        digests = [digest_of(folder, NO_RULES) for folder in self._folders]
        return None if None in digests else _digest(one.hex() for one in digests if one)

    def key(self, task: Task, look: Look) -> Key | None:
        """What the result of `task` is kept by; `None` where none is."""
        if task.data is not None or task.line is not None:
            return None
        told = self._told(look.within(task.path), task.known)
        data = self._read(task.path) if told else ""
        if told is None or isinstance(data, str):
            return None
        return Key(*told, task.language.encode(), _bytes(task.path), digest(data))

    def told(self, look: Look, known: Iterable[Fact] = ()) -> tuple[bytes, bytes] | None:
        """The packs, and a digest of all that their rules are told; `None` if nothing is kept."""
        among = self._digest_of(look.paths) if self.cache.is_used else ""
        return self._told(look, known, among)

    def _told(
        self, look: Look, known: Iterable[Fact], among: str = ""
    ) -> tuple[bytes, bytes] | None:
        """The same without the paths of all files, but for what stands for them."""
        if not self.cache.is_used or self._packs is None:
            return None
        if look.answers is not None:  # what a person decided is asked for when something is written
            return None
        try:
            return self._packs, _digest((among, *_parts_of(look), *self._said(known)))
        except TypeError:  # a pack's own type in a fact, or none of JSON in an option
            return None

    def get(self, key: Key, paths: Set[str]) -> Checked | None:
        """The result that is kept by `key`, if it is the same among these paths."""
        kept = self.cache.get(_KIND, *key)
        try:
            found = None if kept is None else decoded(kept)
        except ValueError:
            return None
        if not (isinstance(found, tuple) and len(found) == 2):
            return None
        among, checked = found
        if not isinstance(checked, Checked) or _bytes(checked.path) != key.path:
            return None
        return checked if among == self._digest_of(paths) or _is_same(checked, paths) else None

    def put(self, key: Key, checked: Checked, paths: Set[str]) -> None:
        """Keep the result among these paths, if it is of the very bytes that `key` speaks of."""
        if checked.digest != key.data or not is_final(checked):
            return
        try:
            value = encoded((self._digest_of(paths), replace(checked, spent={}, again=None)))
        except TypeError:  # a pack's own type in a fact
            return
        self.cache.put(_KIND, value, *key)

    def recalled(
        self,
        of: type[T],
        facts: tuple[Fact, ...],
        look: Look,
        make: Callable[[], Iterable[T]],
    ) -> Iterable[T]:
        """What follows from all `facts` in `look`, values of one type: kept, or made and kept.

        Where other files may be edited it is the same, if all that was asked of them is.
        """
        told = self.told(look, look.known)
        try:
            key = (*told, _digest(map(self._text, facts))) if told else None
        except TypeError:
            key = None
        if key is None:
            return make()
        kind = f"{_FOLLOWS} {of.__name__}"
        kept = self.cache.get(kind, *key)
        try:
            asked, found = (None, ()) if kept is None else decoded(kept)
        except (ValueError, TypeError):
            asked, found = None, ()
        is_ours = isinstance(found, tuple) and all(isinstance(one, of) for one in found)
        if is_ours and may_edit_alike(look, asked):
            return cast("tuple[T, ...]", found)
        value = tuple(make())
        with contextlib.suppress(TypeError):
            self.cache.put(kind, encoded((asked_to_edit(look), value)), *key)
        return value

    def _digest_of(self, paths: Set[str]) -> str:
        if self._paths is None or self._paths[0] is not paths:
            self._paths = paths, _digest(["\0".join(sorted(paths))]).hex()
        return self._paths[1]

    def _said(self, facts: Iterable[Fact]) -> list[str]:
        return sorted(map(self._text, facts))

    def _text(self, fact: Fact) -> str:
        """`fact` as text, which each round asks for once more."""
        if fact not in self._facts:
            self._facts[fact] = encoded(fact).decode()
        return self._facts[fact]


def asked_to_edit(look: Look) -> Asked | None:
    """What was asked of the files that may be edited; `None` where it was about all of them."""
    return look.editable.asked if isinstance(look.editable, Paths) else ()


def may_edit_alike(look: Look, asked: Any) -> bool:
    """Whether what was `asked` of files that might be edited has the same answers in `look`."""
    if isinstance(look.editable, Paths):
        return isinstance(asked, tuple) and look.editable.answers_alike(asked)
    return bool(asked == ())


def _parts_of(look: Look) -> list[str]:
    """All that rules are told in a look, but for the facts, the paths, and what may be asked."""
    return [
        str(look.level),
        _set(look.fixing),
        json.dumps(look.options, sort_keys=True),
        "asked" if isinstance(look.editable, Paths) else _set(look.editable),
        *(f"{path} {_set(rules)}" for path, rules in sorted(look.left_out.items())),
        *(f"{rule}:{line}" for rule, line in sorted(look.kept)),
    ]


def _is_same(checked: Checked, paths: Set[str]) -> bool:
    from migrator.helpers.python.modules import answers_alike

    return checked.asked is not None and answers_alike(checked.asked, frozenset(paths))


def _set(names: Iterable[str] | None) -> str:
    return json.dumps(None if names is None else sorted(names))


def _bytes(text: str) -> bytes:
    # Not the bytes of a name: two locales may read these as two texts, and results hold the text.
    return text.encode("utf-8", "surrogatepass")


def _digest(parts: Iterable[str]) -> bytes:
    total = hashlib.sha256()
    for part in parts:
        data = _bytes(part)
        total.update(b"%d\n" % len(data) + data)
    return total.digest()
