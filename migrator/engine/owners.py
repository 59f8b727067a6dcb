"""Who owns a file, as the CODEOWNERS file of its repository says.

Patterns are those of GitHub and GitLab: .gitignore's, without negation, and `docs/*` takes what is
right in the folder alone. They come from the tree, so they are matched in time that grows with the
length of pattern and path, not with what stars could stand for.
"""

from __future__ import annotations

import fnmatch
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.engine.contents import contents
from migrator.engine.state import root_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Segment = Callable[[str], object]

#: Where the file may lie; the first that is there counts.
PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
_WORD = re.compile(r"(?:[^ \t\\]|\\.?)+")
_SECTION = re.compile(r"\^?\[(?P<name>[^\]]+)\](?:\[\d+\])?(?P<owners>(?:[ \t].*)?)")
_ESCAPED = re.compile(r"\\(.?)")
_WILD = re.compile(r"[*?\[]")


class Owners:
    """The owners of files, each by the CODEOWNERS file of its own repository, read once."""

    def __init__(self) -> None:
        self._roots: dict[str, tuple[str, Rules]] = {}
        self._rules: dict[Path, Rules] = {}

    def of(self, path: str) -> tuple[str, ...]:
        """Who owns `path`, which is relative to the current folder; often nobody."""
        folder, name = os.path.split(path)
        if folder not in self._roots:
            root = root_of(Path(folder))
            if root not in self._rules:
                self._rules[root] = _read(root)
            below = os.path.relpath(os.path.realpath(folder or "."), root).replace(os.sep, "/")
            self._roots[folder] = ("" if below == "." else f"{below}/", self._rules[root])
        prefix, rules = self._roots[folder]
        return rules.of(prefix + name)


def _read(root: Path) -> Rules:
    for place in PLACES:
        file = str(root / place)
        found = contents(file)
        # Its folder may be a link that leads out of the repository.
        if not isinstance(found, str) and os.path.realpath(file) == file:
            return Rules(found.data.decode("utf-8-sig", "surrogateescape"))
    return Rules("")


@dataclass(frozen=True)
class _Rule:
    pattern: tuple[Segment | None, ...]
    owners: tuple[str, ...]


class Rules:
    """The lines of one CODEOWNERS file; what is no line of it says nothing.

    In a section of GitLab's, and outside of all, the last line that matches counts; a file may have
    owners of several sections.
    """

    def __init__(self, text: str) -> None:
        self._sections: dict[str, list[_Rule]] = {"": []}
        rules = self._sections[""]
        usual: tuple[str, ...] = ()
        for line in text.split("\n"):
            line = line.strip()
            if header := _SECTION.fullmatch(line):
                rules = self._sections.setdefault(header["name"].casefold(), [])
                usual = tuple(_words(header["owners"]))
                continue
            place, *owners = [*_words(line)] or [""]
            if (pattern := _pattern(place)) and all("@" in owner for owner in owners):
                rules.append(_Rule(pattern, tuple(owners) or usual))

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of `path`, which is relative to the root of the repository."""
        segments = path.split("/")
        found: dict[str, None] = {}
        for rules in self._sections.values():
            for rule in reversed(rules):
                if _matches(rule.pattern, segments):
                    found.update(dict.fromkeys(rule.owners))
                    break
        return tuple(found)


def _words(line: str) -> Iterator[str]:
    """The words of a line, up to a comment; a blank behind a backslash is part of a word."""
    for word in _WORD.findall(line):
        if word.startswith("#"):
            return
        yield word


def _pattern(word: str) -> tuple[Segment | None, ...]:
    """What matches a path segment by segment; `None` stands for any number of segments."""
    parts = [part for part in word.split("/") if part]
    if not parts or word.startswith("!"):
        return ()
    try:
        found = [None if part == "**" else _segment(part) for part in parts]
    except re.error:
        return ()
    if "/" not in word[:-1]:
        found.insert(0, None)
    if word.endswith("/"):
        found += (_segment("*"), None)
    elif not word.endswith("/*"):
        found.append(None)
    return tuple(found)


@lru_cache(maxsize=1024)
def _segment(part: str) -> Segment:
    if not _WILD.search(part):
        return _ESCAPED.sub(r"\1", part).__eq__
    # The standard library makes a pattern that never goes back over what a star has taken.
    wild = _ESCAPED.sub(lambda one: f"[{one[1]}]" if _WILD.match(one[1]) else one[1], part)
    return re.compile(fnmatch.translate(wild)).match


def _matches(pattern: Sequence[Segment | None], segments: Sequence[str]) -> bool:
    here = there = taken = 0
    after: int | None = None
    while there < len(segments):
        part = pattern[here] if here < len(pattern) else _nothing
        if part is None:
            here += 1
            after, taken = here, there
        elif part(segments[there]):
            here += 1
            there += 1
        elif after is not None:
            # What stands for any number of segments takes one more.
            taken += 1
            here, there = after, taken
        else:
            return False
    return not any(pattern[here:])


def _nothing(_: str) -> None:
    return None
