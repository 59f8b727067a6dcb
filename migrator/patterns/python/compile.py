"""Rule files for Python, checked and compiled.

Only the check of a file, not the loading of a pack, imports libcst: patterns are first read with
the interpreter's own parser.
"""

from __future__ import annotations

import re
from functools import cached_property, partial
from typing import TYPE_CHECKING

from migrator.errors import meant
from migrator.model import Applicability, Finding, Look, Severity, Source
from migrator.patterns.snippets import (
    Signature,
    Snippet,
    SnippetError,
    holes_of,
    signature,
    snippet,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from migrator.model import Fact, Triggers
    from migrator.model.rule import Check, Learn
    from migrator.patterns.definition import Document, Place
    from migrator.patterns.forms import Constraint, RuleFile
    from migrator.patterns.python.program import Program

_NAME = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_RENAME = re.compile(
    rf"\s*(?P<old>{_NAME})(?:\((?P<was>\w+)=\))?\s*->\s*(?P<new>{_NAME})(?:\((?P<is>\w+)=\))?\s*"
)


def compile_all(
    forms: list[tuple[str, RuleFile, Document]],
) -> dict[str, tuple[Triggers, Check, Learn | None]]:
    """Triggers, check and learn of each rule by its id; raises `MigrateError` with its line."""
    read = [Read(id_, form, document) for id_, form, document in forms]
    pack = _Pack(read)
    # What matters to other files is told and learnt once for all rules, by one for any file.
    teller = next((one.id for one in read if not one.form.files), None)
    return {
        one.id: (
            one.triggers,
            partial(pack.check_and_tell if one.id == teller else pack.check, one.id),
            pack.learn if one.id == teller else None,
        )
        for one in read
    }


class _Pack:
    """The rules of one pack, whose trees are made when the first file is looked at."""

    def __init__(self, read: list[Read]) -> None:
        self._read = read

    @cached_property
    def _program(self) -> Program:
        from migrator.patterns.python.build import build

        return build(self._read)

    def check(self, rule: str, source: Source, look: Look) -> Iterable[Finding]:
        return self._program.findings(source, look, rule)

    def check_and_tell(self, rule: str, source: Source, look: Look) -> Iterator[Finding | Fact]:
        yield from self.check(rule, source, look)
        yield from self._program.facts(source, look)

    def learn(self, facts: Sequence[Fact], look: Look) -> Iterable[Fact]:
        from migrator.patterns.python.given import learn

        return learn(facts, look)


class ReadVariant:
    """A pattern with what belongs to it, read but not yet a tree."""

    def __init__(
        self,
        find: Snippet,
        replace: Snippet | None,
        where: Mapping[str, Constraint],
        message: str,
    ) -> None:
        self.find = find
        self.replace = replace
        self.where = where
        self.message = message


class Read:
    """One rule file, read and checked."""

    def __init__(self, id_: str, form: RuleFile, document: Document) -> None:
        self.id = id_
        self.form = form
        self.document = document
        if form.paths:
            raise document.error(("paths",), "a path leads to values in YAML: for python, `find`")
        self.severity = Severity(form.severity)
        self.most = Applicability[form.applicability.upper()]
        self.variants = [*self._own(), *self._alternatives()]
        self.renames = [
            self._rename(text, place) for place, text in _numbered("rename", form.rename)
        ]
        if not self.variants and not self.renames:
            raise document.error((), "nothing to find: give `find`, `alternatives` or `rename`")
        self.signatures = self._signatures()
        self._check_imports()

    @property
    def triggers(self) -> Triggers:
        """The words of each pattern; of a name that moved, its last part."""
        groups = [variant.find.words for variant in self.variants]
        groups += [
            (old.rpartition(".")[2], *([keyword[0]] if keyword else []))
            for old, _, keyword in self.renames
        ]
        return tuple(dict.fromkeys(groups))

    def _own(self) -> list[ReadVariant]:
        form = self.form
        found = [
            self._variant((), place, text, form.replace, form.where, form.message)
            for place, text in _numbered("find", form.find)
        ]
        if not found:
            for key in ("replace", "where"):
                if getattr(form, key):
                    raise self.document.error((key,), f"`{key}` needs a `find` beside it")
        return found

    def _alternatives(self) -> list[ReadVariant]:
        return [
            self._variant(
                ("alternatives", at),
                ("alternatives", at, "find"),
                one.find,
                one.replace,
                one.where,
                one.message or self.form.message,
            )
            for at, one in enumerate(self.form.alternatives)
        ]

    def _variant(
        self,
        place: Place,
        at: Place,
        find: str,
        replace: str | None,
        where: Mapping[str, Constraint],
        message: str | None,
    ) -> ReadVariant:
        document = self.document
        pattern = self.snippet(find, at)
        if not pattern.words:
            raise document.error(
                at, "it would match all code of this shape: name a function, class or attribute"
            )
        template = None
        if replace is not None:
            template = self.snippet(replace, (*place, "replace"))
            self._bound(template.bound, pattern, (*place, "replace"))
            for name in template.rests:
                if name in pattern.holes:
                    problem = f"`$$${name}` is one expression in the pattern: write `${name}`"
                    raise document.error((*place, "replace"), problem)
            for name in template.holes:
                if name in pattern.rests:
                    problem = f"`${name}` is any number of things in the pattern: `$$${name}`"
                    raise document.error((*place, "replace"), problem)
        for name, constraint in where.items():
            at_name = (*place, "where", name)
            if name not in pattern.bound:
                known = sorted(pattern.bound)
                problem = f"the pattern has no hole `${name}`; {meant(name, known)}"
                raise document.error(at_name, problem)
            self._constraint(constraint, at_name)
        if message is not None:
            key = (*place, "message") if place and self._has(place) else ("message",)
            self._bound(holes_of(message), pattern, key)
        told = message or _told(pattern, template, self.form.summary)
        return ReadVariant(pattern, template, where, told)

    def _has(self, place: Place) -> bool:
        at = place[1]
        assert isinstance(at, int)
        return self.form.alternatives[at].message is not None

    def snippet(self, text: str, place: Place) -> Snippet:
        """The snippet that is written at `place`."""
        try:
            return snippet(text)
        except SnippetError as error:
            raise self.document.error(place, str(error)) from None

    def _bound(self, used: Iterable[str], pattern: Snippet, place: Place) -> None:
        for name in sorted(used):
            if name not in pattern.bound:
                known = sorted(pattern.bound)
                problem = f"`find` has no hole `${name}`; {meant(name, known)}"
                raise self.document.error(place, problem)

    def _constraint(self, constraint: Constraint, place: Place) -> None:
        if constraint.text is not None:
            try:
                re.compile(constraint.text)
            except re.error as error:
                problem = f"is no regular expression: {error}"
                raise self.document.error((*place, "text"), problem) from None
        for key, text in (("inside", constraint.inside), ("has", constraint.has)):
            if text is not None:
                self.snippet(text, (*place, key))
        if constraint.not_ is not None:
            self._constraint(constraint.not_, (*place, "not"))

    def _rename(self, text: str, place: Place) -> tuple[str, str, tuple[str, str] | None]:
        match = _RENAME.fullmatch(text)
        if match is None:
            problem = "a rename is `old.name -> new.name`, or `a.f(old=) -> a.f(new=)`"
            raise self.document.error(place, problem)
        old, was, new, is_ = match["old"], match["was"], match["new"], match["is"]
        if bool(was) != bool(is_):
            raise self.document.error(place, "name the argument on both sides of the arrow")
        if was and old != new:
            problem = "the function is to be the same on both sides: rename it on its own"
            raise self.document.error(place, problem)
        if (old, was) == (new, is_):
            raise self.document.error(place, "both sides are the same")
        if f"{new}.".startswith(f"{old}.") and not was:
            problem = f"`{new}` begins with `{old}`: the rename would go on for ever"
            raise self.document.error(place, problem)
        return old, new, (was, is_) if was else None

    def _signatures(self) -> dict[str, Signature]:
        found: dict[str, Signature] = {}
        called = {name for variant in self.variants for name in variant.find.names}
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
        for at, unit in enumerate(self.form.imports):
            if not any(f"{name}.".startswith(f"{unit}.") for name in names):
                problem = f"no name in `replace` begins with `{unit}`; {meant(unit, names)}"
                raise self.document.error(("imports", at), problem)


def _numbered(key: str, given: str | tuple[str, ...] | None) -> list[tuple[Place, str]]:
    if given is None:
        return []
    if isinstance(given, str):
        return [((key,), given)]
    return [((key, at), text) for at, text in enumerate(given)]


def _told(find: Snippet, replace: Snippet | None, summary: str) -> str:
    if replace is None:
        return summary.rstrip(".")
    before, after = (" ".join(one.text.split()) for one in (find, replace))
    return f"`{before}` is now `{after}`"
