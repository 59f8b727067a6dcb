"""What may be given as a handler, and which classes are handlers."""

from __future__ import annotations

import builtins
import re
import sys
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import Binding, dotted_text

from .._names import INVOKE, PYTHON_CURRENT, PYTHON_LEGACY, in_namespace
from ._classes import (
    bases_of,
    definition,
    instance_class,
    is_callable,
    is_known_base,
    is_property,
    local_bases,
    methods_called,
    owner_class,
    returned_by,
)
from ._meaning import METHOD, Meaning, meaning_of, once

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator import Look, Source

_MAX_DEPTH = 8
# By these names go the handlers of the legacy contract, and what is called with an event itself.
_HANDLER = re.compile(r"handler", re.IGNORECASE)
_CALLBACK = re.compile(
    r"_*(?:on|handle|print|log|write|send|emit|notify|record|publish|push)(?:_\w+)?"
    r"|(?:\w+_)?(?:append|callback|callbacks|cb|func|fn|hook|listener|put|put_nowait)"
)


class Kind(Enum):
    """What an expression given as handler is."""

    OBJECT = "object"  # a class or an instance: its `handle_event` takes the event
    FUNCTION = "function"  # takes the event itself
    NEITHER = "neither"  # nothing a handler can be, or now this and now that


@dataclass(frozen=True)
class Given:
    """The kind of an expression, and whether it is certain."""

    kind: Kind
    sure: bool = True


_OBJECT = Given(Kind.OBJECT)
_FUNCTION = Given(Kind.FUNCTION)
_LIKELY_OBJECT = Given(Kind.OBJECT, sure=False)
_NEITHER = Given(Kind.NEITHER)


def given(meaning: Meaning, node: cst.BaseExpression, depth: int = 0) -> Given:
    """What `node` is when it is given as handler.

    By the legacy contract a variable of which nothing else is known holds an object with
    `handle_event`.
    """
    key = (node, depth)
    if key not in meaning.given:
        meaning.given[key] = _given(meaning, node, depth)
    return meaning.given[key]


def _given(meaning: Meaning, node: cst.BaseExpression, depth: int) -> Given:
    if depth > _MAX_DEPTH:
        return _LIKELY_OBJECT
    if isinstance(node, cst.Lambda):
        return _FUNCTION
    if isinstance(node, cst.Name):
        return _of_name(meaning, node, depth)
    if isinstance(node, cst.Attribute):
        return _of_attribute(meaning, node, depth)
    if isinstance(node, cst.Call):
        return _of_call(meaning, node, depth)
    if isinstance(node, cst.IfExp):
        return _both(given(meaning, arm, depth + 1) for arm in (node.body, node.orelse))
    if isinstance(node, cst.BooleanOperation):
        return _both(given(meaning, arm, depth + 1) for arm in (node.left, node.right))
    if isinstance(node, cst.NamedExpr):
        return given(meaning, node.value, depth + 1)
    if isinstance(node, cst.Subscript):
        return _of_subscript(meaning, node, depth)
    return _OBJECT if isinstance(node, cst.Await) else _NEITHER


def _both(kinds: Iterable[Given]) -> Given:
    found = list(kinds)
    if len({one.kind for one in found}) != 1:
        return _NEITHER
    return Given(found[0].kind, all(one.sure for one in found))


def _of_name(meaning: Meaning, node: cst.Name, depth: int) -> Given:
    if node.value in ("None", "True", "False"):
        return _NEITHER
    bindings = meaning.names.reaching(node)
    if not bindings:
        named = _named(meaning, node)
        if named is None and isinstance(getattr(builtins, node.value, None), type(print)):
            return _FUNCTION
        return named or _LIKELY_OBJECT
    # A name that is `None` where an import failed is not called there.
    real = [one for one in bindings if one.kind != "assign" or meaning.names.meaning(one)]
    return _both(_of_binding(meaning, node, binding, depth) for binding in real or bindings)


def _of_binding(meaning: Meaning, node: cst.Name, binding: Binding, depth: int) -> Given:
    if binding.kind == "function":
        return _FUNCTION
    if binding.kind == "class":
        return _OBJECT
    if binding.kind == "import":
        return _named(meaning, node) or _LIKELY_OBJECT
    if binding.kind == "parameter" and isinstance(binding.node, cst.Param):
        return _of_parameter(meaning, binding.node, depth)
    if binding.value is not None and binding.index is None:
        return given(meaning, binding.value, depth + 1)
    if binding.kind == "for":
        return _of_items(meaning, binding, depth)
    return _OBJECT


