"""A pair that a rule adds to mappings, and whether it stays one pair where it is written."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from migrator.errors import NotAnalysedError
from migrator.helpers.yaml import add_after, add_first
from migrator.languages.yaml import BLOCKS, Mapping, Node, Scalar, Sequence, children, parse
from migrator.model import Source

if TYPE_CHECKING:
    from migrator.model import Edit


class _Pair(NamedTuple):
    key: str
    value: str


class Added(_Pair):
    """`key: value`, as a rule file has it."""

    def fits(self) -> bool:
        """Whether it is one pair on a line of its own."""
        return self._in_block is not None

    def edits(self, source: Source, mapping: Mapping) -> tuple[Edit, ...]:
        """Add it to `mapping`, in its style; nothing where it would be something else there."""
        if mapping.flow and self._in_flow != self._in_block:
            return ()
        if not mapping.pairs:
            return add_first(source, mapping, self.key, self.value)
        return add_after(source, mapping, mapping.pairs[-1], self.key, self.value)

    @cached_property
    def _in_block(self) -> object:
        return _meaning(f"{self.key}: {self.value}", "")

    @cached_property
    def _in_flow(self) -> object:
        return _meaning(f"{{{self.key}: {self.value}", "}")


def _meaning(text: str, end: str) -> object:
    """What the pair at the end of `text` says; nothing if there is more, or less, than one."""
    try:
        (root,) = parse(Source("", text + end, "yaml")).documents
    except (NotAnalysedError, ValueError):
        return None
    if not isinstance(root, Mapping) or len(root.pairs) != 1:
        return None
    key, value = root.pairs[0]
    if isinstance(value, Scalar) and value.style in BLOCKS:
        return None
    # Behind the value there may be a comment.
    return (_said(key), _said(value)) if value.span.end == len(text) else None


def _said(node: Node) -> object:
    below = tuple(map(_said, children(node)))
    if isinstance(node, (Mapping, Sequence)):
        return type(node), node.tag, below
    return (node.tag, node.style, node.value) if isinstance(node, Scalar) else "*"
