"""Mappings as Python writes them, dict displays and calls, and what a file has to do with
`pipeline`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.literals import text_of
from migrator.languages.python_nodes import parts

from ..._names import PYTHON_CURRENT, PYTHON_LEGACY, in_namespace
from .meaning import CURRENT_INVOKE, Meaning

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Mapping = cst.Dict | cst.Call

STREAM = "stream"
#: The keys whose values hold more steps.
HOLDERS = ("steps", "parallel", "branches")
#: The keys by which a mapping shows that it is a step.
MARKS = ("type", "provider")

PACKAGE = PYTHON_LEGACY.partition(".")[0]


@dataclass(frozen=True, eq=False)
class Pair:
    """A key of a mapping as it is spelled: a plain string in a dict, a keyword in a call."""

    key: str
    name: cst.BaseExpression
    value: cst.BaseExpression
    node: cst.DictElement | cst.Arg


def pairs(mapping: Mapping) -> Iterator[Pair]:
    """The pairs of `mapping` whose keys are known, in order."""
    if isinstance(mapping, cst.Call):
        for arg in mapping.args:
            if arg.keyword:
                yield Pair(arg.keyword.value, arg.keyword, arg.value, arg)
        return
    for element in mapping.elements:
        if isinstance(element, cst.DictElement):
            key = text_of(element.key)
            if key is not None:
                yield Pair(key, element.key, element.value, element)


def spreads(mapping: Mapping) -> Iterator[cst.BaseExpression]:
    """What `mapping` unpacks with `**`."""
    items: Sequence[cst.CSTNode] = (
        mapping.args if isinstance(mapping, cst.Call) else mapping.elements
    )
    for item in items:
        if isinstance(item, cst.StarredDictElement) or (
            isinstance(item, cst.Arg) and item.star == "**"
        ):
            yield item.value


def imports_pipeline(meaning: Meaning) -> str | None:
    """The module of `pipeline` that the file imports, if it does.

    A package of the project that happens to have the name is not meant: it has none of the
    modules that make streaming.
    """
    targets = [binding.target for binding in meaning.names.bindings() if binding.kind == "import"]
    targets += [star.target for star in meaning.names.star_imports]
    path = meaning.source.path
    for target in targets:
        stripped = (target or "").lstrip(".")
        level = len(target or "") - len(stripped)
        name = meaning.modules.absolute(path, level, stripped)
        if name is not None and name.partition(".")[0] == PACKAGE:
            modules = (PYTHON_LEGACY, PYTHON_CURRENT, CURRENT_INVOKE.rpartition(".")[0])
            place = meaning.modules.place(PACKAGE, path)
            ours = any(
                (found := meaning.modules.place(module, path)) and found.endswith(":")
                for module in modules
            )
            if place is None or ours or any(in_namespace(name, module) for module in modules):
                return name
    return next((name for _, name in meaning.imports() if in_namespace(name, PYTHON_LEGACY)), None)


def subscript_key(node: cst.Subscript) -> str | None:
    """The plain string that `node` is subscripted with."""
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        return text_of(node.slice[0].slice.value)
    return None


def below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """`node` and all nodes in it, layout aside."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting += parts(current)
