"""What annotations, and what is known of a name, say of what is given as handler."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from ..._names import INVOKE, PYTHON_CURRENT, PYTHON_LEGACY, in_namespace
from ..reading.annotations import (
    annotation_of,
    class_named,
    items_of,
    leaf_of,
    place_named,
    types_in,
)
from ..reading.classes import defines, is_callable
from ..reading.contents import given_again
from ..reading.far_classes import inherited_methods, is_known_class
from ..reading.kinds import FUNCTION, LIKELY_OBJECT, NEITHER, OBJECT, Given, Kind, together
from ..reading.meaning import METHOD
from ..reading.set_methods import methods_set
from .handler_classes import handler_classes, is_handler_class

if TYPE_CHECKING:
    from ..reading.meaning import Meaning

_CALLBACK_TYPE = re.compile(r"\w*(?:Callable|Callback|Fn|Func|Function|Hook|Listener)")


def of_annotation(meaning: Meaning, annotation: cst.BaseExpression | None) -> Given | None:
    """What an annotation declares to be given; `None` where it tells neither of the kinds."""
    types = list(types_in(meaning, annotation)) if annotation is not None else []
    told = [found for one in types if (found := _of_type(meaning, one)) is not None]
    if not told:
        return None
    both = together(told)
    if both.kind is Kind.FUNCTION and len(told) < len(types):
        return Given(Kind.FUNCTION, sure=False)
    return both


def _of_type(meaning: Meaning, node: cst.BaseExpression) -> Given | None:
    if leaf_of(node) == "Callable":
        return FUNCTION
    owner = class_named(meaning, node)
    if owner is not None:
        if is_callable(meaning, owner):
            return FUNCTION
        is_handler = owner in handler_classes(meaning) or defines(meaning, owner, METHOD)
        return OBJECT if is_handler else None
    place = place_named(meaning, node)
    if is_handler_class(meaning, place):
        return OBJECT
    if is_known_class(meaning, place) and place is not None:
        methods = inherited_methods(meaning, place)
        if METHOD in methods:
            return OBJECT
        return FUNCTION if "__call__" in methods else None
    defined = meaning.known.get(("python-def", place or ""))
    if isinstance(defined, tuple) and Kind(defined[0]) is Kind.FUNCTION:
        return FUNCTION
    return Given(Kind.FUNCTION, sure=False) if _CALLBACK_TYPE.fullmatch(leaf_of(node)) else None


def declared_items(meaning: Meaning, node: cst.BaseExpression, *, keys: bool) -> Given | None:
    """What the annotation of the collection `node` says of what is in it."""
    while (inner := given_again(node, keys)) is not None:
        node, keys = inner
    annotation = annotation_of(meaning, node)
    if annotation is None:
        return None
    bindings = meaning.names.reaching(node) if isinstance(node, cst.Name) else ()
    is_starred = any(isinstance(one.node, cst.Param) and one.node.star for one in bindings)
    return of_annotation(meaning, annotation if is_starred else items_of(annotation, keys=keys))


def of_known(meaning: Meaning, node: cst.CSTNode) -> Given | None:
    """By what is known of the name: a legacy class, a definition in another file."""
    name = meaning.meaning(node)
    if name is None:
        return None
    defined = meaning.known.get(("python-def", name))
    if isinstance(defined, tuple):
        kind, sure = defined
        if Kind(kind) is Kind.FUNCTION and methods_set(meaning, name):
            return LIKELY_OBJECT
        return Given(Kind(kind), bool(sure))
    if in_namespace(name, PYTHON_LEGACY) or in_namespace(name, PYTHON_CURRENT):
        leaf = name.rpartition(".")[2]
        return Given(Kind.OBJECT, sure=leaf[:1].isupper()) if name != INVOKE else NEITHER
    return None


def of_function(meaning: Meaning, on: cst.CSTNode | str) -> Given:
    """What the function `on` is: one that is set a `handle_event` is called by that."""
    return LIKELY_OBJECT if methods_set(meaning, on) else FUNCTION
