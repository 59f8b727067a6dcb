"""Events that are made anew: with the tag of another event, and a text of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from ..reading.mappings import below
from .matched import captured_of
from .shapes import index_of

if TYPE_CHECKING:
    from migrator.helpers.python.scopes import Binding

    from .subjects import Key, Subjects


def tag_origin(subjects: Subjects, key: Key | None) -> Key | None:
    """The key of the event whose tag the event with that key has, by whatever way it got it."""
    if key is None or not is_at_times_anew(subjects, key):
        return key
    waiting = list(key[1])  # type: ignore[call-overload]
    seen: set[Binding] = set()
    found: set[Binding] = set()
    while waiting:
        binding = waiting.pop()
        if binding not in seen:
            seen.add(binding)
            again = _tag_from(subjects, binding)
            waiting += subjects.names.reaching(again) if again is not None else ()
            found.update([binding] if again is None else ())
    return ("name", frozenset(found))


def is_at_times_anew(subjects: Subjects, key: Key) -> bool:
    """Whether the name of that key is given, among others, a text beside its own tag."""
    bindings = key[1] if key[0] == "name" else frozenset()
    assert isinstance(bindings, frozenset)
    return any(_tag_from(subjects, one) is not None for one in bindings)


def _tag_from(subjects: Subjects, binding: Binding) -> cst.Name | None:
    """The name whose tag a pair takes that is given to it: `event = (event[0], "new")`."""
    pair = subjects.assigned(binding)
    if not isinstance(pair, cst.Tuple) or len(pair.elements) != 2:
        return None
    tag, text = (one.value for one in pair.elements)
    if not isinstance(tag, cst.Subscript) or index_of(tag) != 0:
        return None
    is_same = isinstance(text, cst.Subscript) and index_of(text) == 1
    name = tag.value
    is_own = isinstance(name, cst.Name) and name.value == binding.name and not is_same
    return name if is_own and isinstance(name, cst.Name) else None


def is_anew(subjects: Subjects, node: cst.CSTNode) -> bool:
    """Whether the tuple `node` is made of the tag and the text of an event, and is not that."""
    key = subjects.apart.tag_of_another(node) if isinstance(node, cst.Tuple) else None
    if key is None or not isinstance(node, cst.Tuple):
        return False
    return _is_made_of(subjects, node.elements[1].value, key)


def _is_made_of(subjects: Subjects, node: cst.BaseExpression, key: Key) -> bool:
    """Whether the text of the event with that key goes into `node`, by way of names too."""
    waiting = [node]
    seen: set[Binding] = set()
    while waiting:
        for part in below(waiting.pop()):
            if not isinstance(part, (cst.Name, cst.Subscript)):
                continue
            if key in (subjects.apart.text(part), _taken_out(subjects, part)):
                return True
            bindings = subjects.names.reaching(part) if isinstance(part, cst.Name) else ()
            for binding in [one for one in bindings if one not in seen]:
                seen.add(binding)
                value = subjects.assigned(binding)
                waiting += [value] if value is not None else []
    return False


def _taken_out(subjects: Subjects, node: cst.BaseExpression) -> Key | None:
    """The key of the event whose text a pattern with a tag gives the name `node`."""
    bindings = subjects.names.reaching(node) if isinstance(node, cst.Name) else ()
    found = [
        captured_of(subjects.tree, one.node, 1, taken_out=True)
        for one in bindings
        if one.kind == "capture"
    ]
    keys = {subjects.event(one) if one is not None else None for one in found}
    return keys.pop() if len(keys) == 1 and len(found) == len(bindings) else None
