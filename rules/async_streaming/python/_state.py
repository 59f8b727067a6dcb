"""State that outlives a run, where a handler writes it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Finding, Look, Severity, Source
from migrator.helpers.python.scopes import dotted_text

from . import _calls
from ._attributes import self_values
from ._class_state import MAKERS, methods, shared_attribute
from ._classes import (
    class_of,
    definition,
    enclosing_function,
    local_bases,
    method_owner,
    owner_class,
)
from ._handler_classes import handler_classes
from ._mappings import below
from ._meaning import CURRENT_INVOKE, METHOD, Meaning, meaning_of
from ._roles import roles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.helpers.python.scopes import Binding

RULE = "handler-state"

_MUTATORS = frozenset(
    {
        *("add", "append", "appendleft", "clear", "difference_update", "discard", "extend"),
        *("extendleft", "insert", "intersection_update", "pop", "popitem", "popleft", "push"),
        *("put", "put_nowait", "remove", "reverse", "rotate", "setdefault", "sort", "subtract"),
        *("symmetric_difference_update", "update"),
    }
)
_BUFFERS = frozenset({"BytesIO", "StringIO"})
_BUFFER_WRITERS = frozenset({"seek", "truncate", "write", "writelines"})
_OF_CLASS = frozenset({"__class_getitem__", "__init_subclass__", "__new__"})
_ACCESSORS = frozenset(
    {"current", "default", "get_default", "get_instance", "getInstance", "instance", "shared"}
)
_CACHES = frozenset({"cache", "lru_cache"})
_MAX_DEPTH = 8

_IMMUTABLE = (
    cst.BaseNumber,
    cst.BaseString,
    cst.Tuple,
    cst.Lambda,
)


@dataclass(frozen=True)
class _Write:
    """A node that writes the state called `state`."""

    node: cst.CSTNode
    state: str
    what: str


def findings(source: Source, look: Look) -> Iterator[Finding]:
    """Each state that a handler of `source` writes, at its first write."""
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return
    reported: set[tuple[cst.CSTNode, str]] = set()
    for handler in _handlers(source, look, meaning):
        writer = _Writes(meaning, handler)
        seen: set[str] = set()
        for write in sorted(writer.found(), key=lambda one: meaning.tree.spans[one.node]):
            if write.state in seen:
                continue
            seen.add(write.state)
            if (write.node, write.state) not in reported:
                reported.add((write.node, write.state))
                yield _finding(source, meaning, handler, write)


def _finding(source: Source, meaning: Meaning, handler: _Handler, write: _Write) -> Finding:
    return Finding(
        RULE,
        source.path,
        meaning.tree.spans[write.node],
        Severity.ERROR,
        f"{handler.name} writes `{write.state}`, {write.what}: state belongs to each run. Keep it "
        "on a handler made anew for each run, or in a process of the run",
        (handler.reason, "the guide, section 2: move mutable state into per-run processes"),
    )


@dataclass(frozen=True, eq=False)
class _Handler:
    """The code of a handler: a class's methods, a function, a lambda, a bound method."""

    name: str
    reason: str
    code: tuple[cst.CSTNode, ...]
    given: cst.Attribute | None = None
    #: The variable of the module that holds the one instance that is given as handler.
    variable: str = ""


def _handlers(source: Source, look: Look, meaning: Meaning) -> Iterator[_Handler]:
    classes = dict(handler_classes(meaning))
    functions: dict[cst.CSTNode, str] = {}
    for function, role in roles(source, look).functions.items():
        owner = method_owner(meaning, function)
        if owner is None:
            functions[function] = role.reason
        elif owner not in classes:
            classes[owner] = role.reason
    kept = _kept(meaning, _given(source, look, meaning))
    for owner, reason in classes.items():
        code: list[cst.CSTNode] = []
        for base in local_bases(meaning, owner):
            if base is owner or base not in classes:
                code += methods(base)
        name = f"the handler `{owner.name.value}`"
        yield _Handler(name, reason, tuple(code), variable=kept.get(owner, ""))
    for function, reason in functions.items():
        name = "this handler"
        if isinstance(function, cst.FunctionDef):
            name = f"the handler `{function.name.value}`"
        yield _Handler(name, reason, (function,))
    for given in _given(source, look, meaning):
        if isinstance(given, cst.Attribute):
            yield _Handler("this handler", "it is given as handler", (), given)


