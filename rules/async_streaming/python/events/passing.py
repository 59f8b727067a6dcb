"""Events that are passed on whole, in ways that cannot be followed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability
from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import dotted_text

from ..flow.anew import is_anew
from ..flow.roles import on_event
from ..flow.shapes import attribute_called, index_of
from ..flow.wrapped import is_wrapped
from ..moves.calls import uses
from ..moves.role import Role
from ..reading.attributes import values_of_attribute
from ..reading.classes import received
from ..reading.contents import values_of
from ..reading.held import side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..flow.subjects import Subjects
    from ..moves.role import Roles
    from ..reading.meaning import Meaning

_APART = "the parts of the event go on from here in a way that is not followed"
_WRAPPED = "the event goes on from here inside of something that is not followed"
_HASHED = "an event is no longer hashable"
_ANEW = "the event is made anew from parts of another"
_CACHES = frozenset({"functools.cache", "functools.lru_cache"})
# What shows what it is given, or something about it, and does nothing else with it.
_SHOW = frozenset({"isinstance", "len", "print", "repr", "str"})
# What hands out the parts of the event it is given.
_PARTS = frozenset({"dict", "enumerate", "iter", "map", "reversed", "zip"})


def taken_apart(
    meaning: Meaning, subjects: Subjects, roles: Roles
) -> Iterator[tuple[cst.CSTNode, Role, str]]:
    """Where a legacy event is taken apart or put together by other means than its two parts."""
    for binding, role in (*roles.params.items(), *subjects.handed.items()):
        if not role.legacy:
            continue
        for name in meaning.names.reads.get(binding.name, ()):
            if binding not in meaning.names.reaching(name):
                continue
            if _is_apart(meaning, subjects, name):
                yield name, role, _APART
            elif _is_hashed(meaning, name):
                yield name, role, _HASHED
            elif not role.handed and is_wrapped(meaning, name):
                yield name, role, _WRAPPED
    if subjects.recorded.places:
        yield from _items_apart(meaning, subjects)
    yield from _hashed_by_handlers(meaning, roles)
    yield from _made_anew(meaning, subjects)


def _made_anew(meaning: Meaning, subjects: Subjects) -> Iterator[tuple[cst.CSTNode, Role, str]]:
    """Where an event that has the tag and something of the text of another goes on."""
    made = dict.fromkeys(node for node in meaning.tree.of(cst.Tuple) if is_anew(subjects, node))
    names = [name for reads in meaning.names.reads.values() for name in reads] if made else []
    going = dict.fromkeys(
        pair
        for node in (*made, *names)
        for pair in _behind(subjects, node)
        if pair in made and _goes_on(meaning, subjects, node)
    )
    for pair in going:
        known = subjects.role(subjects.apart.tag_of_another(pair))
        if known is not None and known.legacy:
            yield pair, known, _ANEW


def _behind(subjects: Subjects, node: cst.BaseExpression) -> Iterator[cst.Tuple]:
    """The tuples that `node` may be, by way of a name."""
    key = subjects.event(node)
    bindings = key[1] if key is not None and key[0] == "name" else ()
    assert isinstance(bindings, Iterable)
    for value in (subjects.apart.anew(key), *map(subjects.assigned, bindings)):
        if isinstance(value, cst.Tuple):
            yield value


def _items_apart(meaning: Meaning, subjects: Subjects) -> Iterator[tuple[cst.CSTNode, Role, str]]:
    """The same of events that a loop gives of those that are kept."""
    looped = {one.name for one in meaning.names.bindings() if one.kind == "for"}
    for name in [one for each in sorted(looped) for one in meaning.names.reads.get(each, ())]:
        if not _is_apart(meaning, subjects, name):
            continue
        bindings = meaning.names.reaching(name)
        if len(bindings) == 1 and bindings[0].kind == "for" and bindings[0].node is not name:
            role = subjects.role(subjects.event(name))
            if role is not None and role.legacy:
                yield name, role, _APART


def _is_apart(meaning: Meaning, subjects: Subjects, name: cst.Name) -> bool:
    parent = meaning.tree.parents[name]
    if isinstance(parent, cst.Arg):
        call = meaning.tree.parents[parent]
        if not isinstance(call, cst.Call):
            return False
        if parent.star == "*":
            return subjects.parts_handed.taken(call, parent) is None
        if isinstance(call.func, cst.Attribute) and call.func.attr.value == "_make":
            return True  # of a named tuple
        if isinstance(call.func, cst.Attribute) and call.func.attr.value == "format":
            return "[" in (text_of(call.func.value) or "")  # `"{0[1]}".format(event)`
        return isinstance(call.func, cst.Name) and call.func.value in _PARTS and not parent.keyword
    if isinstance(parent, (cst.StarredElement, cst.BinaryOperation)):
        return True
    if isinstance(parent, cst.Assign):
        return any(_is_unpacked_elsewhere(target.target) for target in parent.targets)
    if isinstance(parent, cst.Subscript):
        return parent.value is name and index_of(parent) not in (0, 1, -1, -2)
    if isinstance(parent, cst.Element):
        return _is_unpacked_beside(meaning, parent) or _is_entry(meaning, parent)
    return isinstance(parent, (cst.For, cst.CompFor)) and parent.iter is name


def _is_unpacked_beside(meaning: Meaning, element: cst.Element) -> bool:
    """Whether `element` is taken apart among other things: `(kind, text), at = event, now()`."""
    display = meaning.tree.parents[element]
    assign = meaning.tree.parents[display]
    return isinstance(assign, cst.Assign) and any(
        value is element.value and not isinstance(one, cst.Name)
        for target in assign.targets
        for one, value in side_by_side(target.target, assign.value)
    )


def _is_entry(meaning: Meaning, element: cst.Element) -> bool:
    """Whether `element` becomes an entry of a dict: `dict([event])`, `texts.update([event])`."""
    arg = meaning.tree.parents[meaning.tree.parents[element]]
    call = meaning.tree.parents[arg]
    if not isinstance(arg, cst.Arg) or not isinstance(call, cst.Call):
        return False
    return dotted_text(call.func) == "dict" or attribute_called(call) == "update"


def _is_unpacked_elsewhere(target: cst.BaseExpression) -> bool:
    """Whether a part of what is unpacked goes to something that is no variable."""
    return isinstance(target, (cst.Tuple, cst.List)) and any(
        not isinstance(element.value, cst.Name) for element in target.elements
    )


def _is_hashed(meaning: Meaning, name: cst.Name) -> bool:
    """Whether the event `name` is put into a set, or is the key of a dict."""
    parent = meaning.tree.parents[name]
    if isinstance(parent, cst.Arg):
        call = meaning.tree.parents[parent]
        if not isinstance(call, cst.Call) or any(received(meaning, call, parent)):
            return False
        is_hash = isinstance(call.func, cst.Name) and call.func.value == "hash"
        return is_hash or attribute_called(call) == "add"
    if isinstance(parent, cst.DictElement):
        return parent.key is name
    if isinstance(parent, cst.Element):
        return isinstance(meaning.tree.parents[parent], cst.Set)
    return isinstance(parent, cst.Index)


def _hashed_by_handlers(meaning: Meaning, roles: Roles) -> Iterator[tuple[cst.CSTNode, Role, str]]:
    """Handlers that put the events into a set, or that are asked for them from a cache."""
    for function, role in roles.functions.items():
        for decorator in function.decorators if isinstance(function, cst.FunctionDef) else ():
            made = decorator.decorator
            called = made.func if isinstance(made, cst.Call) else made
            if meaning.meaning(called) in _CACHES:
                yield decorator.decorator, role, _HASHED
    legacy = [use.handler for use in uses(meaning.source, meaning.look) if not use.kept]
    current = [on_event(meaning, call) for call in meaning.tree.of(cst.Call)]
    for given in (*legacy, *current):
        if isinstance(given, cst.Attribute) and given.attr.value == "add":
            if _is_set(meaning, given.value):
                yield given, Role(Applicability.REVIEW, "it is given as handler"), _HASHED


def _is_set(meaning: Meaning, node: cst.BaseExpression) -> bool:
    values = [node]
    if isinstance(node, cst.Name):
        reaching = meaning.names.reaching(node)
        values = [one for binding in reaching for one in values_of(meaning, binding)]
    elif isinstance(node, cst.Attribute):
        values = list(values_of_attribute(meaning, node))
    return any(
        isinstance(one, (cst.Set, cst.SetComp))
        or (isinstance(one, cst.Call) and dotted_text(one.func) == "set")
        for one in values
    )


def _goes_on(meaning: Meaning, subjects: Subjects, node: cst.BaseExpression) -> bool:
    """Whether the pair `node`, or a name for it, goes where it may be taken for an event."""
    around = meaning.tree.parents[node]
    if isinstance(around, cst.Arg):
        call = meaning.tree.parents[around]
        if not isinstance(call, cst.Call) or dotted_text(call.func) in _SHOW:
            return False
        return not around.star or subjects.parts_handed.taken(call, around) is None
    if isinstance(around, cst.Assign):
        kept = (cst.Attribute, cst.Subscript)
        return any(isinstance(one.target, kept) for one in around.targets)
    return isinstance(around, (cst.Element, cst.Return, cst.Yield, cst.Lambda, cst.BaseSimpleComp))
