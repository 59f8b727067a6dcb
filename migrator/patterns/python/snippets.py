"""Code with holes, as rule files have it: read, and checked by the interpreter's own parser.

`$NAME` stands for one expression and `$$$NAME` for any number of arguments or items. The other
names mean what they resolve to: `a.b.f` is that function, whatever a file calls it.

This module must not import libcst: every start of the tool loads packs, few of them parse a file.
"""

from __future__ import annotations

import ast
import builtins
from dataclasses import replace
from typing import TYPE_CHECKING

from migrator.patterns.holes import (
    HOLE,
    REST,
    Snippet,
    SnippetError,
    named,
    no_hole,
    together,
    told_apart,
)
from migrator.patterns.python.parsing import decorators, nested, parsed, statements

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def snippet(text: str, *, is_written: bool = False) -> Snippet:
    """The snippet that `text` spells; raises `SnippetError`.

    A function in one that is written may have parameters of its own.
    """
    code = _code(text)
    for several, what, main in (
        (decorators(code), "decorator", 0),
        (statements(code), "statement", -1),
    ):
        if len(several) > 1:
            if not is_written:
                raise SnippetError(f"it is more than one {what}: a pattern is one")
            parts = [_snippet(one, one, is_written=True) for one in several]
            return together(text.strip(), parts, main)
    return _snippet(text, code, is_written=is_written)


def around(text: str) -> Snippet:
    """The snippet of code around something: the innermost block, in those that it stands in."""
    found: Snippet | None = None
    for code in nested(_code(text)):
        one = _snippet(text, code)
        if found is not None:
            if shared := sorted(one.bound & found.bound):
                raise SnippetError(f"`${shared[0]}` is a hole of both blocks: give it two names")
            one = replace(
                one,
                holes=(*found.holes, *one.holes),
                rests=(*found.rests, *one.rests),
                names=(*found.names, *one.names),
                within=found,
            )
        found = one
    assert found is not None
    return found


def _code(text: str) -> str:
    return named(
        text,
        lambda stars, name: f"{stars}{HOLE}{name}",
        lambda stars, name: f"{'**' if stars == '**' else '*'}{REST}{name}",
    )


def _snippet(text: str, code: str, *, is_written: bool = False) -> Snippet:
    """The snippet that `text` spells, which is `code` with its holes as names."""
    form, tree = parsed(code)
    if form == "import":
        return _import(text, tree)
    if form == "decorator":
        code = code[1:].strip()
    target = _target(tree)
    found = _Names(_parameters(tree) if is_written else (), target)
    found.visit(tree)
    for name in found.names:
        if name.partition(".")[0] in ("self", "cls"):
            hole = f"${name.partition('.')[0].upper()}"
            raise SnippetError(f"`{name}` is no name that can be imported: write `{hole}`")
    if form == "decorator":
        assert isinstance(tree, ast.Expression)
        found.is_full(tree.body)
    if not is_written:
        told_apart(map(_rests, ast.walk(tree)))
    words = [name.rpartition(".")[2] for name in found.names] + found.attributes
    return Snippet(
        text.strip(),
        code,
        tuple(dict.fromkeys(found.holes)),
        tuple(dict.fromkeys(found.rests)),
        tuple(dict.fromkeys(found.names)),
        tuple(dict.fromkeys(words)),
        form=form,
        parameters=tuple(found.parameters),
        target=target,
    )


def open_parameters(one: Snippet) -> str | None:
    """The parameters that a snippet defines a function with, if `$$$NAME` is one of them."""
    statement = parsed(one.code)[1] if one.form == "block" else None
    if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    star = statement.args.vararg
    return ast.dump(statement.args) if star and star.arg.startswith(REST) else None


def _import(text: str, statement: ast.AST) -> Snippet:
    """The snippet of an import, whose name is all that it means."""
    assert isinstance(statement, (ast.Import, ast.ImportFrom))
    names = [one.name for one in statement.names]
    if len(names) != 1 or statement.names[0].asname or names == ["*"]:
        raise SnippetError("an import that is looked for imports one name: list several")
    module = statement.module or "" if isinstance(statement, ast.ImportFrom) else ""
    if HOLE in ast.dump(statement) or (isinstance(statement, ast.ImportFrom) and statement.level):
        raise SnippetError("an import that is looked for has a full name and no holes")
    name = f"{module}.{names[0]}" if module else names[0]
    code = text.strip()
    return Snippet(code, code, (), (), (name,), (name.rpartition(".")[2],), form="import")


class _Names(ast.NodeVisitor):
    """The holes and the names of a snippet."""

    def __init__(self, own: Collection[ast.arg], target: str | None) -> None:
        self._own = own
        self._target = target
        self.parameters: list[str] = []
        self.holes: list[str] = []
        self.rests: list[str] = []
        self.names: list[str] = []
        self.attributes: list[str] = []

    def visit_Name(self, node: ast.Name) -> None:
        if not self._is_hole(node.id):
            if node.id == self._target:
                self.attributes.append(node.id)
                return
            if isinstance(node.ctx, ast.Store):
                raise SnippetError(no_hole(node.id))
            self.names.append(node.id)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._is_called(node.name)
        self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._is_called(node.name)
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._is_called(node.name)
        for base in node.bases:
            self.is_full(base)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        self.is_full(node.func)
        self.generic_visit(node)

    def is_full(self, node: ast.expr) -> None:
        """Refuse a name that stands for nothing: of what is called, of a base, of a decorator."""
        name = node.id if isinstance(node, ast.Name) else ""
        if name and not name.startswith((HOLE, REST)) and not is_builtin(name):
            told = f"write `package.{name}`, or `${name.upper()}` for whatever stands there"
            raise SnippetError(f"`{name}` is no full name, and stands for nothing: {told}")

    def visit_arg(self, node: ast.arg) -> None:
        if node in self._own and not node.arg.startswith((HOLE, REST)):
            self.parameters.append(node.arg)
        else:
            self._defines(node.arg)
        self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self._defines(node.name)
        self.generic_visit(node)

    def _is_called(self, name: str) -> None:
        """The name of what is defined, which is what it is called here."""
        if not self._is_hole(name):
            self.attributes.append(name)

    def _defines(self, name: str) -> None:
        if not self._is_hole(name):
            raise SnippetError(no_hole(name))

    def _is_hole(self, name: str) -> bool:
        if name.startswith(HOLE):
            self.holes.append(name[len(HOLE) :])
        elif name.startswith(REST):
            self.rests.append(name[len(REST) :])
        return name.startswith((HOLE, REST))

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


def _rests(node: ast.AST) -> list[str]:
    """The holes for any number of things that stand in one row directly below `node`."""
    starred = (getattr(one, "value", one) for one in ast.iter_child_nodes(node))
    names = (one.id for one in starred if isinstance(one, ast.Name))
    return [name[len(REST) :] for name in names if name.startswith(REST)]


def _target(tree: ast.AST) -> str | None:
    """The plain name that `tree` sets by itself, as the body of a class does."""
    targets: Sequence[ast.expr] = tree.targets if isinstance(tree, ast.Assign) else ()
    if isinstance(tree, ast.AnnAssign):
        targets = (tree.target,)
    one = targets[0] if len(targets) == 1 else None
    return one.id if isinstance(one, ast.Name) and not one.id.startswith((HOLE, REST)) else None


def _parameters(tree: ast.AST) -> list[ast.arg]:
    """The parameters of the function that `tree` defines."""
    if not isinstance(tree, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return []
    given = tree.args
    some = (given.vararg, given.kwarg)
    return [*given.posonlyargs, *given.args, *given.kwonlyargs, *(one for one in some if one)]


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
