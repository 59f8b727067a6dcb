"""What becomes of one `import` statement."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import dotted_text

from ..._names import PYTHON_CURRENT, PYTHON_LEGACY
from .import_lines import Lines
from .imported_modules import ImportedModule
from .legacy_imports import CURRENT_LEAF, LEGACY_LEAF, LLM, PARENT, Import, Statement

if TYPE_CHECKING:
    from .imports import Planner


class PlainStatement:
    """`import pipeline.async_streaming`, with or without `as`."""

    def __init__(self, planner: Planner, statement: Statement) -> None:
        assert isinstance(statement.node, cst.Import)
        self.planner = planner
        self.statement = statement
        self.node = statement.node
        self.lines = Lines(planner, statement.node)
        self.edits = statement.edits

    def plan(self) -> None:
        for imported in self.statement.imports:
            alias = imported.binding.node
            assert isinstance(alias, cst.ImportAlias)
            if alias.asname:
                ImportedModule(self.planner, imported, self.lines, self.edits, LLM).plan(
                    self._rename_alias, f"from {PARENT} import {CURRENT_LEAF}"
                )
            else:
                self._dotted(imported, alias)
        self.edits += self.lines.edits()

    def _rename_alias(self, imported: Import, local: str | None) -> None:
        alias = imported.binding.node
        assert isinstance(alias, cst.ImportAlias)
        if local is not None:
            self._respell(alias, CURRENT_LEAF)
        elif len(self.node.names) == 1:
            self.edits.append(self.lines.instead())
        else:
            self.edits.extend(self.lines.dropped([alias]))

    def _respell(self, alias: cst.ImportAlias, leaf: str) -> None:
        node: cst.CSTNode = alias.name
        while isinstance(node, cst.Attribute):
            if node.attr.value == LEGACY_LEAF:
                self.edits.append(self.planner.edit(node.attr, leaf))
                return
            node = node.value

    def _dotted(self, imported: Import, alias: cst.ImportAlias) -> None:
        """Names are spelled in full, so that each use says by itself where it moves."""
        moved = [use for use in imported.uses if self.planner.moves(use)]
        kept = [use for use in imported.uses if not self.planner.moves(use)]
        renames = self.planner.renames(imported)
        for use in moved:
            node = use.name.value if isinstance(use.name, cst.Attribute) else use.name
            if isinstance(node, cst.Attribute):
                self.edits.append(self.planner.edit(node.attr, LLM.rpartition(".")[2]))
        if renames:
            for reference in imported.references:
                if isinstance(reference.spelled, cst.Attribute):
                    if not reference.edits:
                        reference.edits.append(self.planner.respell(reference))
                    self.edits += reference.edits
        wanted: list[str] = []
        if imported.name != PYTHON_LEGACY:
            wanted.append(PYTHON_CURRENT + imported.name[len(PYTHON_LEGACY) :])
        elif (imported.references or not (moved or kept)) and renames:
            wanted.append(PYTHON_CURRENT)
        if moved:
            wanted.append(LLM)
        wanted = [name for name in wanted if not self._is_imported(name, imported)]
        self.planner.new_modules += [(name, imported.binding) for name in wanted]
        if kept or not renames:
            for name in wanted:
                self.lines.add(f"import {name}")
            return
        if not wanted:
            if len(self.node.names) == 1 and self.lines.alone:
                self.edits.append(self.lines.without_line())
            else:
                self._respell(alias, CURRENT_LEAF)
            return
        self._respell(alias, wanted[0].split(".")[1])
        for name in wanted[1:]:
            self.lines.add(f"import {name}")

    def _is_imported(self, name: str, imported: Import) -> bool:
        """Whether the module `name` is there beside `imported`, or comes by an import above."""
        scopes = (imported.binding.scope, self.planner.names.module)
        return any(
            new == name and one.scope in scopes and one.is_sure(imported.binding.blocks)
            for new, one in self.planner.new_modules
        ) or any(
            isinstance(binding.node, cst.ImportAlias)
            and binding.node.asname is None
            and isinstance(self.planner.tree.parents[binding.node], cst.Import)
            and dotted_text(binding.node.name) == name
            and binding.scope in scopes
            and self.planner.is_in_time(binding, imported.binding)
            for binding in self.planner.names.bindings()
            if binding.kind == "import"
        )
