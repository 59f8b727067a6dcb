"""Whether something is a class, derives from it or is an instance of it, as far as can be proven.

Every answer is an `Applicability`: `SAFE` if it is, `REVIEW` if it may be, `MANUAL` if it is not.
Of classes in other files is known what facts have told; see `derived`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import Use, parameters
from migrator.model import Applicability
from migrator.patterns.python.meaning import use_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.helpers.python.scopes import Binding
    from migrator.patterns.python.meaning import Meaning

_NO, _MAYBE, _YES = Applicability.MANUAL, Applicability.REVIEW, Applicability.SAFE
# What is written as one of these is nothing but that.
_LITERALS = (
    cst.BaseString,
    cst.BaseNumber,
    cst.BaseComp,
    cst.Lambda,
    cst.List,
    cst.Dict,
    cst.Set,
    cst.Tuple,
)
# What these builtins make is an instance of no other class.
_BUILTINS = (
    "bool", "bytearray", "bytes", "complex", "dict", "enumerate", "float", "frozenset", "int",
    "len", "list", "map", "object", "range", "repr", "set", "sorted", "str", "tuple", "zip",
)  # fmt: skip
# An annotation with one of these says what of it is called: that of no other class.
_TYPES = (
    "bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "range",
    "set", "str", "tuple", "typing.Dict", "typing.FrozenSet", "typing.List", "typing.Set",
    "typing.Tuple",
)  # fmt: skip
# What decorates a method that is given an instance.
_ON_INSTANCES = ("property", "functools.cached_property")
# How many bases or names deep a class is followed: some derive from themselves.
_DEEPEST = 20


def instance(meaning: Meaning, node: cst.CSTNode, class_: str) -> Applicability:
    """How far it is proven that `node` is an instance of `class_`."""
    if isinstance(node, cst.Call):
        is_other = _is_one_of(meaning, node.func, _BUILTINS)
        return _NO if is_other else _made_by(meaning, node.func, class_)
    if isinstance(node, cst.Await) and isinstance(node.expression, cst.Call):
        return _returned(meaning, node.expression.func, class_, is_awaited=True)
    if isinstance(node, _LITERALS):
        return _NO
    around = meaning.tree.parents[node]
    if isinstance(around, cst.Param) and around.name is node:
        bound = (one for one in meaning.names.bindings() if one.node is around)
        return max((_held(meaning, one, class_) for one in bound), default=_MAYBE)
    if not isinstance(node, cst.Name) or node not in meaning.names.uses:
        return _MAYBE
    found = meaning.names.reaching(node)
    return _all([_held(meaning, one, class_) for one in found]) if found else _MAYBE


def subclass(meaning: Meaning, node: cst.CSTNode, class_: str, depth: int = 0) -> Applicability:
    """How far it is proven that `node` is `class_`, or a class that derives from it."""
    while isinstance(node, cst.Subscript):  # a class with what it is generic in
        node = node.value
    proven = max(meaning.stands_for(node, class_), meaning.derives(node, class_))
    if proven is not _NO:
        return proven
    if isinstance(node, _LITERALS):
        return _NO
    around = meaning.tree.parents[node]
    if isinstance(around, cst.ClassDef) and around.name is node:
        return derives(meaning, around, class_, depth)
    if not isinstance(node, cst.Name) or node not in meaning.names.uses:
        return _of_instance(meaning, node, class_)
    found = meaning.names.reaching(node)
    if not found:
        return _MAYBE if meaning.names.star_imports else _NO
    return _all([_named(meaning, one, class_, depth) for one in found])


def derives(meaning: Meaning, node: cst.ClassDef, class_: str, depth: int = 0) -> Applicability:
    """Whether a class of this file is derived from `class_`, at any remove."""
    if depth > _DEEPEST:
        return _NO
    return max((subclass(meaning, one.value, class_, depth + 1) for one in node.bases), default=_NO)


def _all(found: Sequence[Applicability]) -> Applicability:
    """What holds where any of `found` may be the one that counts."""
    if _NO in found:
        return _NO if max(found) is _NO else _MAYBE
    return min(found)


def _named(meaning: Meaning, binding: Binding, class_: str, depth: int) -> Applicability:
    """The same as `subclass`, of what `binding` makes its name stand for."""
    if isinstance(binding.node, cst.ClassDef):
        return derives(meaning, binding.node, class_, depth)
    if binding.kind == "function":
        return _NO
    if binding.kind == "import":
        return max(meaning.taken(binding.target or "", class_), _MAYBE)
    if binding.kind == "parameter" and isinstance(binding.node, cst.Param):
        return _class_given(meaning, binding, binding.node, class_)
    is_set = binding.kind == "assign" and binding.index is None and binding.value is not None
    if is_set and depth < _DEEPEST:
        assert binding.value is not None
        return subclass(meaning, binding.value, class_, depth + 1)
    return _MAYBE


def _class_given(meaning: Meaning, binding: Binding, node: cst.Param, class_: str) -> Applicability:
    """The same of a parameter: the first of a class method, or one that is annotated so."""
    if node.annotation:
        stated = node.annotation.annotation
        if isinstance(stated, cst.Subscript) and len(stated.slice) == 1:
            first = stated.slice[0].slice
            is_type = any(
                meaning.stands_for(stated.value, one) is _YES for one in ("type", "typing.Type")
            )
            if is_type and isinstance(first, cst.Index):
                return _stated(meaning, first.value, class_)
        return _MAYBE
    function, around = binding.scope.node, _class_around(binding, node)
    if around is None or not isinstance(function, cst.FunctionDef):
        return _MAYBE
    decorators = [one.decorator for one in function.decorators]
    if [meaning.stands_for(one, "classmethod") for one in decorators] != [_YES]:
        return _MAYBE
    return derives(meaning, around, class_)


def _of_instance(meaning: Meaning, node: cst.CSTNode, class_: str) -> Applicability:
    """The same of `type(x)` and `x.__class__`."""
    if isinstance(node, cst.Attribute) and node.attr.value == "__class__":
        return instance(meaning, node.value, class_)
    if isinstance(node, cst.Call) and len(node.args) == 1:
        if meaning.stands_for(node.func, "type") is _YES:
            return instance(meaning, node.args[0].value, class_)
    return _MAYBE


def _held(meaning: Meaning, binding: Binding, class_: str) -> Applicability:
    """The same as `instance`, of what `binding` makes its name hold."""
    if binding.kind == "parameter" and isinstance(binding.node, cst.Param):
        return _given(meaning, binding, binding.node, class_)
    if binding.kind in ("import", "function", "class"):
        return _NO
    if binding.kind in ("assign", "walrus") and binding.index is None:
        stated = meaning.tree.parents.get(binding.node)
        if isinstance(stated, cst.AnnAssign):
            declared = _annotated(meaning, stated.annotation.annotation, class_)
            if declared is not _MAYBE:
                return declared
        if isinstance(binding.value, cst.Name):
            return _MAYBE
        if binding.value is not None:
            return instance(meaning, binding.value, class_)
    return _MAYBE


def _given(meaning: Meaning, binding: Binding, node: cst.Param, class_: str) -> Applicability:
    if node.annotation:
        return _annotated(meaning, node.annotation.annotation, class_)
    function, around = binding.scope.node, _class_around(binding, node)
    if around is None or not isinstance(function, cst.FunctionDef):
        return _MAYBE
    for one in function.decorators:
        if all(meaning.stands_for(one.decorator, name) is not _YES for name in _ON_INSTANCES):
            return _MAYBE
    return derives(meaning, around, class_)


def _class_around(binding: Binding, node: cst.Param) -> cst.ClassDef | None:
    """The class whose method has `node` as its first parameter."""
    function, around = binding.scope.node, binding.scope.around
    if not isinstance(function, cst.FunctionDef) or around is None or around.kind != "class":
        return None
    assert isinstance(around.node, cst.ClassDef)
    return around.node if next(parameters(function.params)) is node else None


def _annotated(meaning: Meaning, node: cst.CSTNode, class_: str) -> Applicability:
    """The same of what has the annotation `node`; that it may be `None` as well says nothing."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
        sides = [one for one in (node.left, node.right) if not _is_none(one)]
        found = {_annotated(meaning, one, class_) for one in sides}
        return found.pop() if len(found) == 1 else _MAYBE
    if isinstance(node, cst.Subscript):
        first = node.slice[0].slice
        for name, count in (("typing.Optional", 1), ("typing.Annotated", len(node.slice))):
            is_it = meaning.stands_for(node.value, name) is _YES and len(node.slice) == count
            if is_it and isinstance(first, cst.Index):
                return _annotated(meaning, first.value, class_)
    return _stated(meaning, node, class_)


