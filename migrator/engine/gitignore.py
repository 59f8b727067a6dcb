"""Lines of .gitignore, matched as git does, in a time that no line can make long.

`a*a*a*a*b` as a usual regular expression tries every way to share out the letters of a name. But
once a part between two stars matches, its first place is as good as any later one: the next star
takes what is between. So all stars of a name but the last give nothing back, and so do all `**`.

Nearly all lines there are need no regular expression. Names and paths without a star are looked up,
`*.log` and `tmp*` are compared; a path that none of these nor any expression takes, as most are, is
not held against one line after the other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_TOKEN = re.compile(
    r"\\(?P<escaped>.)|(?P<stars>\*+)|(?P<any>\?)|(?P<slash>/)"
    r"|(?P<set>\[[!^]?\]?(?:\[:\w*:\]|\\.|[^\]\\])*\])|(?P<plain>[^\\\[])",
    re.DOTALL,
)
_MEMBER = re.compile(r"\[:(?P<kind>\w*):\]|(?:\\(?P<escaped>.)|(?P<plain>.))", re.DOTALL)
_KINDS = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\t-\\r ",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_STAR, _FOLDERS, _SLASH = "*", "**", "/"


class _Line(NamedTuple):
    """What one line says: `ignored` of the names, or of the `whole` paths, that it matches."""

    ignored: bool
    folders_only: bool
    whole: bool
    matches: Callable[[str], object]


class Patterns:
    """The lines of one ignore file; what is no pattern matches nothing."""

    def __init__(self, lines: Iterable[str | bytes]) -> None:
        self._lines: list[_Line] = []
        self._names: set[str] = set()
        self._paths: set[str] = set()
        heads: list[str] = []
        tails: list[str] = []
        wild: dict[bool, list[str]] = {True: [], False: []}
        groups = _Groups()
        for line in lines:
            read = _read(line)
            if read is None:
                continue
            text, ignored, folders_only, whole = read
            tokens = _tokens(text)
            if tokens is None:
                continue
            plain = [token for token in tokens if isinstance(token, str)]
            matches: Callable[[str], object]
            if len(plain) == len(tokens):
                literal = "".join(plain)
                (self._paths if whole else self._names).add(literal)
                matches = literal.__eq__
            elif not whole and len(tokens) == len(plain) + 1 and tokens[0] == _Wild(_STAR):
                tails.append("".join(plain))
                matches = _ends(tails[-1])
            elif not whole and len(tokens) == len(plain) + 1 and tokens[-1] == _Wild(_STAR):
                heads.append("".join(plain))
                matches = _begins(heads[-1])
            else:
                regex = groups.regex(tokens)
                wild[whole].append(regex)
                matches = _matches(regex)
            self._lines.append(_Line(ignored, folders_only, whole, matches))
        self._heads, self._tails = tuple(heads), tuple(tails)
        self._wild_name = _any(wild[False])
        self._wild_path = _any(wild[True])

    def __bool__(self) -> bool:
        return bool(self._lines)

    def says(self, path: str, *, is_folder: bool) -> bool | None:
        """Whether `path` is ignored; `None` where no line speaks of it.

        It is relative to the folder of the ignore file. What lies in an ignored folder is not
        looked at here: git cannot be told to take it in again, and a walk does not come there.
        """
        if not path.isascii():
            path = _bytewise(path)
        name = path[path.rfind("/") + 1 :]
        if not (
            name in self._names
            or name.endswith(self._tails)
            or name.startswith(self._heads)
            or path in self._paths
            or (self._wild_name and self._wild_name(name))
            or (self._wild_path and self._wild_path(path))
        ):
            return None
        for line in reversed(self._lines):
            if is_folder or not line.folders_only:
                if line.matches(path if line.whole else name):
                    return line.ignored
        return None


def is_pattern(line: str) -> bool:
    """Whether `line` can be read as a line of .gitignore."""
    read = _read(line)
    return read is None or _tokens(read[0]) is not None


def _bytewise(text: str | bytes) -> str:
    """`text` with a character for each of its bytes, as git compares it."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    return data.decode("latin-1")


def _read(line: str | bytes) -> tuple[str, bool, bool, bool] | None:
    """The pattern in a line; whether it ignores, is for folders alone, and for whole paths."""
    text = _bytewise(line).removesuffix("\r")
    if text.startswith("#"):
        return None
    bare = text.rstrip(" ")
    if bare != text:
        is_escaped = (len(bare) - len(bare.rstrip("\\"))) % 2
        text = f"{bare} " if is_escaped else bare
    ignored = not text.startswith("!")
    text = text if ignored else text[1:]
    folders_only = text.endswith("/")
    text = text.removesuffix("/")
    if not text:
        return None
    whole = "/" in text
    return (text.removeprefix("/") if whole else text), ignored, folders_only, whole


