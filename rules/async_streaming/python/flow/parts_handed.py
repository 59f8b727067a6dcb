"""Parts of events that are handed to functions: those of this file, and of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability, Fact
from migrator.helpers.python.scopes import parameters

from ..learnt.learning import ABOVE
from ..moves.role import Role
from ..reading.classes import is_static, method_owner
from ..reading.far_targets import places_called
from ..reading.targets import reached
from .following import NO_EVENTS, hand_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.helpers.python.scopes import Binding

    from ..reading.meaning import Meaning
    from .subjects import Key, Subjects

_TAKES = "python-takes-parts"
# What can be the tag of an event. To ask what a node is not costs ten times what it is.
TAGS = frozenset({cst.Attribute, cst.Call, cst.Name, cst.NamedExpr, cst.Subscript})


class PartsHanded:
    """The parts of events that functions are handed, and what is known of these events by that."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.names = meaning.names
        self.tree = meaning.tree
        #: The parameters of functions here that are handed a part of an event.
        self.parts: dict[Binding, tuple[Key, int]] = {}
        self.roles: dict[Key, Role] = {}
        #: The functions here that other files hand them to.
        self.told: set[cst.CSTNode] = set()
        # By the place of what they are handed to: an argument, by place or name, its part, and
        # whether the event is a legacy one.
        self._parts_far: dict[tuple[str, str], set[tuple[int | str, int, bool]]] = {}
        self._kept_far: dict[str, str] = {}
        # Of functions here, and of those of other files that are known to, what they take of them.
        self._taking: list[Fact] = []
        self._taken_far = {
            (place, above): taken
            for above in ("", ABOVE)
            for place, taken in self.meaning.known.of(f"{_TAKES}{above}").items()
            if isinstance(taken, tuple)
        }

    def collect(self, subjects: Subjects) -> None:
        """Follow the parts of the `subjects` into the functions of this file.

        These know where parts are handed, and not the other way round: a tree that is in a cycle
        stays until that is searched for.
        """
        self._take_far()
        handed = [
            (call, arg)
            for call in self.tree.of(cst.Call)
            for arg in call.args
            if arg.star or type(arg.value) not in NO_EVENTS
        ]
        growing = True
        while growing:
            known = subjects.known()
            for call, arg in handed:
                hand_on(subjects, call, arg)
                self._hand(subjects, call, arg)
                subjects.far.hand(subjects, call, arg)
            if growing := subjects.known() > known:
                subjects.collect_kept()

    def _hand(self, subjects: Subjects, call: cst.Call, arg: cst.Arg) -> None:
        if not arg.star and type(arg.value) not in TAGS:
            return
        key = (
            subjects.apart.part_in(arg.value, 0)
            if arg.star == "*"
            else subjects.apart.tag(arg.value)
        )
        role = subjects.role(key)
        if role is None or arg.star == "**":
            return
        is_whole = bool(arg.star) and subjects.apart.part_in(arg.value, 1) == key
        line = self.meaning.source.position(self.tree.spans[call].start).line
        for place, above in places_called(self.meaning, call.func):
            at = arg.keyword.value if arg.keyword else list(call.args).index(arg)
            taken_far = {(at, 0, role.legacy)}
            if is_whole and isinstance(at, int):
                taken_far.add((at + 1, 1, role.legacy))
            self._parts_far.setdefault((place, above), set()).update(taken_far)
            if role.kept:
                self._kept_far.setdefault(place, role.kept)
        for function, param in reached(self.meaning, call, arg):
            handed: Key = ("parts", function)
            params = list(parameters(function.params))
            taken = params[params.index(param) :][: 2 if is_whole else 1]
            for part, one in enumerate(taken):
                for binding in self.names.scopes[function].bindings.get(one.name.value, ()):
                    if binding.node is one:
                        self.parts.setdefault(binding, (handed, part))
            if handed not in self.roles or (role.kept and not self.roles[handed].kept):
                reason = f"it is handed the event's parts at line {line}"
                level = Applicability.REVIEW
                self.roles[handed] = Role(level, reason, role.legacy, handed=True, kept=role.kept)

    def facts(self) -> Iterator[Fact]:
        """What functions of other files are handed of events, and which of this one take it."""
        for (place, above), taken in sorted(self._parts_far.items()):
            value = tuple(sorted(taken, key=str))
            yield Fact(f"handed-parts{above}", place, value, self.meaning.source.path)
        for place, why in sorted(self._kept_far.items()):
            yield Fact("kept", place, why, self.meaning.source.path)
        yield from self._taking

    def _take_far(self) -> None:
        """Note the parameters of functions here that other files hand parts of events to."""
        for node, scope in self.names.scopes.items():
            place = f"{self.names.place}{scope.qualname}"
            taken = self.meaning.known.get(("python-handed-parts", place))
            if not isinstance(node, cst.FunctionDef) or not isinstance(taken, tuple):
                continue
            self.told.add(node)
            key: Key = ("parts", node)
            reason = "another file hands it the event's parts"
            is_legacy = any(legacy for _, _, legacy in taken)
            kept = str(self.meaning.known.get(("python-kept", place)) or "")
            self.roles[key] = Role(Applicability.REVIEW, reason, is_legacy, handed=True, kept=kept)
            params = list(parameters(node.params))
            bound = method_owner(self.meaning, node) is not None and not is_static(node)
            for at, part, _ in taken:
                named = [one for one in params if one.name.value == at]
                if isinstance(at, int):
                    named = params[at + bound : at + bound + 1]
                for param in named if not any(one.star for one in named) else ():
                    for binding in scope.bindings[param.name.value]:
                        if binding.node is param:
                            self.parts[binding] = (key, part)
            if all(self._is_taken(params, at, bound=bound) for at, _, _ in taken):
                path = self.meaning.source.path
                self._taking.append(Fact("takes-parts", place, taken, path))

    def _is_taken(self, params: list[cst.Param], at: int | str, *, bound: bool) -> bool:
        """Whether the argument `at`, its place or its name, comes by a parameter of its own."""
        if isinstance(at, str):
            return any(one.name.value == at and not one.star for one in params)
        return all(not one.star for one in params[: at + bound + 1]) and len(params) > at + bound

    def taken(self, call: cst.Call, arg: cst.Arg) -> tuple[Key, int] | None:
        """The event, and the part of it, that the parameter behind `arg` of `call` is handed."""
        if not (self.parts or self._taken_far):
            return None
        here = arg.keyword.value if arg.keyword else list(call.args).index(arg)
        for place in places_called(self.meaning, call.func) if self._taken_far else ():
            for at, part, _ in self._taken_far.get(place, ()):
                if at == here:
                    return ("far", place), part
        for function, param in reached(self.meaning, call, arg):
            for binding in self.names.scopes[function].bindings.get(param.name.value, ()):
                if binding.node is param and binding in self.parts:
                    return self.parts[binding]
        return None
