"""The legacy package where it goes by a name of the file, and what becomes of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Edit

from ..._names import PYTHON_LEGACY
from .legacy_imports import CURRENT_LEAF, INVOKE_LEAF, Import

if TYPE_CHECKING:
    from collections.abc import Callable

    from .import_lines import Lines
    from .imports import Planner


class ImportedModule:
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

    def plan(self, rename: Callable[[Import, str | None], None], anew: str) -> None:
        """`rename(imported, local)` gives the import its new name, or takes it out for `None`.

        `anew` is the statement that imports what the package is now, beside one that stays.
        """
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
