"""Which mappings of a Python file are steps, and which expressions lead to one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import Binding, parameters

from ..reading.attributes import self_values
from ..reading.classes import definition, enclosing_function, is_static, method_owner, owner_class
from ..reading.mappings import MARKS, Mapping, pairs, spreads, subscript_key
from ..reading.meaning import Meaning, meaning_of, once

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Look, Source

# `type` says something else where it names a type of JSON schema, or a class of Python.
_OTHER_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_OTHER_CLASSES = frozenset({"bool", "dict", "float", "int", "list", "set", "str", "tuple"})
_ADDERS = frozenset({"append", "extend", "insert", "update", "setdefault", "appendleft"})
_READERS = frozenset({"copy", "get", "items", "pop", "popleft", "setdefault", "values"})
_COPIERS = frozenset(
    {"copy.copy", "copy.deepcopy", "types.MappingProxyType", "collections.OrderedDict"}
)
_COPYING_BUILTINS = frozenset(
    {"dict", "enumerate", "filter", "iter", "list", "next", "reversed", "set", "sorted", "tuple"}
)
PASSED_THROUGH = (
    cst.BaseList,
    cst.Tuple,
    cst.Set,
    cst.BaseElement,
    cst.BaseComp,
    cst.IfExp,
    cst.BooleanOperation,
    cst.BinaryOperation,
    cst.NamedExpr,
    cst.Await,
)


def steps(source: Source, look: Look) -> Steps:
    """The `Steps` of `source` under `look`."""
    return once(_steps, source, look)


def _steps(source: Source, look: Look) -> Steps:
    return Steps(meaning_of(source, look))


class Steps:
    """Answers why a mapping is a step, and why an expression is (or stands in) one."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.tree = meaning.tree
        self.attributes: dict[str, list[cst.Attribute]] = {}
        self.returned: dict[cst.CSTNode, list[cst.BaseExpression]] = {}
        #: The places of other files that an answer depended on.
        self.asked: set[str] = set()
        self._known: dict[cst.CSTNode, str | None] = {}
        for node in self.tree.of(cst.Attribute, cst.Return, cst.Yield):
            if isinstance(node, cst.Attribute):
                self.attributes.setdefault(node.attr.value, []).append(node)
            elif isinstance(node, (cst.Return, cst.Yield)):
                value = node.value.item if isinstance(node.value, cst.From) else node.value
                function = enclosing_function(meaning, node)
                if value is not None and function is not None:
                    self.returned.setdefault(function, []).append(value)

    def line(self, node: cst.CSTNode) -> int:
        """The line that `node` begins in."""
        return self.meaning.source.position(self.tree.spans[node].start).line

    # A mapping

    def why(self, mapping: Mapping) -> str | None:
        """Why `mapping` is a step, or stands inside one."""
        return self.own(mapping) or self.around(mapping)

    def own(self, mapping: Mapping) -> str | None:
        """Why `mapping` is a step by what it holds itself."""
        for pair in pairs(mapping):
            if pair.key in MARKS and not (pair.key == "type" and _other_type(pair.value)):
                what = "call" if isinstance(mapping, cst.Call) else "dict"
                return f"the {what} at line {self.line(mapping)} is a step: it has `{pair.key}`"
        for spread in spreads(mapping):
            if reason := self.leads(spread):
                return reason
        return None

    def around(self, node: cst.CSTNode) -> str | None:
        """Why `node` stands inside a step, or under `steps`."""
        child = node
        for parent in self.tree.ancestors(node):
            if isinstance(parent, cst.DictElement):
                if parent.value is not child:
                    return None
                if text_of(parent.key) == "steps":
                    return self._under(parent)
            elif isinstance(parent, cst.Arg):
                if parent.keyword and parent.keyword.value == "steps":
                    return self._under(parent)
            elif isinstance(parent, cst.Dict):
                if reason := self.own(parent):
                    return reason
            elif isinstance(parent, cst.Call):
                if parent.func is child:
                    return None
                if reason := self.own(parent) or self._added(parent):
                    return reason
            elif isinstance(parent, (cst.Assign, cst.AnnAssign, cst.AugAssign)):
                return self._assigned(parent)
            elif not isinstance(parent, (cst.StarredDictElement, *PASSED_THROUGH)):
                return None
            child = parent
        return None

    def _under(self, node: cst.CSTNode) -> str:
        return f"it sits under `steps` at line {self.line(node)}"

    def _added(self, call: cst.Call) -> str | None:
        func = call.func
        if isinstance(func, cst.Attribute) and func.attr.value in _ADDERS:
            return self.leads(func.value)
        return None

    def _assigned(self, node: cst.Assign | cst.AnnAssign | cst.AugAssign) -> str | None:
        targets = (
            [target.target for target in node.targets]
            if isinstance(node, cst.Assign)
            else [node.target]
        )
        for target in targets:
            if isinstance(target, cst.Name) and target.value.lower() == "steps":
                return f"it is assigned to `{target.value}` at line {self.line(node)}"
            if isinstance(target, cst.Subscript):
                if subscript_key(target) == "steps":
                    return self._under(target)
                if reason := self.leads(target.value):
                    return reason
            if isinstance(target, cst.Name):
                for use in self._uses_of(target):
                    parent = self.tree.parents[use]
                    key = (
                        text_of(parent.key)
                        if isinstance(parent, cst.DictElement)
                        else parent.keyword.value
                        if isinstance(parent, cst.Arg) and parent.keyword
                        else None
                    )
                    if key == "steps":
                        return self._under(parent)
        return None

    def _uses_of(self, target: cst.Name) -> Iterator[cst.Name]:
        """The names that are read where `target` gave them their value."""
        for read in self.meaning.names.reads.get(target.value, ()):
            if any(binding.node is target for binding in self.meaning.names.reaching(read)):
                yield read

    # An expression

    def leads(self, node: cst.BaseExpression) -> str | None:
        """Why `node` is a step, something inside of one, or a collection of such."""
        if node not in self._known:
            self._known[node] = None
            self._known[node] = self._leads(node)
        return self._known[node]

    def _leads(self, node: cst.BaseExpression) -> str | None:
        if isinstance(node, cst.Dict):
            return self.why(node) or self._all(
                item.value for item in node.elements if isinstance(item, cst.DictElement)
            )
        if isinstance(node, (cst.List, cst.Tuple, cst.Set)):
            return self._all(item.value for item in node.elements)
        if isinstance(node, cst.Subscript):
            return self._of_subscript(node)
        if isinstance(node, cst.Call):
            return self._of_call(node)
        if isinstance(node, cst.Name):
            return self._of_name(node)
        if isinstance(node, cst.Attribute):
            return self._of_attribute(node)
        if isinstance(node, cst.IfExp):
            return self._all((node.body, node.orelse))
        if isinstance(node, cst.BooleanOperation):
            return self._all((node.left, node.right))
        if isinstance(node, cst.BinaryOperation):
            return self.leads(node.left) or self.leads(node.right)
        if isinstance(node, cst.BaseSimpleComp):
            return self.leads(node.elt)
        if isinstance(node, cst.DictComp):
            return self.leads(node.value)
        if isinstance(node, (cst.NamedExpr, cst.StarredElement)):
            return self.leads(node.value)
        if isinstance(node, cst.Await):
            return self.leads(node.expression)
        return None

    def _all(
        self, nodes: Iterator[cst.BaseExpression] | Sequence[cst.BaseExpression]
    ) -> str | None:
        reason = None
        for node in nodes:
            if _is_empty(node):
                continue
            reason = self.leads(node)
            if reason is None:
                return None
        return reason

    def _of_subscript(self, node: cst.Subscript) -> str | None:
        index = subscript_key(node)
        if index == "steps":
            return self._under(node)
        literal = self._dict_behind(node.value)
        if literal is not None and index is not None:
            for pair in pairs(literal):
                if pair.key == index:
                    return self.why(literal) or self.leads(pair.value)
        return self.leads(node.value)

    def _dict_behind(self, node: cst.BaseExpression) -> cst.Dict | None:
        if isinstance(node, cst.Dict):
            return node
        if isinstance(node, cst.Name):
            bindings = self.meaning.names.reaching(node)
            if len(bindings) == 1 and isinstance(bindings[0].value, cst.Dict):
                return bindings[0].value if bindings[0].index is None else None
        return None

    def _of_call(self, node: cst.Call) -> str | None:
        func = node.func
        if reason := self.own(node):
            return reason
        if isinstance(func, cst.Attribute) and func.attr.value in _READERS:
            first = node.args[0].value if node.args else None
            if text_of(first) == "steps":
                return self._under(node)
            if reason := self.leads(func.value):
                return reason
        if isinstance(func, cst.Name) and not self.meaning.names.reaching(func):
            if func.value in _COPYING_BUILTINS:
                return next((r for arg in node.args if (r := self.leads(arg.value))), None)
            return None
        function = definition(self.meaning, func)
        if function in self.returned:
            return self._all(self.returned[function])
        name = self.meaning.meaning(func)
        if name in _COPIERS and node.args:
            return self.leads(node.args[0].value)
        return self._elsewhere(name, "returns")

    def _elsewhere(self, name: str | None, how: str) -> str | None:
        if name is None or ":" not in name or name.endswith(":"):
            return None
        self.asked.add(name)
        if self.meaning.known.get(("python-step", name)) == how:
            verb = "returns" if how == "returns" else "is"
            return f"`{name}` {verb} a step"
        return None

    def _of_attribute(self, node: cst.Attribute) -> str | None:
        if isinstance(node.value, cst.Name):
            owner = owner_class(self.meaning, node.value)
            if owner is not None:
                return self._all(list(self_values(self.meaning, owner, node.attr.value)))
        return self._elsewhere(self.meaning.meaning(node), "is")

    def _of_name(self, node: cst.Name) -> str | None:
        reason = None
        for binding in self.meaning.names.reaching(node):
            if binding.value is not None and _is_empty(binding.value):
                continue
            reason = self._of_binding(node, binding)
            if reason is None:
                return None
        return reason

    def _of_binding(self, node: cst.Name, binding: Binding) -> str | None:
        if binding.kind == "import":
            return self._elsewhere(self.meaning.meaning(node), "is")
        if binding.kind == "parameter":
            return self._of_parameter(binding)
        if binding.kind == "for":
            return self._of_loop(binding)
        value = binding.value
        if value is None:
            return None
        if binding.index is None:
            return self.leads(value)
        if isinstance(value, (cst.Tuple, cst.List)) and binding.index < len(value.elements):
            return self.leads(value.elements[binding.index].value)
        return None

    def _of_loop(self, binding: Binding) -> str | None:
        for around in self.tree.ancestors(binding.node):
            if isinstance(around, (cst.For, cst.CompFor)):
                return None if _is_key_of(binding, around.iter) else self.leads(around.iter)
        return None

    def _of_parameter(self, binding: Binding) -> str | None:
        function, param = binding.scope.node, binding.node
        if not isinstance(function, cst.FunctionDef) or not isinstance(param, cst.Param):
            return None
        params = list(parameters(function.params))
        index = params.index(param)
        calls = self._calls_of(function)
        if calls is None:
            return None
        is_method = method_owner(self.meaning, function) is not None and not is_static(function)
        shift = 1 if is_method else 0
        values = [argument(call, index - shift, binding.name) for call in calls]
        found = [value for value in values if value is not None]
        reason = self._all(found) if found else None
        if reason:
            return f"`{binding.name}` is given a step: {reason}"
        return self._given_elsewhere(function, index, binding.name) if not found else None

    def _given_elsewhere(self, function: cst.FunctionDef, index: int, name: str) -> str | None:
        place = f"{self.meaning.names.place}{self.meaning.names.scopes[function].qualname}"
        given = self.meaning.known.get(("python-step-given", place))
        if isinstance(given, tuple) and (index in given or name in given):
            return f"`{name}` is given a step by another file"
        return None

    def _calls_of(self, function: cst.FunctionDef) -> list[cst.Call] | None:
        """Every call of `function` in this file; `None` where it is used otherwise too."""
        name = function.name.value
        calls: list[cst.Call] = []
        users: list[cst.BaseExpression]
        if method_owner(self.meaning, function) is None:
            users = [
                read
                for read in self.meaning.names.reads.get(name, ())
                if definition(self.meaning, read) is function
            ]
        else:
            users = list(self.attributes.get(name, ()))
        for user in users:
            parent = self.tree.parents[user]
            if not isinstance(parent, cst.Call) or parent.func is not user:
                return None
            calls.append(parent)
        return calls


