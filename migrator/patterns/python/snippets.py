"""Code with holes, as rule files have it: read, and checked by the interpreter's own parser.

`$NAME` stands for one expression and `$$$NAME` for any number of arguments or items. The other
names mean what they resolve to: `a.b.f` is that function, whatever a file calls it.

This module must not import libcst: every start of the tool loads packs, few of them parse a file.
"""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from dataclasses import dataclass

from migrator.patterns.holes import HOLE, REST, Snippet, SnippetError, named

_SIGNATURE = re.compile(r"\s*([^\W\d][\w.]*)\s*(\(.*\))\s*", re.DOTALL)


def snippet(text: str) -> Snippet:
    """The snippet that `text` spells; raises `SnippetError`."""
    code = named(
        text,
        lambda stars, name: f"{stars}{HOLE}{name}",
        lambda stars, name: f"{'**' if stars == '**' else '*'}{REST}{name}",
    )
    tree = _parsed(code)
    found = _Names()
    found.visit(tree)
    for name in found.names:
        if name.partition(".")[0] in ("self", "cls"):
            hole = f"${name.partition('.')[0].upper()}"
            raise SnippetError(f"`{name}` is no name that can be imported: write `{hole}`")
    words = [name.rpartition(".")[2] for name in found.names] + found.attributes
    return Snippet(
        text.strip(),
        code,
        tuple(dict.fromkeys(found.holes)),
        tuple(dict.fromkeys(found.rests)),
        tuple(dict.fromkeys(found.names)),
        tuple(dict.fromkeys(words)),
    )


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


def _parsed(code: str) -> ast.Expression:
    if not code:
        raise SnippetError("there is no code in it")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return ast.parse(f"(\n{code}\n)", mode="eval")
    except (SyntaxError, SyntaxWarning) as error:
        why = error.msg if isinstance(error, SyntaxError) else error
        raise SnippetError(f"does not parse as a Python expression: {why}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise SnippetError(f"does not parse as a Python expression: {error}") from None


class _Names(ast.NodeVisitor):
    """The holes and the names of a snippet."""

    def __init__(self) -> None:
        self.holes: list[str] = []
        self.rests: list[str] = []
        self.names: list[str] = []
        self.attributes: list[str] = []

    def visit_Name(self, node: ast.Name) -> None:
        if node.id.startswith(HOLE):
            self.holes.append(node.id[len(HOLE) :])
        elif node.id.startswith(REST):
            self.rests.append(node.id[len(REST) :])
        else:
            self.names.append(node.id)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        dotted = _dotted(node)
        if dotted is not None:
            self.names.append(dotted)
            return
        if node.attr.startswith(HOLE):
            self.holes.append(node.attr[len(HOLE) :])
        else:
            self.attributes.append(node.attr)
        self.visit(node.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and (HOLE in node.value or REST in node.value):
            raise SnippetError("a hole has no place inside a string")


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        base = _dotted(node.value)
        return None if base is None or node.attr.startswith(HOLE) else f"{base}.{node.attr}"
    if isinstance(node, ast.Name) and not node.id.startswith((HOLE, REST)):
        return node.id
    return None


def is_builtin(name: str) -> bool:
    """Whether `name` alone is a builtin of the language."""
    return hasattr(builtins, name)
