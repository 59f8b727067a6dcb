"""Code with holes, whatever the language: `$NAME` for one expression, `$$$NAME` for any number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

HOLE, REST = "__hole_", "__rest_"
_HOLES = re.compile(r"(\*{0,2})\$(?:(\$\$)([A-Z][A-Z0-9_]*)|([A-Z][A-Z0-9_]*))")
_NAMED = re.compile(rf"({HOLE}|{REST})[A-Z][A-Z0-9_]*")
_LINES = re.compile(r"\s*\n\s*")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


class SnippetError(ValueError):
    """The snippet cannot mean anything; the message says why."""


@dataclass(frozen=True)
class Snippet:
    """A piece of code with holes.

    `form` is `expression`, `statement`, `decorator`, `block` for a statement with a body that may
    be any, `blocks` for one with several or with decorators, or `import`: what imports the name
    that it imports. `parameters` are those that a function which is written gets by their names,
    `target` is the attribute of a class that a statement sets by its name. What is written `above`
    and `below` it stands beside it, unless it is there already. One of code around something may be
    `within` another one.
    `code` is code of the language with the holes as names; `names` are the dotted names in it;
    `words` those a file must hold for the code to be in it.
    """

    text: str
    code: str
    holes: tuple[str, ...]
    rests: tuple[str, ...]
    names: tuple[str, ...]
    words: tuple[str, ...]
    form: str = field(default="expression", kw_only=True)
    parameters: tuple[str, ...] = field(default=(), kw_only=True)
    target: str | None = field(default=None, kw_only=True)
    above: tuple[Snippet, ...] = field(default=(), kw_only=True)
    below: tuple[Snippet, ...] = field(default=(), kw_only=True)
    within: Snippet | None = field(default=None, kw_only=True)

    @property
    def bound(self) -> frozenset[str]:
        """Every hole of either kind."""
        return frozenset((*self.holes, *self.rests))


S = TypeVar("S", bound=Snippet)


def together(text: str, parts: Sequence[S], main: int) -> S:
    """Several that are written in the place of one, as `text` has them.

    The one that has the holes takes that place, or that at `main` if there are none, and the others
    stand above and below it.
    """
    holding = [at for at, one in enumerate(parts) if one.bound]
    if len(holding) > 1:
        raise SnippetError("of several that are written, one has all the holes")
    at = holding[0] if holding else range(len(parts))[main]
    names = (name for one in parts for name in one.names)
    return replace(
        parts[at],
        text=text,
        names=tuple(dict.fromkeys(names)),
        above=tuple(parts[:at]),
        below=tuple(parts[at + 1 :]),
    )


def led_by(several: Snippet, code: str) -> Snippet:
    """`several` with that in their middle which is `code`, if one of them is.

    What is found stays then, and gets the others beside it.
    """
    parts = [*several.above, replace(several, above=(), below=()), *several.below]
    at = next((at for at, one in enumerate(parts) if one.code.split() == code.split()), None)
    if at is None:
        return several
    return replace(
        parts[at],
        text=several.text,
        names=several.names,
        above=tuple(parts[:at]),
        below=tuple(parts[at + 1 :]),
    )


def told_apart(rests: Iterable[Sequence[str]]) -> None:
    """Raise `SnippetError` where of holes for any number of things two stand in one row.

    `rests` has those of each list of arguments or items in a pattern: where the first of two ends
    cannot be told.
    """
    for row in rests:
        if len(row) > 1:
            first, second = row[:2]
            raise SnippetError(
                f"`$$${first}` and `$$${second}` cannot be told apart in one list: "
                "one `$$$` stands for all that is left, arguments with names in any order"
            )


def no_hole(name: str) -> str:
    """Why `name`, which a snippet binds, has no place in it."""
    is_hole = name[:1].isalpha()
    hint = f": write `${name.upper()}`" if is_hole else ", and is no hole: `$ANY` is one"
    return f"`{name}` is bound here{hint}"


def named(text: str, hole: Callable[[str, str], str], rest: Callable[[str, str], str]) -> str:
    """`text` with its holes as `hole` and `rest` name them, who get the stars before and the name.

    Raises `SnippetError` for what begins like a hole and is none.
    """

    def name(match: re.Match[str]) -> str:
        stars, several, many, one = match.groups()
        return rest(stars, many) if several else hole(stars, one)

    code = _HOLES.sub(name, text.strip())
    if "$" in _QUOTED.sub("", code):
        raise SnippetError("a hole is `$NAME` or `$$$NAME`, in capital letters")
    return code


def without_names(code: str) -> str:
    """The code of a snippet with all holes called alike."""
    return _NAMED.sub(r"\1", code)


def holes_of(text: str) -> frozenset[str]:
    """The names of all holes in a message."""
    return frozenset(match[3] or match[4] for match in _HOLES.finditer(text))


def put_in(text: str, values: dict[str, str]) -> str:
    """A message with the holes it has replaced by `values`; what is none goes with a comma.

    It has one line.
    """
    said, done = "", 0
    for match in _HOLES.finditer(text):
        said, done = said + text[done : match.start()], match.end()
        given = _LINES.sub(" ", values.get(match[3] or match[4], "..."))
        if given:
            said += match[1] + given
        elif said.rstrip().endswith(","):
            said = said.rstrip().removesuffix(",")
        elif text[done:].startswith(","):
            done += len(text[done:]) - len(text[done:].removeprefix(",").lstrip())
    return said + text[done:]
