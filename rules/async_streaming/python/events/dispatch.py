"""Where the tag of an event chooses what is done by other means than a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from ..flow.event_tags import tags_of_display, values_of
from ..flow.shapes import CHUNK, LEGACY_TAGS, string_of
from ..learnt.learning import TABLE
from ..reading.assertions import sides
from ..reading.classes import class_of, received
from ..reading.far_classes import is_far
from ..reading.mappings import below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.helpers.python.scopes import Binding

    from ..flow.subjects import Subjects
    from ..reading.meaning import Meaning
    from .text_reads import Subject

# Methods of a tag that look at its letters.
_TAKE_APART = frozenset(
    {"__contains__", "__eq__", "__ne__", "count", "endswith", "find", "index", "partition"}
    | {"removeprefix", "removesuffix", "replace", "rpartition", "rsplit", "split", "startswith"}
    | {"translate"}
)
# Methods that give a tag in other letters, which it is not recognized by.
_RESPELL = frozenset({"capitalize", "swapcase", "title", "upper"})
_BY_NAME = frozenset({"delattr", "getattr", "hasattr", "setattr"})
# What is asked of a tag in whatever spelling.
_HARMLESS = frozenset({"bool", "callable", "isinstance", "len", "print", "repr", "str", "type"})
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
    for node in sorted(
        subjects.apart.tag_nodes(subject.key), key=lambda one: meaning.tree.spans[one]
    ):
        tags = _chosen(meaning, node)
        if tags is not None and (tags or is_legacy):
            return Choice(node, tags or frozenset({CHUNK}))
    return None


def _chosen(meaning: Meaning, node: cst.BaseExpression) -> frozenset[str] | None:
    """The legacy tags among which `node` chooses, as far as they are known; `None`: it does not."""
    parent = meaning.tree.parents[node]
    if isinstance(parent, cst.Attribute) and parent.attr.value in _TAKE_APART:
        return frozenset()
    if isinstance(parent, cst.Attribute) and parent.attr.value in _RESPELL:
        return _respelled(meaning, meaning.tree.parents[parent])
    if isinstance(parent, cst.Subscript) and parent.value is node:
        return frozenset() if _decides(meaning, parent) else None
    for around in meaning.tree.ancestors(node):
        if isinstance(around, cst.Comparison):
            return None  # what comes of it is no tag
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
            return _asked(meaning, call, around) if isinstance(call, cst.Call) else None
        inside = (
            cst.BaseExpression,
            cst.FormattedStringExpression,
            cst.Index,
            cst.SubscriptElement,
        )
        if not isinstance(around, inside):
            return None
    return None


def far_tables(subjects: Subjects) -> Iterator[str]:
    """The places of the tables of other files in which tags of events are looked up."""
    meaning = subjects.meaning
    for key, nodes in subjects.apart.tagged().items():
        for node in nodes if subjects.role(key) is not None else ():
            for table in _tables(meaning, node):
                name = meaning.meaning(table)
                if name is not None and is_far(meaning, name):
                    yield name


def _tables(meaning: Meaning, node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """What `node`, or an expression that it is a part of, is looked up in."""
    for around in meaning.tree.ancestors(node):
        if isinstance(around, cst.Index):
            table = meaning.tree.parents[meaning.tree.parents[around]]
            if isinstance(table, cst.Subscript):
                yield table.value
            return
        if isinstance(around, cst.Arg):
            call = meaning.tree.parents[around]
            func = call.func if isinstance(call, cst.Call) else None
            if isinstance(func, cst.Attribute) and func.attr.value in _LOOKS_UP:
                yield func.value
            return
        if not isinstance(around, cst.BaseExpression):
            return


def _respelled(meaning: Meaning, call: cst.CSTNode) -> frozenset[str] | None:
    """The legacy tags that `call`, a tag in other letters, is compared with or looked up among."""
    around = meaning.tree.parents[call]
    comparison = (
        meaning.tree.parents[around] if isinstance(around, cst.ComparisonTarget) else around
    )
    if isinstance(comparison, cst.Comparison):
        texts = {(string_of(node) or "").lower() for node in below(comparison)}
        spoken = frozenset(texts & set(LEGACY_TAGS))
        return spoken if spoken or _decides(meaning, comparison) else None
    return _chosen(meaning, call) if isinstance(call, cst.BaseExpression) else None


def _asked(meaning: Meaning, call: cst.Call, arg: cst.Arg) -> frozenset[str] | None:
    """The legacy tags that `call`, a question about the tag in `arg`, speaks of."""
    if (
        sides(call) is not None
        or _name(call.func) in _HARMLESS
        or next(received(meaning, call, arg), None) is not None
    ):
        return None
    texts = [string_of(other.value) or "" for other in call.args]
    # A longer text may be a pattern; where nothing is made of the answer, it is a message.
    is_message = isinstance(meaning.tree.parents[call], cst.Expr)
    spoken = frozenset(
        tag
        for tag in LEGACY_TAGS
        if tag in texts or (not is_message and any(tag in text for text in texts))
    )
    owner = class_of(meaning, call.func)
    if owner is not None and len(call.args) == 1:  # a member of an enum, by its value
        values = [text for node in below(owner.body) if (text := string_of(node)) is not None]
        spoken |= frozenset(values) & frozenset(LEGACY_TAGS)
    return spoken if spoken or _decides(meaning, call) else None


def _name(func: cst.BaseExpression) -> str:
    return func.value if isinstance(func, cst.Name) else ""


def _decides(meaning: Meaning, node: cst.BaseExpression) -> bool:
    """Whether it depends on `node` which code runs next."""
    inside: cst.CSTNode = node
    for around in meaning.tree.ancestors(node):
        if isinstance(around, cst.BooleanOperation):
            if around.left is inside:
                return True
        elif isinstance(around, (cst.If, cst.While, cst.IfExp, cst.Assert, cst.CompIf)):
            return around.test is inside
        elif isinstance(around, cst.MatchCase):
            return around.guard is inside
        elif isinstance(around, cst.Match):
            return around.subject is inside
        elif not isinstance(
            around, (cst.UnaryOperation, cst.Comparison, cst.ComparisonTarget, cst.Await)
        ):
            return False
        inside = around
    return False


def table_tags(binding: Binding) -> tuple[str, ...]:
    """The legacy tags that are keys of the table which `binding` gives its name."""
    value = binding.value if binding.index is None else None
    literals = tags_of_display(value) if isinstance(value, cst.Dict) else ()
    return tuple(sorted({string_of(one) or "" for one in literals} & set(LEGACY_TAGS)))


def _keys(meaning: Meaning, table: cst.BaseExpression) -> frozenset[str]:
    displays = [table] if isinstance(table, cst.Dict) else list(values_of(meaning, table))
    name = meaning.meaning(table) or ""
    told = meaning.known.get((f"python-{TABLE}", name)) if is_far(meaning, name) else None
    if isinstance(told, tuple):
        return frozenset(told)
    keys = {string_of(key) or "" for display in displays for key in tags_of_display(display)}
    return frozenset(keys & set(LEGACY_TAGS))


def _members(meaning: Meaning, node: cst.CSTNode) -> frozenset[str]:
    """The legacy tags in which names of the class around `node` end."""
    for around in meaning.tree.ancestors(node):
        if isinstance(around, cst.ClassDef):
            names = meaning.names.scopes[around].bindings
            return frozenset({name.rpartition("_")[2] for name in names} & set(LEGACY_TAGS))
    return frozenset()
