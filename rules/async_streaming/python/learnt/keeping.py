"""What all Python files are told of what stays, because something in one of them is suppressed.

`python-kept` (what takes the legacy events for now), `python-kept-at` (a function there, by where
it begins, or a name of the library), `python-held` (that, and what shares its
methods: a call that is given it stays), `python-keeps-handler` (a function that gives a parameter
on to a call that stays), `python-gives-held` (one that gives one on, and is given what stays),
`python-stays` (a name of the library that comes by way of a file where it stays), `python-holds`
(an import by way of which another file has what stays). Each says why. Nothing here parses: see
`learning`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Fact
from migrator.helpers.python.modules import files_of

from ..._names import INVOKE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .derivations import Derivations
    from .exports import Exports


def stays(
    by_kind: Mapping[str, Sequence[Fact]], exports: Exports, classes: Derivations
) -> Iterator[Fact]:
    """What follows from what the files say that stays in them."""

    def learnt(kind: str, place: str, why: str) -> Fact:
        return Fact(kind, place, why, words=exports.words(place), files=files_of(place))

    for at, why in _said(by_kind, "kept-at").items():
        yield Fact("python-kept-at", at, why, files=files_of(at.replace("@", ":", 1)))
    kept, held = _kept(by_kind, exports, classes)
    for kind, places in (("python-kept", kept), ("python-held", held)):
        for place, why in sorted(places.items()):
            if ":" in place:
                yield learnt(kind, place, why)
    for kind in ("keeps-handler", "gives-held"):
        for place, why in _said(by_kind, kind).items():
            yield learnt(f"python-{kind}", place, why)
    needed = {
        _first(step): why
        for place, why in _said(by_kind, "holds").items()
        for step in exports.way(place)
    }
    for place, why in needed.items():
        yield Fact("python-holds", place, why, files=files_of(place))
    imports = _said(by_kind, "stays")
    for fact in by_kind.get("name-use", ()) if imports else ():
        for why in (imports[step] for step in exports.way(fact.key) if step in imports):
            told = (exports.final(fact.key), why)
            yield Fact("python-stays", fact.key, told, files=(fact.path,))
    yield from _calls(by_kind, exports)


def _kept(
    by_kind: Mapping[str, Sequence[Fact]], exports: Exports, classes: Derivations
) -> tuple[dict[str, str], dict[str, str]]:
    kept: dict[str, str] = {}
    held: dict[str, str] = {}
    for said, why in _said(by_kind, "kept").items():
        place = exports.final(said)
        for one in (place, *classes.above(place), *classes.inherited(place)):
            kept.setdefault(one, why)
        ways = (place, *classes.inherited(place), *classes.overriding(place))
        for one in (*ways, *classes.sharing(place)):
            held.setdefault(one, why)
            if "." in one.partition(":")[2]:
                kept.setdefault(one, why)
    return kept, held


def _calls(by_kind: Mapping[str, Sequence[Fact]], exports: Exports) -> Iterator[Fact]:
    """The calls that go by the same import as one that stays: it goes on to be the legacy one."""
    kept = {
        root: why
        for place, why in _said(by_kind, "invoke-kept").items()
        for root in exports.root(place)
    }
    for fact in by_kind.get("invoke-use", ()) if kept else ():
        for why in (kept[root] for root in exports.root(fact.key) if root in kept):
            yield Fact("python-stays", fact.key, (INVOKE, why), files=(fact.path,))


def _said(by_kind: Mapping[str, Sequence[Fact]], kind: str) -> dict[str, str]:
    """The places that facts of `kind` are about, each with why: one reason of several."""
    found: dict[str, str] = {}
    for fact in sorted(by_kind.get(kind, ()), key=lambda fact: (fact.key, str(fact.value))):
        found.setdefault(fact.key, str(fact.value))
    return found


def _first(place: str) -> str:
    """What a module has that leads to `place`."""
    module, colon, name = place.partition(":")
    return f"{module}{colon}{name.partition('.')[0]}"
