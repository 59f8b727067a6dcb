"""Events that are kept: the lists, queues and attributes that code puts them into."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from migrator import Applicability, Fact
from migrator.helpers.python.scopes import dotted_text

from ..moves import calls
from ..moves.role import Role
from ..reading.attributes import self_values
from ..reading.classes import bases_of, instance_class, local_bases
from ..reading.far_classes import class_elsewhere
from ..reading.instances import instances, local_instances
from ..reading.targets import held
from .roles import on_event
from .shapes import key_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator

    from migrator.helpers.python.scopes import Binding

    from ..reading.meaning import Meaning

    #: What keeps events: a variable, or an attribute of a class's instances; a class of another
    #: file goes by its place. What is kept at a key of another place goes by that and the key.
    Place = Binding | tuple[Hashable, str]

    _RoleOf = Callable[[cst.BaseExpression], Role | None]

# Methods that put one thing into a collection, and those that take one out.
PUTS = frozenset({"append", "appendleft", "put", "put_nowait"})
_TAKES = frozenset({"get", "get_nowait", "pop", "popleft"})
_FILLS = PUTS | {"add", "extend", "extendleft", "insert", "update"}
# What is given a collection and gives out its items, one or all.
_ONE_OF = frozenset({"max", "min", "next"})
_ALL_OF = frozenset(
    {"copy", "copy.copy", "copy.deepcopy", "deepcopy", "deque", "islice", "iter", "list"}
    | {"reversed", "sorted", "tuple"}
)
_SIDE_BY_SIDE = frozenset({"zip", "zip_longest"})
# What compares the items it is given, unless it has a `key`.
_ORDERING = frozenset({"max", "min", "sorted"})
# What is given a test before them, and what asks something of each by its `key`.
_TESTED = frozenset({"dropwhile", "filter", "filterfalse", "takewhile"})
_KEYED = frozenset({"groupby", "max", "min", "sorted"})
# What looks at the parts of the items it is given.
_PARTS_OF = frozenset({"Counter", "dict", "frozenset", "map", "set", "zip"})
_UNORDERED = "events have no order any more"
_APART = "the events that are kept go on from here in a way that is not followed"


class Possible(NamedTuple):
    """An object that may be an instance of the class `owner`."""

    owner: Hashable


class Recorded:
    """The places of a file that keep legacy events, each with the role of what it holds."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        #: Collections of events, and attributes that hold the last one.
        self.places: dict[Place, Role] = {}
        self.held: dict[Place, Role] = {}
        self._assigned: dict[Place, list[cst.BaseExpression | None]] = {}
        self._names: set[str] = set()

    def collect(self, role_of: _RoleOf, role_of_items: _RoleOf) -> None:
        """Find the places; `role_of` tells the role of an expression that is an event.

        `role_of_items` tells that of one which holds several.
        """
        meaning = self.meaning
        puts: dict[Place, list[tuple[cst.CSTNode, Role | None]]] = {}
        unsure: set[Place] = set()
        for node in meaning.tree.of(cst.Assign, cst.AugAssign, cst.Call):
            for collection, values in _filled(node):
                roles = [role_of(value) if value is not None else None for value in values]
                if (place := self._place(collection)) is not None:
                    puts.setdefault(place, []).extend((node, role) for role in roles)
                elif any(roles):
                    for possible in self._possible(collection):
                        unsure.add(possible)
                        puts.setdefault(possible, []).extend((node, role) for role in roles)
        for given, role in self._given():
            place = self._place(given.value) if given.attr.value in PUTS else None
            if place is not None:
                puts.setdefault(place, []).append((given, role))
        for place, found in puts.items():
            known = [(node, role) for node, role in found if role is not None]
            if known:
                is_whole = len(known) == len(found) and place not in unsure
                sure = is_whole and self._is_made_empty(place)
                # Beside what a legacy call puts there, it is of no help what a current one does.
                first = next((one for one in known if one[1].legacy), known[0])
                self.places[place] = self._role(*first, sure=sure)
        self._collect_held(role_of)
        self._collect_again(role_of_items)
        self._collect_far()
        self._add_possible(self.places)
        self._add_possible(self.held)

    def _given(self) -> Iterator[tuple[cst.Attribute, Role]]:
        """The methods, `events.append`, that calls of the library are given as handlers."""
        for handler, role in self._handlers():
            for given in (handler, *held(self.meaning, handler)):
                if isinstance(given, cst.Attribute):
                    yield given, role

    def _handlers(self) -> Iterator[tuple[cst.BaseExpression, Role]]:
        for use in calls.uses(self.meaning.source, self.meaning.look):
            if use.handler is not None:
                level = max(use.applicability, Applicability.REVIEW)
                yield use.handler, Role(level, "", kept=use.kept)
        for call in self.meaning.tree.of(cst.Call):
            given = on_event(self.meaning, call)
            if given is not None:
                yield given, Role(Applicability.SAFE, "", legacy=False)

    def _collect_held(self, role_of: _RoleOf) -> None:
        for node in self.meaning.tree.of(cst.Assign):
            is_whole = isinstance(node.value, cst.Name) or _is_put_together(node.value)
            role = role_of(node.value) if is_whole else None
            for target in node.targets if role is not None else ():
                place = self._place(target.target)
                if role is not None and isinstance(place, tuple) and place not in self.held:
                    others = [value for value in self._values(place) if value is not node.value]
                    sure = all(value is not None and _is_nothing(value) for value in others)
                    self.held[place] = self._role(node, role, sure=sure)

    def _collect_again(self, role_of_items: _RoleOf) -> None:
        """The attributes that are given a collection of events: `self.seen = seen`."""
        for node in self.meaning.tree.of(cst.Assign):
            for target in node.targets:
                place = self._place(target.target) if _is_attribute(target.target) else None
                if place is not None and place not in self.places:
                    role = role_of_items(node.value)
                    if role is not None:
                        self.places[place] = self._role(node, role, sure=False)

    def _role(self, node: cst.CSTNode, role: Role, *, sure: bool) -> Role:
        line = self.meaning.source.position(self.meaning.tree.spans[node].start).line
        level = role.level if sure else Applicability.REVIEW
        reason = f"the events are kept at line {line}"
        return replace(role, level=level, reason=reason, handed=True, recorded=True, taker=None)

    def _place(self, node: cst.BaseExpression) -> Place | None:
        """What `node`, a variable or an attribute of an instance, names."""
        if isinstance(node, cst.Name):
            bindings = self.meaning.names.reaching(node)
            return bindings[0] if len(bindings) == 1 else None
        if isinstance(node, cst.Attribute):
            owner = instance_class(self.meaning, node.value)
            return (owner, node.attr.value) if owner is not None else None
        if isinstance(node, cst.Subscript) and (key := key_of(node)) is not None:
            holder = self._place(node.value)
            return (holder, key) if holder is not None else None
        return None

    def _add_possible(self, among: dict[Place, Role]) -> None:
        """What an object that may be an instance of a class keeps, if that class does."""
        for place, role in list(among.items()):
            if isinstance(place, tuple) and isinstance(place[0], (cst.ClassDef, str)):
                owner, name = place
                self._names.add(name)
                level = min(role.level, Applicability.REVIEW)
                among[Possible(owner), name] = replace(role, level=level)

    def _possible(self, node: cst.BaseExpression) -> Iterator[Place]:
        """What `node`, an attribute of an object that comes from somewhere, may name."""
        if isinstance(node, cst.Attribute):
            for owner in local_instances(self.meaning, node.value):
                yield owner, node.attr.value

    def _is_made_empty(self, place: Place) -> bool:
        """Whether nothing but an empty collection is ever assigned to `place`."""
        values = self._values(place)
        return bool(values) and all(value is not None and _is_empty(value) for value in values)

    def _values(self, place: Place) -> list[cst.BaseExpression | None]:
        """All that is assigned to `place`; `None` for what is not known."""
        if place not in self._assigned:
            self._assigned[place] = self._all_values(place)
        return self._assigned[place]

    def _all_values(self, place: Place) -> list[cst.BaseExpression | None]:
        if not isinstance(place, tuple):
            bound = place.scope.bindings[place.name]
            return [one.value if one.index is None else None for one in bound]
        owner, name = place
        if not isinstance(owner, cst.ClassDef):
            return [None]
        values: list[cst.BaseExpression | None] = []
        for base in local_bases(self.meaning, owner):
            values += self_values(self.meaning, base, name)
            bindings = self.meaning.names.scopes[base].bindings.get(name, ())
            values += [binding.value for binding in bindings]
        return values

    def assigned(self, node: cst.Attribute) -> list[cst.BaseExpression | None]:
        """All that is assigned to the attribute `node` of an instance, if its class is known."""
        place = self._place(node)
        return self._values(place) if place is not None else []

    def place(self, node: cst.BaseExpression) -> Place | None:
        """The collection of events that `node` names."""
        return self._known(node, self.places)

    def holder(self, node: cst.BaseExpression) -> Place | None:
        """The attribute, holding the last event, that `node` names."""
        return self._known(node, self.held)

    def _known(self, node: cst.BaseExpression, among: dict[Place, Role]) -> Place | None:
        if not among:
            return None
        found = self._place(node)
        if not isinstance(node, cst.Attribute):
            return found if found in among else None
        for owner in self._owners(node, found):
            if (owner, node.attr.value) in among:
                return owner, node.attr.value
        if node.attr.value in self._names:
            for owner in instances(self.meaning, node.value):
                bases = self._bases(owner) if isinstance(owner, cst.ClassDef) else (owner,)
                for base in map(Possible, bases):
                    if (base, node.attr.value) in among:
                        return base, node.attr.value
        return None

    def _owners(self, node: cst.Attribute, found: Place | None) -> Iterator[cst.ClassDef | str]:
        """The classes that can have the attribute `node`, those of other files by their places."""
        if isinstance(found, tuple) and isinstance(found[0], cst.ClassDef):
            yield from self._bases(found[0])
        else:
            yield class_elsewhere(self.meaning, node.value) or ""

    def _bases(self, owner: cst.ClassDef) -> Iterator[cst.ClassDef | str]:
        for base in local_bases(self.meaning, owner):
            yield base
            for further in bases_of(base):
                yield self.meaning.meaning(further) or ""

    def facts(self) -> Iterator[Fact]:
        """What other files can read of what the instances of this file's classes keep."""
        names = self.meaning.names
        kept = {False: self.places, True: self.held}
        places = [
            (place, role, is_one)
            for is_one, found in kept.items()
            for place, role in found.items()
            if isinstance(place, tuple)
        ]
        for node, scope in names.scopes.items() if places else ():
            bases = set(self._bases(node)) if isinstance(node, cst.ClassDef) else ()
            for place, role, is_one in places:
                if place[0] in bases:
                    key = f"{names.place}{scope.qualname}.{place[1]}"
                    value = (int(role.level), role.legacy, is_one)
                    yield Fact("recorded", key, value, self.meaning.source.path)

    def _collect_far(self) -> None:
        """What classes of other files keep; of its own a file needs not be told."""
        own = self.meaning.names.place
        for name, value in self.meaning.known.of("python-recorded", besides=own).items():
            if isinstance(value, tuple):
                level, is_legacy, is_one = value
                owner, _, attribute = name.rpartition(".")
                what = "the event" if is_one else "the events"
                reason = f"`{attribute}` keeps {what} in another file"
                # Others may give a class of theirs what it is to hold.
                known = Applicability.REVIEW if is_one else Applicability(level)
                role = Role(known, reason, is_legacy, handed=True, recorded=True)
                found = self.held if is_one else self.places
                found[owner, attribute] = role

    def taken_apart(self) -> Iterator[tuple[cst.CSTNode, Role, str]]:
        """Where all the events of a place are given to something that looks at their parts."""
        for call in self.meaning.tree.of(cst.Call):
            name = call.func.value if isinstance(call.func, cst.Name) else None
            if (compared := _compared(call)) is not None:
                place = self.place(compared)
                if place is not None and self.places[place].legacy:
                    yield call, self.places[place], _UNORDERED
            for arg in call.args if name in _PARTS_OF else ():
                place = self.place(arg.value)
                is_apart = name != "zip" or arg.star == "*"
                if place is not None and is_apart and self.places[place].legacy:
                    yield arg.value, self.places[place], _APART
        for assign in self.meaning.tree.of(cst.Assign):
            place = self.place(assign.value)
            if place is not None and self.places[place].legacy:
                if any(_has_parts(target.target) for target in assign.targets):
                    yield assign.value, self.places[place], _APART