def _kept(meaning: Meaning, given: Iterable[cst.BaseExpression]) -> dict[cst.ClassDef, str]:
    """The classes whose instance in a variable of the module is given as handler, run for run."""
    found: dict[cst.ClassDef, str] = {}
    for node in given:
        if isinstance(node, cst.Attribute) and node.attr.value == METHOD:
            node = node.value
        if not isinstance(node, cst.Name) or enclosing_function(meaning, node) is None:
            continue
        for binding in meaning.names.reaching(node):
            value = binding.value
            if binding.scope is meaning.names.module and isinstance(value, cst.Call):
                owner = class_of(meaning, value.func)
                if owner is not None and binding.index is None:
                    found[owner] = node.value
    return found


def _given(source: Source, look: Look, meaning: Meaning) -> Iterator[cst.BaseExpression]:
    for use in _calls.uses(source, look):
        if use.handler is not None:
            yield use.handler
    for node in meaning.tree.of(cst.Call):
        for arg in node.args:
            if arg.keyword and arg.keyword.value == "on_event":
                if meaning.meaning(node.func) == CURRENT_INVOKE:
                    yield arg.value


class _Writes:
    """Finds what the code of one handler writes."""

    def __init__(self, meaning: Meaning, handler: _Handler) -> None:
        self.meaning = meaning
        self.names = meaning.names
        self.tree = meaning.tree
        self.handler = handler

    def found(self) -> Iterator[_Write]:
        if self.handler.given is not None:
            yield from self._method(self.handler.given, self.handler.given)
        done: set[cst.CSTNode] = set()
        waiting = list(self.handler.code)
        while waiting:
            code = waiting.pop()
            if code in done:
                continue
            done.add(code)
            yield from self._globals(code)
            for node in below(code):
                yield from self._of_node(node)
                if isinstance(node, cst.Call):
                    called = definition(self.meaning, node.func)
                    if isinstance(called, cst.FunctionDef):
                        waiting.append(called)

    def _globals(self, code: cst.CSTNode) -> Iterator[_Write]:
        """What is assigned under a `global` statement."""
        start, end = self.tree.spans[code]
        for name, bindings in self.names.module.bindings.items():
            for binding in bindings:
                at = self.tree.spans[binding.node].start
                around = self.names.scope_of(self.tree.parents[binding.node])
                if start < at < end and around is not self.names.module:
                    yield _Write(binding.node, name, "a global of the module")

    def _of_node(self, node: cst.CSTNode) -> Iterator[_Write]:
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

    def _target(self, target: cst.CSTNode, at: cst.CSTNode) -> Iterator[_Write]:
        if isinstance(target, (cst.Tuple, cst.List)):
            for element in target.elements:
                yield from self._target(element.value, at)
        elif isinstance(target, cst.Subscript):
            yield from self._state(target.value, at)
        elif isinstance(target, cst.Attribute):
            yield from self._attribute(target.value, target.attr.value, at)

    def _grown(self, node: cst.AugAssign) -> Iterator[_Write]:
        """`self.events += [...]` changes the list of the class where the instance has none."""
        target = node.target
        if isinstance(target, cst.Attribute) and isinstance(target.value, cst.Name):
            if not self._is_class(target.value):
                yield from self._shared(target.value, target.attr.value, target)

    def _method(self, func: cst.Attribute, at: cst.CSTNode) -> Iterator[_Write]:
        method = func.attr.value
        if method in _MUTATORS or (method in _BUFFER_WRITERS and self._is_buffer(func.value)):
            if not self._is_type(func.value):
                yield from self._state(func.value, at)

    def _setattr(self, node: cst.Call) -> Iterator[_Write]:
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

    def _attribute(self, base: cst.BaseExpression, name: str, at: cst.CSTNode) -> Iterator[_Write]:
        """`base.name` is assigned or deleted."""
        label = self._is_class(base)
        if label:
            yield _Write(at, f"{label}.{name}", "an attribute of the class")
        elif module := self._module(base):
            yield _Write(at, f"{module}.{name}", "a global of another module")
        elif isinstance(base, cst.Name) and owner_class(self.meaning, base):
            yield from self._own(base, name, at)
        else:
            yield from self._state(base, at)

    def _state(self, node: cst.BaseExpression, at: cst.CSTNode, depth: int = 0) -> Iterator[_Write]:
        """`node`, or something in it, is changed."""
        if depth > _MAX_DEPTH:
            return
        if isinstance(node, cst.Subscript):
            yield from self._state(node.value, at, depth + 1)
        elif isinstance(node, cst.Name):
            yield from self._name(node, at, depth)
        elif isinstance(node, cst.Attribute):
            yield from self._held(node, at, depth)
        elif isinstance(node, cst.Call):
            yield from self._call(node, at, depth)

    def _name(self, node: cst.Name, at: cst.CSTNode, depth: int) -> Iterator[_Write]:
        for binding in self.names.reaching(node):
            value = binding.value
            if binding.kind == "import":
                if name := self._imported(node, binding):
                    yield _Write(at, name, "a global of another module")
            elif isinstance(value, (cst.Name, cst.Attribute)) and binding.index is None:
                yield from self._state(value, at, depth + 1)
            elif binding.scope is self.names.module:
                if binding.kind in ("assign", "walrus", "augmented", "with", "for"):
                    if not isinstance(value, _IMMUTABLE):
                        yield _Write(at, node.value, "a global of the module")
            elif isinstance(value, cst.Call) and binding.index is None:
                yield from self._accessor(value, at)
            elif binding.kind == "parameter" and isinstance(binding.node, cst.Param):
                if isinstance(binding.node.default, (cst.List, cst.Dict, cst.Set)):
                    yield _Write(at, node.value, "a default value that all calls share")

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

    def _held(self, node: cst.Attribute, at: cst.CSTNode, depth: int) -> Iterator[_Write]:
        """What the attribute `node` holds is changed."""
        name = node.attr.value
        label = self._is_class(node.value)
        if label:
            yield _Write(at, f"{label}.{name}", "an attribute of the class")
        elif module := self._module(node.value):
            yield _Write(at, f"{module}.{name}", "a global of another module")
        elif isinstance(node.value, cst.Name) and owner_class(self.meaning, node.value):
            yield from self._shared(node.value, name, at, depth)
        else:
            yield from self._state(node.value, at, depth + 1)

    def _shared(
        self, base: cst.Name, name: str, at: cst.CSTNode, depth: int = 0
    ) -> Iterator[_Write]:
        """`self.name` is changed: the class's own where the instance never gets one."""
        owner = owner_class(self.meaning, base)
        if owner is not None:
            holder = shared_attribute(self.meaning, owner, name, at)
            if holder:
                yield _Write(at, f"{holder}.{name}", "an attribute of the class")
            else:
                yield from self._own(base, name, at)
                for one in local_bases(self.meaning, owner):
                    for value in self_values(self.meaning, one, name):
                        # Another name for what is made elsewhere; what is made here is its own.
                        if isinstance(value, (cst.Name, cst.Attribute)):
                            yield from self._state(value, at, depth + 1)

    def _own(self, base: cst.Name, name: str, at: cst.CSTNode) -> Iterator[_Write]:
        """`self.name` is changed, where one instance serves all runs."""
        function = enclosing_function(self.meaning, base)
        is_maker = isinstance(function, cst.FunctionDef) and function.name.value in MAKERS
        if self.handler.variable and not is_maker:
            what = "on the one instance that is given as handler for every run"
            yield _Write(at, f"{self.handler.variable}.{name}", what)

    def _call(self, node: cst.Call, at: cst.CSTNode, depth: int) -> Iterator[_Write]:
        func = node.func
        if isinstance(func, cst.Name) and func.value == "globals":
            if not self.names.reaching(func):
                yield _Write(at, "globals()", "the globals of the module")
                return
        found = list(self._accessor(node, at))
        if found:
            yield from found
        elif isinstance(func, cst.Attribute) and func.attr.value in ("get", "setdefault"):
            yield from self._state(func.value, at, depth + 1)

    def _accessor(self, node: cst.Call, at: cst.CSTNode) -> Iterator[_Write]:
        """`Store.instance()`, `Store()` of a singleton, `store()` behind a cache."""
        func = node.func
        what = "the only one of its kind"
        if isinstance(func, cst.Attribute) and func.attr.value in _ACCESSORS:
            if self._is_type(func.value):
                yield _Write(at, f"{dotted_text(func)}()", what)
        called = definition(self.meaning, func)
        if isinstance(called, cst.FunctionDef):
            for decorator in called.decorators:
                cache = decorator.decorator
                name = dotted_text(cache.func if isinstance(cache, cst.Call) else cache)
                if name.rpartition(".")[2] in _CACHES:
                    yield _Write(at, f"{called.name.value}()", what)
        elif isinstance(called, cst.ClassDef):
            members = self.names.scopes[called].bindings
            if "__new__" in members and any("instance" in name.lower() for name in members):
                yield _Write(at, f"{called.name.value}()", what)

    def _module(self, node: cst.BaseExpression) -> str | None:
        """The module that `node` stands for, if it is none of the standard library."""
        if not isinstance(node, (cst.Name, cst.Attribute)):
            return None
        name = self.meaning.meaning(node)
        if name is None:
            return None
        if ":" in name:
            return name[:-1].replace("/", ".") if name.endswith(":") else None
        if name.partition(".")[0] in sys.stdlib_module_names:
            return None
        root: cst.BaseExpression = node
        while isinstance(root, cst.Attribute):
            root = root.value
        assert isinstance(root, cst.Name)
        modules = all(
            binding.kind == "import" and isinstance(self.tree.parents[binding.node], cst.Import)
            for binding in self.names.reaching(root)
        )
        return name if modules else None

    def _is_class(self, node: cst.BaseExpression) -> str | None:
        """The name of the class that `node` is itself: `cls`, `type(self)`, `Console`."""
        if isinstance(node, cst.Name):
            owner = owner_class(self.meaning, node)
            if owner is not None:
                function = self.names.reaching(node)[0].scope.node
                return owner.name.value if _of_class(function) else None
            bindings = self.names.reaching(node)
            value = bindings[0].value if len(bindings) == 1 and bindings[0].index is None else None
            is_class = isinstance(value, (cst.Attribute, cst.Call)) and self._is_class(value)
            return is_class or self._class_name(node)
        if isinstance(node, cst.Call) and dotted_text(node.func) == "type" and len(node.args) == 1:
            return self._owner_name(node.args[0].value)
        if isinstance(node, cst.Attribute) and node.attr.value == "__class__":
            return self._owner_name(node.value)
        return self._class_name(node)

    def _class_name(self, node: cst.BaseExpression) -> str | None:
        owner = class_of(self.meaning, node)
        if owner is not None:
            return owner.name.value if self._outlives(owner) else None
        name = self.meaning.meaning(node) if isinstance(node, (cst.Name, cst.Attribute)) else None
        if name is not None and ":" in name and not name.startswith(self.names.place):
            leaf = name.rpartition(":")[2]
            return leaf if _is_type_name(leaf.rpartition(".")[2]) else None
        return None

    def _owner_name(self, node: cst.BaseExpression) -> str | None:
        owner = owner_class(self.meaning, node)
        return owner.name.value if owner is not None else None

    def _outlives(self, owner: cst.ClassDef) -> bool:
        """Whether the class is made once; one made in a function is made for each call."""
        return enclosing_function(self.meaning, owner) is None

    def _is_type(self, node: cst.BaseExpression) -> bool:
        """Whether `node` is a class, whose methods say themselves what they change."""
        if isinstance(node, cst.Name) and owner_class(self.meaning, node):
            return False
        if class_of(self.meaning, node) is not None:
            return True
        name = self.meaning.meaning(node) if isinstance(node, (cst.Name, cst.Attribute)) else None
        return name is not None and _is_type_name(name.rpartition(":")[2].rpartition(".")[2])


def _is_type_name(name: str) -> bool:
    return name[:1].isupper() and not name.isupper()


def _of_class(function: cst.CSTNode) -> bool:
    return isinstance(function, cst.FunctionDef) and (
        function.name.value in _OF_CLASS
        or any(
            dotted_text(decorator.decorator) == "classmethod" for decorator in function.decorators
        )
    )
