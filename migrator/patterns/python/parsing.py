"""What kind of code a snippet is, by the interpreter's own parser.

This module must not import libcst, for the reason that `snippets` gives.
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import TYPE_CHECKING

from migrator.patterns.holes import REST, SnippetError

if TYPE_CHECKING:
    from collections.abc import Iterator

_STARRED = re.compile(rf"(?<=[\[, \n])\*{REST}")
# Statements that are code by themselves, and those with a body.
_SIMPLE = (
    ast.Assign,
    ast.AnnAssign,
    ast.AugAssign,
    ast.Assert,
    ast.Delete,
    ast.Raise,
    ast.Return,
)
_BLOCKS = (
    ast.AsyncFor,
    ast.AsyncFunctionDef,
    ast.AsyncWith,
    ast.ClassDef,
    ast.For,
    ast.FunctionDef,
    ast.If,
    ast.Try,
    ast.While,
    ast.With,
)


def parsed(code: str) -> tuple[str, ast.AST]:
    """The form of `code` and its tree."""
    if not code:
        raise SnippetError("there is no code in it")
    if decorators(code):
        return "decorator", _read(f"(\n{code[1:]}\n)", "eval")
    try:
        return "expression", _read(f"(\n{code}\n)", "eval")
    except SnippetError as error:
        try:
            body = _read(code, "exec").body  # type: ignore[attr-defined]
        except SnippetError:
            raise error from None
    if len(body) != 1:
        raise SnippetError("it is more than one statement, and not all are simple ones")
    statement = body[0]
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return "import", statement
    if isinstance(statement, _SIMPLE):
        return "statement", statement
    if isinstance(statement, _BLOCKS):
        if not all(map(_is_any, _bodies(statement))):
            raise SnippetError("the body of a statement is `...`, which stands for any")
        is_one = len(list(_bodies(statement))) == 1 and not getattr(statement, "decorator_list", ())
        return "block" if is_one else "blocks", statement
    raise SnippetError("a statement of this kind cannot be looked for")


def statements(code: str) -> list[str]:
    """The simple statements that `code` consists of, each as it is written; none of other code."""
    try:
        body = _read(code, "exec").body  # type: ignore[attr-defined]
    except SnippetError:
        return []
    if not all(isinstance(one, (ast.Expr, *_SIMPLE)) for one in body):
        return []
    return [ast.get_source_segment(code, one) or "" for one in body]


def nested(code: str) -> list[str]:
    """The blocks that `code` has one in the other, each with `...` for what is in it, outer first.

    Of code that is something else, that itself.
    """
    try:
        body = _read(code, "exec").body  # type: ignore[attr-defined]
    except SnippetError:
        return [code]
    found: list[str] = []
    while len(body) == 1 and isinstance(body[0], _BLOCKS) and len(list(_bodies(body[0]))) == 1:
        block = body[0]
        body = block.body
        block.body = [ast.Expr(ast.Constant(...))]
        found.append(re.sub(r":\s+\.\.\.$", ": ...", ast.unparse(block)))
    return found if found and _is_any(body) else [code]


def _read(code: str, mode: str) -> ast.AST:
    try:
        return _tree(code, mode)
    except SnippetError as error:
        # Before Python 3.11 no index has a star; to know what is in the code, none is needed.
        plain = _STARRED.sub(REST, code)
        if plain == code:
            raise
        try:
            return _tree(plain, mode)
        except SnippetError:
            raise error from None


def _tree(code: str, mode: str) -> ast.AST:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return ast.parse(code, mode=mode)
    except (SyntaxError, SyntaxWarning) as error:
        why = error.msg if isinstance(error, SyntaxError) else error
        raise SnippetError(f"does not parse as a Python expression: {why}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise SnippetError(f"does not parse as a Python expression: {error}") from None


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        if found := getattr(statement, name, None):
            yield found
    for handler in getattr(statement, "handlers", ()):
        yield handler.body


def _is_any(body: list[ast.stmt]) -> bool:
    value = body[0].value if len(body) == 1 and isinstance(body[0], ast.Expr) else None
    return isinstance(value, ast.Constant) and value.value is ...


def decorators(code: str) -> list[str]:
    """The decorators that `code` consists of, each as it is written; none if it is other code."""
    if not code.startswith("@"):
        return []
    whole = f"{code}\ndef f(): ..."
    try:
        body = _read(whole, "exec").body  # type: ignore[attr-defined]
    except SnippetError:
        return []
    if len(body) != 1 or whole.rindex("def f") != len(code) + 1:
        return []
    texts = [ast.get_source_segment(whole, one) or "" for one in body[0].decorator_list]
    return [f"@{text}" for text in texts]
