"""What the collections of a file hold, as far as it is written out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeGuard

import libcst as cst

from migrator.helpers.python.scopes import dotted_text
from migrator.helpers.worklist import Worklist

from .attributes import self_values
from .classes import (
    definition,
    entered_call,
    instance_class,
    is_builtin,
    local_bases,
    methods_called,
    yielded_by,
)
from .handed import handed_to
from .held import value_of
from .meaning import Meaning, meaning_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from migrator import Look, Source
    from migrator.helpers.python.scopes import Binding

    #: What a collection holds; `None` for what is not known.
    Items = list[cst.BaseExpression | None]

_DISPLAYS = (cst.List, cst.Set, cst.Tuple)
_COLLECTIONS = (*_DISPLAYS, cst.Dict)
_GIVE_AGAIN = frozenset(
    {"deque", "frozenset", "iter", "list", "reversed", "set", "sorted", "tuple"}
)
_OF_DICT = frozenset({"copy", "keys", "values"})
_MAKE_DICT = frozenset({"OrderedDict", "dict"})
_PUT_ONE = frozenset({"add", "append", "appendleft", "insert", "setdefault"})
_PUT_ALL = frozenset({"extend", "extendleft", "update"})
CASTS = frozenset({"typing.cast", "typing_extensions.cast"})
_LOOKUPS = frozenset({"get", "pop", "setdefault"})
_ENTER_AS_GIVEN = frozenset({"contextlib.aclosing", "contextlib.closing", "contextlib.nullcontext"})
_MAKE_CONTEXTS = frozenset({"contextlib.asynccontextmanager", "contextlib.contextmanager"})
_TAKE_ONE = frozenset({"max", "min", "next"})


class Inner(NamedTuple):
    """A collection whose contents are in another one too: those of a dict, or only its keys."""

    node: cst.BaseExpression
    keys: bool


class _Put(NamedTuple):
    """What is put into a collection later: one thing, at a key of a dict, or all of another."""

    value: cst.BaseExpression
    key: cst.BaseExpression | None = None
    is_all: bool = False


def values_of(meaning: Meaning, binding: Binding) -> list[cst.BaseExpression]:
    """All that `binding` may give its name, as far as it is written out, in a loop as well."""
    value = value_of(meaning, binding)
    if value is not None:
        return [value]
    if binding.kind == "with":
        return given_to_with(meaning, binding)
    looped = looped_over(meaning, binding.node) if binding.kind == "for" else None
    return contents(meaning, *looped) if looped is not None else []


def given_to_with(meaning: Meaning, binding: Binding) -> list[cst.BaseExpression]:
    """What a context of `contextlib` gives to the name behind `as`."""
    call = entered_call(meaning, binding)
    if call is None:
        return []
    if meaning.meaning(call.func) in _ENTER_AS_GIVEN:
        return [arg.value for arg in call.args[:1]]
    function = definition(meaning, call.func)
    if not isinstance(function, cst.FunctionDef) or len(function.decorators) != 1:
        return []
    is_context = meaning.meaning(function.decorators[0].decorator) in _MAKE_CONTEXTS
    return yielded_by(meaning, function) if is_context else []


def contents(
    meaning: Meaning, node: cst.BaseExpression, keys: bool = False
) -> list[cst.BaseExpression]:
    """What the collection `node` is known to hold; of a dict the values, or the `keys`."""
    return [item for item in items(meaning, node, keys) if item is not None]


def items(meaning: Meaning, node: cst.BaseExpression, keys: bool = False) -> Items:
    """The same, with `None` for what the collection holds beside that."""
    found: Items = []
    left = Worklist(Inner(node, keys))
    for one in left:
        own, inner = parts(meaning, *one)
        found += own
        left.add(inner)
    return found


def parts(meaning: Meaning, node: cst.BaseExpression, keys: bool) -> tuple[Items, list[Inner]]:
    """What stands in `node` itself, and the collections whose contents it has as well."""
    inner: list[Inner] = []
    if isinstance(node, _COLLECTIONS):
        return _written(node, keys)
    if isinstance(node, cst.DictComp):
        return [node.key if keys else node.value], inner
    if isinstance(node, cst.BaseSimpleComp):
        return [node.elt], inner
    if isinstance(node, cst.IfExp):
        inner = [Inner(node.body, keys), Inner(node.orelse, keys)]
    elif isinstance(node, (cst.BinaryOperation, cst.BooleanOperation)):
        inner = [Inner(node.left, keys), Inner(node.right, keys)]
    elif isinstance(node, cst.NamedExpr) or _is_slice(node):
        inner = [Inner(node.value, keys)]
    elif isinstance(node, cst.Call):
        return _of_call(node, keys)
    elif isinstance(node, (cst.Attribute, cst.Name)):
        return _of_variable(meaning, node, keys)
    return ([] if inner else [None]), inner


def _is_slice(node: cst.BaseExpression) -> TypeGuard[cst.Subscript]:
    return isinstance(node, cst.Subscript) and isinstance(node.slice[0].slice, cst.Slice)


def _written(node: cst.BaseExpression, keys: bool) -> tuple[Items, list[Inner]]:
    found: Items = []
    inner: list[Inner] = []
    for element in node.elements if isinstance(node, _COLLECTIONS) else ():
        if isinstance(element, cst.DictElement):
            found.append(element.key if keys else element.value)
        elif isinstance(element, (cst.StarredDictElement, cst.StarredElement)):
            inner.append(Inner(element.value, keys or isinstance(element, cst.StarredElement)))
        else:
            found.append(element.value)
    return found, inner


def _of_call(node: cst.Call, keys: bool) -> tuple[Items, list[Inner]]:
    if (again := given_again(node, keys)) is not None:
        return [], [again]
    name = dotted_text(node.func).rpartition(".")[2]
    if name in _GIVE_AGAIN | _MAKE_DICT and not node.args:
        return [], []
    if name in _MAKE_DICT and all(arg.keyword for arg in node.args):
        return [arg.keyword if keys else arg.value for arg in node.args], []
    if name == "filter" and len(node.args) == 2:
        return [], [Inner(node.args[1].value, keys=True)]
    if name == "chain" and not any(arg.star for arg in node.args):
        return [], [Inner(arg.value, keys=True) for arg in node.args]
    return [None], []


def _of_variable(
    meaning: Meaning, node: cst.Attribute | cst.Name, keys: bool
) -> tuple[Items, list[Inner]]:
    """What the values of a variable or attribute hold, and what is put into them later."""
    found: Items = []
    inner: list[Inner] = []
    put = meaning.once(_put)
    for place in _places(meaning, node):
        for one in put.get(place, ()):
            if one.is_all:
                inner.append(Inner(one.value, keys))
            else:
                found.append(one.key if keys and one.key is not None else one.value)
    values = list(_values(meaning, node))
    found += [None for value in values if value is None]
    inner += [Inner(value, keys) for value in values if value is not None]
    return found or ([] if inner else [None]), inner


def _values(
    meaning: Meaning, node: cst.Attribute | cst.Name
) -> Iterator[cst.BaseExpression | None]:
    """What the variable or attribute `node` is set to; `None` for what is not known."""
    if isinstance(node, cst.Attribute):
        owner = instance_class(meaning, node.value)
        for base in local_bases(meaning, owner) if owner is not None else ():
            for binding in meaning.names.scopes[base].bindings.get(node.attr.value, ()):
                yield value_of(meaning, binding)
            yield from self_values(meaning, base, node.attr.value)
        return
    for binding in meaning.names.reaching(node):
        around = meaning.tree.parents.get(binding.node)
        if binding.kind == "augmented" and isinstance(around, cst.AugAssign):
            yield around.target
            yield around.value
        elif isinstance(binding.node, cst.Param):
            yield from handed_to(meaning, binding.node)
            yield None
        else:
            yield value_of(meaning, binding)


def _places(meaning: Meaning, node: cst.BaseExpression) -> Iterator[Hashable]:
    """Tell the variables, or the attribute of the instances of classes, that `node` may name."""
    if isinstance(node, cst.Name):
        yield from meaning.names.reaching(node)
    elif isinstance(node, cst.Attribute):
        owner = instance_class(meaning, node.value)
        for base in local_bases(meaning, owner) if owner is not None else ():
            yield base, node.attr.value


def _put(source: Source, look: Look) -> dict[Hashable, list[_Put]]:
    """What is put into each collection of the file after it is made."""
    meaning = meaning_of(source, look)
    found: dict[Hashable, list[_Put]] = {}
    for node in meaning.tree.of(cst.Assign, cst.AugAssign, cst.Call):
        for collection, put in _puts(node):
            for place in _places(meaning, collection):
                found.setdefault(place, []).append(put)
    return found


def _puts(node: cst.CSTNode) -> Iterator[tuple[cst.BaseExpression, _Put]]:
    """The collections that `node` puts something into, with what that is."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.args:
        collection, name = node.func.value, node.func.attr.value
        if name in _PUT_ONE:
            key = node.args[0].value if name == "setdefault" else None
            yield collection, _Put(node.args[-1].value, key)
        for arg in node.args if name in _PUT_ALL else ():
            yield collection, _Put(arg.value, arg.keyword, is_all=arg.keyword is None)
    elif isinstance(node, cst.AugAssign) and isinstance(node.target, cst.Attribute):
        yield node.target, _Put(node.value, is_all=True)
    elif isinstance(node, cst.Assign):
        for target in node.targets:
            if isinstance(target.target, cst.Subscript):
                index = target.target.slice[0].slice
                key = index.value if isinstance(index, cst.Index) else None
                yield target.target.value, _Put(node.value, key)


