"""Functions and classes of a Python file: where they are defined, and what calls hand to them."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, TypeVar

import libcst as cst

from migrator.helpers.python.scopes import dotted_text, parameters

from .meaning import METHOD, Meaning, meaning_of, remembered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Look, Source
    from migrator.helpers.python.scopes import Binding

Function = cst.FunctionDef | cst.Lambda
F = TypeVar("F", cst.FunctionDef, cst.Lambda)

# Metaclasses whose classes make instances as any class does.
_PLAIN_METACLASSES = frozenset({"abc.ABCMeta", "enum.EnumMeta", "enum.EnumType"})
_ENTERS = ("__enter__", "__aenter__")
# Bases that bring no method of their own.
BARE_BASES = frozenset(
    {"abc.ABC", "typing.Generic", "typing.Protocol", "typing_extensions.Protocol"}
)


def definition(meaning: Meaning, node: cst.CSTNode) -> cst.CSTNode | None:
    """The one function or class of this file that the name `node` stands for."""
    if isinstance(node, cst.Name):
        bindings = meaning.names.reaching(node)
        if len(bindings) == 1 and isinstance(bindings[0].node, (cst.FunctionDef, cst.ClassDef)):
            return bindings[0].node
    return None


def class_of(meaning: Meaning, node: cst.CSTNode) -> cst.ClassDef | None:
    """The one class of this file that `node` stands for: a name, or a generic one's `Name[int]`."""
    is_made_for = isinstance(node, cst.Subscript)
    found = definition(meaning, node.value if isinstance(node, cst.Subscript) else node)
    if not isinstance(found, cst.ClassDef) or (is_made_for and not _is_generic(found)):
        return None
    return found


def _is_generic(owner: cst.ClassDef) -> bool:
    """Whether `owner` is made for types; of others a subscript may give anything."""
    by_bases = any(isinstance(base.value, cst.Subscript) for base in owner.bases)
    return by_bases or owner.type_parameters is not None


def local_bases(meaning: Meaning, owner: cst.ClassDef) -> tuple[cst.ClassDef, ...]:
    """`owner` and the classes of this file it derives from, nearest first."""
    if owner not in meaning.local_bases:
        seen: dict[cst.ClassDef, None] = {}
        waiting = [owner]
        while waiting:
            current = waiting.pop(0)
            if current not in seen:
                seen[current] = None
                bases = (class_of(meaning, base) for base in bases_of(current))
                waiting += [base for base in bases if base is not None]
        meaning.local_bases[owner] = tuple(seen)
    return meaning.local_bases[owner]


def derived(meaning: Meaning, owner: cst.ClassDef) -> tuple[cst.ClassDef, ...]:
    """The classes of this file that derive from `owner`."""
    return tuple(meaning.once(_derived).get(owner, ()))


def _derived(source: Source, look: Look) -> dict[cst.ClassDef, list[cst.ClassDef]]:
    """Each class of the file with those that derive from it."""
    meaning = meaning_of(source, look)
    found: dict[cst.ClassDef, list[cst.ClassDef]] = {}
    for node in meaning.names.scopes:
        if isinstance(node, cst.ClassDef):
            for base in local_bases(meaning, node)[1:]:
                found.setdefault(base, []).append(node)
    return found


def bases_of(owner: cst.ClassDef) -> list[cst.BaseExpression]:
    """The bases of `owner`, without what a generic one is made for."""
    bases = [base.value for base in owner.bases if not base.star]
    return [base.value if isinstance(base, cst.Subscript) else base for base in bases]


def enclosing_function(meaning: Meaning, node: cst.CSTNode) -> cst.FunctionDef | cst.Lambda | None:
    """The innermost function or lambda whose body `node` stands in."""
    inside = node
    for around in meaning.tree.ancestors(node):
        if isinstance(around, (cst.FunctionDef, cst.Lambda)) and inside is around.body:
            return around
        inside = around
    return None


def method_owner(meaning: Meaning, function: cst.CSTNode) -> cst.ClassDef | None:
    """The class that `function` is a method of."""
    scope = meaning.names.scopes[function].around if function in meaning.names.scopes else None
    return scope.node if scope is not None and isinstance(scope.node, cst.ClassDef) else None


def owner_class(meaning: Meaning, node: cst.CSTNode) -> cst.ClassDef | None:
    """The class whose instance (or which itself) `node` is, where it is `self` or `cls`."""
    if not isinstance(node, cst.Name):
        return None
    bindings = meaning.names.reaching(node)
    if len(bindings) != 1 or bindings[0].kind != "parameter":
        return None
    function = bindings[0].scope.node
    if not isinstance(function, cst.FunctionDef):
        return None
    first = next(parameters(function.params), None)
    if first is not bindings[0].node or is_static(function):
        return None
    return method_owner(meaning, function)


