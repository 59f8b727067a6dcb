"""The classes that an object may be an instance of, by all that this file says of it.

`instance_class` tells the one class that an object has for certain. These are for what is for
review in any case: the object comes by an attribute, a parameter, an annotation, or from a call.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.gathered import gathered
from migrator.helpers.python.scopes import Binding

from ..learnt.handing import FIXTURE, HANDED_INSTANCE, RETURNED
from .annotations import (
    annotation_of,
    attribute_type,
    class_named,
    items_of,
    place_named,
    types_in,
)
from .attributes import field_values, self_values
from .classes import (
    definition,
    instance_class,
    is_property,
    local_bases,
    methods_called,
    returned_by,
)
from .contents import (
    CASTS,
    Inner,
    defaults_of,
    given_to_with,
    looped_over,
    parts,
    taken_from,
)
from .far_classes import class_elsewhere, is_far
from .far_params import params_at, run_by
from .fixtures import tested
from .handed import handed_to
from .held import value_of
from .meaning import Meaning, meaning_of, remembered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Look, Source

    Owner = cst.ClassDef | str
    #: What leads to instances: an expression, what a collection holds, a name that is bound, an
    #: attribute of a class's.
    _Node = cst.BaseExpression | Inner | Binding | tuple[cst.ClassDef, str]

# How many attributes are followed one behind the other: `self.desk.sink.log`.
_MAX_DEPTH = 4
_FIELDS = frozenset({"attr.Factory", "attr.ib", "attrs.field", "dataclasses.field"})


def told(meaning: Meaning) -> dict[cst.Param, list[str]]:
    """The parameters that other files give objects that matter, with the classes of those."""
    return meaning.once(_told)


def is_told(meaning: Meaning) -> bool:
    """Whether other files give this one objects that matter."""
    returned = meaning.known.of(f"python-{RETURNED}", besides=meaning.names.place)
    return bool(returned) or bool(told(meaning))


def _told(source: Source, look: Look) -> dict[cst.Param, list[str]]:
    meaning = meaning_of(source, look)
    found: dict[cst.Param, list[str]] = {}
    for node, scope in meaning.names.scopes.items():
        place = f"{meaning.names.place}{scope.qualname}"
        given = meaning.known.get((f"python-{HANDED_INSTANCE}", place))
        for at, owner in given if isinstance(given, tuple) else ():
            for function in run_by(meaning, node):
                for param in params_at(meaning, function, (at,)):
                    found.setdefault(param, []).append(owner)
    for place, owners in meaning.known.of(f"python-{FIXTURE}").items():
        folder, _, name = place.partition(":")
        for param in tested(meaning) if source.path.startswith(folder) else ():
            if param.name.value == name and isinstance(owners, tuple):
                found.setdefault(param, []).extend(owners)
    return found


def instances(meaning: Meaning, node: cst.BaseExpression, depth: int = 0) -> Sequence[Owner]:
    """The classes that `node` may be an instance of; one of another file goes by its place."""
    if depth > _MAX_DEPTH:
        return ()
    found, ahead = partial(_found, meaning, depth), partial(_ahead, meaning, depth)
    return gathered(node, meaning.once(_known)[depth], found, ahead)


def _known(source: Source, look: Look) -> list[dict[_Node, tuple[Owner, ...]]]:
    """What was answered, by how many attributes were behind what was asked about."""
    return [{} for _ in range(_MAX_DEPTH + 1)]


def local_instances(meaning: Meaning, node: cst.BaseExpression) -> Iterator[cst.ClassDef]:
    """Those of `instances` that this file defines."""
    return (one for one in instances(meaning, node) if isinstance(one, cst.ClassDef))


@remembered
def methods_of_instances(meaning: Meaning, func: cst.BaseExpression) -> Iterator[cst.FunctionDef]:
    """The methods of this file that `func` may be, of an object that comes from somewhere."""
    name = func.attr.value if isinstance(func, cst.Attribute) else ""
    if not isinstance(func, cst.Attribute) or name not in meaning.once(_method_names):
        return
    for owner in local_instances(meaning, func.value):
        for base in local_bases(meaning, owner):
            members = meaning.names.scopes[base].bindings.get(name, ())
            methods = [one.node for one in members if isinstance(one.node, cst.FunctionDef)]
            if methods:
                yield from methods
                break


def _method_names(source: Source, look: Look) -> frozenset[str]:
    """The names of all methods of the file."""
    scopes = meaning_of(source, look).names.scopes
    return frozenset(
        name for one in scopes.values() if one.kind == "class" for name in one.bindings
    )


def named(meaning: Meaning, annotation: cst.BaseExpression) -> Iterator[Owner]:
    """The classes that the type `annotation` allows; one of another file goes by its place."""
    for one in types_in(meaning, annotation):
        owner = class_named(meaning, one)
        place = place_named(meaning, one)
        if owner is not None:
            yield owner
        elif place is not None and is_far(meaning, place):
            yield place


def _found(meaning: Meaning, depth: int, node: _Node) -> Iterator[Owner]:
    """The classes that `node` itself tells."""
    if isinstance(node, Binding):
        yield from _told_of(meaning, node)
    elif not isinstance(node, tuple):
        yield from _certain(meaning, node)
    for annotation in _annotations(meaning, depth, node):
        yield from named(meaning, annotation)


def _certain(meaning: Meaning, node: cst.BaseExpression) -> list[Owner]:
    """The class that `node` is known to be an instance of."""
    if (owner := instance_class(meaning, node)) is not None:
        return [owner]
    place = class_elsewhere(meaning, node)
    if place is None or not is_far(meaning, place):
        return []
    returned = meaning.known.get((f"python-{RETURNED}", place))
    return list(returned) if isinstance(returned, tuple) else [place]


def _told_of(meaning: Meaning, binding: Binding) -> Iterator[Owner]:
    """What other files give to the parameter of `binding`."""
    own = meaning.names.place
    for owner in told(meaning).get(binding.node, ()) if isinstance(binding.node, cst.Param) else ():
        if not owner.startswith(own):
            yield owner
            continue
        for node, scope in meaning.names.scopes.items():
            if isinstance(node, cst.ClassDef) and f"{own}{scope.qualname}" == owner:
                yield node


def _annotations(meaning: Meaning, depth: int, node: _Node) -> Iterator[cst.BaseExpression]:
    """What annotations say of `node`."""
    items: cst.BaseExpression | None = None
    if isinstance(node, Binding):
        place = node.node
        holder = place if isinstance(place, cst.Param) else meaning.tree.parents.get(place)
        if isinstance(holder, (cst.AnnAssign, cst.Param)) and holder.annotation is not None:
            yield holder.annotation.annotation
        looped = looped_over(meaning, place) if node.kind == "for" else None
        items = annotation_of(meaning, looped.node) if looped is not None else None
    elif isinstance(node, tuple) and not isinstance(node, Inner):
        if (annotation := attribute_type(meaning, *node)) is not None:
            yield annotation
    elif isinstance(node, cst.Subscript):
        items = annotation_of(meaning, node.value)
    elif isinstance(node, cst.Call):
        for function in _called(meaning, node):
            if function.returns is not None:
                yield function.returns.annotation
    if items is not None and (item := items_of(items, keys=False)) is not None:
        yield item


def _ahead(meaning: Meaning, depth: int, node: _Node) -> Iterator[_Node]:
    """What `node` may be, one step further."""
    if isinstance(node, Binding):
        yield from _bound(meaning, node)
    elif isinstance(node, Inner):
        items, inner = parts(meaning, *node)
        yield from (item for item in items if item is not None)
        yield from inner
    elif isinstance(node, tuple):
        yield from _of_attribute(meaning, *node)
    elif _certain(meaning, node):
        return
    elif isinstance(node, cst.Name):
        yield from meaning.names.reaching(node)
    elif isinstance(node, cst.Attribute):
        for owner in instances(meaning, node.value, depth + 1):
            if isinstance(owner, cst.ClassDef):
                yield owner, node.attr.value
    elif isinstance(node, cst.Call):
        yield from _taken(meaning, node)
        for function in _called(meaning, node):
            yield from returned_by(meaning, function)
        if meaning.meaning(node.func) in _FIELDS:
            yield from (arg.value for arg in node.args)
    elif isinstance(node, cst.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, cst.BooleanOperation):
        yield from (node.left, node.right)
    elif isinstance(node, (cst.Await, cst.NamedExpr)):
        yield node.expression if isinstance(node, cst.Await) else node.value
    elif isinstance(node, cst.Subscript):
        yield Inner(node.value, keys=False)


def _taken(meaning: Meaning, call: cst.Call) -> Iterator[_Node]:
    """What `call` gives of what it is given: something of a collection, or the same again."""
    if meaning.meaning(call.func) in CASTS and len(call.args) == 2:
        yield call.args[1].value
    elif (collection := taken_from(meaning, call)) is not None:
        yield collection
        yield from defaults_of(call)


def _bound(meaning: Meaning, binding: Binding) -> Iterator[_Node]:
    """What `binding` may give its name."""
    if isinstance(binding.node, cst.Param):
        yield from handed_to(meaning, binding.node)
        if binding.node.default is not None:
            yield binding.node.default
    elif (value := value_of(meaning, binding)) is not None:
        yield value
    elif binding.kind == "with":
        yield from given_to_with(meaning, binding)
    elif binding.kind == "for":
        looped = looped_over(meaning, binding.node)
        yield from (looped,) if looped is not None else ()


def _of_attribute(meaning: Meaning, owner: cst.ClassDef, name: str) -> Iterator[cst.BaseExpression]:
    """What instances of the class `owner` may have as their attribute `name`."""
    for base in local_bases(meaning, owner):
        yield from self_values(meaning, base, name)
        for binding in meaning.names.scopes[base].bindings.get(name, ()):
            if isinstance(binding.node, cst.FunctionDef) and is_property(binding.node):
                yield from returned_by(meaning, binding.node)
            elif (value := value_of(meaning, binding)) is not None:
                yield value
    yield from field_values(meaning, owner, name)


def _called(meaning: Meaning, call: cst.Call) -> Iterator[cst.FunctionDef]:
    """The functions of this file that `call` may call."""
    function = definition(meaning, call.func)
    if isinstance(function, cst.FunctionDef):
        yield function
    yield from methods_called(meaning, call.func)
