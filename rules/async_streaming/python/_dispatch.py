"""Where the tag of an event chooses what is done by other means than a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from ._event_tags import tags_of_display, values_of
from ._subjects import CHUNK, LEGACY_TAGS, Subject, Subjects, string_of

if TYPE_CHECKING:
    from ._meaning import Meaning

# Methods of a tag that look at its letters.
_TAKE_APART = frozenset(
    {"count", "endswith", "find", "index", "partition", "removeprefix", "removesuffix"}
    | {"replace", "rpartition", "rsplit", "split", "startswith", "translate"}
)
_BY_NAME = frozenset({"delattr", "getattr", "hasattr", "setattr"})
_INSIDE = (cst.BaseExpression, cst.FormattedStringExpression)
_LOOKS_UP = frozenset({"get", "pop", "setdefault"})


class Choice(NamedTuple):
    """Where the tag `node` decides what is done, and the legacy tags that are known to be met."""

    node: cst.CSTNode
    tags: frozenset[str]


def choice(
    meaning: Meaning, subjects: Subjects, subject: Subject, *, is_legacy: bool
) -> Choice | None:
    """The first place where the tag of `subject`, surely an event, decides by a table or a name.

    Where it is not known that the events are the legacy ones, it must speak of their tags by name.
    """
    if subject.role is None:
        return None
    for node in sorted(subjects.tag_nodes(subject.key), key=lambda one: meaning.tree.spans[one]):
        tags = _chosen(meaning, node)
        if tags is not None and (tags or is_legacy):
            return Choice(node, tags or frozenset({CHUNK}))
    return None


def _chosen(meaning: Meaning, node: cst.BaseExpression) -> frozenset[str] | None:
    """The legacy tags among which `node` chooses, as far as they are known; `None`: it does not."""
    parent = meaning.tree.parents[node]
    if isinstance(parent, cst.Attribute) and parent.attr.value in _TAKE_APART:
        return frozenset()
    for around in meaning.tree.ancestors(node):
        if isinstance(around, cst.Index):
            table = meaning.tree.parents[meaning.tree.parents[around]]
            return _keys(meaning, table.value) if isinstance(table, cst.Subscript) else None
        if isinstance(around, cst.Arg):
            call = meaning.tree.parents[around]
            func = call.func if isinstance(call, cst.Call) else None
            if isinstance(func, cst.Name) and func.value in _BY_NAME:
                return _members(meaning, node)
            if isinstance(func, cst.Attribute) and func.attr.value in _LOOKS_UP:
                return _keys(meaning, func.value)
            return None
        inside = (
            cst.BaseExpression,
            cst.FormattedStringExpression,
            cst.Index,
            cst.SubscriptElement,
        )
        if not isinstance(around, inside):
            return None
    return None


def _keys(meaning: Meaning, table: cst.BaseExpression) -> frozenset[str]:
    displays = [table] if isinstance(table, cst.Dict) else list(values_of(meaning, table))
    keys = {string_of(key) or "" for display in displays for key in tags_of_display(display)}
    return frozenset(keys & set(LEGACY_TAGS))


def _members(meaning: Meaning, node: cst.CSTNode) -> frozenset[str]:
    """The legacy tags in which names of the class around `node` end."""
    for around in meaning.tree.ancestors(node):
        if isinstance(around, cst.ClassDef):
            names = meaning.names.scopes[around].bindings
            return frozenset({name.rpartition("_")[2] for name in names} & set(LEGACY_TAGS))
    return frozenset()