def _filled(
    node: cst.CSTNode,
) -> Iterator[tuple[cst.BaseExpression, list[cst.BaseExpression | None]]]:
    """The collections that `node` puts something into, and what: `None` where that is not known."""
    if isinstance(node, cst.Call):
        if isinstance(node.func, cst.Attribute) and node.func.attr.value in _FILLS:
            is_one = node.func.attr.value in PUTS and len(node.args) == 1
            yield node.func.value, [node.args[0].value if is_one else None]
    elif isinstance(node, cst.AugAssign):
        added = node.value.elements if isinstance(node.value, (cst.List, cst.Tuple)) else None
        yield node.target, [None] if added is None else [one.value for one in added]
    elif isinstance(node, cst.Assign):
        for target in node.targets:
            if isinstance(target.target, cst.Subscript):
                yield target.target.value, [None]


def _is_attribute(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Attribute)


def _is_put_together(node: cst.BaseExpression) -> bool:
    """Whether `node` may be an event of the parts of another one, and is not written anew."""
    if not isinstance(node, cst.Tuple) or len(node.elements) != 2:
        return False
    return not isinstance(node.elements[0].value, cst.BaseString)


def _has_parts(target: cst.BaseExpression) -> bool:
    """Whether items are taken apart where they are unpacked: `*rest, (kind, text) = events`."""
    displays = cst.List, cst.Tuple
    return isinstance(target, displays) and any(
        isinstance(element.value, displays) for element in target.elements
    )


