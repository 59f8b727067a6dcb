"""Bytes of files as sources that are parsed, some of them kept for another look."""

from __future__ import annotations

import hashlib

from migrator.errors import NotAnalysedError
from migrator.languages import language
from migrator.model import (
    Source,
)


def read(path: str, data: bytes, name: str) -> Source:
    """`data` as a source whose bytes come back unchanged; raises `NotAnalysedError`."""
    codec, bom = language(name).encoding(data)
    try:
        source = Source.from_bytes(path, data, name, codec, bom)
        if source.to_bytes() != data:
            raise NotAnalysedError(f"does not survive decoding as {codec} and encoding unchanged")
    except UnicodeDecodeError as error:
        raise NotAnalysedError(f"is not {codec}: byte {error.start} has no meaning in it") from None
    return source


class Sources:
    """Sources that are parsed, some of them kept for another look at the same bytes.

    A file is looked at again when others taught something about it, and to parse it takes longer
    than to look. A tree takes some hundred times the space of its text: where there are more than
    `limit` bytes of text, all are dropped.
    """

    def __init__(self, limit: int = 0) -> None:
        self._limit = limit
        self._size = 0
        self._kept: dict[tuple[str, str, bytes], Source] = {}

    def parsed(self, path: str, data: bytes, name: str) -> Source:
        """The file at `path` in the language called `name`; raises `NotAnalysedError`."""
        key = path, name, digest(data)
        if key not in self._kept:
            if self._size + len(data) > self._limit:
                self._drop()
            source = read(path, data, name)
            language(name).parse(source)
            self._kept[key] = source
            self._size += len(data)
        return self._kept[key]

    def close(self) -> None:
        """Drop what is not to be kept when a look is over."""
        if self._size > self._limit:
            self._drop()
        for source in self._kept.values():
            source.forget_looks()

    def _drop(self) -> None:
        for source in self._kept.values():
            # What is derived from a source holds the source: cut that, and all of it goes at once.
            source.memo.clear()
        self._kept.clear()
        self._size = 0


def digest(data: bytes) -> bytes:
    """What tells whether the bytes of a file are those that were looked at."""
    return hashlib.sha256(data).digest()
