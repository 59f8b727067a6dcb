"""What outlives a run: classes, modules, and what there is only one of."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import dotted_text

from .classes import class_of, definition, enclosing_function, owner_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .meaning import Meaning

_OF_CLASS = frozenset({"__class_getitem__", "__init_subclass__", "__new__"})
_ACCESSORS = frozenset(
    {"current", "default", "get_default", "get_instance", "getInstance", "instance", "shared"}
)
_CACHES = frozenset({"cache", "lru_cache"})


def only_one(meaning: Meaning, node: cst.Call) -> Iterator[str]:
    """What `node` gives that there is only one of, as a name for each reason to think so.

    `Store.instance()`, `Store()` of a singleton, `store()` behind a cache.
    """
    func = node.func
    if isinstance(func, cst.Attribute) and func.attr.value in _ACCESSORS:
        if is_type(meaning, func.value):
            yield f"{dotted_text(func)}()"
    called = definition(meaning, func)
    if isinstance(called, cst.FunctionDef):
        for decorator in called.decorators:
            cache = decorator.decorator
            name = dotted_text(cache.func if isinstance(cache, cst.Call) else cache)
            if name.rpartition(".")[2] in _CACHES:
                yield f"{called.name.value}()"
    elif isinstance(called, cst.ClassDef):
        members = meaning.names.scopes[called].bindings
        if "__new__" in members and any("instance" in name.lower() for name in members):
            yield f"{called.name.value}()"


def module_of(meaning: Meaning, node: cst.BaseExpression) -> str | None:
    """The module that `node` stands for, if it is none of the standard library."""
    if not isinstance(node, (cst.Name, cst.Attribute)):
        return None
    name = meaning.meaning(node)
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
        binding.kind == "import" and isinstance(meaning.tree.parents[binding.node], cst.Import)
        for binding in meaning.names.reaching(root)
    )
    return name if modules else None


def function_itself(meaning: Meaning, node: cst.BaseExpression) -> str | None:
    """The name of the function of the module that `node` is, whose attributes are the module's."""
    found = definition(meaning, node)
    if not isinstance(found, cst.FunctionDef) or enclosing_function(meaning, found) is not None:
        return None
    return found.name.value


def class_itself(meaning: Meaning, node: cst.BaseExpression) -> str | None:
    """The name of the class that `node` is itself: `cls`, `type(self)`, `Console`."""
    if isinstance(node, cst.Name):
        owner = owner_class(meaning, node)
        if owner is not None:
            function = meaning.names.reaching(node)[0].scope.node
            return owner.name.value if _of_class(function) else None
        bindings = meaning.names.reaching(node)
        value = bindings[0].value if len(bindings) == 1 and bindings[0].index is None else None
        is_class = isinstance(value, (cst.Attribute, cst.Call)) and class_itself(meaning, value)
        return is_class or _class_name(meaning, node)
    if isinstance(node, cst.Call) and dotted_text(node.func) == "type" and len(node.args) == 1:
        return _owner_name(meaning, node.args[0].value)
    if isinstance(node, cst.Attribute) and node.attr.value == "__class__":
        return _owner_name(meaning, node.value)
    return _class_name(meaning, node)


def _class_name(meaning: Meaning, node: cst.BaseExpression) -> str | None:
    owner = class_of(meaning, node)
    if owner is not None:
        return owner.name.value if _outlives(meaning, owner) else None
    name = meaning.meaning(node) if isinstance(node, (cst.Name, cst.Attribute)) else None
    if name is not None and ":" in name and not name.startswith(meaning.names.place):
        leaf = name.rpartition(":")[2]
        return leaf if _is_type_name(leaf.rpartition(".")[2]) else None
    return None


def _owner_name(meaning: Meaning, node: cst.BaseExpression) -> str | None:
    owner = owner_class(meaning, node)
    return owner.name.value if owner is not None else None


def _outlives(meaning: Meaning, owner: cst.ClassDef) -> bool:
    """Whether the class is made once; one made in a function is made for each call."""
    return enclosing_function(meaning, owner) is None


def is_type(meaning: Meaning, node: cst.BaseExpression) -> bool:
    """Whether `node` is a class, whose methods say themselves what they change."""
    if isinstance(node, cst.Name) and owner_class(meaning, node):
        return False
    if class_of(meaning, node) is not None:
        return True
    name = meaning.meaning(node) if isinstance(node, (cst.Name, cst.Attribute)) else None
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
