"""Which parameters take the events: of `handle_event`, of functions given as handler."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability, Fact, Look, Source

from ..._facts import HANDLER_WANTED, wanted_here
from ..handlers.far_calls import handed_far
from ..handlers.handler_classes import handler_classes, is_legacy_based, mixins
from ..handlers.made_handlers import given_to_handlers, made_handlers
from ..handlers.overriding import values_set
from ..moves import calls
from ..moves.role import Role, Roles
from ..moves.taking import Taking
from ..reading.attributes import own_settings, self_values
from ..reading.classes import class_of
from ..reading.far_classes import own_places
from ..reading.far_params import arguments_bound, run_by
from ..reading.far_targets import possible_places
from ..reading.meaning import CURRENT_INVOKE, METHOD, Meaning, at_most, meaning_of, once
from ..reading.targets import held, reached

if TYPE_CHECKING:
    from migrator.helpers.python.scopes import Binding

_NAMED = Role(Applicability.REVIEW, "a step names it as handler", legacy=False)


def roles(source: Source, look: Look) -> Roles:
    """The event parameters of `source`."""
    return once(_roles, source, look)


def as_legacy(found: Roles) -> Roles:
    """`found` as if all of them took legacy events."""
    return replace(
        found,
        params={one: replace(role, legacy=True) for one, role in found.params.items()},
        functions={one: replace(role, legacy=True) for one, role in found.functions.items()},
        starred={one: replace(role, legacy=True) for one, role in found.starred.items()},
    )


def _roles(source: Source, look: Look) -> Roles:
    return _Finder(meaning_of(source, look), look).found()


class _Finder:
    def __init__(self, meaning: Meaning, look: Look) -> None:
        self.meaning = meaning
        self.look = look
        self.taking = Taking(meaning)
        self.params = self.taking.params
        self.functions = self.taking.functions
        self.handed: list[Fact] = []
        self.stays = calls.stays(meaning.source, look)

    def found(self) -> Roles:
        for owner, reason in handler_classes(self.meaning).items():
            role = Role(Applicability.SAFE, reason, is_legacy_based(self.meaning, owner))
            self.taking.method(owner, role)
            for base in mixins(self.meaning, owner):
                if (mixed := class_of(self.meaning, base)) is not None:
                    self.taking.mixed_in(mixed, role)
        for made in made_handlers(self.meaning):
            role = Role(at_most(made.sure), made.reason, made.is_legacy)
            self.taking.method_value(made.value, role, bound=made.bound)
        for use in calls.uses(self.meaning.source, self.look):
            if use.handler is not None:
                self.taking.given(use.handler, "given as handler", legacy=True)
        for place, legacy, arg in handed_far(self.meaning):
            why = f"given as handler by way of `{place.rpartition(':')[2]}`"
            self.taking.given(arg.value, why, legacy=legacy)
        for value, legacy in values_set(self.meaning):
            self.taking.given(value, "set as what another file gives as handler", legacy=legacy)
        for node in self.meaning.tree.of(cst.Call):
            self._current_call(node)
        for call, owner, is_legacy in given_to_handlers(self.meaning):
            reason = f"it is given to a handler at line {self._line(call)}"
            self.taking.duck(owner, Role(Applicability.REVIEW, reason, is_legacy))
        self._known()
        self._known_methods()
        self._named_by_steps()
        self._keep()
        self._hand_on()
        return Roles(
            self.params, self.functions, tuple(self.handed), self.taking.starred, self.stays
        )

    def _current_call(self, node: cst.Call) -> None:
        callback = on_event(self.meaning, node)
        if callback is not None:
            self.taking.given(callback, "given as `on_event`", legacy=False)

    def _known(self) -> None:
        place = self.meaning.names.place
        known = self.meaning.known
        reason = "another file gives it as handler"
        for name, bindings in self.meaning.names.module.bindings.items():
            given = known.get(("python-given", f"{place}{name}"))
            result = known.get(("python-given-result", f"{place}{name}"))
            handed = known.get(("python-handed", f"{place}{name}"))
            mixed = known.get(("python-mixed-in", f"{place}{name}"))
            for node in [binding.node for binding in bindings]:
                if isinstance(given, bool):
                    role = Role(Applicability.SAFE, reason, given)
                    if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
                        self.taking.given_definition(node, role, 0)
                if isinstance(result, bool):
                    role = Role(Applicability.SAFE, reason, result)
                    if isinstance(node, cst.ClassDef):
                        self.taking.duck(node, role)
                    elif isinstance(node, cst.FunctionDef):
                        self.taking.returned(node, role, "returned to be given as handler")
                if isinstance(node, cst.ClassDef) and isinstance(mixed, bool):
                    why = "a class of another file derives from both"
                    self.taking.mixed_in(node, Role(Applicability.REVIEW, why, mixed))
                self._handed_far(node, handed)

    def _known_methods(self) -> None:
        """Methods that another file gives as handler, `holder.on_event`, or hands an event."""
        why = "another file gives it as handler"
        for owner, scope in self.meaning.names.scopes.items():
            if not isinstance(owner, cst.ClassDef):
                continue
            own = f"{self.meaning.names.place}{scope.qualname}"
            for name in dict.fromkeys((*scope.bindings, *own_settings(self.meaning, owner))):
                given = self.meaning.known.get(("python-given", f"{own}.{name}"))
                handed = self.meaning.known.get(("python-handed", f"{own}.{name}"))
                for binding in scope.bindings.get(name, ()):
                    self._handed_far(binding.node, handed)
                if name != METHOD and isinstance(given, bool):
                    self.taking.method(owner, Role(Applicability.SAFE, why, given), name)
                    for value in self_values(self.meaning, owner, name):
                        self.taking.given(value, "set as what another file gives", legacy=given)

    def _handed_far(self, node: cst.CSTNode, places: object) -> None:
        """Other files hand the definition `node` an event, as its arguments at `places`."""
        role = Role(Applicability.REVIEW, "another file hands it the event", handed=True)
        if not isinstance(places, tuple):
            return
        for function in run_by(self.meaning, node):
            bound = arguments_bound(self.meaning, function)
            for at in places:
                self.taking.add(function, at + bound if isinstance(at, int) else at, role)

    def _named_by_steps(self) -> None:
        """What the steps of other files name as handler: nothing says that they are of this API."""
        wanted = self.meaning.known.of(HANDLER_WANTED)
        for qualname in wanted_here(self.meaning.source.path, wanted, self.look):
            owner, _, name = qualname.rpartition(".")
            for node, scope in self.meaning.names.scopes.items():
                if isinstance(node, cst.ClassDef) and scope.qualname == qualname:
                    self.taking.duck(node, _NAMED)
                elif isinstance(node, cst.ClassDef) and scope.qualname == owner:
                    self.taking.method(node, _NAMED, name)
                elif isinstance(node, cst.FunctionDef) and scope.qualname == qualname and not owner:
                    self.taking.add(node, 0, _NAMED)

    def _keep(self) -> None:
        """Mark what takes the legacy events from now on as well: see `together`."""
        stays = self.stays.functions
        by_scope = {self.meaning.names.scopes[node]: why for node, why in stays.items()}
        for param, role in self.params.items():
            if (why := by_scope.get(param.scope)) is not None:
                self.params[param] = replace(role, kept=why)
        for star, role in self.taking.starred.items():
            if (why := by_scope.get(self.meaning.names.scope_of(star))) is not None:
                self.taking.starred[star] = replace(role, kept=why)
        for node, why in stays.items():
            if node in self.functions:
                self.functions[node] = replace(self.functions[node], kept=why)

    def _hand_on(self) -> None:
        """Follow the event, by its other names too, into the functions it is handed to."""
        waiting = list(self.params.items())
        followed = set(self.params)
        while waiting:
            binding, role = waiting.pop()
            for name in self.meaning.names.reads.get(binding.name, ()):
                around = self.meaning.tree.parents[name]
                if not isinstance(around, (cst.Arg, cst.Assign)):
                    continue
                if binding not in self.meaning.names.reaching(name):
                    continue
                if isinstance(around, cst.Assign):
                    news = self._aliases(around, role)
                    for one, its in news:
                        self.params.setdefault(one, its)
                else:
                    before = set(self.params)
                    call = self.meaning.tree.parents[around]
                    if isinstance(call, cst.Call) and not around.star:
                        self._hand(call, around, role)
                    news = [(one, its) for one, its in self.params.items() if one not in before]
                waiting += [(one, its) for one, its in news if one not in followed]
                followed |= {one for one, _ in news}

    def _aliases(self, assign: cst.Assign, role: Role) -> list[tuple[Binding, Role]]:
        """The variables that are another name for an event: `current = event`."""
        return [
            (binding, role)
            for target in assign.targets
            if isinstance(target.target, cst.Name)
            for scope in self.meaning.names.scope_of(assign).up()
            for binding in scope.bindings.get(target.target.value, ())
            if binding.node is target.target
        ]

    def _hand(self, call: cst.Call, arg: cst.Arg, role: Role) -> None:
        index: int | str = arg.keyword.value if arg.keyword else list(call.args).index(arg)
        reason = f"it is handed the event at line {self._line(call)}"
        handed = Role(Applicability.REVIEW, reason, role.legacy, handed=True, kept=role.kept)
        for function, param in reached(self.meaning, call, arg):
            if function not in self.functions:
                self.taking.add(function, param.name.value, handed)
        path = self.meaning.source.path
        for func in (call.func, *held(self.meaning, call.func)):
            for place in possible_places(self.meaning, func):
                self.handed.append(Fact("handed", place, index, path))
                self._keep_far(place, role)
        for place, above in own_places(self.meaning, call.func):
            self.handed.append(Fact(f"handed{above}", place, index, path))
            self._keep_far(place, role)

    def _keep_far(self, place: str, role: Role) -> None:
        if role.kept:
            self.handed.append(Fact("kept", place, role.kept, self.meaning.source.path))

    def _line(self, node: cst.CSTNode) -> int:
        return self.meaning.source.position(self.meaning.tree.spans[node].start).line


def on_event(meaning: Meaning, call: cst.Call) -> cst.BaseExpression | None:
    """What `call`, where it is one of the current `invoke`, is given for the events."""
    for arg in call.args:
        if arg.keyword and arg.keyword.value == "on_event":
            return arg.value if meaning.meaning(call.func) == CURRENT_INVOKE else None
    return None
