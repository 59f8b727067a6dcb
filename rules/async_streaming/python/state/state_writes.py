"""What the code of a handler writes that outlives a run."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import dotted_text
from migrator.helpers.worklist import Worklist

from ..handlers.class_state import MAKERS, shared_attribute
from ..reading.attributes import self_values
from ..reading.classes import (
    definition,
    enclosing_function,
    local_bases,
    made_class,
    methods_called,
    owner_class,
)
from ..reading.mappings import below
from ..reading.outliving import class_itself, function_itself, is_type, module_of, only_one
from ..reading.own_changes import MUTATORS, changes_itself

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.helpers.python.scopes import Binding

    from ..reading.meaning import Meaning
    from .handler_code import HandlerCode

    _Left = Worklist[cst.BaseExpression]

_BUFFERS = frozenset({"BytesIO", "StringIO"})
_BUFFER_WRITERS = frozenset({"seek", "truncate", "write", "writelines"})

# What may write at all. To ask what a node is not costs ten times what it is.
_WRITE = frozenset(
    {cst.AnnAssign, cst.AsName, cst.AssignTarget, cst.AugAssign}
    | {cst.Call, cst.CompFor, cst.Del, cst.For}
)
_IMMUTABLE = (
    cst.BaseNumber,
    cst.BaseString,
    cst.Tuple,
    cst.Lambda,
)


@dataclass(frozen=True)
class Write:
    """A node that writes the state called `state`."""

    node: cst.CSTNode
    state: str
    what: str


class Writes:
    """Finds what the code of handlers writes.

    All those whose one instance is held by `variable` of the module: by none, most of them.
    """

    def __init__(self, meaning: Meaning, variable: str) -> None:
        self.meaning = meaning
        self.names = meaning.names
        self.tree = meaning.tree
        self.variable = variable
        self._by_code: dict[cst.CSTNode, tuple[list[Write], list[cst.FunctionDef]]] = {}

    def found(self, handler: HandlerCode) -> Iterator[Write]:
        """Each write, also of what the code calls in this file."""
        if handler.given is not None:
            yield from self._method(handler.given, handler.given)
        left = Worklist(*handler.code)
        for code in left:
            if code not in self._by_code:
                self._by_code[code] = list(self._of_code(code)), list(self._called(code))
            writes, called = self._by_code[code]
            yield from writes
            left.add(called)

    def _of_code(self, code: cst.CSTNode) -> Iterator[Write]:
        yield from self._globals(code)
        for node in _run_by(code):
            if type(node) in _WRITE:
                yield from self._of_node(node)

    def _called(self, code: cst.CSTNode) -> Iterator[cst.FunctionDef]:
        for node in _run_by(code):
            called = definition(self.meaning, node.func) if isinstance(node, cst.Call) else None
            if isinstance(called, cst.FunctionDef):
                yield called

    def _globals(self, code: cst.CSTNode) -> Iterator[Write]:
        """What is assigned under a `global` statement."""
        start, end = self.tree.spans[code]
        for name, bindings in self.names.module.bindings.items():
            for binding in bindings:
                at = self.tree.spans[binding.node].start
                around = self.names.scope_of(self.tree.parents[binding.node])
                if start < at < end and around is not self.names.module:
                    yield Write(binding.node, name, "a global of the module")

    def _of_node(self, node: cst.CSTNode) -> Iterator[Write]:
        if isinstance(node, (cst.AssignTarget, cst.AnnAssign, cst.For, cst.CompFor)):
            yield from self._target(node.target, node.target)
        elif isinstance(node, cst.AsName):
            yield from self._target(node.name, node.name)
        elif isinstance(node, cst.AugAssign):
            yield from self._target(node.target, node.target)
            yield from self._grown(node)
        elif isinstance(node, cst.Del):
            yield from self._target(node.target, node.target)
        elif isinstance(node, cst.Call):
            if isinstance(node.func, cst.Attribute):
                yield from self._method(node.func, node)
            elif isinstance(node.func, cst.Name) and node.func.value in ("setattr", "delattr"):
                yield from self._setattr(node)

    def _target(self, target: cst.CSTNode, at: cst.CSTNode) -> Iterator[Write]:
        if isinstance(target, (cst.Tuple, cst.List)):
            for element in target.elements:
                yield from self._target(element.value, at)
        elif isinstance(target, cst.Subscript):
            yield from self._state(target.value, at)
        elif isinstance(target, cst.Attribute):
            yield from self._attribute(target.value, target.attr.value, at)

    def _grown(self, node: cst.AugAssign) -> Iterator[Write]:
        """`self.events += [...]` changes the list of the class where the instance has none."""
        target = node.target
        if isinstance(target, cst.Attribute) and isinstance(target.value, cst.Name):
            if not class_itself(self.meaning, target.value):
                left: _Left = Worklist()
                yield from self._shared(target.value, target.attr.value, target, left)
                yield from self._changed(left, target)

    def _method(self, func: cst.Attribute, at: cst.CSTNode) -> Iterator[Write]:
        method = func.attr.value
        if method in MUTATORS or (method in _BUFFER_WRITERS and self._is_buffer(func.value)):
            if not is_type(self.meaning, func.value):
                yield from self._state(func.value, at)
        elif isinstance(func.value, cst.Name) and made_class(self.meaning, func.value) is not None:
            called = methods_called(self.meaning, func)
            if any(changes_itself(self.meaning, one) for one in called):
                yield from self._state(func.value, at)

    def _setattr(self, node: cst.Call) -> Iterator[Write]:
        if len(node.args) > 1:
            name = node.args[1].value
            text = name.raw_value if isinstance(name, cst.SimpleString) else "..."
            yield from self._attribute(node.args[0].value, text, node)

    def _is_buffer(self, node: cst.BaseExpression) -> bool:
        values: list[cst.BaseExpression | None] = []
        if isinstance(node, cst.Name):
            values = [binding.value for binding in self.names.reaching(node)]
        elif isinstance(node, cst.Attribute) and isinstance(node.value, cst.Name):
            owner = owner_class(self.meaning, node.value)
            for base in local_bases(self.meaning, owner) if owner else ():
                bindings = self.names.scopes[base].bindings.get(node.attr.value, ())
                values += [binding.value for binding in bindings]
        return any(
            isinstance(value, cst.Call) and dotted_text(value.func).rpartition(".")[2] in _BUFFERS
            for value in values
        )

    # What is written

    def _attribute(self, base: cst.BaseExpression, name: str, at: cst.CSTNode) -> Iterator[Write]:
        """`base.name` is assigned or deleted."""
        label = class_itself(self.meaning, base)
        if label:
            yield Write(at, f"{label}.{name}", "an attribute of the class")
        elif module := module_of(self.meaning, base):
            yield Write(at, f"{module}.{name}", "a global of another module")
        elif function := function_itself(self.meaning, base):
            yield Write(at, f"{function}.{name}", "an attribute of a function of the module")
        elif isinstance(base, cst.Name) and owner_class(self.meaning, base):
            yield from self._own(base, name, at)
        else:
            yield from self._state(base, at)

    def _state(self, node: cst.BaseExpression, at: cst.CSTNode) -> Iterator[Write]:
        """`node`, or something in it, is changed."""
        return self._changed(Worklist(node), at)

    def _changed(self, left: _Left, at: cst.CSTNode) -> Iterator[Write]:
        """What is left to look at is, each or something in it; what it is another name for, too."""
        for node in left:
            if isinstance(node, cst.Subscript):
                left.add([node.value])
            elif isinstance(node, cst.Name):
                yield from self._name(node, at, left)
            elif isinstance(node, cst.Attribute):
                yield from self._held(node, at, left)
            elif isinstance(node, cst.Call):
                yield from self._call(node, at, left)

    def _name(self, node: cst.Name, at: cst.CSTNode, left: _Left) -> Iterator[Write]:
        for binding in self.names.reaching(node):
            value = binding.value
            if binding.kind == "import":
                if name := self._imported(node, binding):
                    yield Write(at, name, "a global of another module")
            elif isinstance(value, (cst.Name, cst.Attribute)) and binding.index is None:
                left.add([value])
            elif binding.scope is self.names.module:
                if binding.kind in ("assign", "walrus", "augmented", "with", "for"):
                    if not isinstance(value, _IMMUTABLE):
                        yield Write(at, node.value, "a global of the module")
            elif isinstance(value, cst.Call) and binding.index is None:
                yield from self._only_one(value, at)
            elif binding.kind == "parameter" and isinstance(binding.node, cst.Param):
                if isinstance(binding.node.default, (cst.List, cst.Dict, cst.Set)):
                    yield Write(at, node.value, "a default value that all calls share")

    def _imported(self, node: cst.Name, binding: Binding) -> str | None:
        """The name of an object that is imported from a module."""
        statement = self.tree.parents[binding.node]
        name = self.meaning.meaning(node)
        if name is None or not isinstance(statement, cst.ImportFrom):
            return None
        if ":" in name:
            return None if name.endswith(":") else name.rpartition(":")[2]
        if name.partition(".")[0] in sys.stdlib_module_names or not node.value.isupper():
            return None
        return name

    def _held(self, node: cst.Attribute, at: cst.CSTNode, left: _Left) -> Iterator[Write]:
        """What the attribute `node` holds is changed."""
        name = node.attr.value
        label = class_itself(self.meaning, node.value)
        if label:
            yield Write(at, f"{label}.{name}", "an attribute of the class")
        elif module := module_of(self.meaning, node.value):
            yield Write(at, f"{module}.{name}", "a global of another module")
        elif function := function_itself(self.meaning, node.value):
            yield Write(at, f"{function}.{name}", "an attribute of a function of the module")
        elif isinstance(node.value, cst.Name) and owner_class(self.meaning, node.value):
            yield from self._shared(node.value, name, at, left)
        else:
            left.add([node.value])

    def _shared(self, base: cst.Name, name: str, at: cst.CSTNode, left: _Left) -> Iterator[Write]:
        """`self.name` is changed: the class's own where the instance never gets one."""
        owner = owner_class(self.meaning, base)
        if owner is not None:
            holder = shared_attribute(self.meaning, owner, name, at)
            if holder:
                yield Write(at, f"{holder}.{name}", "an attribute of the class")
            else:
                yield from self._own(base, name, at)
                for one in local_bases(self.meaning, owner):
                    for value in self_values(self.meaning, one, name):
                        # Another name for what is made elsewhere; what is made here is its own.
                        if isinstance(value, (cst.Name, cst.Attribute)):
                            left.add([value])

    def _own(self, base: cst.Name, name: str, at: cst.CSTNode) -> Iterator[Write]:
        """`self.name` is changed, where one instance serves all runs."""
        function = enclosing_function(self.meaning, base)
        is_maker = isinstance(function, cst.FunctionDef) and function.name.value in MAKERS
        if self.variable and not is_maker:
            what = "on the one instance that is given as handler for every run"
            yield Write(at, f"{self.variable}.{name}", what)

    def _call(self, node: cst.Call, at: cst.CSTNode, left: _Left) -> Iterator[Write]:
        func = node.func
        if isinstance(func, cst.Name) and func.value == "globals":
            if not self.names.reaching(func):
                yield Write(at, "globals()", "the globals of the module")
                return
        found = list(self._only_one(node, at))
        if found:
            yield from found
        elif isinstance(func, cst.Attribute) and func.attr.value in ("get", "setdefault"):
            left.add([func.value])

    def _only_one(self, node: cst.Call, at: cst.CSTNode) -> Iterator[Write]:
        return (
            Write(at, name, "the only one of its kind") for name in only_one(self.meaning, node)
        )


def _run_by(code: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The nodes in `code`; its decorators and defaults run where it is defined."""
    return below(code.body if isinstance(code, (cst.FunctionDef, cst.Lambda)) else code)
