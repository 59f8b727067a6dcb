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

    from migrator.helpers.python.scopes import Binding
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
    for scope in known.names.scopes.values():
        for name, bindings in scope.bindings.items() if scope.kind in ("module", "class") else ():
            found = [_proven(known, one, class_) for one in bindings]
            if max(found, default=_NO) is not _NO:
                # What is set in several ways may be any of them.
                yield join(scope, name), min(found) if _NO not in found else _MAYBE
    stars = [one.target for one in known.names.star_imports if one.scope is module and one.target]
    for target in stars:
        for name, proven in known.below(target, class_):
            if name not in module.bindings:
                # Another module that all is imported of may have the name too.
                yield name, proven if len(stars) == 1 else min(proven, _MAYBE)


def _proven(known: Meaning, binding: Binding, class_: str) -> Applicability:
    """How far what `binding` makes is proven to be a class that derives from `class_`."""
    if isinstance(binding.node, cst.ClassDef):
        proven = derives(known, binding.node, class_)
        is_unknown = proven is _MAYBE and not is_told(known, binding.node, class_)
        return _NO if is_unknown else proven
    if binding.kind == "import" and binding.target:
        return known.taken(binding.target, class_)
    return _NO


def is_told(known: Meaning, node: cst.ClassDef, class_: str) -> bool:
    """Whether a base is one that may derive from `class_`, and not just one that is not known."""
    bases = [one.value for one in node.bases]
    return any(
        max(known.stands_for(base, class_), known.derives(base, class_)) is not _NO
        for base in bases
    )
