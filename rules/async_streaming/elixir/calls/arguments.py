"""The arguments of a call of the current function, in the layout of the legacy one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator import Edit, Source, Span

from ..handlers.handlers import Given, Kind
from ..reading.meaning import METHOD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from ..reading.context import Context
    from ..reading.mappings import Entry

_KEEPS = re.compile(r"\bmigrate:\s*ignore\b")


class Rewrite:
    """The edits of the arguments of one call, in the layout that they have."""

    def __init__(
        self, source: Source, call: Node, options: list[Entry], handler: Entry, what: Given
    ) -> None:
        self.source = source
        self.call = call
        self.options = options
        self.handler = handler
        self.what = what
        found = call.of("arguments")
        assert found is not None
        # A comment beside the parenthesis is about the call, one above an argument about that.
        end = source.text.find("\n", found.span.start)
        named = [token for token in found.tokens if token.named]
        beside = [one for one in named if one.kind == "comment" and one.span.start < end]
        self.first = next(token for token in named if token not in beside)
        if self.first.kind == "keywords":
            self.first = self.first.tokens[0]

    def edits(self, context: Context) -> Iterator[Edit]:
        yield self._insert(self.first.span.start, f"{context.code},{self._gap(self.first)}")
        key = self.handler.node.child("key")
        new = "stream: true" if key is not None else "{:stream, true}"
        new += f",{self._gap(self.handler.node)}"
        kept = self._kept_above()
        if key is None:
            start = self.handler.node.span.start
            yield self._insert(start if kept is None else kept, new)
            yield Edit(self.source.path, self.handler.node.children[0].span, ":on_event")
        else:
            if kept is not None:
                yield self._insert(kept, new)
                new = ""
            # A key in quotes loses them; what follows its name stays.
            rest = key.text.rpartition('"')[2].removeprefix(self.handler.key)
            end = key.span.end - len(rest)
            yield Edit(self.source.path, Span(key.span.start, end), f"{new}on_event")
        yield from self._callback()

    def _callback(self) -> Iterator[Edit]:
        if self.what.kind is not Kind.MODULE:
            return
        start, end = self.handler.value.span
        before, after = ("&(", ")") if self.what.needs_parentheses else ("&", "")
        yield self._insert(start, before)
        yield self._insert(end, f"{after}.{METHOD}/1")

    def _kept_above(self) -> int | None:
        """Where comments above the handler begin of which one says what is to stay on its line."""
        text = self.source.text
        if self._indent(self.handler.node.span.start) is None:
            return None
        first, is_kept = None, False
        line = self.source.position(self.handler.node.span.start).line - 1
        while line:
            start, end = self.source.line_span(line)
            comment = text[start:end].strip()
            if not comment.startswith("#"):
                break
            first = text.index("#", start)
            is_kept = is_kept or _KEEPS.search(comment) is not None
            line -= 1
        return first if is_kept else None

    def _insert(self, offset: int, text: str) -> Edit:
        return Edit(self.source.path, Span(offset, offset), text)

    def _gap(self, before: Node) -> str:
        """What parts a new argument from `before`, which follows it."""
        indent = self._indent(before.span.start)
        if indent is None and self._one_a_line():
            if before is self.first or before is self.options[0].node:
                indent = self._indent(self.options[1].node.span.start)
        if indent is None:
            return " "
        return self._line_end() + indent

    def _one_a_line(self) -> bool:
        """Whether every argument begins a line of its own; the first may follow the parenthesis."""
        return (
            len(self.options) > 1
            and self.first.kind != "list"
            and all(self._indent(pair.node.span.start) is not None for pair in self.options[1:])
        )

    def _indent(self, offset: int) -> str | None:
        """The blanks before `offset` if they begin its line."""
        text = self.source.text
        start = text.rfind("\n", 0, offset) + 1
        blanks = text[start:offset]
        return blanks if start and not blanks.strip(" \t") else None

    def _line_end(self) -> str:
        text = self.source.text
        place = text.find("\n", self.call.span.start)
        return "\r\n" if place > 0 and text[place - 1] == "\r" else "\n"
