"""What the attributes of a file's objects are set to, in their class and from outside of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.literals import text_of

from ._classes import derived, instance_class, local_bases, owner_class
from ._held import side_by_side
from ._meaning import Meaning, meaning_of, once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Look, Source

    #: The object that is set an attribute, and what it is set to.
    Setting = tuple[cst.BaseExpression, cst.BaseExpression]

# Methods and functions that set an attribute by its name: `setattr`, `mock.patch.object`.
_SET = frozenset({"object", "setattr"})


def self_values(meaning: Meaning, owner: cst.ClassDef, name: str) -> Iterator[cst.BaseExpression]:
    """What the methods of `owner` assign to `self.<name>`."""
    for holder, value in _set(meaning, name):
        if owner_class(meaning, holder) is owner:
            yield value


def values_of_attribute(meaning: Meaning, node: cst.Attribute) -> Iterator[cst.BaseExpression]:
    """What the methods of its class assign to the attribute `node` of an instance."""
    owner = instance_class(meaning, node.value)
    for base in local_bases(meaning, owner) if owner is not None else ():
        yield from self_values(meaning, base, node.attr.value)


def set_from_outside(meaning: Meaning, node: cst.Attribute) -> Iterator[cst.BaseExpression]:
    """What the attribute `node` may be set to by others than the class of its object.

    Those are the classes that derive from that one, and whoever has such an object, or one of
    which nothing is known: `desk.sink = print`.
    """
    name = node.attr.value
    owner = instance_class(meaning, node.value)
    own = local_bases(meaning, owner) if owner is not None else ()
    for holder, value in _set(meaning, name):
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


def _set(meaning: Meaning, name: str) -> list[Setting]:
    return once(_assigned, meaning.source, meaning.look).get(name, [])


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