def given_again(node: cst.BaseExpression, keys: bool = False) -> Inner | None:
    """The collection whose contents the call `node` gives again, in another order perhaps."""
    func = node.func if isinstance(node, cst.Call) else None
    if func is None or not isinstance(node, cst.Call):
        return None
    if isinstance(func, cst.Attribute) and func.attr.value in _OF_DICT and not node.args:
        return Inner(func.value, {"copy": keys, "keys": True}.get(func.attr.value, False))
    first, rest = node.args[:1], node.args[1:]
    if isinstance(func, cst.Name) and func.value in _GIVE_AGAIN and first and not first[0].star:
        return Inner(first[0].value, keys=True) if all(arg.keyword for arg in rest) else None
    return None


def taken_from(meaning: Meaning, node: cst.Call) -> Inner | None:
    """The collection that the call `node` takes one thing from: `SINKS.get(name)`, `next(rest)`."""
    func, args = node.func, node.args
    if any(arg.star for arg in args):
        return None
    if isinstance(func, cst.Attribute) and not methods_called(meaning, func):
        if func.attr.value in _LOOKUPS and args:
            return Inner(func.value, keys=False)
    elif isinstance(func, cst.Name) and func.value in _TAKE_ONE and is_builtin(meaning, func):
        rest = args[1:] if func.value != "next" else ()
        return (
            Inner(args[0].value, keys=True) if args and all(one.keyword for one in rest) else None
        )
    return None


