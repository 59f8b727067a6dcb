"""The classes of a Python file that are handlers, by what they derive from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from ..._names import PYTHON_CURRENT, PYTHON_LEGACY, in_namespace
from ..reading.classes import bases_of, class_of
from ..reading.decorators import Far, decorated_by, decorating_far
from ..reading.handed import handed_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..reading.meaning import Meaning


def is_handler_class(meaning: Meaning, name: str | None) -> bool:
    """Whether `name` is a handler of the library, or known to derive from one."""
    if name is None:
        return False
    if in_namespace(name, PYTHON_LEGACY) or in_namespace(name, PYTHON_CURRENT):
        return name.rpartition(".")[2][:1].isupper()
    return ("python-handler", name) in meaning.known


def handler_classes(meaning: Meaning) -> dict[cst.ClassDef, str]:
    """The classes of this file that derive from a handler of the library, with the reason."""
    found: dict[cst.ClassDef, str] = {}
    key = (handler_classes, meaning)
    if key in meaning.source.memo:
        kept: dict[cst.ClassDef, str] = meaning.source.memo[key]
        return kept
    classes = [node for node in meaning.names.scopes if isinstance(node, cst.ClassDef)]
    growing = True
    while growing:
        growing = False
        for node in classes:
            if node not in found and (reason := _derives(meaning, node, found)):
                found[node] = reason
                growing = True
    meaning.source.memo[key] = found
    return found


def _derives(meaning: Meaning, node: cst.ClassDef, found: dict[cst.ClassDef, str]) -> str | None:
    for base in bases_of(node):
        for local in _classes_of(meaning, base):
            if local in found:
                return f"`{node.name.value}` derives from `{local.name.value}`, a handler"
        if _far_given(meaning, base):
            return f"`{node.name.value}` takes the place of a handler of another file"
        name = meaning.meaning(base)
        if is_handler_class(meaning, name):
            return f"`{node.name.value}` derives from `{name}`"
    return None


def _classes_of(meaning: Meaning, base: cst.BaseExpression) -> Iterator[cst.ClassDef]:
    """The classes of this file that `base` may be: by its name, or given as a parameter.

    So derives what a decorator puts in the place of the class that it is given.
    """
    local = class_of(meaning, base)
    if local is not None:
        yield local
    for binding in meaning.names.reaching(base) if isinstance(base, cst.Name) else ():
        if isinstance(binding.node, cst.Param):
            made = [class_of(meaning, value) for value in handed_to(meaning, binding.node)]
            for one in (*decorated_by(meaning, binding.node), *made):
                if isinstance(one, cst.ClassDef):
                    yield one


def _far_given(meaning: Meaning, base: cst.BaseExpression) -> list[Far]:
    """How `base` is a class that another file has decorated by a function of this one."""
    far = decorating_far(meaning)
    bindings = meaning.names.reaching(base) if far and isinstance(base, cst.Name) else ()
    params = [binding.node for binding in bindings if isinstance(binding.node, cst.Param)]
    return [far[param] for param in params if param in far]


def mixins(meaning: Meaning, owner: cst.ClassDef) -> Iterator[cst.BaseExpression]:
    """The bases of the handler class `owner` that are no handlers and come before one.

    What they define stands in front of what the handler does: `class Desk(Printing, Handler)`.
    """
    handlers = handler_classes(meaning)
    waiting: list[cst.BaseExpression] = []
    for base in bases_of(owner):
        if class_of(meaning, base) in handlers or is_handler_class(meaning, meaning.meaning(base)):
            yield from waiting
            waiting = []
        else:
            waiting.append(base)


def is_legacy_based(meaning: Meaning, node: cst.ClassDef) -> bool:
    """Whether the library class behind the handler class `node` is still the legacy one."""
    seen: set[cst.ClassDef] = set()
    waiting = [node]
    while waiting:
        owner = waiting.pop()
        if owner in seen:
            continue
        seen.add(owner)
        for base in bases_of(owner):
            waiting += _classes_of(meaning, base)
            if any(one.is_legacy for one in _far_given(meaning, base)):
                return True
            name = meaning.meaning(base)
            if name and in_namespace(name, PYTHON_LEGACY):
                return True
            if name and meaning.known.get(("python-handler", name)) == "legacy":
                return True
    return False
