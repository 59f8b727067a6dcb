"""Whether a file that cannot be analysed speaks of the old API: whole words, in any encoding."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.languages import language

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_CHUNK = 1024 * 1024
_LONGEST_WORD = 1024


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