def _compared(call: cst.Call) -> cst.BaseExpression | None:
    """The collection whose items `call` compares with each other: `sorted(items)`."""
    if any(arg.keyword is not None and arg.keyword.value == "key" for arg in call.args):
        return None
    if isinstance(call.func, cst.Attribute):
        return call.func.value if call.func.attr.value == "sort" else None
    is_one = len([arg for arg in call.args if arg.keyword is None]) == 1
    return call.args[0].value if is_one and dotted_text(call.func) in _ORDERING else None


def reduced(meaning: Meaning, function: cst.BaseExpression) -> cst.BaseExpression | None:
    """The collection whose items `function` is called with behind another: `reduce(f, items)`."""
    arg = meaning.tree.parents[function]
    call = meaning.tree.parents[arg]
    if not isinstance(arg, cst.Arg) or not isinstance(call, cst.Call) or len(call.args) < 2:
        return None
    is_reduce = dotted_text(call.func).removeprefix("functools.") == "reduce"
    return call.args[1].value if is_reduce and call.args[0] is arg else None


def collection_behind(node: cst.Call) -> cst.BaseExpression | None:
    """The collection that the call `node` gives one item of: `next(items)`, `items.pop()`."""
    func = node.func
    if isinstance(func, cst.Attribute) and func.attr.value in _TAKES:
        return func.value
    if isinstance(func, cst.Name) and func.value in _ONE_OF and node.args:
        return None if node.args[0].star else node.args[0].value
    return None


