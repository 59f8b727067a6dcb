"""What the annotations of a file allow: through quotes, unions, and other names for a type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import dotted_text
from migrator.helpers.worklist import Worklist

from .classes import class_of, local_bases, owner_class
from .meaning import Meaning, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Look, Source
    from migrator.helpers.python.scopes import Binding

_UNIONS = frozenset({"Optional", "Union"})
_WRAPPERS = frozenset({"Annotated", "ClassVar", "Final", "InitVar", "ReadOnly", "Required"})
_ALIASES = (cst.Attribute, cst.BinaryOperation, cst.Name, cst.SimpleString, cst.Subscript)


def types_in(meaning: Meaning, node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """The types that `node` allows beside `None`, without what they are made for.

    What stands in quotes is read apart: its names are those of the module.
    """
    left = Worklist(node)
    for one in left:
        inner: list[cst.BaseExpression] = []
        if isinstance(one, cst.BaseString):
            inner = _quoted(one)
        elif isinstance(one, cst.BinaryOperation):
            inner = [one.left, one.right]
        elif isinstance(one, cst.Subscript) and leaf_of(one.value) in _UNIONS:
            inner = list(arguments_of(one))
        elif isinstance(one, cst.Subscript) and leaf_of(one.value) in _WRAPPERS:
            inner = list(arguments_of(one))[:1]
        elif isinstance(one, cst.Name):
            if one.value == "None":
                continue
            inner = list(_alias(meaning, one))
        elif isinstance(one, cst.Subscript):
            inner = [one.value]
        if not inner:
            yield one
        left.add(inner)


def items_of(annotation: cst.BaseExpression, *, keys: bool) -> cst.BaseExpression | None:
    """The annotation of the items of what has `annotation`: `list[Item]`, `dict[str, Item]`.

    With `keys` it is what a loop over it gives, which is not what is looked up in it.
    """
    if isinstance(annotation, cst.BaseString):
        return next((items_of(inner, keys=keys) for inner in _quoted(annotation)), None)
    if not isinstance(annotation, cst.Subscript):
        return None
    arguments = [one for one in arguments_of(annotation) if not isinstance(one, cst.Ellipsis)]
    is_mapping = leaf_of(annotation.value).lower().endswith(("dict", "mapping"))
    return arguments[0 if keys and is_mapping else -1] if arguments else None


def annotation_of(meaning: Meaning, node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The annotation of the one variable that `node` is, or of an attribute of `self`."""
    if isinstance(node, cst.Attribute):
        owner = owner_class(meaning, node.value)
        return attribute_type(meaning, owner, node.attr.value) if owner is not None else None
    bindings = meaning.names.reaching(node) if isinstance(node, cst.Name) else ()
    if len(bindings) != 1:
        return None
    place = bindings[0].node
    holder = place if isinstance(place, cst.Param) else meaning.tree.parents[place]
    if isinstance(holder, (cst.AnnAssign, cst.Param)) and holder.annotation is not None:
        return holder.annotation.annotation
    return None


def attribute_type(meaning: Meaning, owner: cst.ClassDef, name: str) -> cst.BaseExpression | None:
    """The annotation of the attribute `name` of `owner` in this file, the nearest class's first."""
    declared = meaning.once(_declared)
    found = (declared.get((base, name)) for base in local_bases(meaning, owner))
    return next((annotation for annotation in found if annotation is not None), None)


def class_named(meaning: Meaning, node: cst.BaseExpression) -> cst.ClassDef | None:
    """The class of this file that the type `node`, in quotes or not, names."""
    found = class_of(meaning, node)
    if found is None and (binding := _of_module(meaning, node)) is not None:
        found = binding.node if isinstance(binding.node, cst.ClassDef) else None
    return found


def place_named(meaning: Meaning, node: cst.BaseExpression) -> str | None:
    """What the type `node`, in quotes or not, stands for by an import."""
    name = meaning.meaning(node)
    if name is None and (binding := _of_module(meaning, node)) is not None:
        name = meaning.canonical(binding.target) if binding.target else None
    return name


def leaf_of(node: cst.BaseExpression) -> str:
    """The last part of a dotted name."""
    return dotted_text(node).rpartition(".")[2]


def _declared(source: Source, look: Look) -> dict[tuple[cst.CSTNode, str], cst.BaseExpression]:
    """Every annotated attribute of the file's classes, in their bodies and on `self`."""
    meaning = meaning_of(source, look)
    found: dict[tuple[cst.CSTNode, str], cst.BaseExpression] = {}
    for node in meaning.tree.of(cst.AnnAssign):
        owner: cst.CSTNode | None = None
        if isinstance(node.target, cst.Attribute):
            owner = owner_class(meaning, node.target.value)
            name = node.target.attr.value
        elif isinstance(node.target, cst.Name):
            owner = meaning.names.scope_of(node).node
            name = node.target.value
        if owner is not None:
            found.setdefault((owner, name), node.annotation.annotation)
    return found


def _alias(meaning: Meaning, node: cst.Name) -> Iterator[cst.BaseExpression]:
    """What the module's name `node` is another name for, if it is one for a type."""
    binding = _of_module(meaning, node)
    if binding is not None and isinstance(binding.value, _ALIASES):
        yield binding.value
    elif binding is None:
        for alias in meaning.tree.of(cst.TypeAlias):
            if alias.name.value == node.value:
                yield alias.value


def _of_module(meaning: Meaning, node: cst.BaseExpression) -> Binding | None:
    """The one binding that the module has for the name `node`."""
    bindings = (
        meaning.names.module.bindings.get(node.value, ()) if isinstance(node, cst.Name) else ()
    )
    return bindings[0] if len(bindings) == 1 else None


def _quoted(node: cst.BaseString) -> list[cst.BaseExpression]:
    try:
        return [cst.parse_expression(text_of(node) or "")]
    except cst.ParserSyntaxError:
        return []


def arguments_of(node: cst.Subscript) -> Iterator[cst.BaseExpression]:
    """What stands in the brackets of `node`, one by one."""
    for element in node.slice:
        if isinstance(element.slice, cst.Index):
            yield element.slice.value