def defaults_of(node: cst.Call) -> list[cst.BaseExpression]:
    """What a call that takes something from a collection gives where it is not there."""
    return [
        arg.value
        for arg in node.args[1:]
        if (arg.keyword is None or arg.keyword.value == "default")
        and dotted_text(arg.value) != "None"
    ]


def handed_out(meaning: Meaning, node: cst.Call) -> list[cst.BaseExpression] | None:
    """What the call `node` may give of what it is given; `None` where that is not known.

    Something of a collection, as far as that is written out, or what it only gives another type.
    """
    if meaning.meaning(node.func) in CASTS and len(node.args) == 2:
        return [node.args[1].value]
    taken = taken_from(meaning, node)
    return None if taken is None else [*contents(meaning, *taken), *defaults_of(node)]


def looped_over(meaning: Meaning, target: cst.CSTNode) -> Inner | None:
    """The collection whose items, or whose keys, a loop gives to `target`."""
    around = meaning.tree.parents[target]
    if isinstance(around, (cst.CompFor, cst.For)):
        return None if _columns(around.iter) else Inner(around.iter, keys=True)
    row = meaning.tree.parents[around]
    loop = meaning.tree.parents[row]
    if not isinstance(row, (cst.List, cst.Tuple)) or not isinstance(loop, (cst.CompFor, cst.For)):
        return None
    columns = _columns(loop.iter)
    if len(columns) != len(row.elements):
        return None
    return next(
        (column for column, one in zip(columns, row.elements, strict=True) if one is around), None
    )


def _columns(node: cst.BaseExpression) -> list[Inner | None]:
    """The collections that are given side by side: by `enumerate` and `items`."""
    while (again := given_again(node)) is not None:
        node = again.node
    func = node.func if isinstance(node, cst.Call) else None
    args = [arg.value for arg in node.args] if isinstance(node, cst.Call) else []
    if isinstance(func, cst.Attribute) and func.attr.value == "items" and not args:
        return [Inner(func.value, keys=True), Inner(func.value, keys=False)]
    if isinstance(func, cst.Name) and func.value == "enumerate" and args:
        return [None, Inner(args[0], keys=True)]
    return []