def is_static(function: cst.FunctionDef) -> bool:
    """Whether `function` is decorated as a static method."""
    return any(
        isinstance(decorator.decorator, cst.Name) and decorator.decorator.value == "staticmethod"
        for decorator in function.decorators
    )


def is_builtin(meaning: Meaning, node: cst.CSTNode) -> bool:
    """Whether `node` is the name of something that Python itself has everywhere."""
    is_name = isinstance(node, cst.Name) and not meaning.names.reaching(node)
    return is_name and hasattr(builtins, dotted_text(node))


def is_known_base(meaning: Meaning, node: cst.CSTNode) -> bool:
    """Whether all that the base class `node` has is known from this file."""
    if class_of(meaning, node) is not None or meaning.meaning(node) in BARE_BASES:
        return True
    return not meaning.names.reaching(node) if isinstance(node, cst.Name) else False


def is_callable(meaning: Meaning, owner: cst.ClassDef) -> bool:
    """Whether instances of `owner` can be called, and provably are no handlers."""
    bases = list(local_bases(meaning, owner))
    known = all(is_known_base(meaning, base) for one in bases for base in bases_of(one))
    return known and defines(meaning, owner, "__call__") and not defines(meaning, owner, METHOD)


def defines(meaning: Meaning, owner: cst.ClassDef, name: str) -> bool:
    """Whether `owner`, or a class of this file that it derives from, has `name` in its body."""
    return any(name in meaning.names.scopes[base].bindings for base in local_bases(meaning, owner))


def is_made_otherwise(meaning: Meaning, owner: cst.ClassDef) -> bool:
    """Whether a metaclass decides what a call of `owner` gives, which is not followed."""
    return any(
        keyword.keyword is not None
        and keyword.keyword.value == "metaclass"
        and dotted_text(keyword.value) != "type"
        and meaning.meaning(keyword.value) not in _PLAIN_METACLASSES
        for base in local_bases(meaning, owner)
        for keyword in base.keywords
    )


def is_property(function: cst.FunctionDef) -> bool:
    """Whether `function` is read like an attribute."""
    return any(
        dotted_text(decorator.decorator).endswith("property") for decorator in function.decorators
    )


def received(
    meaning: Meaning, call: cst.Call, arg: cst.Arg
) -> Iterator[tuple[cst.FunctionDef, cst.Param]]:
    """The parameters that `arg` of `call` reaches first, in functions and methods of this file."""
    for function, bound in _called(meaning, call.func):
        yield from takes(function, bound, call, arg)


def takes(function: F, bound: int, call: cst.Call, arg: cst.Arg) -> Iterator[tuple[F, cst.Param]]:
    """The parameter of `function`, of which `bound` are there already, that `arg` of `call` is."""
    params = list(parameters(function.params))
    if arg.keyword:
        found = [param for param in params if param.name.value == arg.keyword.value]
    else:
        at = list(call.args).index(arg) + bound
        found = params[at : at + 1]
    for param in found:
        if param.star in (None, ""):
            yield function, param


def _called(meaning: Meaning, func: cst.BaseExpression) -> Iterator[tuple[cst.FunctionDef, int]]:
    """The functions of this file that `func` may be, and how many parameters are bound in it."""
    function = definition(meaning, func)
    owner = class_of(meaning, func)
    if isinstance(function, cst.FunctionDef):
        yield function, 0
    elif owner is not None:
        made = (_own_method(meaning, base, "__init__") for base in local_bases(meaning, owner))
        for method in [one for one in made if one is not None][:1]:
            yield method, 1
    else:
        for method in methods_called(meaning, func):
            yield method, _bound_in(meaning, func, method)


def _own_method(meaning: Meaning, owner: cst.ClassDef, name: str) -> cst.FunctionDef | None:
    bindings = meaning.names.scopes[owner].bindings.get(name, ())
    found = [one.node for one in bindings if isinstance(one.node, cst.FunctionDef)]
    return found[-1] if found else None


def _bound_in(meaning: Meaning, func: cst.BaseExpression, method: cst.FunctionDef) -> int:
    """How many arguments `method` has already where `func` names it: `self`, or `cls`."""
    of_class = isinstance(func, cst.Attribute) and class_of(meaning, func.value) is not None
    if is_static(method) or (of_class and not is_of_class(method)):
        return 0
    return 1


