"""Whether events can be met in a file at all, outside of its own handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import dotted_text

from ..._names import PYTHON_CURRENT, PYTHON_LEGACY, in_namespace
from ..reading.far_classes import given_far, is_given
from ..reading.meaning import CURRENT_INVOKE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..reading.meaning import Meaning

_CURRENT_MODULE = CURRENT_INVOKE.rpartition(".")[0]


def concerned(meaning: Meaning) -> str | None:
    """Why events can be met in this file outside of its handlers, if they can."""
    for binding, name in meaning.imports():
        node = binding.node
        if isinstance(node, cst.ImportAlias) and not node.asname and binding.target == "pipeline":
            name = dotted_text(node.name)
        if (
            name in (CURRENT_INVOKE, _CURRENT_MODULE)
            or any(in_namespace(name, space) for space in (PYTHON_LEGACY, PYTHON_CURRENT))
            or _is_handler(meaning, name)
        ):
            line = meaning.source.position(meaning.tree.spans[node].start).line
            return f"the file imports `{name}` at line {line}"
    return None


def names_handler(meaning: Meaning) -> bool:
    """Whether this file speaks of a handler of another one, by its module or by a star too."""
    named = map(meaning.meaning, _candidates(meaning))
    return any(one is not None and _is_handler(meaning, one) for one in named)


def _is_handler(meaning: Meaning, name: str) -> bool:
    return ("python-handler", name) in meaning.known or is_given(meaning, name)


def _candidates(meaning: Meaning) -> Iterator[cst.BaseExpression]:
    """What may name a handler of another file."""
    places = {*meaning.known.of("python-handler", besides=meaning.names.place), *given_far(meaning)}
    parts = {part for place in places for part in place.rpartition(":")[2].split(".")}
    if not parts:
        return
    for node in meaning.tree.of(cst.Attribute):
        if node.attr.value in parts:
            yield node
    for name in meaning.names.uses:
        if name.value in parts:
            yield name
