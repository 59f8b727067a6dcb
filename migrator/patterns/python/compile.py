"""Rule files for Python, checked and compiled.

Only the check of a file, not the loading of a pack, imports libcst: patterns are first read with
the interpreter's own parser.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from migrator.errors import meant
from migrator.patterns.holes import SnippetError
from migrator.patterns.python.learning import learn
from migrator.patterns.python.signatures import signature
from migrator.patterns.python.snippets import around, open_parameters, snippet
from migrator.patterns.reading import Reading
from migrator.patterns.together import together

if TYPE_CHECKING:
    from migrator.model import Triggers
    from migrator.model.rule import Check, Learn
    from migrator.patterns.definition import Document, Place
    from migrator.patterns.forms import Constraint, RuleFile
    from migrator.patterns.holes import Snippet
    from migrator.patterns.python.program import Program
    from migrator.patterns.python.signatures import Signature

_NAME = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_RENAME = re.compile(
    rf"\s*(?P<old>{_NAME})(?:\((?P<was>\w+)=\))?\s*->\s*(?P<new>{_NAME})(?:\((?P<is>\w+)=\))?\s*"
)


def compile_all(
    forms: list[tuple[str, RuleFile, Document]],
) -> dict[str, tuple[Triggers, Check, Learn | None]]:
    """Triggers, check and learn of each rule by its id; raises `MigrateError` with its line."""
    read = [Read(id_, form, document) for id_, form, document in forms]
    return together(read, partial(_built, read), learn)


def _built(read: list[Read]) -> Program:
    from migrator.patterns.python.build import build

    return build(read)


def _spoken(name: str) -> tuple[str, ...]:
    """The words that a file holds which speaks of the dotted `name`."""
    return tuple(dict.fromkeys(reversed(name.split("."))))


class Read(Reading):
    """One rule file for Python, read and checked."""

    language = "python"
    renames_are = "a rename is `old.name -> new.name`, or `a.f(old=) -> a.f(new=)`"
    rename_pattern = _RENAME

    def __init__(self, id_: str, form: RuleFile, document: Document) -> None:
        super().__init__(id_, form, document)
        self.signatures = self._signatures()
        self._check_imports()
        self._check_parameters()

    def read_snippet(self, text: str, *, is_written: bool = False) -> Snippet:
        """The snippet that `text` spells; raises `SnippetError`."""
        return snippet(text, is_written=is_written)

    def read_around(self, text: str) -> Snippet:
        """The snippet of code around something, a block or several in one another."""
        return around(text)

    def check_constraint(self, constraint: Constraint, place: Place) -> None:
        """Raise `MigrateError` for a constraint that cannot be asked."""
        super().check_constraint(constraint, place)
        for key in ("instance", "subclass"):
            name = getattr(constraint, key)
            if name is not None and "." not in name:
                problem = f"`{name}` is no full name: write `package.{name}`"
                raise self.document.error((*place, key), problem)
        if constraint.proven and not (constraint.classes or constraint.name):
            problem = "say with `instance`, `subclass` or `name` what is to be"
            raise self.document.error((*place, "proven"), problem)

    @property
    def triggers(self) -> Triggers:
        """The words of each pattern and name, with the modules that the name is in.

        A module of the project that hands a name on without all of them, because it imports a
        package, has all parts of that; whom it hands the name on to is told by facts.
        """
        groups = [
            (*one.find.words, *(part for name in one.find.names for part in name.split(".")[:-1]))
            for one in self.variants
            if one.find.words
        ]
        groups += [
            _spoken(name)
            for one in self.variants
            if not one.find.words
            for condition in one.where.values()
            for name in condition.classes
        ]
        groups += [
            (one.old.rpartition(".")[2], one.old.partition(".")[0], *(one.keyword or ())[:1])
            for one in self.renames
        ]
        names = [name for one in self.variants for name in one.names]
        parts = [name.split(".")[:-1] for name in (*names, *(one.old for one in self.renames))]
        groups += [tuple(one) for one in parts if len(one) > 1]
        return tuple(dict.fromkeys(tuple(dict.fromkeys(group)) for group in groups))

    def _signatures(self) -> dict[str, Signature]:
        found: dict[str, Signature] = {}
        called = {
            name
            for variant in self.variants
            for one in (variant.find, *variant.becomes)
            for name in one.names
        }
        for at, text in enumerate(self.form.signatures):
            place = ("signatures", at)
            try:
                one = signature(text)
            except SnippetError as error:
                raise self.document.error(place, str(error)) from None
            self.document.known(place, one.name, called, f"no pattern has `{one.name}`")
            if one.name in found:
                raise self.document.error(place, f"there is one of `{one.name}` already")
            found[one.name] = one
        return found

    def _check_imports(self) -> None:
        names = [name for one in self.variants if one.replace for name in one.replace.names]
        names += [one.new for one in self.renames if one.keyword is None]
        for at, unit in enumerate(self.form.imports):
            if not any(f"{name}.".startswith(f"{unit}.") for name in names):
                places = "`replace` or `rename`" if self.renames else "`replace`"
                problem = f"no name in {places} begins with `{unit}`; {meant(unit, names)}"
                raise self.document.error(("imports", at), problem)

    def _check_parameters(self) -> None:
        for variant in self.variants:
            written = open_parameters(variant.replace) if variant.replace else None
            if written is not None and written != open_parameters(variant.find):
                problem = "with `$$$` among them, the parameters are to be those of `find`"
                raise self.document.error(("replace",), problem)
