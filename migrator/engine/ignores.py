"""Lines of .gitignore as patterns that take no more than a moment, whatever a tree has in them.

`a*a*a*a*b` as a regular expression tries every way to share out the letters of a name. But once a
part between two stars matches, its first place is as good as any later one: the next star takes
what is between. So all stars of a name but the last give nothing back.
"""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

from pathspec import GitIgnoreSpec

if TYPE_CHECKING:
    from collections.abc import Iterable

_STAR = r"\[\^/\]\*"
_STARS = re.compile(rf"(?:{_STAR})+")
_SET = r"\[\^?\]?(?:\\.|[^\]\\])*\](?!\*)"
_PART = re.compile(rf"{_STAR}((?:\\.|{_SET}|[^\\\[\]()/+*?|^$])+)(?={_STAR})")
# `**` in the midst of a pattern, of any number of folders; more of them are no pattern here.
_FOLDERS = re.compile(r"\(\?:/\.\+\)\?|\(\?:\.\+/\)\?")
_MOST_FOLDERS = 4


def patterns(lines: Iterable[str]) -> GitIgnoreSpec:
    """The patterns of some lines; raises `ValueError` or `re.error` for one that is none."""
    with warnings.catch_warnings():
        # `re` has doubts about sets like `[[a]`, which git has not.
        warnings.simplefilter("ignore", FutureWarning)
        spec: GitIgnoreSpec = GitIgnoreSpec.from_lines(lines, backend="simple")
        for pattern in spec.patterns:
            if pattern.regex is not None:
                pattern.regex = _linear(pattern.regex)
    return spec


def is_pattern(line: str) -> bool:
    """Whether `line` can be read as a line of .gitignore."""
    try:
        patterns([line])
    except (ValueError, re.error):
        return False
    return True


def _linear(regex: re.Pattern[str]) -> re.Pattern[str]:
    """A regular expression that matches the same, with no choice but at the last star of a name."""
    given = regex.pattern
    count = 0

    def settled(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        # What is looked ahead at, and then taken as it was found, is not tried in another way.
        return f"(?=(?P<part{count}>[^/]*?{match[1]}))(?P=part{count})"

    text = _PART.sub(settled, _STARS.sub("[^/]*", given))
    if len(_FOLDERS.findall(text)) > _MOST_FOLDERS or _left(text) > 1:
        raise ValueError("has too many stars")
    return re.compile(text) if text != given else regex


def _left(text: str) -> int:
    """The most stars of one name that can still give back what they took."""
    names = text.replace("[^/]", "\0").split("/")
    return max(len(re.findall(r"\0\*(?!\?)", name)) for name in names)
