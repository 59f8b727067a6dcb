"""What has to hold of the code in a hole."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import Binding, parameters
from migrator.languages.python_nodes import children
from migrator.model import Applicability
from migrator.patterns.python.matching import Match

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.patterns.forms import Constraint
    from migrator.patterns.python.matching import Pattern
    from migrator.patterns.python.meaning import Meaning

_KINDS: dict[str, tuple[type[cst.CSTNode], ...]] = {
    "name": (cst.Name,),
    "attribute": (cst.Attribute,),
    "call": (cst.Call,),
    "string": (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString),
    "number": (cst.Integer, cst.Float, cst.Imaginary),
    "lambda": (cst.Lambda,),
    "list": (cst.List,),
    "tuple": (cst.Tuple,),
    "dict": (cst.Dict,),
}
_NO, _MAYBE, _YES = Applicability.MANUAL, Applicability.REVIEW, Applicability.SAFE
# What is written as one of these is nothing but that.
_LITERALS = (
    cst.BaseString,
    cst.BaseNumber,
    cst.BaseComp,
    cst.Lambda,
    cst.List,
    cst.Dict,
    cst.Set,
    cst.Tuple,
)
# What these builtins make is an instance of no other class.
_BUILTINS = (
    "bool", "bytearray", "bytes", "complex", "dict", "enumerate", "float", "frozenset", "int",
    "len", "list", "map", "object", "range", "repr", "set", "sorted", "str", "tuple", "zip",
)  # fmt: skip
# How many bases deep a class is followed: some derive from themselves.
_DEEPEST = 20


@dataclass(frozen=True)
class Condition:
    """A constraint with its patterns compiled."""

    form: Constraint
    inside: Pattern | None
    has: Pattern | None
    value: Condition | None
    not_: Condition | None

    def holds_of_all(self, meaning: Meaning, nodes: Sequence[cst.CSTNode], found: Match) -> bool:
        """Whether it holds of every one of `nodes`, and of the arguments that they are.

        What is to be in them is to be in one.
        """
        each = replace(self, has=None)
        for node in nodes:
            if isinstance(node, cst.Arg) and self.form.without:
                if node.keyword and node.keyword.value in self.form.without:
                    return False
                if node.star == "**":
                    found.lower(_MAYBE, "what the `**` brings cannot be told")
            value = node.value if isinstance(node, (cst.Arg, cst.BaseElement)) else node
            if not each.holds(meaning, value, found):
                return False
        return self.has is None or any(any_below(self.has, meaning, node) for node in nodes)

    def holds(self, meaning: Meaning, node: cst.CSTNode, found: Match) -> bool:
        """Whether all of it holds of `node`; what is only likely lowers `found`."""
        form = self.form
        kinds = (form.kind,) if isinstance(form.kind, str) else form.kind
        if kinds and not any(_is_kind(meaning, node, kind) for kind in kinds):
            return False
        text = meaning.tree.module.code_for_node(node).strip()
        if form.text is not None and not re.fullmatch(form.text, text):
            return False
        if form.name is not None:
            proven = meaning.stands_for(node, form.name)
            if proven is _NO:
                return False
            found.lower(proven, f"`{text}` stands for `{form.name}`")
        if form.instance is not None and not self._is_instance(meaning, node, text, found):
            return False
        if self.inside and not any(
            self.inside.match(meaning, around) for around in meaning.tree.ancestors(node)
        ):
            return False
        if self.has and not any_below(self.has, meaning, node):
            return False
        if self.value and not self.value.holds(meaning, _set_to(meaning, node), found):
            return False
        return self.not_ is None or not self.not_.holds(meaning, node, _copy(found))

    def _is_instance(self, meaning: Meaning, node: cst.CSTNode, text: str, found: Match) -> bool:
        class_ = self.form.instance
        assert class_ is not None
        if class_.partition(".")[0] not in meaning.packages:
            return False
        proven = instance(meaning, node, class_)
        if proven is _YES:
            found.evidence.append(f"`{text}` is an instance of `{class_}`")
        elif proven is _MAYBE:
            found.lower(proven, f"`{text}` may be an instance of `{class_}` or of another class")
        return proven is not _NO


def _copy(found: Match) -> Match:
    return Match(dict(found.holes), dict(found.rests))


def _is_kind(meaning: Meaning, node: cst.CSTNode, kind: str) -> bool:
    if kind == "function":
        return isinstance(node, cst.Name) and any(
            binding.kind == "function" for binding in meaning.names.reaching(node)
        )
    return isinstance(node, _KINDS[kind])


def _set_to(meaning: Meaning, node: cst.CSTNode) -> cst.CSTNode:
    """What a variable holds, where all that reaches `node` is one assignment; else `node`."""
    if not isinstance(node, cst.Name) or node not in meaning.names.uses:
        return node
    found = meaning.names.reaching(node)
    if len(found) != 1 or found[0].kind != "assign" or found[0].index is not None:
        return node
    return found[0].value or node


def any_below(pattern: Pattern, meaning: Meaning, node: cst.CSTNode) -> bool:
    """Whether the pattern is found in `node`."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if pattern.match(meaning, current):
            return True
        waiting += children(current)
    return False