def _of_parameter(meaning: Meaning, param: cst.Param, depth: int) -> Given:
    if param.annotation:
        annotation = param.annotation.annotation
        while isinstance(annotation, cst.Subscript):
            annotation = annotation.value
        if dotted_text(annotation).rpartition(".")[2] == "Callable":
            return _FUNCTION
    default = param.default
    if default is None or (isinstance(default, cst.Name) and default.value == "None"):
        return _OBJECT
    kind = given(meaning, default, depth + 1)
    return _OBJECT if kind is _NEITHER else kind


def _of_items(meaning: Meaning, binding: Binding, depth: int) -> Given:
    parent = meaning.tree.parents[binding.node]
    iterated = parent.iter if isinstance(parent, (cst.For, cst.CompFor)) else None
    if isinstance(iterated, (cst.Tuple, cst.List, cst.Set)) and iterated.elements:
        return _both(given(meaning, item.value, depth + 1) for item in iterated.elements)
    return _OBJECT


def _named(meaning: Meaning, node: cst.CSTNode) -> Given | None:
    """By what is known of the name: a legacy class, a definition in another file."""
    name = meaning.meaning(node)
    if name is None:
        return None
    defined = meaning.known.get(("python-def", name))
    if defined is not None:
        return _FUNCTION if defined == "function" else _OBJECT
    if in_namespace(name, PYTHON_LEGACY) or in_namespace(name, PYTHON_CURRENT):
        leaf = name.rpartition(".")[2]
        return Given(Kind.OBJECT, sure=leaf[:1].isupper()) if name != INVOKE else _NEITHER
    return None


def _of_attribute(meaning: Meaning, node: cst.Attribute, depth: int) -> Given:
    name = node.attr.value
    if name == METHOD:
        return _FUNCTION
    owner = instance_class(meaning, node.value)
    if owner is not None:
        return _of_member(meaning, owner, name, depth)
    named = _named(meaning, node)
    if named is not None:
        return named
    place = class_elsewhere(meaning, node.value)
    if ("python-class", place) in meaning.known and place is not None:
        return _FUNCTION if name in inherited_methods(meaning, place) else _OBJECT
    if _is_builtin(meaning, node.value, depth):
        return _FUNCTION
    return _by_name(name)


def _by_name(name: str) -> Given:
    """What an attribute, or what a call gives, is to judge by its name: not certain mostly."""
    if _HANDLER.search(name):
        return _OBJECT
    return Given(Kind.FUNCTION if _CALLBACK.fullmatch(name) else Kind.OBJECT, sure=False)


def _is_builtin(meaning: Meaning, node: cst.BaseExpression, depth: int) -> bool:
    """Whether `node` belongs to Python itself: a list, a queue, `sys.stdout`."""
    key = (node, depth)
    if key not in meaning.builtin:
        meaning.builtin[key] = _is_of_python(meaning, node, depth)
    return meaning.builtin[key]


def _is_of_python(meaning: Meaning, node: cst.BaseExpression, depth: int) -> bool:
    if depth > _MAX_DEPTH:
        return False
    if isinstance(node, (cst.List, cst.Dict, cst.Set, cst.BaseString, cst.ListComp)):
        return True
    root = node.func if isinstance(node, cst.Call) else node
    name = meaning.meaning(root) if isinstance(root, (cst.Name, cst.Attribute)) else None
    if name is not None:
        return name.partition(".")[0] in sys.stdlib_module_names
    values: list[cst.BaseExpression | None] = []
    if isinstance(root, cst.Attribute) and root is node:
        owner = owner_class(meaning, root.value)
        for base in local_bases(meaning, owner) if owner is not None else ():
            values += self_values(meaning, base, root.attr.value)
    elif isinstance(root, cst.Name):
        bindings = meaning.names.reaching(root)
        if root is not node:
            return not bindings and hasattr(builtins, root.value)
        values = [one.value if one.index is None else None for one in bindings]
    return bool(values) and all(
        value is not None and _is_builtin(meaning, value, depth + 1) for value in values
    )


def class_elsewhere(meaning: Meaning, node: cst.BaseExpression) -> str | None:
    """The place of the class in another file that `node` is, or is an instance of, if known."""
    name = meaning.meaning(node.func if isinstance(node, cst.Call) else node)
    if name is None and isinstance(node, cst.Name):
        bindings = meaning.names.reaching(node)
        value = bindings[0].value if len(bindings) == 1 and bindings[0].index is None else None
        name = meaning.meaning(value.func) if isinstance(value, cst.Call) else None
    made = meaning.known.get(("python-made", name or ""))
    return made if isinstance(made, str) else name


