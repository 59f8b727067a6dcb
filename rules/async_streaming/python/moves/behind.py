"""All that may take the events of what is given as handler."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability

from ..handlers.handler_classes import handler_classes
from ..reading.attributes import self_values
from ..reading.classes import local_bases
from ..reading.handed import handed_to
from ..reading.meaning import METHOD, Meaning
from .role import Role
from .taking import Taking

if TYPE_CHECKING:
    from migrator.helpers.python.scopes import Binding

    from ..reading.classes import Function

_ROLE = Role(Applicability.SAFE, "")


class Behind(Taking):
    """The functions that take the events, those of classes that are handlers too."""

    def __init__(self, meaning: Meaning) -> None:
        super().__init__(meaning)
        #: The classes that it is an instance of, or one of them itself.
        self.owners: dict[cst.ClassDef, None] = {}
        #: Whether it may be anything of this file that takes events.
        self.is_open = False
        self._steps = 0

    def add(self, function: Function, index: int | str, role: Role) -> None:
        self._steps += 1
        super().add(function, index, role)

    def given(self, node: cst.BaseExpression, why: str, *, legacy: bool, skip: int = 0) -> None:
        before = self._steps
        self._steps += (node, why, legacy, skip) in self._seen
        super().given(node, why, legacy=legacy, skip=skip)
        if self._steps == before and not self._is_elsewhere(node):
            self.is_open = True
        self._steps += 1
        # A handler hands the events on to those that it is made with.
        is_open = self.is_open
        for arg in node.args if isinstance(node, cst.Call) else ():
            self.given(arg.value, why, legacy=legacy)
        self.is_open = is_open

    def duck(self, owner: cst.ClassDef, role: Role) -> None:
        self._steps += 1
        self.owners[owner] = None
        bases = local_bases(self.meaning, owner)
        role = self._with_set_methods(bases, role)
        for base in bases:
            self.method(base, role)
            self.method(base, role, "__call__")

    def of(self, binding: Binding) -> None:
        """What a name that `binding` gives something takes."""
        if isinstance(binding.node, cst.ClassDef):
            self.instance(binding.node)
        elif isinstance(binding.node, cst.FunctionDef):
            self.given_definition(binding.node, _ROLE, 0)
            self.returned(binding.node, _ROLE, "returned to be given as handler")
        elif binding.value is not None:
            self.given(binding.value, "given as handler", legacy=True)

    def attribute(self, owner: cst.ClassDef, name: str) -> None:
        """What the class `owner` has by that name takes."""
        self.method(owner, _ROLE, name)
        for value in self_values(self.meaning, owner, name):
            self.given(value, "given as handler", legacy=True)

    def itself(self, function: cst.CSTNode) -> None:
        """`function`, or the class, takes."""
        if isinstance(function, cst.ClassDef):
            self.instance(function)
        else:
            self.functions[function] = _ROLE

    def instance(self, owner: cst.ClassDef) -> None:
        """The class `owner`, or an instance of it, takes."""
        self.duck(owner, _ROLE)

    def all(self) -> None:
        """Whatever of this file is a handler takes."""
        for owner in handler_classes(self.meaning):
            self.instance(owner)

    def _is_elsewhere(self, node: cst.BaseExpression) -> bool:
        """Whether `node`, in which nothing was found, can be nothing of this file."""
        if isinstance(node, cst.Call):
            return self.meaning.meaning(node.func) is not None
        if self.meaning.meaning(node) is not None:
            return True
        if isinstance(node, cst.Attribute):
            return node.attr.value != METHOD and not any(
                node.attr.value in scope.bindings for scope in self.meaning.names.scopes.values()
            )
        if isinstance(node, cst.Name):
            bindings = self.meaning.names.reaching(node)
            return not bindings or all(self._is_called_elsewhere(one) for one in bindings)
        return not isinstance(node, cst.Subscript)

    def _is_called_elsewhere(self, binding: Binding) -> bool:
        """Whether `binding` is a parameter of a function that nothing here calls or names."""
        param, function = binding.node, binding.scope.node
        if not isinstance(param, cst.Param) or param.star or handed_to(self.meaning, param):
            return False
        named = function.name.value if isinstance(function, cst.FunctionDef) else ""
        is_read = any(self._is_value(one) for one in self.meaning.names.reads.get(named, ()))
        return not is_read

    def _is_value(self, name: cst.Name) -> bool:
        """Whether a function goes on as a value where `name` names it."""
        around = self.meaning.tree.parents[name]
        return not (isinstance(around, cst.Call) and around.func is name)


def behind(meaning: Meaning, handler: cst.BaseExpression) -> Behind:
    """All that may take the events of `handler`."""
    found = Behind(meaning)
    found.given(handler, "given as handler", legacy=True)
    return found
