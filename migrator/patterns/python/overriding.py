"""Methods that rules ask about, and that classes of the project define themselves.

What calls such a method may mean the project's own, of whatever class that is: a call is no more
than likely then. A definition that moves with the calls, by a pattern of the same pack, is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.model import Applicability, Fact
from migrator.patterns.python.classes import derives
from migrator.patterns.python.derived import is_told
from migrator.patterns.python.learning import OVERRIDES
from migrator.patterns.python.meaning import meaning

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from migrator.helpers.python.scopes import Binding
    from migrator.model import Look, Source
    from migrator.patterns.python.meaning import Meaning
    from migrator.patterns.python.rules import Variant


def overrides(
    source: Source, look: Look, methods: Mapping[str, frozenset[str]], moving: Sequence[Variant]
) -> Iterator[Fact]:
    """Which `methods` of classes are defined anew in `source`, and not found by one of `moving`."""
    known = meaning(source, look)
    for scope in known.names.scopes.values():
        if not isinstance(scope.node, cst.ClassDef) or scope.kind != "class":
            continue
        for class_, names in methods.items():
            own = [
                name
                for name in sorted(names & scope.bindings.keys())
                if not all(_moves(known, one, moving) for one in scope.bindings[name])
            ]
            if own and _derives(known, scope.node, class_):
                for name in own:
                    yield Fact(OVERRIDES, class_, (name, scope.qualname), path=source.path)


def _derives(known: Meaning, node: cst.ClassDef, class_: str) -> bool:
    """Whether a class derives from `class_`, or may by what is known of its bases."""
    proven = known.counted(derives(known, node, class_), class_)
    is_likely = proven is Applicability.REVIEW and is_told(known, node, class_)
    return is_likely or proven is Applicability.SAFE


def _moves(known: Meaning, binding: Binding, moving: Sequence[Variant]) -> bool:
    """Whether one of `moving` is proven to be met by a definition."""
    found = ((one, one.pattern.match(known, binding.node)) for one in moving)
    return any(
        match is not None and one.fits(known, match) and match.proven is Applicability.SAFE
        for one, match in found
    )
