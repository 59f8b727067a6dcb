"""Classes of the project that derive from those which rules ask about.

A file in which something may be of such a class, or not, asks for them (`SEEKS`). Those that speak
of the class are told (`SOUGHT`), and tell which of their classes derive from it (`DERIVES`), and
which they take from elsewhere and hand on; files that may speak of these are told (`DERIVED`), and
tell in their turn what derives from those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import join
from migrator.model import Applicability, Fact
from migrator.patterns.python.classes import derives
from migrator.patterns.python.learning import DERIVED, DERIVES, SEEKS, SOUGHT
from migrator.patterns.python.meaning import meaning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.model import Look, Source
    from migrator.patterns.python.meaning import Meaning

_NO, _MAYBE, _YES = Applicability.MANUAL, Applicability.REVIEW, Applicability.SAFE


def seeks(source: Source, look: Look, always: frozenset[str]) -> Iterator[Fact]:
    """The classes of which more has to be known than is from `source`, those of `always` too."""
    sought = sorted(always | meaning(source, look).sought)
    return (Fact(SEEKS, class_, path=source.path) for class_ in sought)


def derived(source: Source, look: Look) -> Iterator[Fact]:
    """Which names of the module of `source` are classes that derive from what is asked for."""
    sought = {fact.key for fact in look.known if fact.kind == SOUGHT}
    told = {fact.value[0] for fact in look.known if fact.kind == DERIVED}  # type: ignore[index]
    known = meaning(source, look)
    for class_ in sorted(sought | told):
        if known.concerns(class_):
            for name, proven in _classes(known, class_):
                value = (class_, proven is _YES)
                yield Fact(DERIVES, f"{known.names.place}{name}", value, source.path)


def _classes(known: Meaning, class_: str) -> Iterator[tuple[str, Applicability]]:
    module = known.names.module
    for binding in known.names.bindings():
        if isinstance(binding.node, cst.ClassDef) and binding.scope.kind in ("module", "class"):
            proven = derives(known, binding.node, class_)
            if proven is _YES or (proven is _MAYBE and _is_told(known, binding.node, class_)):
                yield join(binding.scope, binding.name), proven
        elif binding.kind == "import" and binding.scope is module and binding.target:
            proven = known.taken(binding.target, class_)
            if proven is not _NO:
                yield binding.name, proven
    for star in known.names.star_imports:
        if star.scope is module and star.target:
            yield from known.below(star.target, class_)


def _is_told(known: Meaning, node: cst.ClassDef, class_: str) -> bool:
    """Whether a base is one that may derive from `class_`, and not just one that is not known."""
    bases = [one.value for one in node.bases]
    return any(
        max(known.stands_for(base, class_), known.derives(base, class_)) is not _NO
        for base in bases
    )
