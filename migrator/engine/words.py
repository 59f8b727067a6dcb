"""The words in a file: which groups it holds all of, and whether it speaks of the old API."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.languages import language

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

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
        self._by_word: dict[str, list[Group]] = {}
        for group in groups:
            first = max(group, key=lambda word: (counts[word], len(word)), default="")
            self._by_word.setdefault(first, []).append(group)

    def held(self, data: bytes, name: str) -> Iterator[Group]:
        """The groups of which `data`, in the language called `name`, holds every word."""
        has = cache(partial(language(name).holds, data))
        for word, groups in self._by_word.items():
            if has(word):
                yield from (group for group in groups if all(map(has, group)))


def speaks(data: bytes, name: str, words: Collection[str]) -> bool:
    """Whether `data`, in the language called `name`, holds one of `words`.

    What is part of a longer word (`async_stream` in `async_streams`) does not count.
    """
    holds = language(name).holds
    bare = data.replace(b"\0", b"")  # so that ASCII in UTF-16 and UTF-32 is itself
    return any(holds(data, word) and not _only_in_longer(bare, word) for word in words)


def _only_in_longer(bare: bytes, word: str) -> bool:
    spelled = re.escape(word.encode())
    return word.encode() in bare and not re.search(rb"(?<!\w)" + spelled + rb"(?!\w)", bare)


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
