"""The keys that a Python file looks up, sets, deletes or tests, and in what."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.literals import text_of

from ..._names import STEP_KEYS
from ..reading.classes import enclosing_function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..reading.meaning import Meaning

_LOOKUPS = frozenset(
    {"get", "pop", "setdefault", "__contains__", "__delitem__", "__getitem__", "__setitem__"}
)
_TEXT = frozenset({"decode", "format", "join", "lower", "read", "read_text", "strip", "upper"})
_NEW_KEYS = frozenset(STEP_KEYS.values())


@dataclass(frozen=True)
class Lookup:
    """A key looked up, set, deleted or tested in `base`."""

    key: cst.BaseExpression
    base: cst.BaseExpression


class Lookups:
    """The look-ups of one file, `every` one of them."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.every = tuple(_lookups(meaning))
        # The bases that are asked for a new key, with that.
        self._now = {
            (self._where(lookup.base), key)
            for lookup in self.every
            if (key := text_of(lookup.key)) in _NEW_KEYS
        }

    def ask_now(self, base: cst.BaseExpression, new: str) -> bool:
        """Whether what `base` stands for is asked for the key `new` as well."""
        return (self._where(base), new) in self._now

    def _where(self, base: cst.BaseExpression) -> object:
        """Tells the same expression in the same function."""
        return enclosing_function(self.meaning, base), code_of(self.meaning, base)


def code_of(meaning: Meaning, node: cst.CSTNode) -> str:
    """The code of `node`, on one line."""
    start, end = meaning.tree.spans[node]
    return " ".join(meaning.source.text[start:end].split())


def _lookups(meaning: Meaning) -> Iterator[Lookup]:
    asks_by_item = "itemgetter" in meaning.source.text
    for node in meaning.tree.of(cst.Subscript, cst.Call, cst.Comparison, cst.BinaryOperation):
        if isinstance(node, cst.BinaryOperation):
            yield from _of_sets(node.left, node.right)
        elif isinstance(node, cst.Subscript):
            if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
                yield Lookup(node.slice[0].slice.value, node.value)
        elif isinstance(node, cst.Call):
            func = node.func
            if asks_by_item and meaning.meaning(func) == "operator.itemgetter":
                yield from (Lookup(arg.value, func) for arg in node.args if not arg.star)
            if (
                isinstance(func, cst.Attribute)
                and func.attr.value in _LOOKUPS
                and node.args
                and not (node.args[0].star or node.args[0].keyword)
            ):
                yield Lookup(node.args[0].value, func.value)
        elif isinstance(node, cst.Comparison):
            left = node.left
            for target in node.comparisons:
                if isinstance(target.operator, (cst.In, cst.NotIn)):
                    yield Lookup(left, _without_keys(target.comparator))
                yield from _of_sets(left, target.comparator)
                left = target.comparator


def _of_sets(left: cst.BaseExpression, right: cst.BaseExpression) -> Iterator[Lookup]:
    """`{"async_stream"} & step.keys()`, `{"async_stream"} <= set(step)`."""
    for names, keys in ((left, right), (right, left)):
        if isinstance(names, cst.Set) and (base := _keys_of(keys)) is not None:
            yield from (Lookup(element.value, base) for element in names.elements)


def is_other(meaning: Meaning, base: cst.BaseExpression) -> bool:
    """Whether `base` is a text, a display of plain values, or a module."""
    if isinstance(base, (cst.BaseString, cst.List, cst.Set, cst.Tuple)):
        return True
    if isinstance(base, cst.Call) and isinstance(base.func, cst.Attribute):
        if base.func.attr.value in _TEXT:
            return True
    if isinstance(base, cst.Name):
        bindings = meaning.names.reaching(base)
        if bindings and all(
            isinstance(one.node, cst.ImportAlias)
            and isinstance(meaning.tree.parents[one.node], cst.Import)
            for one in bindings
        ):
            return True
        values = [one.value for one in bindings if one.value is not None and one.index is None]
        if values and len(values) == len(bindings):
            return all(
                not isinstance(value, cst.Name) and is_other(meaning, value) for value in values
            )
    name = meaning.meaning(base)
    if name is None or name == "operator.itemgetter":
        return False
    return name.endswith(".Literal") or name.partition(".")[0] in sys.stdlib_module_names


def _without_keys(node: cst.BaseExpression) -> cst.BaseExpression:
    """`step` for `step.keys()`."""
    func = node.func if isinstance(node, cst.Call) and not node.args else None
    return func.value if isinstance(func, cst.Attribute) and func.attr.value == "keys" else node


def _keys_of(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """What `node`, `step.keys()` or `set(step)`, gives the keys of."""
    if not isinstance(node, cst.Call):
        return None
    if isinstance(node.func, cst.Name) and node.func.value in ("frozenset", "set"):
        return _without_keys(node.args[0].value) if len(node.args) == 1 else None
    base = _without_keys(node)
    return base if base is not node else None
