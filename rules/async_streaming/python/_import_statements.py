"""What becomes of one import statement: edited in place for the module most names move to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Edit
from migrator.helpers.python.scopes import Binding, Scope, dotted_text

from .._names import INVOKE, PYTHON_CURRENT, PYTHON_LEGACY
from ._import_lines import Lines
from ._legacy_imports import CURRENT_LEAF, INVOKE_LEAF, LEGACY_LEAF, LLM, PARENT, Import, Statement
from ._meaning import CURRENT_INVOKE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ._imports import Planner
    from ._moved_calls import Use


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
        existing = self.planner.existing(current, imported.binding.scope)
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
            existing = self.planner.existing(CURRENT_INVOKE, one.binding.scope)
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
            path = self.planner.meaning.source.path
            self.edits.append(Edit(path, self.lines.whole_line(), ""))
            return
        if in_place and any(one.kept for one in stay):
            # The comment that suppresses what stays goes with the statement.
            self._take_out([*doubled, *llm, *in_place])
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
            self._take_out([*doubled, *llm, *stay])
            for one in llm:
                self.lines.add(
                    f"from {self._module_text(LLM)} import {self._alias(one)}", self._c(one)
                )
            for one in stay:
                old = self._module_text(one.name.rpartition(".")[0])
                self.lines.add(f"from {old} import {self._alias(one)}", self._c(one))
        elif stay:
            self._take_out([*doubled, *llm])
            for one in llm:
                self.lines.add(
                    f"from {self._module_text(LLM)} import {self._alias(one)}", self._c(one)
                )
        elif llm:
            self._respell_module(LLM.rpartition(".")[2])
            self._take_out(doubled)

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

    def _take_out(self, gone: Sequence[Import]) -> None:
        aliases = [one.binding.node for one in gone]
        nodes = [alias for alias in aliases if isinstance(alias, cst.ImportAlias)]
        self._comments: dict[cst.CSTNode, Sequence[str]] = {}
        removed = self.lines.removed(nodes) if nodes else iter(())
        ordered = [alias for alias in self.node.names if alias in nodes]  # type: ignore[union-attr]
        for alias, (edit, comments) in zip(ordered, removed, strict=True):
            self.edits.append(edit)
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
            _Module(self.planner, imported, self.lines, self.edits, self._module_text(LLM)).plan(
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
                self.edits.extend(edit for edit, _ in self.lines.removed([alias]))
            return
        text = CURRENT_LEAF
        if alias.asname is None and local != CURRENT_LEAF:
            text += f" as {local}"
        self.edits.append(self.planner.edit(alias.name, text))


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
                _Module(self.planner, imported, self.lines, self.edits, LLM).plan(
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
            self.edits.extend(edit for edit, _ in self.lines.removed([alias]))

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
        scope = imported.binding.scope
        wanted = [name for name in wanted if not self._is_imported(name, scope)]
        if not imported.binding.blocks:
            self.planner.new_modules += [(name, scope) for name in wanted]
        if kept or not renames:
            for name in wanted:
                self.lines.add(f"import {name}")
            return
        if not wanted:
            if len(self.node.names) == 1 and self.lines.alone:
                path = self.planner.meaning.source.path
                self.edits.append(Edit(path, self.lines.whole_line(), ""))
            else:
                self._respell(alias, CURRENT_LEAF)
            return
        self._respell(alias, wanted[0].split(".")[1])
        for name in wanted[1:]:
            self.lines.add(f"import {name}")

    def _is_imported(self, name: str, scope: Scope) -> bool:
        """Whether `scope` has the module `name` already, or gets it by an import above."""
        scopes = (scope, self.planner.names.module)
        return any((name, one) in self.planner.new_modules for one in scopes) or any(
            isinstance(binding.node, cst.ImportAlias)
            and binding.node.asname is None
            and isinstance(self.planner.tree.parents[binding.node], cst.Import)
            and dotted_text(binding.node.name) == name
            and binding.scope in scopes
            and not binding.blocks
            for binding in self.planner.names.bindings()
            if binding.kind == "import"
        )


class _Module:
    """The legacy package bound to a local name: `s.invoke`, `s.ConsoleHandler`."""

    def __init__(
        self, planner: Planner, imported: Import, lines: Lines, edits: list[Edit], llm: str
    ) -> None:
        self.planner = planner
        self.imported = imported
        self.lines = lines
        self.edits = edits
        self.llm = llm
        self.moved = [use for use in imported.uses if planner.moves(use)]
        self.kept = [use for use in imported.uses if not planner.moves(use)]

    def plan(self, rename: object, anew: str) -> None:
        """`rename(imported, local)` gives the import its new name, or takes it out for `None`."""
        assert callable(rename)
        imported, planner = self.imported, self.planner
        if imported.name != PYTHON_LEGACY:
            if planner.renames(imported):
                rename(imported, imported.binding.name)
            return
        if self.moved:
            self._move_calls()
        if not planner.renames(imported):
            return
        alias = imported.binding.node
        assert isinstance(alias, cst.ImportAlias)
        if self.kept:
            if imported.references:
                local = self._local()
                as_ = "" if local == CURRENT_LEAF else f" as {local}"
                self.lines.add(f"{anew}{as_}")
                self._respell_references(local)
            return
        if not imported.references and self.moved and not planner.exported(imported.binding):
            rename(imported, None)
            return
        local = imported.binding.name
        if alias.asname is None:
            local = self._local()
            if planner.exported(imported.binding) or local != CURRENT_LEAF:
                local = imported.binding.name
            else:
                self._respell_references(local)
        rename(imported, local)

    def _local(self) -> str:
        return self.planner.free(
            (CURRENT_LEAF, "pipeline_streaming"), self.imported, self.imported.references
        )

    def _move_calls(self) -> None:
        local = self.planner.at_hand(self.imported, self.moved)
        if local is None:
            names = (INVOKE_LEAF, "llm_invoke", "pipeline_llm_invoke")
            local = self.planner.free(names, self.imported, self.moved)
            self.lines.add_invoke(self.imported, self.llm, local)
        for use in self.moved:
            self.edits.append(self.planner.edit(use.name, local))

    def _respell_references(self, local: str) -> None:
        for reference in self.imported.references:
            if reference.spelled is not None:
                reference.edits.append(self.planner.edit(reference.spelled, local))
            elif reference.quoted is not None:
                path = self.planner.meaning.source.path
                reference.edits.append(Edit(path, reference.quoted, local))
        self.edits.extend(
            edit for reference in self.imported.references for edit in reference.edits
        )
