"""Where each node of a Python file begins and ends: a walk that prints the file.

By the table of `python_writer`, or by libcst itself; either way the whole text comes out, which is
compared with the source by who asks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from libcst._nodes.internal import CodegenState

import migrator.languages.python_nodes  # noqa: F401 (changes what the hash of a node is)
from migrator.languages.python_writer import WRITER
from migrator.model import Span

if TYPE_CHECKING:
    import libcst as cst


class Printed(CodegenState):
    """What a module is printed as: its text, and the span and parent of each node.

    `spans` has them in the order in which they end. The nodes that libcst prints call back.
    """

    def __init__(self, module: cst.Module) -> None:
        super().__init__(module.default_indent, module.default_newline)
        self.module = module
        self.spans: dict[cst.CSTNode, Span] = {}
        self.parents: dict[cst.CSTNode, cst.CSTNode] = {}
        self.position = 0
        self.indent = 0
        self._around: list[cst.CSTNode] = []
        self._starts: list[int] = []

    @property
    def code(self) -> str:
        """The text."""
        return "".join(self.tokens)

    def by_table(self) -> Printed:
        """Print the module by the table."""
        module, table = self.module, WRITER(self, self.spans, self.parents, self.tokens.append)
        for one in (*module.header, *module.body, *module.footer):
            self.position = table[one.__class__](one, module, self.position)
        # Its functions hold it, and all that they print: cut that, and all of it goes in time.
        table.clear()
        if not module.has_trailing_newline:
            self.pop_trailing_newline()
        elif not self.tokens:
            self.add_token(self.default_newline)
        self.spans[module] = Span(0, self.position)
        return self

    def by_libcst(self) -> Printed:
        """Print the module by libcst alone."""
        self.module._codegen(self)
        return self

    def beside(self, node: cst.CSTNode, parent: cst.CSTNode, position: int) -> int:
        """Print a node that the table does not have; gives the position behind it."""
        self.position = position
        self._around.append(parent)
        node._codegen(self)
        self._around.pop()
        return self.position

    def increase_indent(self, value: str) -> None:
        self.indent_tokens.append(value)
        self.indent += len(value)

    def decrease_indent(self) -> None:
        self.indent -= len(self.indent_tokens.pop())

    def add_indent_tokens(self) -> None:
        self.tokens += self.indent_tokens
        self.position += self.indent

    def add_token(self, value: str) -> None:
        self.tokens.append(value)
        self.position += len(value)

    def before_codegen(self, node: cst.CSTNode) -> None:
        if self._around:
            self.parents[node] = self._around[-1]
        self._around.append(node)
        self._starts.append(self.position)

    def after_codegen(self, node: cst.CSTNode) -> None:
        self._around.pop()
        start = self._starts.pop()
        if node not in self.spans:
            self.spans[node] = Span(start, self.position)

    def record_syntactic_position(
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> Any:
        return _Position(self, node, start_node, end_node)


class _Position:
    """The part of what is printed for a node that is the node without what is around it."""

    __slots__ = ("end_node", "node", "printed", "start", "start_node")

    def __init__(
        self,
        printed: Printed,
        node: cst.CSTNode,
        start_node: cst.CSTNode | None,
        end_node: cst.CSTNode | None,
    ) -> None:
        self.printed = printed
        self.node = node
        self.start_node = start_node
        self.end_node = end_node

    def __enter__(self) -> None:
        self.start = self.printed.position

    def __exit__(self, *_: object) -> None:
        spans = self.printed.spans
        start = spans[self.start_node].start if self.start_node else self.start
        end = spans[self.end_node].end if self.end_node else self.printed.position
        spans[self.node] = Span(start, end)
