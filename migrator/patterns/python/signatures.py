"""The parameters of a function as a rule file says them: `a.b.f(x, y=..., *, z)`.

This module must not import libcst, for the reason that `snippets` gives.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from migrator.patterns.holes import SnippetError

_SIGNATURE = re.compile(r"\s*([^\W\d][\w.]*)\s*(\(.*\))\s*", re.DOTALL)


@dataclass(frozen=True)
class Parameter:
    """One parameter of a declared function."""

    name: str
    positional: bool
    keyword: bool


@dataclass(frozen=True)
class Signature:
    """The parameters of the function with that dotted name, in order."""

    name: str
    parameters: tuple[Parameter, ...]

    def place(self, index: int) -> str | None:
        """The name of the parameter that the positional argument at `index` is for."""
        positional = [one for one in self.parameters if one.positional]
        return positional[index].name if index < len(positional) else None


def signature(text: str) -> Signature:
    """The signature that `text`, `a.b.f(x, y=..., *, z)`, spells; raises `SnippetError`."""
    match = _SIGNATURE.fullmatch(text)
    if not match:
        raise SnippetError("a signature is a dotted name and its parameters: `a.b.f(x, *, y)`")
    try:
        tree = ast.parse(f"def f{match[2]}: ...")
    except SyntaxError as error:
        raise SnippetError(f"does not parse as parameters: {error.msg}") from None
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    given = function.args
    return Signature(
        match[1],
        (
            *(Parameter(one.arg, True, False) for one in given.posonlyargs),
            *(Parameter(one.arg, True, True) for one in given.args),
            *(Parameter(one.arg, False, True) for one in given.kwonlyargs),
        ),
    )