def argument(call: cst.Call, index: int, name: str) -> cst.BaseExpression | None:
    """What `call` gives to the parameter at `index` (or called `name`)."""
    for arg in call.args:
        if arg.keyword and arg.keyword.value == name:
            return arg.value
    positional = call.args[: index + 1]
    if index < 0 or len(positional) <= index:
        return None
    if any(arg.star or arg.keyword for arg in positional):
        return None
    return positional[index].value


def _other_type(value: cst.BaseExpression) -> bool:
    if isinstance(value, cst.Name):
        return value.value in _OTHER_CLASSES
    return text_of(value) in _OTHER_TYPES


def _is_empty(node: cst.BaseExpression) -> bool:
    """`None`, or an empty display: what stands in where there is no step."""
    if isinstance(node, cst.Name):
        return node.value == "None"
    if isinstance(node, (cst.Dict, cst.List, cst.Tuple)):
        return not node.elements
    return False


def _is_key_of(binding: Binding, iterated: cst.BaseExpression) -> bool:
    """Whether the loop gives the keys of a mapping, or a counter, to the name."""
    func = iterated.func if isinstance(iterated, cst.Call) else None
    if isinstance(func, cst.Attribute) and func.attr.value == "items":
        return binding.index == 0
    if isinstance(func, cst.Name) and func.value == "enumerate":
        return binding.index == 0
    return False
