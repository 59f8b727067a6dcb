"""The edits that bring the import statements of a file to what was decided about their names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.items import rearranged
from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import dotted_text
from migrator.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from migrator.helpers.python.import_statements import Alias, Imported, Statement
    from migrator.helpers.python.names import Names

_LINE_END = re.compile(r"\r\n|\r|\n")


class ImportEdits:
    """Writes the statements of one file; `aliases` are all names that it imports.

    `absolute` takes the leading dots off a name.
    """

    def __init__(
        self, names: Names, absolute: Callable[[str], str], aliases: Iterable[Alias]
    ) -> None:
        self._source = names.source
        self._tree = names.tree
        self._top = names.module
        self._absolute = absolute
        self._aliases = tuple(aliases)

    def of(self, statement: Statement) -> tuple[Edit, ...]:
        """The edits that one statement needs."""
        if statement.node is None:
            return self._at_the_top(statement.new)
        if isinstance(statement.node, cst.ImportFrom):
            return tuple(self._from(statement, statement.node))
        return tuple(self._import(statement, statement.node))

    def _from(self, statement: Statement, node: cst.ImportFrom) -> Iterable[Edit]:
        new = [one for one in statement.new if not self._is_there(one)]
        if isinstance(node.names, cst.ImportStar):
            if statement.moved:
                yield self._respelled(node, statement.moved)
            yield from self._after(node, _lines(new))
            return
        stays = [one for one in statement.aliases if not one.moved and not one.is_gone]
        comes = [one.moved for one in statement.aliases if one.moved] + new
        module = statement.module
        if not stays and comes:
            modules = [one.module for one in comes if one.name]
            fits = statement.moved in modules
            module = statement.moved if fits and statement.moved else next(iter(modules), module)
        if not stays and not any(one.module == module and one.name for one in comes):
            yield from self._instead(node, [one.statement for one in comes])
            return
        if module != statement.module:
            yield self._respelled(node, module)
        yield from self._items(statement, node, module, new)
        others = [one for one in comes if one.module != module or not one.name]
        yield from self._after(node, _lines(others))

    def _items(
        self, statement: Statement, node: cst.ImportFrom, module: str, new: Sequence[Imported]
    ) -> Iterable[Edit]:
        assert not isinstance(node.names, cst.ImportStar)
        slots: list[int | str | None] = []
        for at, alias in enumerate(statement.aliases):
            slot: int | str | None = None if alias.is_gone else at
            if alias.moved:
                slot = None
                if alias.moved.module == module:
                    same = alias.moved.text == self._text(alias.node)
                    slot = at if same else alias.moved.text
            slots.append(slot)
        wanted = [one.text for one in new if one.module == module and one.name]
        for at, slot in enumerate(slots):
            if slot is None and wanted:
                slots[at] = wanted.pop(0)
        kept: list[int | str] = [slot for slot in slots if slot is not None]
        span = self._tree.spans[node]
        return rearranged(self._source, node.names, [*kept, *wanted], span.end)

    def _import(self, statement: Statement, node: cst.Import) -> Iterable[Edit]:
        new = [one for one in statement.new if not self._is_there(one)]
        kept: list[int | str] = []
        plain = [one for one in new if not one.name]
        for at, alias in enumerate(statement.aliases):
            if alias.moved and not alias.is_unasked:
                kept.append(alias.moved.text)
            elif not alias.is_gone and not alias.moved:
                kept.append(at)
            elif plain and len(statement.aliases) == 1:
                kept.append(plain.pop(0).text)
        rest = [one for one in new if one.name or one in plain]
        if not kept:
            yield from self._instead(node, _lines(rest))
            return
        yield from rearranged(self._source, node.names, kept, self._tree.spans[node].end)
        yield from self._after(node, _lines(rest))

    def _is_there(self, wanted: Imported) -> bool:
        """Whether the file imports it at its top already, so that it need not come twice."""
        if wanted.name:
            return False
        return any(
            one.target == wanted.module and not one.node.asname and not one.is_gone
            and isinstance(self._tree.parents[one.node], cst.Import)
            and not one.moved and one.binding.scope is self._top and not one.binding.blocks
            for one in self._aliases
        )  # fmt: skip

    def _text(self, node: cst.CSTNode) -> str:
        start, end = self._tree.spans[node]
        return self._source.text[start:end]

    def _respelled(self, node: cst.ImportFrom, module: str) -> Edit:
        """Another module in place of the statement's, relative where it was and can be."""
        first = node.relative[0] if node.relative else node.module
        last = node.module or node.relative[-1]
        assert first is not None
        span = Span(self._tree.spans[first].start, self._tree.spans[last].end)
        if node.relative:
            written = dotted_text(node.module) if node.module else ""
            current = self._absolute("." * len(node.relative) + written).rstrip(".")
            base = current[: len(current) - len(written)]
            if base and module.startswith(base):
                dots = "." * len(node.relative)
                return Edit(self._source.path, span, dots + module[len(base) :])
        return Edit(self._source.path, span, module)

    def _is_alone(self, node: cst.CSTNode) -> bool:
        line = self._tree.parents[node]
        return isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1

    def _instead(self, node: cst.CSTNode, lines: Sequence[str]) -> Iterable[Edit]:
        """Other statements in place of `node`, or none at all."""
        span = self._tree.spans[node]
        if lines:
            yield Edit(self._source.path, span, lines[0])
            yield from self._after(node, lines[1:])
            return
        line = self._tree.parents[node]
        around = self._tree.parents.get(line)
        is_last = isinstance(around, cst.IndentedBlock) and len(around.body) == 1
        if not self._is_alone(node) or is_last or not isinstance(line, cst.SimpleStatementLine):
            yield Edit(self._source.path, span, "pass")
            return
        first = self._source.line_span(self._source.position(span.start).line)
        last = self._source.line_span(self._source.position(span.end).line)
        yield Edit(self._source.path, Span(first.start, last.end), "")

    def _after(self, node: cst.CSTNode, lines: Sequence[str]) -> Iterable[Edit]:
        """Further statements behind `node`, each on a line of its own where `node` has one."""
        if not lines:
            return
        span = self._tree.spans[node]
        if not self._is_alone(node):
            text = "".join(f"; {line}" for line in lines)
            yield Edit(self._source.path, Span(span.end, span.end), text)
            return
        start = self._source.line_span(self._source.position(span.start).line)
        end = self._source.line_span(self._source.position(span.end).line)
        indent = self._source.text[start.start : span.start]
        yield self._lines_at(end.end, indent, lines)

    def _lines_at(self, at: int, indent: str, lines: Sequence[str]) -> Edit:
        text = self._source.text
        found = _LINE_END.search(text)
        newline = found[0] if found else "\n"
        if at and text[at - 1] not in "\r\n":
            new = "".join(f"{newline}{indent}{line}" for line in lines)
        else:
            new = "".join(f"{indent}{line}{newline}" for line in lines)
        return Edit(self._source.path, Span(at, at), new)

    def _at_the_top(self, new: Sequence[Imported]) -> tuple[Edit, ...]:
        """New lines behind the imports at the top of the file, or behind its docstring."""
        new = [one for one in new if not self._is_there(one)]
        if not new:
            return ()
        at = 0
        body = self._tree.module.body
        for place, line in enumerate(body):
            if not isinstance(line, cst.SimpleStatementLine):
                break
            first = line.body[0]
            is_docstring = (
                place == 0 and isinstance(first, cst.Expr) and text_of(first.value) is not None
            )
            if not is_docstring and not isinstance(first, (cst.Import, cst.ImportFrom)):
                break
            end = self._tree.spans[line.body[-1]].end
            at = self._source.line_span(self._source.position(end).line).end
        if not at and self._tree.module.header:
            at = self._behind_header()
        return (self._lines_at(at, "", _lines(new)),)

    def _behind_header(self) -> int:
        """Where the comments at the top of a file end that belong to the file as a whole."""
        at, line = 0, 1
        for empty in self._tree.module.header:
            if empty.comment is None:
                break
            at = self._source.line_span(line).end
            line += 1
        return at


def _lines(new: Sequence[Imported]) -> list[str]:
    """Statements that import all of `new`, one for each module."""
    lines: dict[str, list[str]] = {}
    plain = []
    for one in dict.fromkeys(new):
        if one.name:
            lines.setdefault(one.module, []).append(one.text)
        else:
            plain.append(one.statement)
    return plain + [f"from {module} import {', '.join(texts)}" for module, texts in lines.items()]