def is_of_class(function: cst.FunctionDef) -> bool:
    """Whether `function` is decorated as a method of the class itself."""
    return any(
        dotted_text(decorator.decorator) == "classmethod" for decorator in function.decorators
    )


@remembered
def methods_called(meaning: Meaning, func: cst.BaseExpression) -> Iterator[cst.FunctionDef]:
    """The methods that `func`, as in `self.on_event`, may be, the nearest class's first.

    Where it is `self`, those of the classes of this file that derive from its own may be meant.
    """
    if not isinstance(func, cst.Attribute):
        return
    owner = instance_class(meaning, func.value)
    around = owner_above(meaning, func.value)
    classes = local_bases(meaning, owner) if owner is not None else ()
    if around is not None:
        classes = local_bases(meaning, around)[1:]
    if owner is not None and owner_class(meaning, func.value) is owner:
        classes += derived(meaning, owner)
    for base in classes:
        for binding in meaning.names.scopes[base].bindings.get(func.attr.value, ()):
            if isinstance(binding.node, cst.FunctionDef):
                yield binding.node


def owner_above(meaning: Meaning, node: cst.BaseExpression) -> cst.ClassDef | None:
    """The class whose bases `node` means, where it is `super()`."""
    if not isinstance(node, cst.Call) or dotted_text(node.func) != "super":
        return None
    classes = (one for one in meaning.tree.ancestors(node) if isinstance(one, cst.ClassDef))
    return next(classes, None)


def returned_by(meaning: Meaning, function: cst.FunctionDef) -> list[cst.BaseExpression]:
    """All that `function` returns."""
    return meaning.once(_returned).get(function, [])


def _returned(source: Source, look: Look) -> dict[cst.CSTNode, list[cst.BaseExpression]]:
    """What each function of the file returns."""
    meaning = meaning_of(source, look)
    found: dict[cst.CSTNode, list[cst.BaseExpression]] = {}
    for node in meaning.tree.of(cst.Return):
        function = enclosing_function(meaning, node)
        if function is not None and node.value is not None:
            found.setdefault(function, []).append(node.value)
    return found


def yielded_by(meaning: Meaning, function: cst.FunctionDef) -> list[cst.BaseExpression]:
    """All that the generator `function` yields, one by one."""
    return meaning.once(_yielded).get(function, [])


def _yielded(source: Source, look: Look) -> dict[cst.CSTNode, list[cst.BaseExpression]]:
    """What each generator of the file yields."""
    meaning = meaning_of(source, look)
    found: dict[cst.CSTNode, list[cst.BaseExpression]] = {}
    for node in meaning.tree.of(cst.Yield):
        function = enclosing_function(meaning, node)
        if function is not None and isinstance(node.value, cst.BaseExpression):
            found.setdefault(function, []).append(node.value)
    return found


def made_class(meaning: Meaning, node: cst.Name) -> cst.ClassDef | None:
    """The class of this file whose instance the variable `node` was made as."""
    bindings = meaning.names.reaching(node)
    value = bindings[0].value or entered(meaning, bindings[0]) if len(bindings) == 1 else None
    return class_of(meaning, value.func if isinstance(value, cst.Call) else node)


def entered(meaning: Meaning, binding: Binding) -> cst.BaseExpression | None:
    """What `with made() as name` makes, where the name stands for that itself."""
    call = entered_call(meaning, binding)
    owner = class_of(meaning, call.func) if call is not None else None
    for base in local_bases(meaning, owner) if owner is not None else ():
        for name in _ENTERS:
            method = _own_method(meaning, base, name)
            if method is not None:
                returned = returned_by(meaning, method)
                is_itself = all(owner_class(meaning, one) is base for one in returned)
                return call if returned and is_itself else None
    return None


def entered_call(meaning: Meaning, binding: Binding) -> cst.Call | None:
    """The call whose result a `with` enters to give `binding` its name."""
    if binding.kind != "with":
        return None
    item = meaning.tree.parents[meaning.tree.parents[binding.node]]
    return item.item if isinstance(item, cst.WithItem) and isinstance(item.item, cst.Call) else None


def instance_class(meaning: Meaning, node: cst.CSTNode) -> cst.ClassDef | None:
    """The class of this file that `node` is, or is an instance of."""
    owner = owner_class(meaning, node)
    if owner is None and isinstance(node, cst.Name):
        owner = made_class(meaning, node)
    if owner is None and isinstance(node, cst.Call):
        owner = class_of(meaning, node.func)
    return owner
