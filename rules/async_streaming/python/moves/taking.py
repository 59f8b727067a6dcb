"""The parameters that take the events, by what is given as handler in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability
from migrator.helpers.python.scopes import Binding, dotted_text, parameters

from ..handlers.far_decorators import is_replaced_far
from ..handlers.handler_classes import handler_classes
from ..reading.attributes import values_of_attribute
from ..reading.classes import (
    Function,
    class_of,
    definition,
    derived,
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
from ..reading.contents import contents, handed_out, values_of
from ..reading.decorators import decorated_by, gets_the_same, in_front, outcomes
from ..reading.handed import handed_to
from ..reading.instances import local_instances
from ..reading.meaning import METHOD, Meaning
from ..reading.set_methods import is_replaced, methods_set
from ..reading.targets import held
from .role import Role, unless_sure

if TYPE_CHECKING:
    from collections.abc import Sequence


class Taking:
    """The event parameters that were found so far; see `Roles`.

    Each of the verbs is told what is given, or a method, with the role of what takes the events.
    """

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.params: dict[Binding, Role] = {}
        self.functions: dict[cst.CSTNode, Role] = {}
        self.starred: dict[cst.Param, Role] = {}
        self._makers: set[cst.FunctionDef] = set()
        self._seen: set[tuple[cst.CSTNode, str, bool, int]] = set()

    def add(self, function: Function, index: int | str, role: Role) -> None:
        """The parameter of `function` with that place or name takes the events."""
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

    def add_decorated(self, function: cst.FunctionDef, index: int, role: Role) -> None:
        """`function`, and what its decorators put in its place, take the events."""
        role = unless_sure(role, sure=gets_the_same(self.meaning, function))
        self.add(function, index, role)
        reason = f"it stands in front of `{function.name.value}`, and {role.reason}"
        wrapping = Role(Applicability.REVIEW, reason, role.legacy, handed=True)
        for inner in in_front(self.meaning, function):
            named = [param for param in parameters(inner.params) if not param.star]
            if len(named) > index:  # else it hands on whatever it is given
                self.add(inner, index, wrapping)
        for made in outcomes(self.meaning, function):
            if isinstance(made, cst.ClassDef):
                self.duck(made, wrapping)
            elif isinstance(made, cst.BaseExpression):
                self.given(made, "made of what is given as handler", legacy=role.legacy)

    def method(self, owner: cst.ClassDef, role: Role, name: str = METHOD) -> None:
        """What the class `owner` has by that name takes the events."""
        is_certain = not (is_replaced(self.meaning, owner) or is_replaced_far(self.meaning, owner))
        role = unless_sure(role, sure=is_certain)
        for binding in self.meaning.names.scopes[owner].bindings.get(name, ()):
            if isinstance(binding.node, cst.FunctionDef) and is_property(binding.node):
                self.returned(binding.node, role, "returned to be given as handler")
            elif isinstance(binding.node, cst.FunctionDef):
                self.add_decorated(binding.node, self._bound_index(binding.node), role)
            elif binding.value is not None and binding.index is None:
                self.method_value(binding.value, role)

    def method_value(self, value: cst.BaseExpression, role: Role, *, bound: bool = True) -> None:
        """`handle_event = on_text`, a lambda, or either as a static method."""
        first = 1 if bound else 0
        if isinstance(value, cst.Call) and dotted_text(value.func) == "staticmethod":
            first, value = 0, value.args[0].value if value.args else value
        for one in (value, *held(self.meaning, value)):
            function = one if isinstance(one, cst.Lambda) else definition(self.meaning, one)
            if isinstance(function, (cst.FunctionDef, cst.Lambda)):
                self.add(function, first, role)
            for method in methods_called(self.meaning, one):
                self.add(method, self._bound_index(method), role)

    def _bound_index(self, function: cst.FunctionDef) -> int:
        count = len(list(parameters(function.params)))
        is_method = method_owner(self.meaning, function) is not None
        return 1 if is_method and not is_static(function) and count > 1 else 0

    def given(self, node: cst.BaseExpression, why: str, *, legacy: bool, skip: int = 0) -> None:
        """`node` takes the events, behind `skip` arguments that it is given before."""
        if (node, why, legacy, skip) in self._seen:
            return
        self._seen.add((node, why, legacy, skip))
        line = self.meaning.source.position(self.meaning.tree.spans[node].start).line
        reason = f"it is {why} at line {line}"
        role = Role(Applicability.SAFE, reason, legacy)
        if isinstance(node, cst.Lambda):
            self.add(node, skip, self._with_set_methods((node,), role))
        elif isinstance(node, cst.IfExp):
            self.given(node.body, why, legacy=legacy)
            self.given(node.orelse, why, legacy=legacy)
        elif isinstance(node, cst.BooleanOperation):
            self.given(node.left, why, legacy=legacy)
            self.given(node.right, why, legacy=legacy)
        elif isinstance(node, cst.Name):
            self._given_name(node, why, role, skip)
        elif isinstance(node, cst.Subscript):
            for value in contents(self.meaning, node.value):
                self.given(value, why, legacy=legacy)
        elif isinstance(node, cst.Attribute):
            self._given_attribute(node, why, role)
        elif isinstance(node, (cst.Await, cst.NamedExpr)):
            inner = node.expression if isinstance(node, cst.Await) else node.value
            self.given(inner, why, legacy=legacy)
        elif isinstance(node, cst.Call):
            called = definition(self.meaning, node.func)
            for value in handed_out(self.meaning, node) or ():
                self.given(value, why, legacy=legacy)
            if (owner := class_of(self.meaning, node.func)) is not None:
                self.duck(owner, role)
            elif isinstance(called, cst.FunctionDef):
                self.returned(called, role, why)
            elif (method := next(iter(methods_called(self.meaning, node.func)), None)) is not None:
                self.returned(method, role, why)
            elif self.meaning.meaning(node.func) == "functools.partial" and node.args:
                self._with_set_methods((node,), role)
                positional = [arg for arg in node.args[1:] if not arg.keyword and not arg.star]
                self.given(node.args[0].value, why, legacy=legacy, skip=len(positional))

    def _given_attribute(self, node: cst.Attribute, why: str, role: Role) -> None:
        name = node.attr.value
        owner = instance_class(self.meaning, node.value)
        owners = [owner, *local_instances(self.meaning, node.value)]
        above = owner_above(self.meaning, node.value)
        for one in dict.fromkeys((*owners, above)):
            bases = local_bases(self.meaning, one) if one is not None else ()
            bases = bases[1:] if one is above else bases
            for base in bases:
                if name in self.meaning.names.scopes[base].bindings:
                    self.method(base, self._as_duck(base, role, node), name)
                    break
            if one is not None and one is owner_class(self.meaning, node.value):
                for further in derived(self.meaning, one):
                    self.method(further, self._as_duck(further, role, node), name)
            if one is not None and name == METHOD:
                self._with_set_methods(bases, self._as_duck(one, role, node))
        if name == METHOD and owner is None:
            self.given(node.value, why, legacy=role.legacy)
        elif name != METHOD:
            for value in values_of_attribute(self.meaning, node):
                self.given(value, why, legacy=role.legacy)

    def returned(self, function: cst.FunctionDef, role: Role, why: str) -> None:
        """What `function` returns is given as handler."""
        if function not in self._makers:
            self._makers.add(function)
            for value in returned_by(self.meaning, function):
                self.given(value, why, legacy=role.legacy)

    def _as_duck(self, owner: cst.ClassDef, role: Role, node: cst.Attribute) -> Role:
        """`x.handle_event` of a class that is no handler is no proof; any other method is."""
        if node.attr.value == METHOD and owner not in handler_classes(self.meaning):
            return Role(Applicability.REVIEW, role.reason, role.legacy)
        return role

    def _given_name(self, node: cst.Name, why: str, role: Role, skip: int) -> None:
        found = definition(self.meaning, node)
        if isinstance(found, (cst.FunctionDef, cst.ClassDef)):
            self.given_definition(found, role, skip)
        else:
            for binding in self.meaning.names.reaching(node):
                if isinstance(binding.node, cst.Param):
                    for value in handed_to(self.meaning, binding.node):
                        self.given(value, why, legacy=role.legacy, skip=skip)
                    for made in decorated_by(self.meaning, binding.node):
                        self.given_definition(made, role, skip)
                for value in values_of(self.meaning, binding):
                    if not isinstance(value, cst.Name) or value.value != "None":
                        self.given(value, why, legacy=role.legacy)

    def given_definition(self, node: cst.FunctionDef | cst.ClassDef, role: Role, skip: int) -> None:
        """The same of a function or a class."""
        if isinstance(node, cst.FunctionDef):
            role = self._with_set_methods((node,), role)
            self.add_decorated(node, skip + self._bound_index(node), role)
        else:
            self.duck(node, role)

    def _with_set_methods(self, nodes: Sequence[cst.CSTNode], role: Role) -> Role:
        """The role of what is given itself, beside a `handle_event` that one of `nodes` is set."""
        methods = [one for node in nodes for one in methods_set(self.meaning, node)]
        role = unless_sure(role, sure=not methods)
        for one in methods:
            self.method_value(one.value, role, bound=one.bound)
        return role

    def duck(self, owner: cst.ClassDef, role: Role) -> None:
        """The class `owner`, or an instance of it, takes the events: whatever it has that does."""
        bases = local_bases(self.meaning, owner)
        if is_callable(self.meaning, owner):
            role = self._with_set_methods(bases, role)
            for base in bases:
                self.method(base, role, "__call__")
        elif owner not in handler_classes(self.meaning):
            reason = f"`{owner.name.value}` only looks like a handler, but {role.reason}"
            role = Role(Applicability.REVIEW, reason, role.legacy)
            for base in bases:
                self.method(base, role)
            self._with_set_methods(bases, role)

    def mixed_in(self, owner: cst.ClassDef, role: Role) -> None:
        """A class that gives its `handle_event` to handlers, and is none itself."""
        reason = f"`{owner.name.value}` is a base of a handler, and {role.reason}"
        for base in local_bases(self.meaning, owner):
            self.method(base, Role(Applicability.REVIEW, reason, role.legacy))
