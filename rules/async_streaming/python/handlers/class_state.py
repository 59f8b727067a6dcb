"""Which attributes of a class its instances share, and what of it other files must know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Fact
from migrator.helpers.python.scopes import dotted_text, parameters

from ..reading.classes import class_of, enclosing_function, local_bases
from ..reading.meaning import meaning_of
from .handler_classes import handler_classes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Look, Source

    from ..reading.meaning import Meaning

# Methods that make an instance's state before any event comes.
#: The methods that make an instance.
MAKERS = frozenset({"__init__", "__new__", "__post_init__"})
# Values of a class body that are a description of the field and no value of the class.
_DESCRIPTIONS = frozenset({"Field", "PrivateAttr", "attrib", "field", "ib", "property"})
_IMMUTABLE = frozenset({"frozenset", "namedtuple", "tuple"})
_MUTABLE = (cst.List, cst.Dict, cst.Set, cst.BaseComp, cst.Call)
_MAX_DEPTH = 8


def shared_attribute(
    meaning: Meaning, owner: cst.ClassDef, name: str, at: cst.CSTNode
) -> str | None:
    """The class whose mutable attribute `self.<name>` is, unless instances have their own."""
    function = enclosing_function(meaning, at)
    chain = list(local_bases(meaning, owner))
    if enclosing_function(meaning, owner) is not None:
        return None
    for base in chain:
        if name in own_attributes(meaning, base):
            return None
    start = meaning.tree.spans[at].start
    if any(set_at < start for set_at in _set_in(meaning, function).get(name, ())):
        return None
    for base in chain:
        if name in class_attributes(meaning, base):
            return base.name.value
    for base in chain:
        for place in _other_bases(meaning, base):
            if found := _shared_elsewhere(meaning, place, name):
                return found
    return None


def class_attributes(meaning: Meaning, owner: cst.ClassDef) -> tuple[str, ...]:
    """The attributes of the class `owner` whose values can change."""
    found: set[str] = set()
    for name, bindings in meaning.names.scopes[owner].bindings.items():
        for binding in bindings:
            value = binding.value
            if binding.kind != "assign" or not isinstance(value, _MUTABLE):
                continue
            if isinstance(value, cst.Call):
                called = dotted_text(value.func).rpartition(".")[2]
                if called in _DESCRIPTIONS | _IMMUTABLE:
                    continue
            found.add(name)
    return tuple(sorted(found))


def own_attributes(meaning: Meaning, owner: cst.ClassDef) -> tuple[str, ...]:
    """The attributes that each instance of `owner` is given when it is made."""
    found: set[str] = set()
    for method in methods(owner):
        if method.name.value in MAKERS:
            found |= _set_in(meaning, method).keys()
    return tuple(sorted(found))


def _set_in(meaning: Meaning, function: cst.CSTNode | None) -> dict[str, list[int]]:
    """The attributes of the first parameter that `function` assigns, and where."""
    return meaning.once(_set_by_function).get(function, {})


def _set_by_function(source: Source, look: Look) -> dict[cst.CSTNode | None, dict[str, list[int]]]:
    meaning = meaning_of(source, look)
    found: dict[cst.CSTNode | None, dict[str, list[int]]] = {}
    for node in meaning.tree.of(cst.AssignTarget, cst.AnnAssign):
        for target in _targets(node):
            if isinstance(target, cst.Attribute) and isinstance(target.value, cst.Name):
                start = meaning.tree.spans[target].start
                for function in _functions_around(meaning, node, target.value.value):
                    places = found.setdefault(function, {})
                    places.setdefault(target.attr.value, []).append(start)
    return found


def _targets(node: cst.AssignTarget | cst.AnnAssign) -> list[cst.BaseExpression]:
    if isinstance(node, cst.AnnAssign) and node.value is None:
        return []
    if isinstance(node.target, (cst.Tuple, cst.List)):
        return [element.value for element in node.target.elements]
    return [node.target]


def _functions_around(meaning: Meaning, node: cst.CSTNode, first: str) -> Iterator[cst.FunctionDef]:
    """The functions that `node` is in whose first parameter is called so."""
    above = meaning.tree.parents.get(node)
    while above is not None:
        if isinstance(above, cst.FunctionDef):
            parameter = next(parameters(above.params), None)
            if parameter is not None and parameter.name.value == first:
                yield above
        above = meaning.tree.parents.get(above)


def _other_bases(meaning: Meaning, owner: cst.ClassDef) -> Iterator[str]:
    for base in owner.bases:
        name = meaning.meaning(base.value)
        if name is not None and ":" in name and class_of(meaning, base.value) is None:
            yield name


def _shared_elsewhere(meaning: Meaning, place: str, name: str, depth: int = 0) -> str | None:
    value = meaning.known.get(("python-class-state", place))
    if not isinstance(value, tuple) or depth > _MAX_DEPTH:
        return None
    shared, own, bases = value
    if name in own:
        return None
    if name in shared:
        return place.rpartition(":")[2]
    for base in bases:
        if found := _shared_elsewhere(meaning, base, name, depth + 1):
            return found
    return None


def methods(owner: cst.ClassDef) -> Iterator[cst.FunctionDef]:
    """The methods in the body of `owner`."""
    for statement in owner.body.body:
        if isinstance(statement, cst.FunctionDef):
            yield statement


def facts(source: Source, look: Look) -> Iterator[Fact]:
    """`class-state`: the attributes of a handler class, its instances', and its bases."""
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return
    for owner in handler_classes(meaning):
        scope = meaning.names.scopes[owner]
        chain = list(local_bases(meaning, owner))
        shared = {name for base in chain for name in class_attributes(meaning, base)}
        own = {name for base in chain for name in own_attributes(meaning, base)}
        bases = {place for base in chain for place in _other_bases(meaning, base)}
        value = (tuple(sorted(shared)), tuple(sorted(own)), tuple(sorted(bases)))
        place = f"{meaning.names.place}{scope.qualname}"
        yield Fact("class-state", place, value, source.path)
