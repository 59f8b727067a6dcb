"""Names that a file would no longer have, and the other files that take them from there.

A name that is imported at the top of a module is the module's own too: another file may import it
from here. Three rounds settle that: a file tells which names it would lose (`GIVES`), the files
that may take them are looked at (`WANTED`, `TAKES`), and the first keeps what is taken (`KEPT`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.modules import modules
from migrator.model import Fact, Look, Source
from migrator.patterns.python.learning import GIVES, KEPT, TAKES, WANTED
from migrator.patterns.python.meaning import meaning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def kept(source: Source, look: Look) -> frozenset[str]:
    """The names of the module that other files take from it."""
    place = meaning(source, look).names.place
    return frozenset(
        fact.key[len(place) :]
        for fact in look.known
        if fact.kind == KEPT and fact.key.startswith(place)
    )


def gives(source: Source, look: Look, lost: Iterable[str]) -> Iterator[Fact]:
    """That the module would lose the names `lost`."""
    place = meaning(source, look).names.place
    return (Fact(GIVES, f"{place}{name}", path=source.path) for name in lost)


def takes(source: Source, look: Look) -> Iterator[Fact]:
    """Which of the names that are asked about this file takes from their modules."""
    wanted = frozenset(fact.key for fact in look.known if fact.kind == WANTED)
    if not wanted:
        return
    known, found = meaning(source, look), set[str]()
    project = modules(look.paths)
    dotted = {one.target for one in known.names.bindings() if one.kind == "import" and one.target}
    for node in known.tree.of(cst.Attribute):
        dotted |= {one for one in known.names.resolve(node) if one}
    for name in dotted:
        place = project.place(known.absolute(name), source.path)
        if place:
            found.add(place)
    for star in known.names.star_imports:
        place = project.place(known.absolute(star.target or ""), source.path)
        found |= {key for key in wanted if place and key.startswith(place)}
    yield from (Fact(TAKES, key, path=source.path) for key in sorted(wanted & found))
