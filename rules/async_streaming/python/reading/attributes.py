"""What the attributes of a file's objects are set to, in their class and from outside of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.literals import text_of

from .callees import fields
from .classes import (
    class_of,
    defines,
    derived,
    instance_class,
    local_bases,
    owner_class,
)
from .held import side_by_side
from .meaning import Meaning, meaning_of, once

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Look, Source

    #: The object that is set an attribute, and what it is set to.
    Setting = tuple[cst.BaseExpression, cst.BaseExpression]

# Methods and functions that set an attribute by its name: `setattr`, `mock.patch.object`.
_SET = frozenset({"object", "setattr"})


def self_values(meaning: Meaning, owner: cst.ClassDef, name: str) -> Iterator[cst.BaseExpression]:
    """What the methods of `owner` assign to `self.<name>`."""
    for holder, value in settings(meaning, name):
        if owner_class(meaning, holder) is owner:
            yield value


def own_settings(meaning: Meaning, owner: cst.ClassDef) -> Sequence[str]:
    """The names of what the methods of `owner` assign to `self`."""
    return meaning.once(_own_names).get(owner, ())


def _own_names(source: Source, look: Look) -> dict[cst.ClassDef, list[str]]:
    """The names of what each class of the file assigns to `self`."""
    meaning = meaning_of(source, look)
    found: dict[cst.ClassDef, dict[str, None]] = {}
    for name, set_to in once(_assigned, source, look).items():
        for holder, _ in set_to:
            if (owner := owner_class(meaning, holder)) is not None:
                found.setdefault(owner, {})[name] = None
    return {owner: list(names) for owner, names in found.items()}


def values_of_attribute(meaning: Meaning, node: cst.Attribute) -> Iterator[cst.BaseExpression]:
    """What the attribute `node` of an instance is set to by its class, or where it is made."""
    owner = instance_class(meaning, node.value)
    for base in local_bases(meaning, owner) if owner is not None else ():
        yield from self_values(meaning, base, node.attr.value)
    if owner is not None:
        yield from field_values(meaning, owner, node.attr.value)


def field_values(meaning: Meaning, owner: cst.ClassDef, name: str) -> Iterator[cst.BaseExpression]:
    """What the field `name` is given where instances are made of a data class."""
    if defines(meaning, owner, "__init__"):
        return
    made = meaning.once(_made)
    for one in (owner, *derived(meaning, owner)):
        bases = reversed(local_bases(meaning, one)) if one in made else ()
        names = list(dict.fromkeys(field for base in bases for field in fields(meaning, base)))
        for call in made.get(one, ()) if name in names else ():
            for at, arg in enumerate(call.args):
                is_it = name == arg.keyword.value if arg.keyword else at == names.index(name)
                if is_it and not arg.star:
                    yield arg.value


def _made(source: Source, look: Look) -> dict[cst.ClassDef, list[cst.Call]]:
    """The calls of the file that make instances of its classes."""
    meaning = meaning_of(source, look)
    found: dict[cst.ClassDef, list[cst.Call]] = {}
    for call in meaning.tree.of(cst.Call):
        if (owner := class_of(meaning, call.func)) is not None:
            found.setdefault(owner, []).append(call)
    return found


def set_from_outside(meaning: Meaning, node: cst.Attribute) -> Iterator[cst.BaseExpression]:
    """What the attribute `node` may be set to by others than the class of its object.

    Those are the classes that derive from that one, and whoever has such an object, or one of
    which nothing is known: `desk.sink = print`.
    """
    name = node.attr.value
    owner = instance_class(meaning, node.value)
    own = local_bases(meaning, owner) if owner is not None else ()
    for holder, value in settings(meaning, name):
        if owner_class(meaning, holder) not in own and _may_be(meaning, holder, node.value):
            yield value
    for further in derived(meaning, owner) if owner is not None else ():
        for binding in meaning.names.scopes[further].bindings.get(name, ()):
            if binding.value is not None and binding.index is None:
                yield binding.value


def _may_be(meaning: Meaning, one: cst.BaseExpression, other: cst.BaseExpression) -> bool:
    """Whether `one` and `other` may be the same object, as far as their classes are known."""
    one_class, other_class = instance_class(meaning, one), instance_class(meaning, other)
    if one_class is not None and other_class is not None:
        return one_class in local_bases(meaning, other_class) or (
            other_class in local_bases(meaning, one_class)
        )
    known = (one_class or meaning.meaning(one), other_class or meaning.meaning(other))
    return None in known or known[0] == known[1]


def settings(meaning: Meaning, name: str) -> list[Setting]:
    """All objects of the file whose attribute `name` is set; by what name is not known: `""`."""
    return meaning.once(_assigned).get(name, [])


def _assigned(source: Source, look: Look) -> dict[str, list[Setting]]:
    """Every attribute of the file that is set, by the attribute's name."""
    tree = meaning_of(source, look).tree
    found: dict[str, list[Setting]] = {}
    for call in tree.of(cst.Call):
        leaf = call.func.attr if isinstance(call.func, cst.Attribute) else call.func
        if isinstance(leaf, cst.Name) and leaf.value in _SET and len(call.args) >= 3:
            holder, named, value = (arg.value for arg in call.args[:3])
            found.setdefault(text_of(named) or "", []).append((holder, value))
    for node in tree.of(cst.AssignTarget, cst.AnnAssign):
        target = node.target
        around = tree.parents[node] if isinstance(node, cst.AssignTarget) else node
        if isinstance(around, (cst.Assign, cst.AnnAssign)) and around.value is not None:
            for one, value in side_by_side(target, around.value):
                if isinstance(one, cst.Attribute):
                    found.setdefault(one.attr.value, []).append((one.value, value))
    return found
