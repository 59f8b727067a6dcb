"""Imports of all of a module, found in the bytes of a Python file: they name nothing they bring."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from migrator.languages import ADDED

if TYPE_CHECKING:
    from collections.abc import Iterator

# Behind more blanks than these, a word may begin a statement or not.
_INDENTED = 200
# What may join `from`, a module, `import` and a star.
_JOINED = rb"[ \t\f]|\\(?:\r\n|\r|\n)"
_STAR = re.compile(rb"import(?:" + _JOINED + rb")*\*")
_WORD = re.compile(rb"\b(?:from|import)\b")
_IMPORTS_ALL = re.compile(rb"from((?:[^\s#'\"()\[\]{}=,;:]|" + _JOINED + rb")*?)" + _STAR.pattern)


def star(*parts: str) -> str:
    """The word in `plain` text of an import of all of a module, by the last two parts of its name.

    It is one part where no more is known.
    """
    return f"{ADDED}{'/'.join(parts[-2:])} import *"


def stars(data: bytes, path: str) -> list[str]:
    """A `star` for each module that the file at `path`, with `data` in UTF-8, imports all of.

    Most files that hold both words of such an import, in a text or a comment, have none.
    """
    modules = (
        re.sub(rb"[\s\\]", b"", match[1])
        for match in _imports_all(data)
        if _may_begin(data, match.start())
    )
    return [star(*_parts(module.decode(errors="replace"), path)) for module in modules]


def _imports_all(data: bytes) -> Iterator[re.Match[bytes]]:
    """What looks like an import of all of a module: from each star back to the `from` before it."""
    begin = 0
    for last in _STAR.finditer(data):
        start = last.start()
        if not _WORD.match(data, start):
            continue
        while (start := data.rfind(b"from", begin, start)) >= 0:
            if _WORD.match(data, start):
                if found := _IMPORTS_ALL.fullmatch(data, start, last.end()):
                    yield found
                break
        # No module is called `*`: nor does an import begin before the star of another.
        begin = last.end()


def _may_begin(data: bytes, start: int) -> bool:
    """Whether a statement may begin at `start`: so may the line of a text, but no word in it."""
    before = re.split(rb"[\r\n;:]", data[max(0, start - _INDENTED) : start])[-1]
    return not before.strip(b" \t\f" + codecs.BOM_UTF8)


def _parts(module: str, path: str) -> list[str]:
    """What is known of the name of the `module` that the file at `path` imports from."""
    name = module.lstrip(".")
    parts = name.split(".") if name else []
    if level := len(module) - len(name):
        parts = [*path.split("/")[:-level][-1:], *parts]
    return parts
