"""Which attributes of a class its instances share, and what of it other files must know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Fact
from migrator.helpers.python.scopes import dotted_text, parameters

from ._classes import class_of, enclosing_function, local_bases
from ._handler_classes import handler_classes
from ._mappings import below
from ._meaning import meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Look, Source

    from ._meaning import Meaning

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
    if function is not None and name in _assigned_in(meaning, function, before=at):
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
            found |= _assigned_in(meaning, method)
    return tuple(sorted(found))


def _assigned_in(
    meaning: Meaning, function: cst.CSTNode, before: cst.CSTNode | None = None
) -> set[str]:
    """The attributes of the first parameter that `function` assigns."""
    first = None
    if isinstance(function, cst.FunctionDef):
        first = next(parameters(function.params), None)
    limit = meaning.tree.spans[before].start if before else None
    found: set[str] = set()
    for node in below(function) if first is not None else ():
        targets: Sequence[cst.CSTNode] = ()
        if isinstance(node, cst.AssignTarget):
            targets = (node.target,)
            if isinstance(node.target, (cst.Tuple, cst.List)):
                targets = [element.value for element in node.target.elements]
        elif isinstance(node, cst.AnnAssign) and node.value is not None:
            targets = (node.target,)
        for target in targets:
            if limit is not None and meaning.tree.spans[target].start >= limit:
                continue
            if isinstance(target, cst.Attribute) and isinstance(target.value, cst.Name):
                if first is not None and target.value.value == first.name.value:
                    found.add(target.attr.value)
    return found


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