class _Wild(NamedTuple):
    """A part of a pattern that stands for more than one text; other parts are their text."""

    regex: str


def _tokens(text: str) -> list[str | _Wild] | None:
    """The parts of a pattern; `None` where it can match nothing."""
    found: list[str | _Wild] = []
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            return None
        at = token.end()
        if token["stars"]:
            around = text[token.start() - 1 : token.start()], text[at : at + 1]
            is_folders = len(token[0]) > 1 and all(one in ("", "/") for one in around)
            found.append(_Wild(_FOLDERS if is_folders else _STAR))
        elif token["any"]:
            found.append(_Wild("[^/]"))
        elif token["set"]:
            members = _set(token[0])
            if members is None:
                return None
            found.append(_Wild(members))
        else:
            found.append(token["escaped"] or token[0])
    return found


def _set(text: str) -> str | None:
    """`[...]` as a regular expression; `None` where nothing is in it."""
    inner = text[1:-1]
    negated = inner[:1] in ("!", "^")
    members = list(_MEMBER.finditer(inner[negated:]))
    parts = []
    at = 0
    while at < len(members):
        one = members[at]
        if one["kind"] is not None:
            if one["kind"] not in _KINDS:
                return None
            parts.append(_KINDS[one["kind"]])
        elif _is_range(members, at):
            low, high = _char(one), _char(members[at + 2])
            # git compares the first of a range by itself before it sees that it is one.
            parts.append(f"{re.escape(low)}-{re.escape(max(low, high))}")
            at += 2
        else:
            parts.append(re.escape(_char(one)))
        at += 1
    joined = "".join(parts)
    if not joined:
        return None
    return f"[^/{joined}]" if negated else f"(?!/)[{joined}]"


def _is_range(members: Sequence[re.Match[str]], at: int) -> bool:
    return (
        at + 2 < len(members)
        and members[at + 1]["plain"] == "-"
        and members[at + 2]["kind"] is None
    )


def _char(member: re.Match[str]) -> str:
    return str(member["escaped"] or member["plain"])


class _Groups:
    """Regular expressions of patterns; their groups have names of their own, to be joined."""

    def __init__(self) -> None:
        self._count = 0

    def regex(self, tokens: Sequence[str | _Wild]) -> str:
        """What matches the whole of a name or path."""
        parts: list[list[str]] = [[]]
        for segment in _split(tokens, _SLASH):
            if segment == [_Wild(_FOLDERS)]:
                parts.append([])
            else:
                parts[-1].append(self._segment(segment))
        first, *rest = parts
        if not rest:
            return "/".join(first)
        found = "".join(f"{segment}/" for segment in first)
        for part in rest[:-1]:
            if part:
                found += self._settled("(?:[^/]+/)*?" + "".join(f"{one}/" for one in part))
        last = "/".join(rest[-1])
        return found + (f"(?:[^/]+/)*{last}" if last else ".*")

    def _segment(self, tokens: Sequence[str | _Wild]) -> str:
        """What matches one name."""
        parts = [
            "".join(token.regex if isinstance(token, _Wild) else re.escape(token) for token in part)
            for part in _split(tokens, _Wild(_STAR))
        ]
        if len(parts) == 1:
            return parts[0]
        middle = "".join(self._settled(f"[^/]*?{part}") for part in parts[1:-1] if part)
        return f"{parts[0]}{middle}[^/]*{parts[-1]}"

    def _settled(self, regex: str) -> str:
        """What is looked ahead at, and then taken as it was found, is not tried in another way."""
        self._count += 1
        return f"(?=(?P<part{self._count}>{regex}))(?P=part{self._count})"


def _split(tokens: Sequence[str | _Wild], at: str | _Wild) -> Iterator[list[str | _Wild]]:
    part: list[str | _Wild] = []
    for token in tokens:
        if token == at:
            yield part
            part = []
        else:
            part.append(token)
    yield part


def _any(expressions: Sequence[str]) -> Callable[[str], object] | None:
    return _matches("|".join(expressions)) if expressions else None


def _matches(regex: str) -> Callable[[str], object]:
    """The test for `regex`, compiled when it is first asked."""
    compiled: list[re.Pattern[str]] = []

    def matches(text: str) -> object:
        if not compiled:
            compiled.append(re.compile(regex, re.DOTALL))
        return compiled[0].fullmatch(text)

    return matches


def _begins(head: str) -> Callable[[str], object]:
    return lambda name: name.startswith(head)


def _ends(tail: str) -> Callable[[str], object]:
    return lambda name: name.endswith(tail)
