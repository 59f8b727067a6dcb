"""What comments keep of events where no place that speaks of them is found any more.

What a line says of an event may only show beside what has moved: a read without a test of its own,
for one. Such a comment has not become one for nothing, so what is left at its lines is found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from ..._said import is_current
from ..flow.shapes import CURRENT_TAGS, LEGACY_TAGS, string_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..flow.subjects import Subjects

_CURRENT = CURRENT_TAGS | {"content"}
_SPEAKING = (cst.Attribute, cst.Name, cst.SimpleString, cst.Subscript)


def left_at(
    subjects: Subjects, lines: Iterable[tuple[str, int]], found: Iterable[tuple[str, int]]
) -> Iterator[tuple[str, cst.CSTNode]]:
    """The rules that are to leave `lines`, with what speaks of events there, once a statement.

    What is `found` already, by its rule and its line, is not told again.
    """
    known = set(found)
    for rule, line in sorted(lines):
        if line:
            node = _speaks(subjects, line)
        else:
            node = None if rule in {one for one, _ in known} else _anywhere(subjects)
        if node is not None and known.isdisjoint((rule, one) for one in _around(subjects, node)):
            known.add((rule, line))
            yield rule, node


def _around(subjects: Subjects, node: cst.CSTNode) -> range:
    """The lines of the statement that `node` stands in, where it holds no others."""
    tree, source = subjects.tree, subjects.meaning.source
    span = tree.spans[node]
    for around in tree.ancestors(node):
        if isinstance(around, cst.BaseSuite):
            break
        span = tree.spans.get(around, span)
        if isinstance(around, cst.SimpleStatementLine):
            break
        if isinstance(around, (cst.BaseCompoundStatement, cst.MatchCase)):
            span = tree.spans[node]
            break
    first, last = (source.position(at).line for at in span)
    return range(first, last + 1)


def _speaks(subjects: Subjects, line: int) -> cst.CSTNode | None:
    """The first thing at `line` that is an event or a part of one, if none is a current one."""
    tree, source = subjects.tree, subjects.meaning.source
    nodes = [
        node
        for node in tree.of(*_SPEAKING)
        if node in tree.spans and source.position(tree.spans[node].start).line == line
    ]
    if any(string_of(node) in _CURRENT for node in nodes):
        return None
    speaking = (node for node in nodes if _is_of_event(subjects, node))
    return min(speaking, key=lambda node: tree.spans[node], default=None)


def _anywhere(subjects: Subjects) -> cst.CSTNode | None:
    """The first thing that is an event or a part of one, on a line without a current one."""
    tree, source = subjects.tree, subjects.meaning.source
    nodes = [one for one in tree.of(*_SPEAKING) if one in tree.spans]
    for node in sorted(nodes, key=lambda node: tree.spans[node]):
        line = source.position(tree.spans[node].start).line
        if _is_of_event(subjects, node) and not is_current(source, line):
            return node
    return None


def _is_of_event(subjects: Subjects, node: cst.CSTNode) -> bool:
    if isinstance(node, cst.SimpleString):
        return string_of(node) in LEGACY_TAGS
    if not isinstance(node, cst.BaseExpression):
        return False
    keys = (
        subjects.event(node),
        subjects.several.key(node),
        subjects.apart.tag(node),
        subjects.apart.text(node),
    )
    return any(subjects.role(key) is not None for key in keys)
