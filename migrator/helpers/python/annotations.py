"""Annotations in quotes: the names they speak of are code, though they stand in strings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from migrator.helpers.python.literals import inside
from migrator.helpers.python.scopes import dotted_text
from migrator.languages.python import parse
from migrator.model import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_DOTTED = re.compile(r"(?<![\w.'\"])[^\W\d]\w*(?:\.[^\W\d]\w*)*")


class QuotedName(NamedTuple):
    """A name or dotted name in an annotation's string, and where it stands in the source."""

    literal: cst.SimpleString
    dotted: str
    span: Span


def quoted_names(source: Source) -> tuple[QuotedName, ...]:
    """Every name that stands in a quoted annotation of `source`, or in a quoted part of one."""
    return source.once(_all)


def _all(source: Source) -> tuple[QuotedName, ...]:
    tree = parse(source)
    if not tree.of(cst.Annotation):
        return ()
    return tuple(
        quoted
        for node in tree.of(cst.SimpleString)
        if _is_quoted(source, node)
        for quoted in _names(source, node)
    )


def _names(source: Source, node: cst.SimpleString) -> Iterator[QuotedName]:
    start, end = inside(source, node)
    for match in _DOTTED.finditer(source.text[start:end]):
        yield QuotedName(node, match[0], Span(start + match.start(), start + match.end()))


def _is_quoted(source: Source, node: cst.SimpleString) -> bool:
    """Whether `node` is an annotation, or stands in one where a type is meant."""
    if node.prefix or "\\" in node.raw_value:
        return False
    for around in parse(source).ancestors(node):
        if isinstance(around, cst.Annotation):
            return True
        if isinstance(around, cst.Subscript):
            # What these hold are values, and not types.
            if dotted_text(around.value).rpartition(".")[2] in ("Annotated", "Literal"):
                return False
        elif not isinstance(
            around,
            (
                cst.Index,
                cst.SubscriptElement,
                cst.BinaryOperation,
                cst.List,
                cst.Tuple,
                cst.BaseElement,
            ),
        ):
            return False
    return False
