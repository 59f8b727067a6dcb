"""Rule files for Elixir, checked and compiled."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from migrator.patterns.elixir.constraints import KINDS, Condition
from migrator.patterns.elixir.finding import is_function
from migrator.patterns.elixir.matching import Pattern
from migrator.patterns.elixir.program import Program
from migrator.patterns.elixir.rules import ElixirRule, Variant
from migrator.patterns.elixir.snippets import ElixirSnippet, snippet
from migrator.patterns.elixir.template import Template
from migrator.patterns.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from migrator.model import Fact, Finding, Look, Source, Triggers
    from migrator.model.rule import Check, Learn
    from migrator.patterns.definition import Document, Place
    from migrator.patterns.forms import Constraint, RuleFile
    from migrator.patterns.reading import ReadVariant, Rename

_MODULE = r"[A-Z]\w*(?:\.[A-Z]\w*)*"
_NAME = rf"{_MODULE}(?:\.[a-z_]\w*[?!]?)?"
_RENAME = re.compile(
    rf"\s*(?P<old>{_NAME})(?:\((?P<was>\w+):\)|/(?P<arity>\d+))?"
    rf"\s*->\s*(?P<new>{_NAME})(?:\((?P<is>\w+):\)|/\d+)?\s*"
)


def compile_all(
    forms: list[tuple[str, RuleFile, Document]],
) -> dict[str, tuple[Triggers, Check, Learn | None]]:
    """Triggers, check and learn of each rule by its id; raises `MigrateError` with its line."""
    read = [Read(id_, form, document) for id_, form, document in forms]
    program = Program([one.compiled for one in read])
    # What matters to other files is told and learnt once for all rules, by one that always looks.
    teller = next((one.id for one in read if not (one.form.files or one.form.when)), None)
    leaves = dict.fromkeys(leaf for one in read for leaf in one.modules)
    handed = tuple((leaf, "quote") for leaf in leaves)
    return {
        one.id: (
            (*one.triggers, *(handed if one.id == teller else ())),
            partial(_check_and_tell if one.id == teller else _check, program, one.id),
            partial(_learn, program) if one.id == teller else None,
        )
        for one in read
    }


def _check(program: Program, rule: str, source: Source, look: Look) -> Iterator[Finding | Fact]:
    yield from program.findings(source, look, rule)


def _check_and_tell(
    program: Program, rule: str, source: Source, look: Look
) -> Iterator[Finding | Fact]:
    yield from program.findings(source, look, rule)
    yield from program.facts(source, look)


def _learn(program: Program, facts: Sequence[Fact], look: Look) -> Iterator[Fact]:
    return program.learn(facts)


class Read(Reading):
    """One rule file for Elixir, read and checked."""

    language = "elixir"
    renames_are = (
        "a rename is `Old.Name -> New.Name`, `M.f -> M.g`, `M.f/1 -> M.g/1` or "
        "`M.f(old:) -> M.f(new:)`"
    )
    rename_pattern = _RENAME

    def __init__(self, id_: str, form: RuleFile, document: Document) -> None:
        super().__init__(id_, form, document)
        for key in ("signatures", "imports"):
            if getattr(form, key):
                problem = (
                    "is for python: in elixir, options go by their keys, modules by their names"
                )
                raise document.error((key,), problem)
        self.compiled = ElixirRule(
            id_,
            self.severity,
            self.most,
            tuple(map(_variant, self.variants)),
            tuple(self.renames),
        )

    def read_snippet(self, text: str) -> ElixirSnippet:
        """The snippet that `text` spells; raises `SnippetError`."""
        return snippet(text)

    def check_constraint(self, constraint: Constraint, place: Place) -> None:
        """Raise `MigrateError` for what cannot be asked of code in Elixir."""
        super().check_constraint(constraint, place)
        if constraint.instance is not None:
            problem = "is for python: Elixir has no classes"
            raise self.document.error((*place, "instance"), problem)
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
        """The last parts of the modules that the rule is about."""
        names = [name for one in self.variants for name in one.find.names]
        names += [one.old for one in self.renames]
        modules = [name.rpartition(".")[0] if is_function(name) else name for name in names]
        return [name.rpartition(".")[2] for name in modules]

    @property
    def triggers(self) -> Triggers:
        """The words of each pattern; the last part of what moved, and the module of a function."""
        groups = [variant.find.words for variant in self.variants]
        for one in self.renames:
            module, _, last = one.old.rpartition(".")
            leaf = module.rpartition(".")[2]
            groups.append((leaf, last) if is_function(one.old) else (last,))
        return tuple(dict.fromkeys(groups))


def _variant(read: ReadVariant) -> Variant:
    assert isinstance(read.find, ElixirSnippet)
    assert read.replace is None or isinstance(read.replace, ElixirSnippet)
    template = Template(read.replace) if read.replace is not None else None
    where = {name: _condition(one) for name, one in read.where.items()}
    has = None
    if read.has is not None:
        assert isinstance(read.has, ElixirSnippet)
        has = Pattern(read.has)
    return Variant(Pattern(read.find), template, where, read.message, read.at, has)


def _condition(form: Constraint) -> Condition:
    return Condition(
        form,
        Pattern(snippet(form.inside)) if form.inside else None,
        Pattern(snippet(form.has)) if form.has else None,
        _condition(form.value) if form.value else None,
        _condition(form.not_) if form.not_ else None,
    )
