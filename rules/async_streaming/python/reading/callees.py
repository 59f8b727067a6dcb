"""What takes the keyword arguments of a call."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Fact
from migrator.helpers.python.scopes import Binding, parameters

from .classes import class_of, definition, local_bases
from .mappings import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .meaning import Meaning


_LIKE_DICT = frozenset(
    {
        "collections.OrderedDict",
        "collections.UserDict",
        "types.SimpleNamespace",
        "unittest.mock.patch.dict",
    }
)
_TYPED_DICT = frozenset({"typing.TypedDict", "typing_extensions.TypedDict"})
_PARTIAL = "functools.partial"


class Callee(Enum):
    """What is called, as far as its keywords go."""

    MAPPING = "mapping"  # each keyword becomes a key
    LIBRARY = "library"  # it stands in `pipeline`
    OWN = "own"  # the sources define it, with a parameter of that name
    PROJECT = "project"  # the sources define it, and the name is not among its parameters
    OTHER = "other"  # nothing is known of it


@dataclass(frozen=True)
class Called:
    """A callee, and why it is taken for one."""

    kind: Callee
    reason: str = ""


def called(meaning: Meaning, call: cst.Call, keyword: str) -> Called:
    """What takes the argument `keyword` of `call`."""
    return _of(meaning, call.func, call, keyword)


def _of(meaning: Meaning, func: cst.BaseExpression, call: cst.Call | None, keyword: str) -> Called:
    if isinstance(func, cst.Name) and not meaning.names.reaching(func) and func.value == "dict":
        return Called(Callee.MAPPING)
    if _from_pipeline(meaning, func):
        return Called(Callee.LIBRARY)
    name = meaning.meaning(func)
    if name in _LIKE_DICT:
        return Called(Callee.MAPPING)
    if name == _PARTIAL and call is not None and call.args:
        return _of(meaning, call.args[0].value, None, keyword)
    function = definition(meaning, func)
    if isinstance(function, cst.FunctionDef):
        return _defined(function.name.value, _takes(function, keyword), keyword)
    owner = class_of(meaning, func)
    if owner is not None:
        if is_typed_dict(meaning, owner):
            return Called(Callee.MAPPING)
        takes = any(keyword in fields(meaning, base) for base in local_bases(meaning, owner))
        return _defined(owner.name.value, takes, keyword)
    if isinstance(func, cst.Attribute):
        if func.attr.value == "update":
            return Called(Callee.MAPPING)
        if method := _method(meaning, func.attr.value, keyword):
            return _defined(method.name.value, True, keyword)
    if name is not None and ":" in name and not name.endswith(":"):
        taken = meaning.known.get(("python-takes", name))
        return _defined(name, isinstance(taken, tuple) and keyword in taken, keyword)
    return Called(Callee.OTHER)


def _defined(name: str, takes: bool, keyword: str) -> Called:
    if takes:
        return Called(Callee.OWN, f"`{name}` of these sources takes `{keyword}` by that name")
    return Called(Callee.PROJECT)


def _from_pipeline(meaning: Meaning, func: cst.BaseExpression) -> bool:
    root = func
    while isinstance(root, cst.Attribute):
        root = root.value
    if not isinstance(root, cst.Name):
        return False
    targets = [_absolute(meaning, binding) for binding in meaning.names.reaching(root)]
    return bool(targets) and all(
        target is not None and target.partition(".")[0] == PACKAGE for target in targets
    )


def _absolute(meaning: Meaning, binding: Binding) -> str | None:
    if binding.kind != "import" or not binding.target:
        return None
    stripped = binding.target.lstrip(".")
    level = len(binding.target) - len(stripped)
    return meaning.modules.absolute(meaning.source.path, level, stripped)


def _takes(function: cst.FunctionDef | cst.Lambda, keyword: str) -> bool:
    return any(
        param.name.value == keyword
        and param is not function.params.star_kwarg
        and param is not function.params.star_arg
        for param in parameters(function.params)
    )


def _method(meaning: Meaning, name: str, keyword: str) -> cst.FunctionDef | None:
    """A method of this file called `name` that takes `keyword`."""
    for node, scope in meaning.names.scopes.items():
        if (
            isinstance(node, cst.FunctionDef)
            and node.name.value == name
            and scope.around is not None
            and scope.around.kind == "class"
            and _takes(node, keyword)
        ):
            return node
    return None


def fields(meaning: Meaning, owner: cst.ClassDef) -> dict[str, cst.Name]:
    """The names that calls of the class `owner` can take: annotated fields, or of `__init__`."""
    found: dict[str, cst.Name] = {}
    for binding in meaning.names.scopes[owner].bindings.get("__init__", ()):
        if isinstance(binding.node, cst.FunctionDef):
            for param in parameters(binding.node.params):
                if param is not binding.node.params.star_kwarg:
                    found[param.name.value] = param.name
    for line in owner.body.body:
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(statement, cst.AnnAssign) and isinstance(statement.target, cst.Name):
                found[statement.target.value] = statement.target
    return found


def is_typed_dict(meaning: Meaning, owner: cst.ClassDef) -> bool:
    """Whether the class `owner` describes the keys of a dict."""
    return any(
        meaning.meaning(base.value) in _TYPED_DICT
        for one in local_bases(meaning, owner)
        for base in one.bases
    )


def facts(meaning: Meaning, keywords: Sequence[str]) -> Iterator[Fact]:
    """`takes`: which of `keywords` a function or class of this module takes as parameters."""
    for name, bindings in meaning.names.module.bindings.items():
        node = bindings[-1].node
        taken: tuple[str, ...] = ()
        if isinstance(node, cst.FunctionDef):
            taken = tuple(one for one in keywords if _takes(node, one))
        elif isinstance(node, cst.ClassDef) and not is_typed_dict(meaning, node):
            taken = tuple(
                one
                for one in keywords
                if any(one in fields(meaning, base) for base in local_bases(meaning, node))
            )
        if taken:
            yield Fact("takes", f"{meaning.names.place}{name}", taken, meaning.source.path)
