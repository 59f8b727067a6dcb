"""Which expressions are which events: their names, and what else they go by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import libcst as cst

from ..reading.classes import enclosing_function
from ..reading.held import is_none, value_of
from .apart import Apart
from .far_events import EVENT, FarEvents
from .far_makers import made_here
from .following import GIVE, MAX_STEPS, given_as_is
from .matched import names_subject, subject_around
from .mocked import mocked, mocked_role
from .parts_handed import PartsHanded
from .recorded import Recorded
from .several import Several
from .shapes import LEGACY_TAGS, is_sequence
from .written import may_be_event, named, written

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable, Iterable

    from migrator.helpers.python.scopes import Binding

    from ..moves.role import Role, Roles
    from ..reading.meaning import Meaning

    _Find = Callable[..., "Key | None"]

# What may be what a mock was called with.
_MOCKED = frozenset({cst.Name, cst.Subscript})

#: What tells two events apart within a file.
Key = tuple[str, "Hashable"]


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
        self.apart = Apart(self)
        self.several = Several(self)
        # With how much is known at the time, the answer.
        self._answers: dict[tuple[Hashable, ...], Key | None] = {}
        self._replaced = 0
        #: The names that events go on to, beside those in `roles`, from where they are written too.
        self.made = made_here(meaning)
        self.written = {**written(meaning, tags), **self.made}
        self.handed: dict[Binding, Role] = dict(named(meaning, self.written))
        self.recorded = Recorded(meaning)
        self.mocked = mocked_role(meaning)
        self.far = FarEvents(meaning)
        self.far.take(self)
        self.collect_kept()
        self.parts_handed.collect(self)

    def collect_kept(self) -> None:
        """Find where events are kept, as far as it is known where they go."""
        self.recorded.collect(
            lambda node: self.role(self.event(node)), lambda node: self.role(self.several.key(node))
        )
        self._answers.clear()  # what is kept was not known

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

    def asked(self, find: _Find, node: cst.BaseExpression, *how: int) -> Key | None:
        """What `find` says of `node`, which is asked once at each depth and state of knowledge.

        Functions that return what others return do so by more ways than there are functions.
        """
        asked = (find.__name__, node, *how, self.known())
        if asked not in self._answers:
            self._answers[asked] = find(node, *how)
        return self._answers[asked]

    def event(self, node: cst.BaseExpression, depth: int = 0) -> Key | None:
        """The key of the event that `node` may be: a name, or any other expression as written."""
        if depth > MAX_STEPS:
            return None
        is_given = type(node) in GIVE or isinstance(node, cst.Tuple)
        return self.asked(self._event, node, depth) if is_given else self._event(node, depth)

    def _event(self, node: cst.BaseExpression, depth: int) -> Key | None:
        if isinstance(node, cst.Call) and len(node.args) == 1 and is_sequence(node.func):
            return self.event(node.args[0].value, depth + 1)
        if isinstance(node, cst.Tuple) and (key := self.apart.pair(node, depth)) is not None:
            return key
        if node in self.written and may_be_event(node):
            return ("written", node)
        if self.several.key(node, depth + 1) is not None:
            return None  # many events, and not one
        if (holder := self.recorded.holder(node)) is not None:
            return ("held", holder)
        if (key := self.several.item(node, depth + 1)) is not None:
            return key
        if type(node) in _MOCKED and (mock := mocked(self.meaning, node)) is not None:
            start, end = self.tree.spans[mock]
            return ("mocked", self.meaning.source.text[start:end])
        if not isinstance(node, cst.Name):
            if isinstance(node, (cst.BaseNumber, cst.BaseString)):
                return None
            if type(node) in GIVE:
                given = given_as_is(self.meaning, node)
                key = self.one_of(self.event(value, depth + 1) for value in given)
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
            if alias is not None and (type(alias) in GIVE or isinstance(alias, cst.Tuple)):
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

    def one_of(self, keys: Iterable[Key | None]) -> Key | None:
        """The key of what is an event in any case: of several that which is the least certain."""
        found = dict.fromkeys(keys)
        if len(found) == 1 and self.apart.anew(next(iter(found))) is not None:
            return next(iter(found))
        roles = {key: role for key in found if (role := self.role(key)) is not None and key}
        if not roles or len(roles) < len(found):
            return None
        return min(roles, key=lambda key: (roles[key].level, key[0] != "written"))

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
        if key is not None and key[0] == "mocked":
            return self.mocked
        if key is None or key[0] != "name":
            return None
        bindings = key[1]
        assert isinstance(bindings, frozenset)
        found = [
            self.roles.params.get(one) or self.handed.get(one)
            for one in bindings
            if not is_none(self.assigned(one))  # nothing is read of it then
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
                found += [self.role(self.event(arm)) for arm in given_as_is(self.meaning, value)]
        known = [role for role in found if role is not None and role.legacy]
        return known[0] if known and len(known) < len(found) else None

    def assigned(self, binding: Binding) -> cst.BaseExpression | None:
        """The expression whose value `binding` gives its name, where one is written."""
        is_unpacked = binding.kind in ("assign", "walrus")
        return value_of(self.meaning, binding) if is_unpacked else binding.value
