"""What becomes of one `from ... import`: edited in place for the module most names move to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import Binding, dotted_text

from ..._names import INVOKE, PYTHON_CURRENT, PYTHON_LEGACY
from ..reading.meaning import CURRENT_INVOKE
from .import_lines import Lines
from .imported_modules import ImportedModule
from .legacy_imports import CURRENT_LEAF, INVOKE_LEAF, LEGACY_LEAF, LLM, PARENT, Import, Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .imports import Planner
    from .moved_calls import Use


class FromStatement:
    """`from pipeline.async_streaming import ...`, or `from pipeline import async_streaming`."""

    def __init__(self, planner: Planner, statement: Statement) -> None:
        assert isinstance(statement.node, cst.ImportFrom)
        self.planner = planner
        self.statement = statement
        self.node = statement.node
        self.lines = Lines(planner, statement.node)
        self.edits = statement.edits
        self.dots = "." * len(self.node.relative)

    def plan(self) -> None:
        module = self.planner.absolute(
            self.dots + (dotted_text(self.node.module) if self.node.module else "")
        )
        if module == PARENT:
            self._from_parent()
        elif isinstance(self.node.names, cst.ImportStar):
            self._star()
        else:
            self._names(self.node.names)
        self.edits += self.lines.edits()

    def _module_text(self, absolute: str) -> str:
        """`absolute` as this statement would spell it: relative where it is relative."""
        if not self.dots:
            return absolute
        spelled = dotted_text(self.node.module) if self.node.module else ""
        current = self.planner.absolute(self.dots + spelled) or ""
        base = current[: len(current) - len(spelled)].rstrip(".") if spelled else current
        return self.dots + absolute[len(base) :].lstrip(".")

    def _names(self, names: Sequence[cst.ImportAlias]) -> None:
        invoke = [one for one in self.statement.imports if one.name == INVOKE]
        rest = [one for one in self.statement.imports if one.name != INVOKE]
        renamed = [one for one in rest if self.planner.renames(one)]
        stay = [one for one in rest if one not in renamed]
        doubled = [one for one in renamed if self._is_doubled(one)]
        in_place = [one for one in renamed if one not in doubled]
        to_llm: list[Import] = []
        for one in invoke:
            kept = [use for use in one.uses if not self.planner.moves(use)]
            moved = [use for use in one.uses if self.planner.moves(use)]
            if not self.planner.look.applies("legacy-call", one.applicability):
                stay.append(one)
                if moved:
                    self._beside(one, moved)
            elif not kept:
                to_llm.append(one)
        self._move(names, in_place, to_llm, stay, doubled)

    def _beside(self, imported: Import, moved: Sequence[Use]) -> None:
        local = self.planner.at_hand(imported, moved)
        if local is None:
            local = self.planner.free(("llm_invoke", "pipeline_llm_invoke"), imported, moved)
            self.lines.add_invoke(imported, self._module_text(LLM), local)
        for use in moved:
            self.edits.append(self.planner.edit(use.name, local))

    def _is_doubled(self, imported: Import) -> bool:
        current = PYTHON_CURRENT + imported.name[len(PYTHON_LEGACY) :]
        existing = self.planner.existing(current, imported)
        return (
            existing is not None
            and existing.name == imported.binding.name
            and existing.scope is imported.binding.scope
            and self.lines.alone
        )

    def _move(
        self,
        names: Sequence[cst.ImportAlias],
        in_place: list[Import],
        to_llm: list[Import],
        stay: list[Import],
        doubled: list[Import],
    ) -> None:
        llm = []
        for one in to_llm:
            existing = self.planner.existing(CURRENT_INVOKE, one)
            shadowed = existing and self.planner.shadowed(existing.name, existing.scope, one.uses)
            if existing and not shadowed and self.lines.alone and not self._exports(one, existing):
                doubled.append(one)
                if existing.name != one.binding.name:
                    self.edits.extend(
                        self.planner.edit(use.name, existing.name) for use in one.uses
                    )
            else:
                llm.append(one)
        if doubled and len(doubled) == len(names):
            self.edits.append(self.lines.without_line())
            return
        if in_place and any(one.kept for one in stay):
            # The comment that suppresses what stays goes with the statement.
            self._take_out([*llm, *in_place], doubled)
            for one in in_place:
                new = self._module_text(PYTHON_CURRENT + one.name[len(PYTHON_LEGACY) :])
                module = new.rpartition(".")[0]
                self.lines.add(f"from {module} import {self._alias(one)}", self._c(one))
            for one in llm:
                self.lines.add(
                    f"from {self._module_text(LLM)} import {self._alias(one)}", self._c(one)
                )
        elif in_place:
            self._respell_module(CURRENT_LEAF)
            self._take_out([*llm, *stay], doubled)
            for one in llm:
                self.lines.add(
                    f"from {self._module_text(LLM)} import {self._alias(one)}", self._c(one)
                )
            for one in stay:
                old = self._module_text(one.name.rpartition(".")[0])
                self.lines.add(f"from {old} import {self._alias(one)}", self._c(one))
        elif stay:
            self._take_out(llm, doubled)
            for one in llm:
                self.lines.add(
                    f"from {self._module_text(LLM)} import {self._alias(one)}", self._c(one)
                )
        elif llm:
            self._respell_module(LLM.rpartition(".")[2])
            self._take_out((), doubled)

    def _exports(self, imported: Import, existing: Binding) -> bool:
        """Whether more than the calls speaks of the name, so that it cannot be another one."""
        is_asked_for = any(one.name == INVOKE for one in imported.references)
        is_needed = is_asked_for or self.planner.exported(imported.binding)
        return existing.name != imported.binding.name and is_needed

    def _respell_module(self, leaf: str) -> None:
        node: cst.CSTNode | None = self.node.module
        while node is not None:
            if isinstance(node, cst.Name):
                found = node
            elif isinstance(node, cst.Attribute):
                found = node.attr
            else:
                break
            if found.value == LEGACY_LEAF:
                self.edits.append(self.planner.edit(found, leaf))
                return
            node = node.value if isinstance(node, cst.Attribute) else None

    def _take_out(self, moved: Sequence[Import], doubled: Sequence[Import]) -> None:
        """Take names out; the comments of those that have moved go along."""
        there = [one.binding.node for one in doubled]
        aliases = [*there, *(one.binding.node for one in moved)]
        nodes = [alias for alias in aliases if isinstance(alias, cst.ImportAlias)]
        self._comments: dict[cst.CSTNode, Sequence[str]] = {}
        removed = self.lines.removed(nodes) if nodes else iter(())
        ordered = [alias for alias in self.node.names if alias in nodes]  # type: ignore[union-attr]
        for alias, (edit, comments) in zip(ordered, removed, strict=True):
            is_there = any(alias is one for one in there)
            self.edits.append(self.lines.still_said(edit, comments) if is_there else edit)
            self._comments[alias] = comments

    def _c(self, imported: Import) -> Sequence[str]:
        return self._comments.get(imported.binding.node, ())

    def _alias(self, imported: Import) -> str:
        alias = imported.binding.node
        assert isinstance(alias, cst.ImportAlias)
        name = dotted_text(alias.name)
        local = imported.binding.name
        return name if local == name and alias.asname is None else f"{name} as {local}"

    def _star(self) -> None:
        """All names at once: `invoke` alone gets an import of its own, the old one or the new."""
        (imported,) = self.statement.imports
        moved = [use for use in imported.uses if self.planner.moves(use)]
        kept = [use for use in imported.uses if not self.planner.moves(use)]
        elsewhere = self.planner.used_elsewhere(imported, INVOKE_LEAF)
        follows = elsewhere is not None and self.planner.look.applies("legacy-call", elsewhere)
        if not self.planner.renames(imported):
            if moved:
                self._beside(imported, moved)
            return
        legacy = self._module_text(imported.name)
        self._respell_module(CURRENT_LEAF)
        if imported.name != PYTHON_LEGACY:
            return
        if kept or (elsewhere is not None and not follows):
            self.lines.add(f"from {legacy} import {INVOKE_LEAF}")
            if moved:
                self._beside(imported, moved)
        elif moved or follows:
            self.lines.add(f"from {self._module_text(LLM)} import {INVOKE_LEAF}")

    def _from_parent(self) -> None:
        """The package itself is imported by name: `from pipeline import async_streaming as s`."""
        for imported in self.statement.imports:
            alias = imported.binding.node
            assert isinstance(alias, cst.ImportAlias)
            ImportedModule(
                self.planner, imported, self.lines, self.edits, self._module_text(LLM)
            ).plan(
                self._rename_alias,
                f"from {self._module_text(PARENT) or '.'} import {CURRENT_LEAF}",
            )

    def _rename_alias(self, imported: Import, local: str | None) -> None:
        alias = imported.binding.node
        assert isinstance(alias, cst.ImportAlias)
        if local is None:
            names = self.node.names
            assert not isinstance(names, cst.ImportStar)
            if len(names) == 1:
                self.edits.append(self.lines.instead())
            else:
                self.edits.extend(self.lines.dropped([alias]))
            return
        text = CURRENT_LEAF
        if alias.asname is None and local != CURRENT_LEAF:
            text += f" as {local}"
        self.edits.append(self.planner.edit(alias.name, text))