def _of_member(meaning: Meaning, owner: cst.ClassDef, name: str, depth: int) -> Given:
    found: list[Given] = []
    known = True
    for defined in local_bases(meaning, owner):
        members = list(_members(meaning, defined, name, depth))
        if members:
            found = members
            break
        known = known and all(is_known_base(meaning, base) for base in bases_of(defined))
    if found:
        return _both(found)
    for base in bases_of(owner):
        place = meaning.meaning(base)
        methods = inherited_methods(meaning, place) if place else frozenset()
        if name in methods:
            return _FUNCTION
    return _OBJECT if known else _LIKELY_OBJECT


def inherited_methods(meaning: Meaning, place: str, depth: int = 0) -> frozenset[str]:
    """The methods that the class at `place`, in another file, is known to have."""
    value = meaning.known.get(("python-class", place))
    if not isinstance(value, tuple) or depth > _MAX_DEPTH:
        return frozenset()
    bases, methods = value
    return frozenset(methods).union(
        *(inherited_methods(meaning, base, depth + 1) for base in bases)
    )


def _members(meaning: Meaning, owner: cst.ClassDef, name: str, depth: int) -> Iterator[Given]:
    scope = meaning.names.scopes[owner]
    for binding in scope.bindings.get(name, ()):
        if isinstance(binding.node, cst.FunctionDef):
            yield _OBJECT if is_property(binding.node) else _FUNCTION
        elif binding.value is not None and binding.index is None:
            yield given(meaning, binding.value, depth + 1)
    for value in self_values(meaning, owner, name):
        yield given(meaning, value, depth + 1)


def self_values(meaning: Meaning, owner: cst.ClassDef, name: str) -> Iterator[cst.BaseExpression]:
    """What the methods of `owner` assign to `self.<name>`."""
    assigned = once(_assigned, meaning.source, meaning.look)
    for target, value in assigned.get(name, ()):
        if owner_class(meaning, target.value) is owner:
            yield value


def _assigned(
    source: Source, look: Look
) -> dict[str, list[tuple[cst.Attribute, cst.BaseExpression]]]:
    """Every attribute of the file that is assigned to, with its value, by the attribute's name."""
    tree = meaning_of(source, look).tree
    found: dict[str, list[tuple[cst.Attribute, cst.BaseExpression]]] = {}
    for node in tree.of(cst.AssignTarget, cst.AnnAssign):
        target = node.target
        holder = tree.parents[node] if isinstance(node, cst.AssignTarget) else node
        if (
            isinstance(target, cst.Attribute)
            and isinstance(holder, (cst.Assign, cst.AnnAssign))
            and holder.value is not None
        ):
            found.setdefault(target.attr.value, []).append((target, holder.value))
    return found


def _of_call(meaning: Meaning, node: cst.Call, depth: int) -> Given:
    called = meaning.meaning(node.func)
    if called == "functools.partial":
        return _FUNCTION
    function = definition(meaning, node.func)
    if isinstance(function, cst.FunctionDef):
        return _of_returns(meaning, function, depth)
    if isinstance(function, cst.ClassDef):
        return _FUNCTION if is_callable(meaning, function) else _OBJECT
    method = next(methods_called(meaning, node.func), None)
    if method is not None:
        return _of_returns(meaning, method, depth)
    if isinstance(node.func, cst.Name) and node.func.value == "getattr":
        return _LIKELY_OBJECT
    if called is not None and ("python-class", called) in meaning.known:
        methods = inherited_methods(meaning, called)
        return _FUNCTION if "__call__" in methods and METHOD not in methods else _OBJECT
    returned = meaning.known.get(("python-returns", called or ""))
    if isinstance(returned, tuple):
        return Given(Kind(returned[0]), bool(returned[1]))
    leaf = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
    if isinstance(leaf, cst.Name) and not leaf.value[:1].isupper():
        # What a variable makes is an instance, by the contract; a function may give anything.
        return _by_name(leaf.value) if called or _CALLBACK.fullmatch(leaf.value) else _OBJECT
    return _OBJECT


def returns(meaning: Meaning, function: cst.FunctionDef) -> Given:
    """What `function` returns, to be given as handler."""
    return _of_returns(meaning, function, 0)


def _of_returns(meaning: Meaning, function: cst.FunctionDef, depth: int) -> Given:
    returned = [given(meaning, value, depth + 1) for value in returned_by(meaning, function)]
    return _both(returned) if returned else _OBJECT


def _of_subscript(meaning: Meaning, node: cst.Subscript, depth: int) -> Given:
    if isinstance(node.value, cst.Name):
        bindings = meaning.names.reaching(node.value)
        value = bindings[0].value if len(bindings) == 1 else None
        if isinstance(value, cst.Dict) and value.elements:
            return _both(given(meaning, item.value, depth + 1) for item in value.elements)
    return _OBJECT
