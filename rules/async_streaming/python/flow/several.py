"""Which expressions are several events, and which is one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import proxy

import libcst as cst

from migrator.helpers.python.scopes import parameters

from ..reading.classes import returned_by
from .far_events import EVENTS
from .following import GIVE, MAX_STEPS, given_back, given_out, iterator
from .recorded import (
    asked_of_items,
    chained,
    collection_behind,
    grouped,
    iterated,
    reduced,
    same_items,
)
from .written import may_be_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.helpers.python.scopes import Binding

    from .subjects import Key, Subjects

# What may be an event beside others in a list, though it is not known to be one.
_MAY_BE_EVENTS = frozenset({cst.Attribute, cst.Call, cst.Name, cst.Subscript, cst.Tuple})


class Several:
    """Leads from a collection, or what is taken from one, to the events that it holds."""

    def __init__(self, subjects: Subjects) -> None:
        # They hold this: a tree that is in a cycle stays until that is searched for.
        self.subjects: Subjects = proxy(subjects)
        self.meaning = subjects.meaning
        self.names = subjects.names
        self.tree = subjects.tree

    def key(self, node: cst.BaseExpression, depth: int = 0) -> Key | None:
        """The key of the events in the collection `node`, where it is known which these are."""
        if depth > MAX_STEPS:
            return None
        is_given = type(node) in GIVE
        return self.subjects.asked(self._key, node, depth) if is_given else self._key(node, depth)

    def _key(self, node: cst.BaseExpression, depth: int) -> Key | None:
        place = self.subjects.recorded.place(node)
        if place is not None:
            return ("kept", place)
        if isinstance(node, cst.BaseSimpleComp):
            return self._chosen(node, depth + 1)
        if isinstance(node, (cst.List, cst.Tuple)):
            if node in self.subjects.written:
                return ("written", node) if not may_be_event(node) else None
            keys = [self.subjects.event(one.value, depth + 1) for one in node.elements]
            return self.subjects.one_of(keys) or self._among_others(node, keys)
        inner: cst.BaseExpression | None = None
        if isinstance(node, cst.Call):
            if (several := chained(node)) is not None:
                return self.subjects.one_of(self.key(value, depth + 1) for value in several)
            inner = same_items(node)
            if inner is not None and node.args and node.args[0].value is not inner:
                return self.key(inner, depth + 1) or self._filtered(node.args[0].value)
        elif isinstance(node, cst.Subscript) and isinstance(node.slice[0].slice, cst.Slice):
            inner = node.value
        elif isinstance(node, cst.Name):
            bindings = self.names.reaching(node)
            inner = self.subjects.assigned(bindings[0]) if len(bindings) == 1 else None
            if inner is None and len(bindings) == 1 and (rest := self.starred(bindings[0])):
                inner = rest.value
            if inner is None and len(bindings) == 1 and bindings[0].kind == "for":
                return self.group(bindings[0].node, depth)
        if inner is None and (method := iterator(self.meaning, node)) is not None:
            returned = returned_by(self.meaning, method)
            return self.subjects.one_of(self.key(value, depth + 1) for value in returned)
        if inner is None and isinstance(node, cst.Call):
            given, one_by_one = given_back(self.meaning, node), given_out(self.meaning, node)
            key = self.subjects.one_of(
                (
                    *(self.key(value, depth + 1) for value in given),
                    *(self.subjects.event(value, depth + 1) for value in one_by_one),
                )
            )
            return key or self.subjects.far.key(node, EVENTS)
        return self.key(inner, depth + 1) if inner is not None else None

    def _among_others(self, node: cst.List | cst.Tuple, keys: Sequence[Key | None]) -> Key | None:
        """The key of an event in the list `node`, which may hold nothing but such."""
        known = [
            key
            for key in keys
            if (role := self.subjects.role(key)) is not None and not role.written
        ]
        others = [
            one.value for one, key in zip(node.elements, keys, strict=True) if key not in known
        ]
        is_list = isinstance(node, cst.List) and all(type(one) in _MAY_BE_EVENTS for one in others)
        return known[0] if known and is_list else None

    def _chosen(self, node: cst.BaseSimpleComp, depth: int) -> Key | None:
        """The key of the items that a comprehension takes over as they are: `[e for e in log]`."""
        if not isinstance(node.elt, cst.Name):
            return None
        bindings = self.names.reaching(node.elt)
        is_loop = len(bindings) == 1 and bindings[0].kind == "for"
        return self.subjects.event(node.elt, depth) if is_loop and node.for_in.ifs else None

    def _filtered(self, test: cst.BaseExpression) -> Key | None:
        """The key of the items that the function `test` lets through: `lambda e: e[0] == ...`."""
        params = list(parameters(test.params)) if isinstance(test, cst.Lambda) else []
        if len(params) != 1:
            return None
        bound = self.names.scopes[test].bindings[params[0].name.value]
        return ("name", frozenset(bound))

    def item(self, node: cst.BaseExpression, depth: int) -> Key | None:
        """The key of the events that `node` is one of, taken from a collection of them."""
        if depth > MAX_STEPS:
            return None
        if isinstance(node, cst.Await):
            return self.item(node.expression, depth + 1)
        if isinstance(node, cst.Name):
            bindings = self.names.reaching(node)
            return self._item_bound(bindings[0], depth) if len(bindings) == 1 else None
        behind: cst.BaseExpression | None = None
        if isinstance(node, cst.Call):
            behind = collection_behind(node)
        elif isinstance(node, cst.Subscript) and isinstance(node.slice[0].slice, cst.Index):
            behind = node.value
        return self.key(behind, depth + 1) if behind is not None else None

    def _item_bound(self, binding: Binding, depth: int) -> Key | None:
        if binding.kind == "for":
            return self.looped(binding.node, depth)
        if binding.kind == "parameter" and isinstance(binding.scope.node, cst.Lambda):
            params = list(parameters(binding.scope.node.params))
            ask = asked_of_items if len(params) == 1 else reduced
            collection = ask(self.meaning, binding.scope.node)
            is_it = len(params) <= 2 and params[-1] is binding.node
            return self.key(collection, depth + 1) if is_it and collection is not None else None
        if binding.kind not in ("assign", "walrus") or binding.value is None:
            return None
        if binding.index is None:
            return self.item(binding.value, depth + 1)
        is_starred = isinstance(self.tree.parents[binding.node], cst.StarredElement)
        return self.key(binding.value, depth + 1) if not is_starred else None

    def looped(self, target: cst.CSTNode, depth: int = 0) -> Key | None:
        collection = iterated(self.meaning, target)
        return self.key(collection, depth + 1) if collection is not None else None

    def group(self, node: cst.CSTNode, depth: int) -> Key | None:
        """The key of the events in each group that a loop gives to `node`, the whole pair or it."""
        pair, around = node, self.tree.parents[node]
        if isinstance(around, cst.Element):
            pair = self.tree.parents[around]
            if not isinstance(pair, cst.Tuple) or pair.elements[-1] is not around:
                return None
        found = grouped(self.meaning, pair)
        if found is None:
            return None
        return self.key(found[0], depth + 1)

    def starred(self, binding: Binding) -> cst.Assign | None:
        """The assignment of which `binding` takes the rest: `first, *rest = made`."""
        star = self.tree.parents[binding.node]
        if not isinstance(star, cst.StarredElement):
            return None
        target = self.tree.parents[self.tree.parents[star]]
        assign = self.tree.parents[target]
        is_target = isinstance(target, cst.AssignTarget)
        return assign if is_target and isinstance(assign, cst.Assign) else None
