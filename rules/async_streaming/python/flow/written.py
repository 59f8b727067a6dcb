"""Events as code writes them, kept under a name or handed on before they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability

from ..handlers.concerned import concerned
from ..moves.role import Role
from .shapes import ALL_TAGS, LEGACY_TAGS, event_tag, string_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from migrator.helpers.python.scopes import Binding

    from ..reading.meaning import Meaning

    Display = cst.List | cst.Tuple


def written(meaning: Meaning, tags: Collection[str] = LEGACY_TAGS) -> dict[cst.CSTNode, Role]:
    """The events that are written in a file of events, and the displays of nothing but such.

    They are legacy ones where `tags` are no others.
    """
    found: dict[cst.CSTNode, Role] = {}
    if concerned(meaning) is None:
        return found
    for node in meaning.tree.of(cst.Tuple):
        if (
            isinstance(node, cst.Tuple)
            and may_be_event(node, tags)
            and not is_unpacked(meaning, node)
        ):
            line = meaning.source.position(meaning.tree.spans[node].start).line
            reason = f"it is written at line {line}"
            found[node] = Role(Applicability.REVIEW, reason, handed=True, written=True)
    for outer in dict.fromkeys(meaning.tree.parents[meaning.tree.parents[one]] for one in found):
        if isinstance(outer, (cst.List, cst.Tuple)):
            if all(element.value in found for element in outer.elements):
                found[outer] = found[outer.elements[0].value]
    return found


def may_be_event(display: cst.CSTNode, tags: Collection[str] = ALL_TAGS) -> bool:
    """Whether `display` is a tag beside what may be a text: no number, and no other tag."""
    if not isinstance(display, (cst.List, cst.Tuple)) or event_tag(display, tags) is None:
        return False
    second = display.elements[1].value
    return not isinstance(second, cst.BaseNumber) and string_of(second) not in LEGACY_TAGS


def is_unpacked(meaning: Meaning, display: Display) -> bool:
    """Whether the parts of `display` go to names of their own: `kind, text = "chunk", "hi"`."""
    around = meaning.tree.parents[display]
    displays = cst.List, cst.Tuple
    return isinstance(around, cst.Assign) and any(
        isinstance(target.target, displays) for target in around.targets
    )


def named(meaning: Meaning, found: dict[cst.CSTNode, Role]) -> Iterator[tuple[Binding, Role]]:
    """The variables that are given one of the events in `found`, as they stand."""
    for node, role in found.items():
        around = meaning.tree.parents[node]
        is_given = isinstance(around, (cst.AnnAssign, cst.Assign, cst.NamedExpr))
        if not is_given or not may_be_event(node):
            continue
        targets = [one.target for one in getattr(around, "targets", [around])]
        scope = meaning.names.scope_of(around)
        for target in targets:
            bound = scope.bindings.get(target.value, ()) if isinstance(target, cst.Name) else ()
            yield from ((one, role) for one in bound if one.node is target)
