"""Rule files for Elixir, checked and compiled.

What only the check of a file takes is imported then: loading a pack reads its patterns alone.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from migrator.patterns.elixir.learning import learn
from migrator.patterns.elixir.snippets import KINDS, around, is_function, snippet
from migrator.patterns.elixir.uses import leaf, through
from migrator.patterns.reading import Reading
from migrator.patterns.together import together

if TYPE_CHECKING:
    from migrator.model import Triggers
    from migrator.model.rule import Check, Learn
    from migrator.patterns.definition import Document, Place
    from migrator.patterns.elixir.program import Program
    from migrator.patterns.elixir.snippets import ElixirSnippet
    from migrator.patterns.elixir.uses import Uses
    from migrator.patterns.forms import Constraint, RuleFile
    from migrator.patterns.renaming import Rename

_MODULE = r"[A-Z]\w*(?:\.[A-Z]\w*)*"
_NAME = rf"{_MODULE}(?:\.[a-z_]\w*[?!]?)?"
_RENAME = re.compile(
    rf"\s*(?P<old>{_NAME})(?:\((?P<was>\w+):\)|/(?P<arity>\d+))?"
    rf"\s*->\s*(?P<new>{_NAME})(?:\((?P<is>\w+):\)|/\d+)?\s*"
)


def compile_all(
    forms: list[tuple[str, RuleFile, Document]], uses: Uses = ()
) -> dict[str, tuple[Triggers, Check, Learn | None]]:
    """Triggers, check and learn of each rule by its id; raises `MigrateError` with its line.

    `uses` is what modules of the library bring.
    """
    read = [Read(id_, form, document, uses) for id_, form, document in forms]
    # Quoted code may bring a module by its last part, or hide it by its first.
    ends = dict.fromkeys(end for one in read for name in one.modules for end in _ends(name))
    ends |= dict.fromkeys(leaf(one.module) for one in uses)
    handed = tuple((end, "quote") for end in ends)
    return together(read, partial(_built, read, uses), learn, handed)


def _built(read: list[Read], uses: Uses) -> Program:
    from migrator.patterns.elixir.build import build

    return build(read, uses)


class Read(Reading):
    """One rule file for Elixir, read and checked."""

    language = "elixir"
    renames_are = (
        "a rename is `Old.Name -> New.Name`, `M.f -> M.g`, `M.f/1 -> M.g/1` or "
        "`M.f(old:) -> M.f(new:)`"
    )
    rename_pattern = _RENAME

    def __init__(self, id_: str, form: RuleFile, document: Document, uses: Uses = ()) -> None:
        super().__init__(id_, form, document)
        self._uses = uses
        for key in ("signatures", "imports"):
            if getattr(form, key):
                problem = (
                    "is for python: in elixir, options go by their keys, modules by their names"
                )
                raise document.error((key,), problem)

    def read_snippet(self, text: str, *, is_written: bool = False) -> ElixirSnippet:
        """The snippet that `text` spells; raises `SnippetError`."""
        return snippet(text, is_written=is_written)

    def read_around(self, text: str) -> ElixirSnippet:
        """The snippet of code around something, a block with statements in any order."""
        return around(text)

    def check_constraint(self, constraint: Constraint, place: Place) -> None:
        """Raise `MigrateError` for what cannot be asked of code in Elixir."""
        super().check_constraint(constraint, place)
        for key in ("instance", "subclass", "proven"):
            if getattr(constraint, key):
                problem = "is for python: Elixir has no classes"
                raise self.document.error((*place, key), problem)
        kinds = (constraint.kind,) if isinstance(constraint.kind, str) else constraint.kind
        for kind in kinds:
            self.document.known((*place, "kind"), kind, KINDS, f"Elixir has no `{kind}`")

    def check_rename(self, rename: Rename, place: Place) -> None:
        """Raise `MigrateError` where a module would become a function, or one part is missing."""
        if is_function(rename.old) != is_function(rename.new):
            raise self.document.error(place, "a module stays a module, and a function a function")
        if rename.keyword is not None and not is_function(rename.old):
            raise self.document.error(place, f"`{rename.old}` is a module: name a function of it")

    @property
    def modules(self) -> list[str]:
        """The modules that the rule is about."""
        names = [name for one in self.variants for name in one.names]
        names += [name for one in self.variants for new in one.becomes for name in new.names]
        names += [one.old for one in self.renames]
        return [name.rpartition(".")[0] if is_function(name) else name for name in names]

    @property
    def triggers(self) -> Triggers:
        """The words of each pattern; the last part of what moved, and the module of a function."""
        groups = [variant.find.words for variant in self.variants]
        for one in self.renames:
            module, _, last = one.old.rpartition(".")
            groups.append((leaf(module), last) if is_function(one.old) else (last,))
        return tuple(dict.fromkeys((*groups, *through(tuple(groups), self._uses))))


def _ends(module: str) -> tuple[str, str]:
    return leaf(module), module.partition(".")[0]
