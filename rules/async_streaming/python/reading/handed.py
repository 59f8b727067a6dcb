"""What the parameters of a file are given: by its calls, and by pytest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from .classes import received
from .fixtures import given_to_tests
from .meaning import Meaning, meaning_of

if TYPE_CHECKING:
    from migrator import Look, Source


def handed_to(meaning: Meaning, param: cst.Param) -> list[cst.BaseExpression]:
    """All that is given to `param`, as far as this file shows."""
    return meaning.once(_handed).get(param, [])


def _handed(source: Source, look: Look) -> dict[cst.Param, list[cst.BaseExpression]]:
    meaning = meaning_of(source, look)
    found: dict[cst.Param, list[cst.BaseExpression]] = {}
    for call in meaning.tree.of(cst.Call):
        for arg in call.args if not any(arg.star for arg in call.args) else ():
            for _, param in received(meaning, call, arg):
                found.setdefault(param, []).append(arg.value)
    for param, value in given_to_tests(meaning):
        found.setdefault(param, []).append(value)
    return found
