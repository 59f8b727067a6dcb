"""The parameters of this file that arguments in other files reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import parameters

from .classes import is_static, method_owner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .meaning import Meaning


def run_by(meaning: Meaning, node: cst.CSTNode) -> Iterable[cst.FunctionDef]:
    """The function that a call of the definition `node` runs."""
    if isinstance(node, cst.FunctionDef):
        yield node
    elif isinstance(node, cst.ClassDef):
        for binding in meaning.names.scopes[node].bindings.get("__init__", ()):
            if isinstance(binding.node, cst.FunctionDef):
                yield binding.node


def params_at(
    meaning: Meaning, function: cst.FunctionDef, places: Iterable[int | str]
) -> Iterator[cst.Param]:
    """The parameters of `function` that arguments at `places` reach from another file."""
    params = list(parameters(function.params))
    bound = arguments_bound(meaning, function)
    for at in places:
        if isinstance(at, int):
            found = params[at + bound : at + bound + 1]
        else:
            found = [one for one in params if one.name.value == at]
        if not any(one.star for one in found):
            yield from found


def arguments_bound(meaning: Meaning, function: cst.FunctionDef) -> int:
    """How many parameters of `function` are bound where it is called by way of its class."""
    return int(method_owner(meaning, function) is not None and not is_static(function))
