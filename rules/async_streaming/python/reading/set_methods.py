"""The `handle_event` that functions, classes and instances of a file are set afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from migrator.helpers.worklist import Worklist

from .attributes import settings
from .classes import class_of, definition, is_of_class, owner_class
from .contents import values_of
from .decorators import decorated_by
from .handed import handed_to
from .meaning import METHOD, Meaning, meaning_of, once

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Look, Source


class MethodSet(NamedTuple):
    """The function `value` becomes the method: behind `self` if it is `bound`, set on a class."""

    value: cst.BaseExpression
    bound: bool


class _Object(NamedTuple):
    """A definition, an expression that makes an object, or the name of one in another file."""

    node: cst.CSTNode | str
    is_class: bool = False


def methods_set(meaning: Meaning, on: cst.CSTNode | str) -> Sequence[MethodSet]:
    """What the `handle_event` of `on` may be set to.

    `on` is a function, a class (of its instances too), a parameter, an expression that makes a
    function, or the name of something in another file.
    """
    return meaning.once(_methods).get(on, ())


def _methods(source: Source, look: Look) -> dict[cst.CSTNode | str, list[MethodSet]]:
    meaning = meaning_of(source, look)
    found: dict[cst.CSTNode | str, list[MethodSet]] = {}
    for holder, value in settings(meaning, METHOD):
        for one in set(_behind(meaning, holder)):
            found.setdefault(one.node, []).append(MethodSet(value, one.is_class))
    return found


def is_replaced(meaning: Meaning, owner: cst.ClassDef | cst.Param) -> bool:
    """Whether the methods that the class `owner` defines may be replaced: by `setattr` too."""
    return owner in meaning.once(_replaced)


def _replaced(source: Source, look: Look) -> frozenset[cst.CSTNode | str]:
    """What is set a `handle_event`, and the classes that are set methods of any names."""
    meaning = meaning_of(source, look)
    by_any_name = {
        one.node
        for holder, _ in settings(meaning, "")
        for one in _behind(meaning, holder)
        if one.is_class
    }
    return frozenset(by_any_name | once(_methods, source, look).keys())


def _behind(meaning: Meaning, node: cst.BaseExpression) -> Iterator[_Object]:
    """What `node` may be."""
    left = Worklist(node)
    for one in left:
        found = definition(meaning, one)
        if found is not None:
            yield _Object(found, isinstance(found, cst.ClassDef))
        elif isinstance(one, cst.Call):
            owner = class_of(meaning, one.func)
            yield _Object(owner if owner is not None else one)
        elif isinstance(one, cst.Name):
            owner = owner_class(meaning, one)
            if owner is not None:
                yield _Object(owner, _is_class(meaning, one))
            else:
                yield from _parameters(meaning, one)
                left.add(_values(meaning, one))
        else:
            yield _Object(one)
        if (name := meaning.meaning(one)) is not None:
            yield _Object(name)


def _parameters(meaning: Meaning, node: cst.Name) -> Iterator[_Object]:
    """The parameters that `node` may be, and what decorators give to them."""
    for binding in meaning.names.reaching(node):
        if isinstance(binding.node, cst.Param):
            yield _Object(binding.node, is_class=True)
            for made in decorated_by(meaning, binding.node):
                yield _Object(made, isinstance(made, cst.ClassDef))


def _values(meaning: Meaning, node: cst.Name) -> Iterator[cst.BaseExpression]:
    for binding in meaning.names.reaching(node):
        if isinstance(binding.node, cst.Param):
            yield from handed_to(meaning, binding.node)
        else:
            yield from values_of(meaning, binding)


def _is_class(meaning: Meaning, node: cst.Name) -> bool:
    """Whether `node`, the first parameter of a method, is the class itself."""
    (binding,) = meaning.names.reaching(node)
    function = binding.scope.node
    return isinstance(function, cst.FunctionDef) and is_of_class(function)