def instance(meaning: Meaning, node: cst.CSTNode, class_: str) -> Applicability:
    """How far it is proven that `node` is an instance of `class_`: `MANUAL` if it is not."""
    if isinstance(node, cst.Call):
        is_other = any(meaning.stands_for(node.func, one) is _YES for one in _BUILTINS)
        return _NO if is_other else _made_by(meaning, node.func, class_)
    if isinstance(node, _LITERALS):
        return _NO
    around = meaning.tree.parents[node]
    if isinstance(around, cst.Param) and around.name is node:
        bound = (one for one in meaning.names.bindings() if one.node is around)
        return max((_bound(meaning, one, class_) for one in bound), default=_MAYBE)
    if not isinstance(node, cst.Name) or node not in meaning.names.uses:
        return _MAYBE
    found = [_bound(meaning, one, class_) for one in meaning.names.reaching(node)]
    if not found:
        return _MAYBE
    if _NO in found:
        return _NO if max(found) is _NO else _MAYBE
    return min(found)


def _bound(meaning: Meaning, binding: Binding, class_: str) -> Applicability:
    if binding.kind == "parameter" and isinstance(binding.node, cst.Param):
        return _parameter(meaning, binding, binding.node, class_)
    if binding.kind in ("import", "function", "class"):
        return _NO
    if binding.kind in ("assign", "walrus") and binding.index is None:
        stated = meaning.tree.parents.get(binding.node)
        if isinstance(stated, cst.AnnAssign):
            declared = _annotated(meaning, stated.annotation.annotation, class_)
            if declared is _YES:
                return _YES
        if isinstance(binding.value, cst.Name):
            return _MAYBE
        if binding.value is not None:
            return instance(meaning, binding.value, class_)
    return _MAYBE


def _parameter(meaning: Meaning, binding: Binding, node: cst.Param, class_: str) -> Applicability:
    if node.annotation:
        return _annotated(meaning, node.annotation.annotation, class_)
    function = binding.scope.node
    around = binding.scope.parent
    if not isinstance(function, cst.FunctionDef) or around is None or around.kind != "class":
        return _MAYBE
    first = next(parameters(function.params))
    if first is not node or function.decorators:
        return _MAYBE
    assert isinstance(around.node, cst.ClassDef)
    return derives(meaning, around.node, class_)


def _annotated(meaning: Meaning, node: cst.CSTNode, class_: str) -> Applicability:
    """The same of what has the annotation `node`; that it may be `None` as well says nothing."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
        sides = [one for one in (node.left, node.right) if not _is_none(one)]
        found = {_annotated(meaning, one, class_) for one in sides}
        return found.pop() if len(found) == 1 else _MAYBE
    if isinstance(node, cst.Subscript):
        first = node.slice[0].slice
        for name, count in (("typing.Optional", 1), ("typing.Annotated", len(node.slice))):
            is_it = meaning.stands_for(node.value, name) is _YES and len(node.slice) == count
            if is_it and isinstance(first, cst.Index):
                return _annotated(meaning, first.value, class_)
        return _MAYBE
    return _made_by(meaning, node, class_)


def _is_none(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Name) and node.value == "None"


def _made_by(meaning: Meaning, node: cst.CSTNode, class_: str) -> Applicability:
    """The same of what calling `node` makes, or of what `node` as an annotation says."""
    proven = meaning.stands_for(node, class_)
    if proven is not _NO:
        return proven
    if isinstance(node, cst.Name) and node in meaning.names.uses:
        found = meaning.names.reaching(node)
        if len(found) == 1 and isinstance(found[0].node, cst.ClassDef):
            return derives(meaning, found[0].node, class_)
    return _MAYBE


def derives(meaning: Meaning, node: cst.ClassDef, class_: str, depth: int = 0) -> Applicability:
    """Whether a class of this file is derived from `class_`, at any remove inside the file."""
    best = _NO
    for base in node.bases:
        proven = meaning.stands_for(base.value, class_)
        if proven is _NO and isinstance(base.value, cst.Name) and depth < _DEEPEST:
            found = meaning.names.reaching(base.value)
            if len(found) == 1 and isinstance(found[0].node, cst.ClassDef):
                proven = derives(meaning, found[0].node, class_, depth + 1)
            elif found or meaning.names.star_imports:
                proven = _MAYBE
        elif proven is _NO:
            proven = _MAYBE
        best = max(best, proven)
    return best
