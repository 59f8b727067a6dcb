"""The words in a file: which groups it holds all of, and whether it speaks of the old API."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.languages import language

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    Group = tuple[str, ...]

_CHUNK = 1024 * 1024
_LONGEST_WORD = 1024


class Groups:
    """Groups of words, found in a file by one word of each.

    That is the one which most groups have: of a thousand groups, few words are looked for.
    """

    def __init__(self, groups: Iterable[Group]) -> None:
        groups = list(dict.fromkeys(groups))
        counts = Counter(word for group in groups for word in group)
        self._by_word: dict[bytes, list[tuple[Group, tuple[bytes, ...]]]] = {}
        for group in groups:
            first = max(group, key=lambda word: (counts[word], len(word)), default="")
            words = tuple(word.encode() for word in group)
            self._by_word.setdefault(first.encode(), []).append((group, words))
        self._holds_any = _finder(tuple(self._by_word))

    def held(self, data: bytes, name: str) -> Iterator[Group]:
        """The groups of which `data`, in the language called `name`, holds every word."""
        plain = language(name).plain(data)
        if not self._holds_any(plain):
            return
        has = cache(plain.__contains__)
        for word, groups in self._by_word.items():
            if has(word):
                yield from (group for group, words in groups if all(map(has, words)))


def _finder(words: tuple[bytes, ...]) -> Callable[[bytes], bool]:
    """What tells whether a file holds one of `words`: all at once, where the extra is installed."""
    try:
        from ahocorasick_rs import BytesAhoCorasick
    except ImportError:
        return lambda plain: any(word in plain for word in words)
    if b"" in words:
        return lambda _: True
    matches = BytesAhoCorasick(words).find_matches_as_indexes
    return lambda plain: bool(matches(plain))


def speaks(data: bytes, name: str, words: Collection[str]) -> bool:
    """Whether `data`, in the language called `name`, holds one of `words`.

    What is part of a longer word (`async_stream` in `async_streams`) does not count.
    """
    plain = language(name).plain(data)
    return any(_stands_alone(word.encode(), plain) for word in words)


def _stands_alone(word: bytes, plain: bytes) -> bool:
    if word not in plain:
        return False
    return re.search(rb"(?<!\w)" + re.escape(word) + rb"(?!\w)", plain) is not None


def file_speaks(path: str, name: str, words: Collection[str]) -> bool:
    """The same of a file of any size, which is read piece by piece; one that cannot be does."""
    try:
        return any(speaks(piece, name, words) for piece in _pieces(path))
    except OSError:
        return True


def _pieces(path: str) -> Iterable[bytes]:
    """The file in pieces that overlap, so that no word is cut in all of them."""
    with Path(path).open("rb") as file:
        rest = b""
        while piece := file.read(_CHUNK):
            yield rest + piece
            rest = piece[-_LONGEST_WORD:]
