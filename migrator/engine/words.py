"""The words in a file: which groups it holds all of, and whether it speaks of the old API."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.languages import ADDED, language

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    Group = tuple[str, ...]

_LETTER = re.compile(rb"\w").match
_ADDED = ADDED.encode()
_SHORT = 2
_MOST_WORDS = 4096
_CHUNK = 1024 * 1024
_LONGEST_WORD = 1024
# Bytes of all words for which there is a table, which may take 10 MB then.
_TABLE = 100_000


class Groups:
    """Groups of words, found in a file by one word of each: `first` are all of those.

    A part of a longer word does not count.
    """

    def __init__(self, groups: Iterable[Group]) -> None:
        groups = list(dict.fromkeys(groups))
        counts = Counter(word for group in groups for word in group)
        by_word: dict[str, list[tuple[Group, tuple[bytes, ...]]]] = {}
        for group in groups:
            # Looked for all at once, words may be many, and those of few groups are the rare ones;
            # one by one they have to be few. Short ones are in most files, as parts of others.
            first = min(
                group,
                key=lambda word: (
                    len(word) <= _SHORT,
                    counts[word] if _all_at_once() else -counts[word],
                    -len(word),
                ),
                default="",
            )
            words = tuple(map(_encoded, group))
            by_word.setdefault(first, []).append((group, words))
        # All at once, the others cost nothing, and most groups lack one of them.
        others = (word for word in counts if len(word) > _SHORT) if _all_at_once() else ()
        self.first = tuple(by_word)
        self._groups = list(by_word.values())
        self._encoded = list(map(_encoded, dict.fromkeys((*self.first, *others))))
        self._looked_for = frozenset(self._encoded)
        self._found = _finder(self._encoded)

    def __bool__(self) -> bool:
        return bool(self._groups)

    def held(
        self, path: str, data: bytes, name: str, note: Callable[[str], None] | None = None
    ) -> Iterator[Group]:
        """The groups of which the file at `path`, with `data` in the language `name`, holds all.

        `note` is told which of `first` it holds, and `ADDED` if it has any word that begins so.
        """
        plain = language(name).plain(data, path)
        found = self._found(plain)
        begun = [number for number in found if number < len(self.first)]
        if note is not None:
            for number in begun:
                note(self.first[number])
            if _ADDED in plain:
                note(ADDED)
        if not begun:
            return
        present = {self._encoded[number] for number in found}
        alone: dict[bytes, bool] = {}
        for number in begun:
            for group, words in self._groups[number]:
                for word in words:
                    if word not in alone:
                        may_be = word in present or word not in self._looked_for
                        alone[word] = may_be and _stands_alone(plain, word)
                    if not alone[word]:
                        break
                else:
                    yield group


@cache
def _all_at_once() -> Callable[[Sequence[bytes]], Callable[[bytes], Collection[int]]] | None:
    """What looks for many words in one go, if that is installed: an extra."""
    try:
        from ahocorasick_rs import BytesAhoCorasick, Implementation
    except ImportError:
        return None

    def finder(words: Sequence[bytes]) -> Callable[[bytes], Collection[int]]:
        # Three times as fast as what it would take itself, for a hundred times the space.
        table = Implementation.DFA if sum(map(len, words)) < _TABLE else None
        matches = BytesAhoCorasick(words, implementation=table).find_matches_as_indexes
        return lambda plain: {number for number, _, _ in matches(plain, overlapping=True)}

    return finder


def _finder(words: Sequence[bytes]) -> Callable[[bytes], Collection[int]]:
    """What tells which of `words` are in a file, by their numbers."""
    fast = _all_at_once()
    if fast and all(words):
        return fast(words)
    return lambda plain: [number for number, word in enumerate(words) if word in plain]


def _encoded(word: str) -> bytes:
    """`word` as it is in a file; it may be part of a path that is not UTF-8."""
    return word.encode(errors="surrogateescape")


def speaks(data: bytes, name: str, words: Collection[str]) -> bool:
    """Whether `data`, in the language called `name`, holds one of `words`.

    What is part of a longer word (`async_stream` in `async_streams`) does not count.
    """
    plain = language(name).plain(data, "")
    return any(_stands_alone(plain, _encoded(word)) for word in words)


def _stands_alone(plain: bytes, word: bytes) -> bool:
    """Whether `word` is somewhere in `plain` without being a part of a longer one."""
    if word not in plain:
        return False
    alone, behind_escape = _alone(word)
    return bool(alone(plain) or (b"\\" in plain and behind_escape(plain)))


@lru_cache(_MOST_WORDS)
def _alone(word: bytes) -> tuple[Callable[[bytes], object], Callable[[bytes], object]]:
    """Find `word` by itself, and where it may be so because what runs into it is an escape.

    The longest escape without a brace is `\\U0010ffff`.
    """
    literal = re.escape(word)
    ends = rb"(?!\w)" if _LETTER(word[-1:]) else b""
    # What comes before is asked last: so the search is for the literal.
    begins = rb"(?<!\w" + literal + rb")" if _LETTER(word[:1]) else b""
    return (
        re.compile(literal + begins + ends).search,
        re.compile(rb"\\\w{1,9}?" + literal + ends).search,
    )


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
