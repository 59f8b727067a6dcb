"""Renames as rule files have them: what has another name now, or an argument of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from migrator.patterns.definition import spelled

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

    from migrator.patterns.definition import Document, Place


class Rename(NamedTuple):
    """`old` is now `new`; with `keyword`, the argument of the function `old` of that name.

    `arity` is the number of arguments of the function that is meant, where it is said. `part` is
    where it stands in its file.
    """

    old: str
    new: str
    keyword: tuple[str, str] | None = None
    arity: int | None = None
    part: str = ""

    @property
    def told(self) -> str:
        """What a finding says of it."""
        return f"`{self.old}` is now `{self.new}`"


def read_rename(
    document: Document, place: Place, text: str, pattern: re.Pattern[str], renames_are: str
) -> Rename:
    """The rename that `text` spells; raises `MigrateError` where it is none, or has no end."""
    match = pattern.fullmatch(text)
    if match is None:
        raise document.error(place, renames_are)
    given = match.groupdict()
    old, was, new, is_ = given["old"], given.get("was"), given["new"], given.get("is")
    if bool(was) != bool(is_):
        raise document.error(place, "name the argument on both sides of the arrow")
    if was and old != new:
        problem = "the function is to be the same on both sides: rename it on its own"
        raise document.error(place, problem)
    if (old, was) == (new, is_):
        raise document.error(place, "both sides are the same")
    if f"{new}.".startswith(f"{old}.") and not was:
        problem = f"`{new}` begins with `{old}`: the rename would go on for ever"
        raise document.error(place, problem)
    arity = given.get("arity")
    keyword = (was, is_) if was and is_ else None
    return Rename(old, new, keyword, int(arity) if arity else None, spelled(place))


def names_of(dotted: str, renames: Iterable[Rename]) -> tuple[str, ...]:
    """The names of what is called `dotted` once `renames` are made: that, and those before."""
    old = (
        one.old + dotted[len(one.new) :]
        for one in renames
        if one.keyword is None and f"{dotted}.".startswith(f"{one.new}.")
    )
    return tuple(dict.fromkeys((dotted, *old)))
