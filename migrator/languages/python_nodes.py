"""The nodes of Python: what stands directly in one, and a shorter way to tell what and which it is.

To import this changes libcst's classes, so whatever keeps nodes by their hash comes after it.
"""

from __future__ import annotations

import re
from abc import ABCMeta
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any, cast

import libcst as cst


class _IsNode(dict[type, bool]):
    """Whether a class is one of nodes: a look into a dict, where `issubclass` is a call."""

    def __missing__(self, kind: type) -> bool:
        self[kind] = issubclass(kind, cst.CSTNode)
        return self[kind]


_IS_NODE = _IsNode()
_Getter = Callable[[cst.CSTNode], tuple[Any, ...]]


def _getter(names: list[str]) -> _Getter:
    """What gives the values of those fields of a node."""
    if len(names) < 2:
        return lambda node: tuple([getattr(node, name) for name in names])
    return cast("_Getter", attrgetter(*names))


class _Fields(dict[type[cst.CSTNode], _Getter]):
    def __missing__(self, kind: type[cst.CSTNode]) -> _Getter:
        self[kind] = _getter([field.name for field in fields(kind)])
        return self[kind]


class _PartFields(dict[type[cst.CSTNode], _Getter]):
    def __missing__(self, kind: type[cst.CSTNode]) -> _Getter:
        names = [field.name for field in fields(kind)]
        self[kind] = _getter([name for name in names if not _LAYOUT.fullmatch(name)])
        return self[kind]


_FIELDS = _Fields()
_PART_FIELDS = _PartFields()
# Fields that hold blanks, comments and the marks between what is said.
_LAYOUT = re.compile(
    r"(?:whitespace|leading_|trailing_|lines_after_|[lr](?:par|brace|bracket)$).*"
    r"|comma|semicolon|(?:first_|second_)?colon|dot|equal|separator|posonly_ind"
    r"|header|footer|newline|comment|first_line|last_line|empty_lines"
)


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The nodes that stand directly in `node`, in the order of their fields."""
    return _nodes_among(_FIELDS[type(node)](node))


def parts(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The `children` of `node` that say something: no blanks, no comments, no brackets, no commas.

    Any name, text or statement is below one of them.
    """
    return _nodes_among(_PART_FIELDS[type(node)](node))


def _nodes_among(values: tuple[Any, ...]) -> list[cst.CSTNode]:
    found: list[cst.CSTNode] = []
    for value in values:
        kind = value.__class__
        if kind is tuple or kind is list:
            found += [one for one in value if _IS_NODE[one.__class__]]
        elif _IS_NODE[kind]:
            found.append(value)
    return found


class _Told(ABCMeta):
    """Tells whether something is of a class as any class does.

    Abstract classes look for what was registered as theirs first; nothing is as one of nodes.
    """

    __instancecheck__ = type.__instancecheck__


def _without_calls() -> None:
    """Have the class and the hash of a node told without a call of Python, as of any object.

    A node's hash is its identity. The calls take a tenth of all that a look at a file costs.
    """
    waiting: list[Any] = [cst.CSTNode]
    while waiting:
        kind = waiting.pop()
        kind.__class__ = _Told
        kind.__hash__ = object.__hash__
        waiting += kind.__subclasses__()


_without_calls()