def same_items(node: cst.Call) -> cst.BaseExpression | None:
    """The collection whose items the call `node` gives again: `list(items)`, `filter(f, items)`."""
    func = node.func
    if isinstance(func, cst.Attribute) and func.attr.value == "copy" and not node.args:
        return func.value
    name = dotted_text(func).removeprefix("itertools.")
    at = 1 if name in _TESTED else 0
    if name not in _TESTED and name not in _ALL_OF:
        return None
    return node.args[at].value if len(node.args) > at and not node.args[at].star else None


def chained(node: cst.Call) -> list[cst.BaseExpression] | None:
    """The collections whose items the call `node` gives one after the other."""
    is_chain = dotted_text(node.func).removeprefix("itertools.") == "chain"
    return [arg.value for arg in node.args] if is_chain and not _has_star(node) else None


def _has_star(node: cst.Call) -> bool:
    return any(arg.star for arg in node.args)


def asked_of_items(meaning: Meaning, function: cst.BaseExpression) -> cst.BaseExpression | None:
    """The collection whose items `function` is called with: `map(function, items)`."""
    arg = meaning.tree.parents[function]
    call = meaning.tree.parents[arg]
    if not isinstance(arg, cst.Arg) or not isinstance(call, cst.Call) or len(call.args) < 2:
        return None
    name = dotted_text(call.func).removeprefix("itertools.")
    if arg.keyword is not None:
        return call.args[0].value if arg.keyword.value == "key" and name in _KEYED else None
    if name == "groupby" and call.args[1] is arg:
        return call.args[0].value
    is_first = call.args[0] is arg and len(call.args) == 2
    return call.args[1].value if is_first and name in (*_TESTED, "map") else None


