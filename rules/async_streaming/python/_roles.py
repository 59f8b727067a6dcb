"""Which parameters take the events: of `handle_event`, of functions given as handler."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability, Fact, Look, Source
from migrator.helpers.python.scopes import Binding, dotted_text, parameters

from .._facts import HANDLER_WANTED, wanted_here
from .._names import PYTHON_CURRENT, PYTHON_LEGACY, in_namespace
from . import _calls
from ._attributes import own_settings, self_values, values_of_attribute
from ._classes import (
    Function,
    class_of,
    definition,
    derived,
    handed_to,
    instance_class,
    is_callable,
    is_property,
    is_static,
    local_bases,
    method_owner,
    methods_called,
    owner_above,
    owner_class,
    returned_by,
)
from ._contents import contents, handed_out, values_of
from ._decorators import decorated_by, gets_the_same, in_front, outcomes
from ._far_calls import handed_far
from ._far_classes import far_places, is_given, own_places
from ._far_decorators import is_replaced_far
from ._handler_classes import handler_classes, is_legacy_based, mixins
from ._made_handlers import given_to_handlers, made_handlers
from ._meaning import CURRENT_INVOKE, METHOD, Meaning, at_most, meaning_of, once
from ._overriding import values_set
from ._set_methods import is_replaced, methods_set
from ._targets import held, reached

if TYPE_CHECKING:
    from collections.abc import Sequence

_CURRENT_MODULE = CURRENT_INVOKE.rpartition(".")[0]


@dataclass(frozen=True)
class Role:
    """That a parameter takes the events: how certain, why, and whether they are the legacy ones.

    Where `legacy` is false the function already serves the current API, and only what names a
    legacy event is left over from before. `handed`: not a handler, but called by one. `recorded`:
    what is read was kept before. `kept` says which suppressed call goes on to send the legacy
    events, if one does.
    """

    level: Applicability
    reason: str
    legacy: bool = True
    handed: bool = False
    kept: str = ""
    recorded: bool = False


_NAMED = Role(Applicability.REVIEW, "a step names it as handler", legacy=False)


@dataclass(frozen=True, eq=False)
class Roles:
    """The event parameters of a file.

    `handed` are those of other files' functions; `starred` those that hold the event in a tuple or
    a dict with other arguments.
    """

    params: dict[Binding, Role]
    functions: dict[cst.CSTNode, Role]
    handed: tuple[Fact, ...]
    starred: dict[cst.Param, Role]


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
        self.params: dict[Binding, Role] = {}
        self.functions: dict[cst.CSTNode, Role] = {}
        self.makers: set[cst.FunctionDef] = set()
        self._seen: set[tuple[cst.CSTNode, str, bool, int]] = set()
        self.handed: list[Fact] = []
        self.starred: dict[cst.Param, Role] = {}

    def found(self) -> Roles:
        for owner, reason in handler_classes(self.meaning).items():
            role = Role(Applicability.SAFE, reason, is_legacy_based(self.meaning, owner))
            self._method(owner, role)
            for base in mixins(self.meaning, owner):
                if (mixed := class_of(self.meaning, base)) is not None:
                    self._mixed_in(mixed, role)
        for made in made_handlers(self.meaning):
            role = Role(at_most(made.sure), made.reason, made.is_legacy)
            self._method_value(made.value, role, bound=made.bound)
        for use in _calls.uses(self.meaning.source, self.look):
            if use.handler is not None:
                self._given(use.handler, "given as handler", legacy=True)
        for place, legacy, arg in handed_far(self.meaning):
            why = f"given as handler by way of `{place.rpartition(':')[2]}`"
            self._given(arg.value, why, legacy=legacy)
        for value, legacy in values_set(self.meaning):
            self._given(value, "set as what another file gives as handler", legacy=legacy)
        for node in self.meaning.tree.of(cst.Call):
            self._current_call(node)
        for call, owner, is_legacy in given_to_handlers(self.meaning):
            reason = f"it is given to a handler at line {self._line(call)}"
            self._duck(owner, Role(Applicability.REVIEW, reason, is_legacy))
        self._known()
        self._known_methods()
        self._named_by_steps()
        self._keep()
        self._hand_on()
        return Roles(self.params, self.functions, tuple(self.handed), self.starred)

    def _current_call(self, node: cst.Call) -> None:
        callback = on_event(self.meaning, node)
        if callback is not None:
            self._given(callback, "given as `on_event`", legacy=False)

    def _add(self, function: Function, index: int | str, role: Role) -> None:
        params = list(parameters(function.params))
        if isinstance(index, str):
            chosen = [param for param in params if param.name.value == index]
        else:
            chosen = params[index : index + 1] or params[-1:]
            if chosen and chosen[0].star in ("*", "**"):
                self.starred.setdefault(chosen[0], role)
                return
            chosen = params[index : index + 1]
        scope = self.meaning.names.scopes[function]
        for param in chosen:
            for binding in scope.bindings.get(param.name.value, ()):
                if binding.node is param:
                    known = self.params.get(binding)
                    if known is None or role.level > known.level:
                        self.params[binding] = role
        known = self.functions.get(function)
        if known is None or role.level > known.level:
            self.functions[function] = role

    def _add_decorated(self, function: cst.FunctionDef, index: int, role: Role) -> None:
        """`function`, and what its decorators put in its place, take the events."""
        role = _unless_sure(role, sure=gets_the_same(self.meaning, function))
        self._add(function, index, role)
        reason = f"it stands in front of `{function.name.value}`, and {role.reason}"
        wrapping = Role(Applicability.REVIEW, reason, role.legacy, handed=True)
        for inner in in_front(self.meaning, function):
            named = [param for param in parameters(inner.params) if not param.star]
            if len(named) > index:  # else it hands on whatever it is given
                self._add(inner, index, wrapping)
        for made in outcomes(self.meaning, function):
            if isinstance(made, cst.ClassDef):
                self._duck(made, wrapping)
            elif isinstance(made, cst.BaseExpression):
                self._given(made, "made of what is given as handler", legacy=role.legacy)

    def _method(self, owner: cst.ClassDef, role: Role, name: str = METHOD) -> None:
        is_certain = not (is_replaced(self.meaning, owner) or is_replaced_far(self.meaning, owner))
        role = _unless_sure(role, sure=is_certain)
        for binding in self.meaning.names.scopes[owner].bindings.get(name, ()):
            if isinstance(binding.node, cst.FunctionDef) and is_property(binding.node):
                self._returned(binding.node, role, "returned to be given as handler")
            elif isinstance(binding.node, cst.FunctionDef):
                self._add_decorated(binding.node, self._bound_index(binding.node), role)
            elif binding.value is not None and binding.index is None:
                self._method_value(binding.value, role)

    def _method_value(self, value: cst.BaseExpression, role: Role, *, bound: bool = True) -> None:
        """`handle_event = on_text`, a lambda, or either as a static method."""
        first = 1 if bound else 0
        if isinstance(value, cst.Call) and dotted_text(value.func) == "staticmethod":
            first, value = 0, value.args[0].value if value.args else value
        for one in (value, *held(self.meaning, value)):
            function = one if isinstance(one, cst.Lambda) else definition(self.meaning, one)
            if isinstance(function, (cst.FunctionDef, cst.Lambda)):
                self._add(function, first, role)
            for method in methods_called(self.meaning, one):
                self._add(method, self._bound_index(method), role)

    def _bound_index(self, function: cst.FunctionDef) -> int:
        count = len(list(parameters(function.params)))
        is_method = method_owner(self.meaning, function) is not None
        return 1 if is_method and not is_static(function) and count > 1 else 0

    def _given(self, node: cst.BaseExpression, why: str, *, legacy: bool, skip: int = 0) -> None:
        if (node, why, legacy, skip) in self._seen:
            return
        self._seen.add((node, why, legacy, skip))
        line = self.meaning.source.position(self.meaning.tree.spans[node].start).line
        reason = f"it is {why} at line {line}"
        role = Role(Applicability.SAFE, reason, legacy)
        if isinstance(node, cst.Lambda):
            self._add(node, skip, self._with_set_methods((node,), role))
        elif isinstance(node, cst.IfExp):
            self._given(node.body, why, legacy=legacy)
            self._given(node.orelse, why, legacy=legacy)
        elif isinstance(node, cst.BooleanOperation):
            self._given(node.left, why, legacy=legacy)
            self._given(node.right, why, legacy=legacy)
        elif isinstance(node, cst.Name):
            self._given_name(node, why, role, skip)
        elif isinstance(node, cst.Subscript):
            for value in contents(self.meaning, node.value):
                self._given(value, why, legacy=legacy)
        elif isinstance(node, cst.Attribute):
            self._given_attribute(node, why, role)
        elif isinstance(node, (cst.Await, cst.NamedExpr)):
            inner = node.expression if isinstance(node, cst.Await) else node.value
            self._given(inner, why, legacy=legacy)
        elif isinstance(node, cst.Call):
            called = definition(self.meaning, node.func)
            for value in handed_out(self.meaning, node) or ():
                self._given(value, why, legacy=legacy)
            if (owner := class_of(self.meaning, node.func)) is not None:
                self._duck(owner, role)
            elif isinstance(called, cst.FunctionDef):
                self._returned(called, role, why)
            elif (method := next(methods_called(self.meaning, node.func), None)) is not None:
                self._returned(method, role, why)
            elif self.meaning.meaning(node.func) == "functools.partial" and node.args:
                self._with_set_methods((node,), role)
                positional = [arg for arg in node.args[1:] if not arg.keyword and not arg.star]
                self._given(node.args[0].value, why, legacy=legacy, skip=len(positional))

    def _given_attribute(self, node: cst.Attribute, why: str, role: Role) -> None:
        name = node.attr.value
        owner = instance_class(self.meaning, node.value)
        owners = [owner]
        if isinstance(node.value, cst.Attribute):
            values = values_of_attribute(self.meaning, node.value)
            owners += [instance_class(self.meaning, value) for value in values]
        above = owner_above(self.meaning, node.value)
        for one in dict.fromkeys((*owners, above)):
            bases = local_bases(self.meaning, one) if one is not None else ()
            bases = bases[1:] if one is above else bases
            for base in bases:
                if name in self.meaning.names.scopes[base].bindings:
                    self._method(base, self._as_duck(base, role, node), name)
                    break
            if one is not None and one is owner_class(self.meaning, node.value):
                for further in derived(self.meaning, one):
                    self._method(further, self._as_duck(further, role, node), name)
            if one is not None and name == METHOD:
                self._with_set_methods(bases, self._as_duck(one, role, node))
        if name == METHOD and owner is None:
            self._given(node.value, why, legacy=role.legacy)
        elif name != METHOD:
            for value in values_of_attribute(self.meaning, node):
                self._given(value, why, legacy=role.legacy)

    def _returned(self, function: cst.FunctionDef, role: Role, why: str) -> None:
        """What `function` returns is given as handler."""
        if function not in self.makers:
            self.makers.add(function)
            for value in returned_by(self.meaning, function):
                self._given(value, why, legacy=role.legacy)

    def _as_duck(self, owner: cst.ClassDef, role: Role, node: cst.Attribute) -> Role:
        """`x.handle_event` of a class that is no handler is no proof; any other method is."""
        if node.attr.value == METHOD and owner not in handler_classes(self.meaning):
            return Role(Applicability.REVIEW, role.reason, role.legacy)
        return role

    def _given_name(self, node: cst.Name, why: str, role: Role, skip: int) -> None:
        found = definition(self.meaning, node)
        if isinstance(found, (cst.FunctionDef, cst.ClassDef)):
            self._given_definition(found, role, skip)
        else:
            for binding in self.meaning.names.reaching(node):
                if isinstance(binding.node, cst.Param):
                    for value in handed_to(self.meaning, binding.node):
                        self._given(value, why, legacy=role.legacy, skip=skip)
                    for made in decorated_by(self.meaning, binding.node):
                        self._given_definition(made, role, skip)
                for value in values_of(self.meaning, binding):
                    if not isinstance(value, cst.Name) or value.value != "None":
                        self._given(value, why, legacy=role.legacy)

    def _given_definition(
        self, node: cst.FunctionDef | cst.ClassDef, role: Role, skip: int
    ) -> None:
        if isinstance(node, cst.FunctionDef):
            role = self._with_set_methods((node,), role)
            self._add_decorated(node, skip + self._bound_index(node), role)
        else:
            self._duck(node, role)

    def _with_set_methods(self, nodes: Sequence[cst.CSTNode], role: Role) -> Role:
        """The role of what is given itself, beside a `handle_event` that one of `nodes` is set."""
        methods = [one for node in nodes for one in methods_set(self.meaning, node)]
        role = _unless_sure(role, sure=not methods)
        for one in methods:
            self._method_value(one.value, role, bound=one.bound)
        return role

    def _duck(self, owner: cst.ClassDef, role: Role) -> None:
        bases = local_bases(self.meaning, owner)
        if is_callable(self.meaning, owner):
            role = self._with_set_methods(bases, role)
            for base in bases:
                self._method(base, role, "__call__")
        elif owner not in handler_classes(self.meaning):
            reason = f"`{owner.name.value}` only looks like a handler, but {role.reason}"
            role = Role(Applicability.REVIEW, reason, role.legacy)
            for base in bases:
                self._method(base, role)
            self._with_set_methods(bases, role)

    def _mixed_in(self, owner: cst.ClassDef, role: Role) -> None:
        """A class that gives its `handle_event` to handlers, and is none itself."""
        reason = f"`{owner.name.value}` is a base of a handler, and {role.reason}"
        for base in local_bases(self.meaning, owner):
            self._method(base, Role(Applicability.REVIEW, reason, role.legacy))

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
                        self._given_definition(node, role, 0)
                if isinstance(result, bool):
                    role = Role(Applicability.SAFE, reason, result)
                    if isinstance(node, cst.ClassDef):
                        self._duck(node, role)
                    elif isinstance(node, cst.FunctionDef):
                        self._returned(node, role, "returned to be given as handler")
                if isinstance(node, cst.ClassDef) and isinstance(mixed, bool):
                    why = "a class of another file derives from both"
                    self._mixed_in(node, Role(Applicability.REVIEW, why, mixed))
                if isinstance(node, cst.FunctionDef) and isinstance(handed, (int, str)):
                    why = "another file hands it the event"
                    self._add(node, handed, Role(Applicability.REVIEW, why, handed=True))

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
                if isinstance(handed, (int, str)):
                    self._handed_far(owner, name, handed)
                if name != METHOD and isinstance(given, bool):
                    self._method(owner, Role(Applicability.SAFE, why, given), name)
                    for value in self_values(self.meaning, owner, name):
                        self._given(value, "set as what another file gives", legacy=given)

    def _handed_far(self, owner: cst.ClassDef, name: str, at: int | str) -> None:
        role = Role(Applicability.REVIEW, "another file hands it the event", handed=True)
        for binding in self.meaning.names.scopes[owner].bindings.get(name, ()):
            if isinstance(binding.node, cst.FunctionDef):
                bound = 0 if is_static(binding.node) or isinstance(at, str) else 1
                self._add(binding.node, at + bound if isinstance(at, int) else at, role)

    def _named_by_steps(self) -> None:
        """What the steps of other files name as handler: nothing says that they are of this API."""
        wanted = self.meaning.known.of(HANDLER_WANTED)
        for qualname in wanted_here(self.meaning.source.path, wanted, self.look):
            owner, _, name = qualname.rpartition(".")
            for node, scope in self.meaning.names.scopes.items():
                if isinstance(node, cst.ClassDef) and scope.qualname == qualname:
                    self._duck(node, _NAMED)
                elif isinstance(node, cst.ClassDef) and scope.qualname == owner:
                    self._method(node, _NAMED, name)
                elif isinstance(node, cst.FunctionDef) and scope.qualname == qualname and not owner:
                    self._add(node, 0, _NAMED)

    def _keep(self) -> None:
        """Mark what suppressed calls are given: it takes the legacy events from then on as well."""
        held = _Finder(self.meaning, self.look)
        for use in _calls.uses(self.meaning.source, self.look):
            if use.kept and use.handler is not None:
                held._given(use.handler, "given as handler", legacy=True)
                why = f"the call at line {self._line(use.node)}"
                held.functions = {
                    node: role if role.kept else replace(role, kept=why)
                    for node, role in held.functions.items()
                }
        for name, bindings in self.meaning.names.module.bindings.items():
            by = self.meaning.known.get(("python-kept", f"{self.meaning.names.place}{name}"))
            for binding in bindings if isinstance(by, str) else ():
                role = Role(Applicability.SAFE, "", kept=str(by))
                if isinstance(binding.node, cst.FunctionDef):
                    held._add(binding.node, 0, role)
                elif isinstance(binding.node, cst.ClassDef):
                    for base in local_bases(self.meaning, binding.node):
                        held._method(base, role)
                        held._method(base, role, "__call__")
        by_scope = {self.meaning.names.scopes[node]: role for node, role in held.functions.items()}
        for param, role in self.params.items():
            if (found := by_scope.get(param.scope)) is not None:
                self.params[param] = replace(role, kept=found.kept)
        for node, role in held.functions.items():
            if node in self.functions:
                self.functions[node] = replace(self.functions[node], kept=role.kept)

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
                self._add(function, param.name.value, handed)
        path = self.meaning.source.path
        for func in (call.func, *held(self.meaning, call.func)):
            for place in far_places(self.meaning, func):
                self.handed.append(Fact("handed", place, index, path))
        for place, above in own_places(self.meaning, call.func):
            self.handed.append(Fact(f"handed{above}", place, index, path))

    def _line(self, node: cst.CSTNode) -> int:
        return self.meaning.source.position(self.meaning.tree.spans[node].start).line


def _unless_sure(role: Role, *, sure: bool) -> Role:
    return role if sure else replace(role, level=min(role.level, Applicability.REVIEW))


def on_event(meaning: Meaning, call: cst.Call) -> cst.BaseExpression | None:
    """What `call`, where it is one of the current `invoke`, is given for the events."""
    for arg in call.args:
        if arg.keyword and arg.keyword.value == "on_event":
            return arg.value if meaning.meaning(call.func) == CURRENT_INVOKE else None
    return None


def concerned(meaning: Meaning) -> str | None:
    """Why events can be met in this file outside of its handlers, if they can."""
    for binding, name in meaning.imports():
        node = binding.node
        if isinstance(node, cst.ImportAlias) and not node.asname and binding.target == "pipeline":
            name = dotted_text(node.name)
        if (
            name in (CURRENT_INVOKE, _CURRENT_MODULE)
            or any(in_namespace(name, space) for space in (PYTHON_LEGACY, PYTHON_CURRENT))
            or ("python-handler", name) in meaning.known
            or is_given(meaning, name)
        ):
            line = meaning.source.position(meaning.tree.spans[node].start).line
            return f"the file imports `{name}` at line {line}"
    return None