def _stated(meaning: Meaning, node: cst.CSTNode, class_: str) -> Applicability:
    """How far the type `node` says that something is an instance of `class_`."""
    if not isinstance(node, cst.SimpleString):
        outer = node.value if isinstance(node, cst.Subscript) else node
        is_other = _is_one_of(meaning, outer, _TYPES)
        return _NO if is_other else _made_by(meaning, node, class_)
    name = text_of(node) or ""
    if not name.isidentifier():
        return _MAYBE
    # By the time that it is looked at, all of the file has run.
    use = Use(use_at(meaning, node).scope, len(meaning.source.text), ())
    found = [_named(meaning, one, class_, 0) for one in meaning.names.visible(name, use)]
    if not found and name in _TYPES and not meaning.names.star_imports:
        return _NO
    return _all(found) if found else _MAYBE


def _is_one_of(meaning: Meaning, node: cst.CSTNode, names: Sequence[str]) -> bool:
    """Whether `node` is proven to be one of `names`."""
    return any(meaning.stands_for(node, one) is _YES for one in names)


def _is_none(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _made_by(meaning: Meaning, node: cst.CSTNode, class_: str) -> Applicability:
    """The same of what calling `node` makes, or of what `node` as an annotation says."""
    proven = subclass(meaning, node, class_)
    if proven is not _NO or _is_class(meaning, node):
        return proven
    return _returned(meaning, node, class_, is_awaited=False)


def _returned(
    meaning: Meaning, node: cst.CSTNode, class_: str, *, is_awaited: bool
) -> Applicability:
    """The same of what calling the function `node` returns, by what it says; all may be, else."""
    if not isinstance(node, cst.Name) or node not in meaning.names.uses:
        return _MAYBE
    found = meaning.names.reaching(node)
    function = found[0].node if len(found) == 1 else None
    if not isinstance(function, cst.FunctionDef) or function.decorators or not function.returns:
        return _MAYBE
    if (function.asynchronous is not None) is not is_awaited:
        return _MAYBE
    return _annotated(meaning, function.returns.annotation, class_)


def _is_class(meaning: Meaning, node: cst.CSTNode) -> bool:
    if not isinstance(node, cst.Name) or node not in meaning.names.uses:
        return False
    found = meaning.names.reaching(node)
    return bool(found) and all(isinstance(one.node, cst.ClassDef) for one in found)
