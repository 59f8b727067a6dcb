"""The tags that an expression or a pattern speaks of, in literals and by the names of constants."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from ..reading.attributes import self_values
from ..reading.classes import class_of, local_bases, owner_class
from ..reading.held import value_of
from .shapes import LEGACY_TAGS, string_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.helpers.python.scopes import Binding

    from ..reading.meaning import Meaning

_MAX_NAMES = 8
_NONE: frozenset[str] = frozenset()


def tags_in(
    meaning: Meaning, node: cst.BaseExpression, depth: int = 0
) -> tuple[list[cst.SimpleString], bool, frozenset[str]]:
    """The string literals in `node`, whether it holds something else, legacy tags by name."""
    if isinstance(node, (cst.Tuple, cst.List, cst.Set)):
        literals: list[cst.SimpleString] = []
        unknown, hidden = False, _NONE
        for element in node.elements:
            more, also_unknown, also_hidden = tags_in(meaning, element.value, depth)
            literals += more
            unknown, hidden = unknown or also_unknown, hidden | also_hidden
        return literals, unknown, hidden
    if isinstance(node, cst.IfExp):
        arms = [tags_in(meaning, arm, depth) for arm in (node.body, node.orelse)]
        found = [tag for named, _, _ in arms for tag in named]
        return found, any(unknown for _, unknown, _ in arms), _NONE.union(*(one[2] for one in arms))
    if isinstance(node, cst.SimpleString):
        return [node], False, _NONE
    if isinstance(node, cst.Call) and len(node.args) == 1 and not node.args[0].star:
        # `frozenset({"chunk"})` and the like.
        return tags_in(meaning, node.args[0].value, depth)
    for value in values_of(meaning, node) if depth < _MAX_NAMES else ():
        named, unknown, hidden = tags_in(meaning, value, depth + 1)
        tags = {string_of(literal) or "" for literal in named}
        return [], unknown, hidden | (tags & set(LEGACY_TAGS))
    return [], True, _NONE


def values_of(meaning: Meaning, node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """What `node`, a name or an attribute of a class or of its instances, is assigned."""
    bindings: list[Binding] = []
    if isinstance(node, cst.Name):
        bindings = meaning.names.reaching(node)
    elif isinstance(node, cst.Attribute):
        if node.attr.value == "value":  # of a member of an enum
            yield from values_of(meaning, node.value)
        owner = class_of(meaning, node.value) or owner_class(meaning, node.value)
        for base in local_bases(meaning, owner) if owner is not None else ():
            bindings += meaning.names.scopes[base].bindings.get(node.attr.value, ())
            yield from self_values(meaning, base, node.attr.value)
    for binding in bindings:
        value = value_of(meaning, binding)
        if value is not None and value is not node:
            yield value


def names_of(pattern: cst.CSTNode) -> list[cst.BaseExpression]:
    """The constants by name that a tag's pattern compares with, alternatives included."""
    if isinstance(pattern, (cst.MatchSequenceElement, cst.MatchOrElement)):
        return names_of(pattern.value if hasattr(pattern, "value") else pattern.pattern)
    if isinstance(pattern, cst.MatchValue):
        return [pattern.value] if isinstance(pattern.value, cst.Attribute) else []
    if isinstance(pattern, cst.MatchAs) and pattern.pattern:
        return names_of(pattern.pattern)
    if isinstance(pattern, cst.MatchOr):
        return [name for option in pattern.patterns for name in names_of(option.pattern)]
    return []


def tags_of_display(node: cst.CSTNode) -> Sequence[cst.SimpleString]:
    """The strings of a display that holds nothing else, or the keys of a dict."""
    values: list[cst.BaseExpression] = []
    if isinstance(node, (cst.Tuple, cst.List, cst.Set)):
        values = [element.value for element in node.elements]
    elif isinstance(node, cst.Dict):
        values = [one.key for one in node.elements if isinstance(one, cst.DictElement)]
    strings = [value for value in values if isinstance(value, cst.SimpleString)]
    return strings if len(strings) == len(values) else []
