"""Events as code takes them apart: which expressions are the tag and the text of which event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import libcst as cst

from migrator.helpers.python.scopes import parameters

from ._anew import tag_origin
from ._classes import enclosing_function, returned_by
from ._far_events import EVENT, EVENTS, TAG, FarEvents
from ._far_makers import made_here
from ._following import given_back, given_out, iterator
from ._held import value_of
from ._matched import captured_of, names_subject, subject_around
from ._parts_handed import TAGS, PartsHanded
from ._recorded import (
    Recorded,
    asked_of_items,
    chained,
    collection_behind,
    grouped,
    iterated,
    reduced,
    same_items,
)
from ._shapes import (
    LEGACY_TAGS,
    index_of,
    is_sequence,
    part_unpacked,
    string_of,
)
from ._written import may_be_event, named, written

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence

    from migrator.helpers.python.scopes import Binding

    from ._meaning import Meaning
    from ._role import Role, Roles

    _Find = Callable[[cst.BaseExpression, int], "Key | None"]

#: What tells two events apart within a file.
Key = tuple[str, "Hashable"]

_MAX_STEPS = 12
# What gives one of several things as it is: an event among them stays one.
_GIVE = frozenset({cst.Await, cst.BooleanOperation, cst.Call, cst.IfExp, cst.NamedExpr})
# What may be an event beside others in a list, though it is not known to be one.
_MAY_BE_EVENTS = frozenset({cst.Attribute, cst.Call, cst.Name, cst.Subscript, cst.Tuple})
# Methods that keep a tag recognizable.
_SPELLINGS = frozenset({"casefold", "lower", "lstrip", "rstrip", "strip"})


class Subjects:
    """Leads from an expression to the event that it is, or is a part of.

    The events that the file writes are legacy ones, or, as if those had not moved, have `tags`.
    """

    def __init__(self, meaning: Meaning, roles: Roles, tags: Collection[str] = LEGACY_TAGS) -> None:
        self.meaning = meaning
        self.names = meaning.names
        self.tree = meaning.tree
        self.roles = roles
        self.parts_handed = PartsHanded(meaning)
        self.parts = self.parts_handed.parts
        self.part_roles = self.parts_handed.roles
        # With how much is known at the time, the answer.
        self._parts_of: dict[tuple[cst.CSTNode, int, int, int], Key | None] = {}
        self._answers: dict[tuple[str, cst.CSTNode, int, int], Key | None] = {}
        self._tags: dict[Key, list[cst.BaseExpression]] | None = None
        self._replaced = 0
        #: The names that events go on to, beside those in `roles`, from where they are written too.
        self.made = made_here(meaning)
        self.written = {**written(meaning, tags), **self.made}
        self.handed: dict[Binding, Role] = dict(named(meaning, self.written))
        self.recorded = Recorded(meaning)
        self.far = FarEvents(meaning)
        self.far.take(self)
        self.collect_kept()
        self.parts_handed.collect(self)

    def collect_kept(self) -> None:
        """Find where events are kept, as far as it is known where they go."""
        self.recorded.collect(
            lambda node: self.role(self.event(node)), lambda node: self.role(self.items(node))
        )
        self._answers.clear()  # what is kept was not known
        self._parts_of.clear()

    def hold(self, among: dict[Any, Role], binding: Binding, role: Role) -> None:
        """Note that `binding` is given events, of which those count first that stay."""
        known = among.get(binding)
        if known is None or (role.kept and not known.kept):
            among[binding] = role
            self._replaced += known is not None

    def known(self) -> int:
        """How much is known of where events go: it only gets more."""
        recorded = len(self.recorded.places) + len(self.recorded.held)
        handed = len(self.handed) + self._replaced
        return len(self.parts) + len(self.part_roles) + handed + recorded

    def functions(self) -> set[cst.CSTNode]:
        """The functions that are known to take events, or that this file hands parts of them."""
        bindings = (*self.handed, *self.parts)
        handed = {one.scope.node for one in bindings if one.kind == "parameter"}
        return {*self.roles.functions, *(handed - self.parts_handed.told)}

    # The event itself

    def event(self, node: cst.BaseExpression, depth: int = 0) -> Key | None:
        """The key of the event that `node` may be: a name, or any other expression as written."""
        if depth > _MAX_STEPS:
            return None
        is_given = type(node) in _GIVE or isinstance(node, cst.Tuple)
        return self._asked(self._event, node, depth) if is_given else self._event(node, depth)

    def _event(self, node: cst.BaseExpression, depth: int) -> Key | None:
        if isinstance(node, cst.Call) and len(node.args) == 1 and is_sequence(node.func):
            return self.event(node.args[0].value, depth + 1)
        if isinstance(node, cst.Tuple) and (key := self.rebuilt(node, depth)) is not None:
            return key
        if isinstance(node, cst.Tuple) and self.tag_of_another(node, depth) is not None:
            return ("anew", node)
        if node in self.written and may_be_event(node):
            return ("written", node)
        if self.items(node, depth + 1) is not None:
            return None  # many events, and not one
        if (holder := self.recorded.holder(node)) is not None:
            return ("held", holder)
        if (key := self._item(node, depth + 1)) is not None:
            return key
        if not isinstance(node, cst.Name):
            if isinstance(node, (cst.BaseNumber, cst.BaseString)):
                return None
            if type(node) in _GIVE:
                given = _given(self.meaning, node)
                key = self._one_of(self.event(value, depth + 1) for value in given)
                return key or self.far.key(node, EVENT) or self._named(node)
            function = enclosing_function(self.meaning, node)
            start, end = self.tree.spans[node]
            return ("text", (self.meaning.source.text[start:end], function))
        bindings = self.names.reaching(node)
        if not bindings:
            return None
        if len(bindings) == 1:
            (binding,) = bindings
            alias = self.assigned(binding)
            if isinstance(alias, cst.Name):
                return self.event(alias, depth + 1)
            if alias is not None and (holder := self.recorded.holder(alias)) is not None:
                return ("held", holder)
            if alias is not None and (type(alias) in _GIVE or isinstance(alias, cst.Tuple)):
                key = self.event(alias, depth + 1)
                if key is not None and key[0] != "text":
                    return key
            if binding.kind == "capture" and names_subject(self.tree, binding.node):
                subject = subject_around(self.tree, binding.node)
                return self.event(subject, depth + 1) if subject is not None else None
        return ("name", frozenset(bindings))

    def _named(self, node: cst.BaseExpression) -> Key | None:
        """The key of what `node` gives a name while it is used: `(event := take())[0]`."""
        if not isinstance(node, cst.NamedExpr):
            return None
        bound = self.names.scope_of(node).bindings.get(
            cst.ensure_type(node.target, cst.Name).value, ()
        )
        found = frozenset(one for one in bound if one.node is node.target)
        return ("name", found) if found else None

    def items(self, node: cst.BaseExpression, depth: int = 0) -> Key | None:
        """The key of the events in the collection `node`, where it is known which these are."""
        if depth > _MAX_STEPS:
            return None
        is_given = type(node) in _GIVE
        return self._asked(self._items, node, depth) if is_given else self._items(node, depth)

    def _items(self, node: cst.BaseExpression, depth: int) -> Key | None:
        place = self.recorded.place(node)
        if place is not None:
            return ("kept", place)
        if isinstance(node, cst.BaseSimpleComp):
            return self._chosen(node, depth + 1)
        if isinstance(node, (cst.List, cst.Tuple)):
            if node in self.written:
                return ("written", node) if not may_be_event(node) else None
            keys = [self.event(one.value, depth + 1) for one in node.elements]
            return self._one_of(keys) or self._among_others(node, keys)
        inner: cst.BaseExpression | None = None
        if isinstance(node, cst.Call):
            if (several := chained(node)) is not None:
                return self._one_of(self.items(value, depth + 1) for value in several)
            inner = same_items(node)
            if inner is not None and node.args and node.args[0].value is not inner:
                return self.items(inner, depth + 1) or self._filtered(node.args[0].value)
        elif isinstance(node, cst.Subscript) and isinstance(node.slice[0].slice, cst.Slice):
            inner = node.value
        elif isinstance(node, cst.Name):
            bindings = self.names.reaching(node)
            inner = self.assigned(bindings[0]) if len(bindings) == 1 else None
            if inner is None and len(bindings) == 1 and (rest := self.starred(bindings[0])):
                inner = rest.value
            if inner is None and len(bindings) == 1 and bindings[0].kind == "for":
                return self._group(bindings[0].node, depth)
        if inner is None and (method := iterator(self.meaning, node)) is not None:
            returned = returned_by(self.meaning, method)
            return self._one_of(self.items(value, depth + 1) for value in returned)
        if inner is None and isinstance(node, cst.Call):
            given, one_by_one = given_back(self.meaning, node), given_out(self.meaning, node)
            key = self._one_of(
                (
                    *(self.items(value, depth + 1) for value in given),
                    *(self.event(value, depth + 1) for value in one_by_one),
                )
            )
            return key or self.far.key(node, EVENTS)
        return self.items(inner, depth + 1) if inner is not None else None

    def _asked(self, find: _Find, node: cst.BaseExpression, depth: int) -> Key | None:
        """What `find` says of `node`, which is asked once at each depth and state of knowledge.

        Functions that return what others return do so by more ways than there are functions.
        """
        asked = (find.__name__, node, depth, self.known())
        if asked not in self._answers:
            self._answers[asked] = find(node, depth)
        return self._answers[asked]

    def _one_of(self, keys: Iterable[Key | None]) -> Key | None:
        """The key of what is an event in any case: of several that which is the least certain."""
        found = dict.fromkeys(keys)
        if len(found) == 1 and self.anew(next(iter(found))) is not None:
            return next(iter(found))
        roles = {key: role for key in found if (role := self.role(key)) is not None and key}
        if not roles or len(roles) < len(found):
            return None
        return min(roles, key=lambda key: (roles[key].level, key[0] != "written"))

    def _among_others(self, node: cst.List | cst.Tuple, keys: Sequence[Key | None]) -> Key | None:
        """The key of an event in the list `node`, which may hold nothing but such."""
        known = [key for key in keys if (role := self.role(key)) is not None and not role.written]
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
        return self.event(node.elt, depth) if is_loop and node.for_in.ifs else None

    def _filtered(self, test: cst.BaseExpression) -> Key | None:
        """The key of the items that the function `test` lets through: `lambda e: e[0] == ...`."""
        params = list(parameters(test.params)) if isinstance(test, cst.Lambda) else []
        if len(params) != 1:
            return None
        bound = self.names.scopes[test].bindings[params[0].name.value]
        return ("name", frozenset(bound))

    def _item(self, node: cst.BaseExpression, depth: int) -> Key | None:
        """The key of the events that `node` is one of, taken from a collection of them."""
        if depth > _MAX_STEPS:
            return None
        if isinstance(node, cst.Await):
            return self._item(node.expression, depth + 1)
        if isinstance(node, cst.Name):
            bindings = self.names.reaching(node)
            return self._item_bound(bindings[0], depth) if len(bindings) == 1 else None
        behind: cst.BaseExpression | None = None
        if isinstance(node, cst.Call):
            behind = collection_behind(node)
        elif isinstance(node, cst.Subscript) and isinstance(node.slice[0].slice, cst.Index):
            behind = node.value
        return self.items(behind, depth + 1) if behind is not None else None

    def _item_bound(self, binding: Binding, depth: int) -> Key | None:
        if binding.kind == "for":
            return self._looped(binding.node, depth)
        if binding.kind == "parameter" and isinstance(binding.scope.node, cst.Lambda):
            params = list(parameters(binding.scope.node.params))
            ask = asked_of_items if len(params) == 1 else reduced
            collection = ask(self.meaning, binding.scope.node)
            is_it = len(params) <= 2 and params[-1] is binding.node
            return self.items(collection, depth + 1) if is_it and collection is not None else None
        if binding.kind not in ("assign", "walrus") or binding.value is None:
            return None
        if binding.index is None:
            return self._item(binding.value, depth + 1)
        is_starred = isinstance(self.tree.parents[binding.node], cst.StarredElement)
        return self.items(binding.value, depth + 1) if not is_starred else None

    def _looped(self, target: cst.CSTNode, depth: int = 0) -> Key | None:
        collection = iterated(self.meaning, target)
        return self.items(collection, depth + 1) if collection is not None else None

    def role(self, key: Key | None) -> Role | None:
        """The role behind the key, where every binding of the name has one."""
        if key is not None and key in self.part_roles:
            return self.part_roles[key]
        if key is not None and key[0] in ("kept", "held"):
            places = self.recorded.places if key[0] == "kept" else self.recorded.held
            return places[key[1]]  # type: ignore[index]
        if key is not None and key[0] == "written":
            return self.written[key[1]]  # type: ignore[index]
        if key is not None and key[0] == "from-far":
            return self.far.role(str(key[1]))
        if key is None or key[0] != "name":
            return None
        bindings = key[1]
        assert isinstance(bindings, frozenset)
        found = [
            self.roles.params.get(one) or self.handed.get(one)
            for one in bindings
            if not _is_none(self.assigned(one))  # nothing is read of it then
        ]
        known = [role for role in found if role is not None]
        is_sure = known and len(known) == len(found)
        return min(known, key=lambda role: role.level) if is_sure else None

    def role_at_times(self, key: Key) -> Role | None:
        """The role of the parameter behind the key, where its name is given other things too."""
        bindings = key[1] if key[0] == "name" else frozenset()
        assert isinstance(bindings, frozenset)
        found = [self.roles.params.get(one) or self.handed.get(one) for one in bindings]
        for value in map(self.assigned, bindings):
            if isinstance(value, (cst.BooleanOperation, cst.IfExp)):
                found += [self.role(self.event(arm)) for arm in _given(self.meaning, value)]
        known = [role for role in found if role is not None and role.legacy]
        return known[0] if known and len(known) < len(found) else None

    # Its parts

    def tag(self, node: cst.BaseExpression, depth: int = 0) -> Key | None:
        """The key of the event whose tag `node` is, in other letters perhaps."""
        if depth > _MAX_STEPS or type(node) not in TAGS:
            return None
        if isinstance(node, cst.Name):
            return self._part_of(node, 0, depth)
        if isinstance(node, cst.NamedExpr):
            return self.tag(node.value, depth + 1)
        if isinstance(node, cst.Attribute):
            return self._tag_held(node, depth)
        if isinstance(node, cst.Subscript) and index_of(node) is not None:
            item = self.collected(node.value)
            if item is not None and (key := self.tag(item, depth + 1)) is not None:
                return key
        if isinstance(node, cst.Call):
            func = node.func
            if isinstance(func, cst.Attribute) and func.attr.value in _SPELLINGS and not node.args:
                return self.tag(func.value, depth + 1)
            if isinstance(func, cst.Name) and func.value == "str" and len(node.args) == 1:
                return self.tag(node.args[0].value, depth + 1)
            return self._asked(self._tag_given, node, depth)
        return self._part_of(node, 0, depth)

    def _tag_given(self, call: cst.BaseExpression, depth: int) -> Key | None:
        given = _given(self.meaning, call)
        key = self._one_of(self.tag(value, depth + 1) for value in given)
        return key or self.far.key(call, TAG)

    def text(self, node: cst.BaseExpression) -> Key | None:
        """The key of the event whose text the subscript or name `node` is."""
        return self._part_of(node, 1)

    def tag_nodes(self, key: Key) -> list[cst.BaseExpression]:
        """The names and subscripts that are the tag of the event with that key, as they stand."""
        return self.tagged().get(key, [])

    def tagged(self) -> dict[Key, list[cst.BaseExpression]]:
        """The events whose tag is read somewhere, with the places."""
        if self._tags is None:
            self._tags = {}
            subscripts = (node for node in self.tree.of(cst.Subscript) if index_of(node) in (0, -2))
            # A name is read more often than it is bound, and most are never a tag.
            bound = {one.name for one in self.names.bindings() if self.part(one, 0, 1) is not None}
            names = (node for node in self.names.uses if node.value in bound)
            for node in (*subscripts, *names):
                if (found := self.tag(node)) is not None:
                    self._tags.setdefault(found, []).append(node)
        return self._tags

    def _tag_held(self, node: cst.Attribute, depth: int) -> Key | None:
        """The key of the event whose tag an attribute holds: `self.kind = event[0]`."""
        values = [value for value in self.recorded.assigned(node) if value is not None]
        keys = {self.tag(value, depth + 1) for value in values if not _is_constant(value)}
        return keys.pop() if len(keys) == 1 else None

    def collected(self, node: cst.BaseExpression) -> cst.BaseExpression | None:
        """What a comprehension collects of each item, its keys if it makes a dict.

        `node` is one, or what is made of one by a call, or a variable that holds such.
        """
        for _ in range(_MAX_STEPS):
            given = list(given_back(self.meaning, node)) if isinstance(node, cst.Call) else []
            if len(given) == 1:
                node = given[0]
            elif isinstance(node, cst.Call) and len(node.args) == 1 and not node.args[0].star:
                node = node.args[0].value
            elif isinstance(node, cst.Name):
                bindings = self.names.reaching(node)
                value = self.assigned(bindings[0]) if len(bindings) == 1 else None
                if value is None:
                    return None
                node = value
            else:
                break
        if isinstance(node, cst.DictComp):
            return node.key
        return node.elt if isinstance(node, cst.BaseSimpleComp) else None

    def _part_of(self, node: cst.BaseExpression, index: int, depth: int = 0) -> Key | None:
        """The key of the event whose part `index` the subscript or name `node` is."""
        if isinstance(node, cst.Subscript) and index_of(node) not in (index, index - 2):
            return None
        if not isinstance(node, (cst.Name, cst.Subscript)):
            return None
        asked = (node, index, depth, self.known())
        if asked not in self._parts_of:
            if isinstance(node, cst.Subscript):
                keys = {self.part_in(node.value, index, depth)}
            else:
                reaching = self.names.reaching(node)
                keys = {self.part(binding, index, depth + 1) for binding in reaching}
            self._parts_of[asked] = keys.pop() if len(keys) == 1 else None
        return self._parts_of[asked]

    def part_in(self, node: cst.BaseExpression, index: int, depth: int = 0) -> Key | None:
        """The key of the event whose part `index` is that of `node`."""
        return self._behind(self.event(node, depth + 1), index, depth) or _made_by(node)

    def _behind(self, key: Key | None, index: int, depth: int) -> Key | None:
        """The key of the event that part `index` of the event with that key comes from.

        One that is made anew has the tag of another, and a text of its own.
        """
        pair = self.anew(key)
        if pair is not None:
            return self.tag_of_another(pair, depth + 1) if index == 0 else None
        return tag_origin(self, key) if index == 0 else key

    def anew(self, key: Key | None) -> cst.Tuple | None:
        """The tuple that makes the event with that key, if that has the tag of another event."""
        pair = key[1] if key is not None and key[0] == "anew" else None
        return pair if isinstance(pair, cst.Tuple) else None

    def rebuilt(self, node: cst.Tuple, depth: int = 0) -> Key | None:
        """The key of the event that `node` puts together again: `(event[0], event[1])`."""
        if len(node.elements) != 2:
            return None
        first, second = (element.value for element in node.elements)
        key = self.tag(first, depth + 1)
        if key is None or key != self._part_of(second, 1, depth + 1) or self.is_read(second):
            return None
        return key

    def is_read(self, part: cst.BaseExpression) -> bool:
        """Whether `part` is a name for what was read of an event: `text = event[1]`."""
        bindings = self.names.reaching(part) if isinstance(part, cst.Name) else ()
        return any(self.assigned(binding) is not None for binding in bindings)

    def assigned(self, binding: Binding) -> cst.BaseExpression | None:
        """The expression whose value `binding` gives its name, where one is written."""
        is_unpacked = binding.kind in ("assign", "walrus")
        return value_of(self.meaning, binding) if is_unpacked else binding.value

    def part(self, binding: Binding, index: int, depth: int = 0) -> Key | None:
        """The key of the event whose part `index` is bound to a name."""
        if depth > _MAX_STEPS:
            return None
        if binding in self.parts:
            key, part = self.parts[binding]
            return key if part == index else None
        if binding.kind in ("assign", "walrus") and (value := self.assigned(binding)) is not None:
            if index == 0:
                return self.tag(value, depth + 1)
            return self._part_of(value, 1, depth) if isinstance(value, cst.Subscript) else None
        if binding.kind == "capture":
            matched = captured_of(self.tree, binding.node, index)
            found = self.event(matched, depth + 1) if matched is not None else None
            return self._behind(found, index, depth)
        if binding.kind not in ("assign", "for"):
            return None
        element = self.tree.parents[binding.node]
        pair = self.tree.parents[element]
        if not isinstance(pair, (cst.Tuple, cst.List)):
            return None
        if not isinstance(element, cst.Element):
            return None  # what a star takes is no part
        if part_unpacked(pair, list(pair.elements).index(element)) != index:
            return None
        if binding.value is not None and binding.index is not None:
            return self.part_in(binding.value, index, depth)
        if binding.kind != "for":
            return None
        if (is_tag := self._is_grouped_by_tag(pair)) is not None:
            return self._group(pair, depth) if is_tag and index == 0 else None
        looped = self._looped(pair, depth + 1)
        return self._behind(looped, index, depth) if looped is not None else ("loop", pair)

    def _is_grouped_by_tag(self, pair: cst.CSTNode) -> bool | None:
        """Whether a loop gives `pair` of each tag and its events; `None` if that is not known."""
        found = grouped(self.meaning, pair)
        if found is None or self.items(found[0]) is None:
            return None
        by = found[1]
        if isinstance(by, cst.Lambda):
            return self.tag(by.body) is not None
        if isinstance(by, cst.Call) and self.meaning.meaning(by.func) == "operator.itemgetter":
            at = by.args[0].value if len(by.args) == 1 else None
            return isinstance(at, cst.Integer) and at.value == "0"
        return None

    def _group(self, node: cst.CSTNode, depth: int) -> Key | None:
        """The key of the events in each group that a loop gives to `node`, the whole pair or it."""
        pair, around = node, self.tree.parents[node]
        if isinstance(around, cst.Element):
            pair = self.tree.parents[around]
            if not isinstance(pair, cst.Tuple) or pair.elements[-1] is not around:
                return None
        found = grouped(self.meaning, pair)
        if found is None:
            return None
        return self.items(found[0], depth + 1)

    def starred(self, binding: Binding) -> cst.Assign | None:
        """The assignment of which `binding` takes the rest: `first, *rest = made`."""
        star = self.tree.parents[binding.node]
        if not isinstance(star, cst.StarredElement):
            return None
        target = self.tree.parents[self.tree.parents[star]]
        assign = self.tree.parents[target]
        is_target = isinstance(target, cst.AssignTarget)
        return assign if is_target and isinstance(assign, cst.Assign) else None

    def tag_of_another(self, node: cst.Tuple, depth: int = 0) -> Key | None:
        """The key of the event whose tag begins the pair `node`, where it is not that event."""
        if len(node.elements) != 2 or self.rebuilt(node, depth) is not None:
            return None
        return self.tag(node.elements[0].value, depth + 1)


def _given(meaning: Meaning, node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """What `node`, one of `_GIVE`, may give as it is."""
    if isinstance(node, cst.Call):
        yield from given_back(meaning, node)
    elif isinstance(node, cst.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, cst.BooleanOperation):
        yield from (node.left, node.right)
    elif isinstance(node, (cst.Await, cst.NamedExpr)):
        yield node.expression if isinstance(node, cst.Await) else node.value


def _is_constant(value: cst.BaseExpression) -> bool:
    return string_of(value) == "" or _is_none(value)


def _is_none(value: cst.BaseExpression | None) -> bool:
    return isinstance(value, cst.Name) and value.value == "None"


def _made_by(value: cst.BaseExpression) -> Key | None:
    """The key of an event that a call or the like gives, which is another one each time."""
    return ("made", value) if type(value) in _GIVE or isinstance(value, cst.Yield) else None