def iterated(meaning: Meaning, target: cst.CSTNode) -> cst.BaseExpression | None:
    """The collection whose item a loop gives to `target`: `for target in items`."""
    around = meaning.tree.parents[target]
    if isinstance(around, (cst.For, cst.CompFor)):
        return around.iter if around.target is target else None
    if not isinstance(around, cst.Element):
        return None
    pair = meaning.tree.parents[around]
    if not isinstance(pair, cst.Tuple):
        return None
    at = list(pair.elements).index(around)
    loop = meaning.tree.parents[pair]
    if not isinstance(loop, (cst.For, cst.CompFor)) or not isinstance(loop.iter, cst.Call):
        return None
    args = [arg.value for arg in loop.iter.args if not arg.star and not arg.keyword]
    called = dotted_text(loop.iter.func).removeprefix("itertools.")
    if called == "enumerate":
        return args[0] if at == 1 and args else None
    if called == "pairwise":
        return args[0] if args else None
    return args[at] if called in _SIDE_BY_SIDE and at < len(args) else None


def grouped(
    meaning: Meaning, pair: cst.CSTNode
) -> tuple[cst.BaseExpression, cst.BaseExpression] | None:
    """The collection that a loop over `groupby` gives `pair` of, and by what: `key, group`."""
    loop = meaning.tree.parents[pair]
    if not isinstance(loop, (cst.CompFor, cst.For)) or not isinstance(loop.iter, cst.Call):
        return None
    args = loop.iter.args
    if dotted_text(loop.iter.func).removeprefix("itertools.") != "groupby" or len(args) != 2:
        return None
    return args[0].value, args[1].value


def _is_nothing(value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.Name) and value.value == "None"


def _is_empty(value: cst.BaseExpression) -> bool:
    """Whether `value` makes a collection that holds nothing yet."""
    if isinstance(value, (cst.List, cst.Tuple)):
        return not value.elements
    if not isinstance(value, cst.Call):
        return False
    keywords = {arg.keyword.value if arg.keyword else "" for arg in value.args}
    return keywords <= {"maxlen", "maxsize", "default_factory"}
