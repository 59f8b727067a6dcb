"""What the decorators of a function or class make of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from migrator.helpers.python.scopes import parameters

from .classes import class_of, definition, is_static, methods_called, returned_by
from .meaning import Meaning, meaning_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator import Look, Source

# What gives what it is given, or something that is called and used in the same way.
_BUILTINS = frozenset({"classmethod", "staticmethod"})
_KEEPING = frozenset(
    {
        "abc.abstractmethod",
        "atexit.register",
        "attr.define",
        "attr.s",
        "attrs.define",
        "attrs.frozen",
        "dataclasses.dataclass",
        "enum.unique",
        "functools.cache",
        "functools.lru_cache",
        "functools.singledispatch",
        "functools.singledispatchmethod",
        "functools.total_ordering",
        "functools.wraps",
        "typing.final",
        "typing.no_type_check",
        "typing.overload",
        "typing.override",
        "typing.runtime_checkable",
        "typing_extensions.final",
        "typing_extensions.override",
        "typing_extensions.runtime_checkable",
    }
)

_NAMING = frozenset({"functools.update_wrapper", "functools.wraps"})

Definition = cst.FunctionDef | cst.ClassDef
_DECORATES = "python-decorates"


class Far(NamedTuple):
    """The decorator at `place` is written above a handler of another file, a legacy one perhaps."""

    place: str
    is_legacy: bool


def outcomes(meaning: Meaning, node: Definition) -> list[cst.CSTNode | None]:
    """What the name of `node` may stand for once its decorators have run.

    That is `node` itself, a function in front of it, a class whose instance it becomes, or an
    expression; `None`: it is not known.
    """
    found: list[cst.CSTNode | None] = [node]
    for decorator in _deciding(meaning, node):
        found = list(_made(meaning, decorator, found))
    return found


def in_front(meaning: Meaning, node: cst.FunctionDef) -> Iterator[cst.FunctionDef]:
    """The functions of this file that decorators put in front of `node`."""
    for decorator in _deciding(meaning, node):
        for made in _made(meaning, decorator, ()):
            if isinstance(made, cst.FunctionDef):
                yield made


def gets_the_same(meaning: Meaning, node: cst.FunctionDef) -> bool:
    """Whether `node` is certain to be called with the very arguments that its name is."""
    for decorator in _deciding(meaning, node):
        makers = list(_makers(meaning, decorator))
        if not makers or not all(_hands_on(meaning, *maker) for maker in makers):
            return False
    return True


def decorated_by(meaning: Meaning, param: cst.Param) -> list[Definition]:
    """What is decorated, in this file, by a function that is given it as `param`."""
    return meaning.once(_decorated).get(param, [])


def _decorated(source: Source, look: Look) -> dict[cst.Param, list[Definition]]:
    meaning = meaning_of(source, look)
    found: dict[cst.Param, list[Definition]] = {}
    for decorator in meaning.tree.of(cst.Decorator):
        node = meaning.tree.parents[decorator]
        for _, param in _makers(meaning, decorator.decorator):
            if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
                found.setdefault(param, []).append(node)
    return found


def decorating_far(meaning: Meaning) -> dict[cst.Param, Far]:
    """The parameters of this file that stand for handler classes which other files decorate."""
    return meaning.once(_decorating)


def _decorating(source: Source, look: Look) -> dict[cst.Param, Far]:
    meaning = meaning_of(source, look)
    told = meaning.known.of(_DECORATES)
    found: dict[cst.Param, Far] = {}
    for node, scope in meaning.names.scopes.items() if told else ():
        # Of a decorator that takes arguments, the function it makes is given the class.
        place = f"{meaning.names.place}{scope.qualname.partition('.')[0]}"
        if place in told and isinstance(node, cst.FunctionDef):
            for param in list(parameters(node.params))[:1]:
                found[param] = Far(place, bool(told[place]))
    return found


def _deciding(meaning: Meaning, node: Definition) -> Iterator[cst.BaseExpression]:
    """The decorators of `node` that may change what it is, in the order they run."""
    for decorator in reversed(node.decorators):
        made = decorator.decorator
        called = made.func if isinstance(made, cst.Call) else made
        is_builtin = isinstance(called, cst.Name) and called.value in _BUILTINS
        keeps = not meaning.names.reaching(called) if is_builtin else False  # type: ignore[arg-type]
        if not keeps and meaning.meaning(called) not in _KEEPING:
            yield made


def _made(
    meaning: Meaning, decorator: cst.BaseExpression, given: Sequence[cst.CSTNode | None]
) -> Iterator[cst.CSTNode | None]:
    """What `decorator` makes of one of `given`."""
    makers = list(_makers(meaning, decorator))
    for maker, param in makers:
        for value in returned_by(meaning, maker):
            made = definition(meaning, value)
            if _is(meaning, value, param):
                yield from given
            else:
                yield made if isinstance(made, cst.FunctionDef) else value
        if not returned_by(meaning, maker):
            yield None
    if not makers:
        yield class_of(meaning, decorator)


def _makers(
    meaning: Meaning, decorator: cst.BaseExpression
) -> Iterator[tuple[cst.FunctionDef, cst.Param]]:
    """The functions of this file that are called with what `decorator` decorates, and as what."""
    if isinstance(decorator, cst.Call):
        for function, _ in _functions(meaning, decorator.func):
            for value in returned_by(meaning, function):
                yield from _taking(_functions(meaning, value))
    else:
        yield from _taking(_functions(meaning, decorator))


def _functions(meaning: Meaning, node: cst.BaseExpression) -> Iterator[tuple[cst.FunctionDef, int]]:
    """The functions of this file that `node` may be, and how many parameters are bound in each."""
    found = definition(meaning, node)
    if isinstance(found, cst.FunctionDef):
        yield found, 0
    for method in methods_called(meaning, node):
        yield method, 0 if is_static(method) else 1


def _taking(
    functions: Iterator[tuple[cst.FunctionDef, int]],
) -> Iterator[tuple[cst.FunctionDef, cst.Param]]:
    for function, bound in functions:
        for param in list(parameters(function.params))[bound : bound + 1]:
            yield function, param


def _hands_on(meaning: Meaning, maker: cst.FunctionDef, param: cst.Param) -> bool:
    """Whether `param`, what `maker` decorates, is only ever called with what others are given."""
    if all(_is(meaning, value, param) for value in returned_by(meaning, maker)):
        return True
    for name in meaning.names.reads.get(param.name.value, ()):
        around = meaning.tree.parents[name]
        if not _is(meaning, name, param) or isinstance(around, (cst.Attribute, cst.Return)):
            continue
        if isinstance(around, cst.Call):
            if not all(_is_parameter(meaning, arg) for arg in around.args):
                return False
        elif not isinstance(around, cst.Arg) or not _is_named_after(meaning, around):
            return False
    return True


def _is(meaning: Meaning, node: cst.BaseExpression, param: cst.Param) -> bool:
    bindings = meaning.names.reaching(node) if isinstance(node, cst.Name) else ()
    return [binding.node for binding in bindings] == [param]


def _is_parameter(meaning: Meaning, arg: cst.Arg) -> bool:
    """Whether `arg` hands on a parameter as it is, all those of a star included."""
    bindings = meaning.names.reaching(arg.value) if isinstance(arg.value, cst.Name) else ()
    return (
        len(bindings) == 1
        and isinstance(param := bindings[0].node, cst.Param)
        and (arg.star == (param.star if isinstance(param.star, str) else ""))
    )


def _is_named_after(meaning: Meaning, arg: cst.Arg) -> bool:
    """Whether `arg` is what another function is to be called like: `@wraps(arg)`."""
    call = meaning.tree.parents[arg]
    return isinstance(call, cst.Call) and meaning.meaning(call.func) in _NAMING
