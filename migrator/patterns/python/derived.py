"""Classes of the project that derive from those which rules ask about.

A file tells which of its classes do (`DERIVES`), and which it takes from elsewhere and hands on;
files that may speak of them are told (`DERIVED`), and tell in their turn what derives from those.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import join
from migrator.model import Applicability, Fact
from migrator.patterns.python.classes import derives
from migrator.patterns.python.learning import DERIVES
from migrator.patterns.python.meaning import meaning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.model import Look, Source
    from migrator.patterns.python.meaning import Meaning

_NO, _MAYBE, _YES = Applicability.MANUAL, Applicability.REVIEW, Applicability.SAFE


def derived(source: Source, look: Look, classes: Sequence[str]) -> Iterator[Fact]:
    """Which names of the module of `source` are classes that derive from one of `classes`."""
    known = meaning(source, look)
    for class_ in classes:
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
