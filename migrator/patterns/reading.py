"""Rule files for code, read and checked: what is the same in every language."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from migrator.model import Applicability, Severity
from migrator.patterns.definition import spelled
from migrator.patterns.holes import Snippet, SnippetError, holes_of, led_by, no_hole, without_names
from migrator.patterns.regex import compiled
from migrator.patterns.renaming import Rename, read_rename
from migrator.patterns.replacing import told, unlike, unremovable

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping

    from migrator.model import Triggers
    from migrator.patterns.definition import Document, Place
    from migrator.patterns.forms import Alternative, Constraint, RuleFile


# The keys of what stands around what is found.
_AROUND = ("inside", "not-inside")


@dataclass(frozen=True)
class ReadVariant:
    """A pattern with what belongs to it, read but not yet compared with anything.

    `at` is the hole that a finding points at, in place of all that is found. What is found goes,
    and nothing comes in its place, where it `removes`. One of the patterns of `inside` is to stand
    around it, and none of `outside`. Other rules make one of `becomes` of what is found. `part` is
    where it stands in its file.
    """

    part: str
    find: Snippet
    replace: Snippet | None
    where: Mapping[str, Constraint]
    message: str
    at: str | None = None
    removes: bool = False
    has: Snippet | None = None
    inside: tuple[Snippet, ...] = ()
    outside: tuple[Snippet, ...] = ()
    becomes: tuple[Snippet, ...] = ()

    @property
    def names(self) -> list[str]:
        """The dotted names in it and in what stands around it."""
        return [name for one in (self.find, *self.inside, *self.outside) for name in one.names]


class Reading(ABC):
    """One rule file, read and checked; raises `MigrateError` with file, line and key."""

    language: ClassVar[str]
    #: What a rename looks like, for an error, and the expression for it: groups `old`, `new`, and
    #: `was` and `is` for an argument, `arity` for the number of arguments.
    renames_are: ClassVar[str]
    rename_pattern: ClassVar[re.Pattern[str]]

    def __init__(self, id_: str, form: RuleFile, document: Document) -> None:
        self.id = id_
        self.form = form
        self.document = document
        if form.paths:
            problem = f"a path leads to values in YAML: for {self.language}, `find`"
            raise document.error(("paths",), problem)
        if form.under:
            raise document.error(("under",), "`under` is for texts in YAML")
        self.severity = Severity(form.severity)
        self.most = Applicability[form.applicability.upper()]
        self.variants = [*self._own(), *self._alternatives()]
        self.renames = [
            self._rename(text, place) for place, text in numbered("rename", form.rename)
        ]
        if not self.variants and not self.renames:
            raise document.error((), "nothing to find: give `find`, `alternatives` or `rename`")

    @property
    @abstractmethod
    def triggers(self) -> Triggers:
        """Groups of words, of which a file has to hold one for the rule to find anything in it."""

    @abstractmethod
    def read_snippet(self, text: str, *, is_written: bool = False) -> Snippet:
        """The snippet that `text` spells; raises `SnippetError`."""

    def read_around(self, text: str) -> Snippet:
        """The snippet of code around something; raises `SnippetError`."""
        return self.read_snippet(text)

    def _own(self) -> list[ReadVariant]:
        form = self.form
        found = [
            self._variant((), place, text, form) for place, text in numbered("find", form.find)
        ]
        if form.every is not None:
            return [*found, self._every(form.every)]
        if form.has is not None:
            raise self.document.error(("has",), "`has` needs an `every` beside it")
        if not found:
            alone = () if form.alternatives else ("at",)
            for key in ("replace", "where", "becomes", *_AROUND, *alone):
                if getattr(form, key.replace("-", "_")):
                    raise self.document.error((key,), f"`{key}` needs a `find` beside it")
        return found

    def _every(self, every: str) -> ReadVariant:
        """The pattern whose places are reported that lack what each of them has to have."""
        form = self.form
        if form.has is None:
            raise self.document.error(("every",), "say with `has` what each of them has to have")
        for key in ("find", "replace", "becomes"):
            if getattr(form, key):
                raise self.document.error((key,), f"`every` and `{key}` exclude each other")
        read = self._variant((), ("every",), every, form)
        has = self.snippet(form.has, ("has",))
        if has.form == "import":
            raise self.document.error(("has",), "an import is not looked for inside of something")
        return dataclasses.replace(read, has=has)

    def _alternatives(self) -> list[ReadVariant]:
        return [
            self._variant(("alternatives", at), ("alternatives", at, "find"), one.find, one)
            for at, one in enumerate(self.form.alternatives)
        ]

    def _variant(
        self, place: Place, at: Place, find: str, said: RuleFile | Alternative
    ) -> ReadVariant:
        """The pattern `find`, which stands at `at`, with what `said` at `place` says of it."""
        document = self.document
        replace, where = said.replace, said.where
        pattern = self.snippet(find, at)
        if not pattern.words and not any(one.subclass for one in where.values()):
            raise document.error(
                at, "it would match all code of this shape: name a function, class or attribute"
            )
        template = None
        removes = replace is not None and not replace.strip()
        if removes:
            problem = unremovable(pattern.form)
            if problem is not None:
                raise document.error((*place, "replace"), problem)
        elif replace is not None:
            pattern, template = self._template(replace, pattern, where, (*place, "replace"))
        for name, constraint in where.items():
            at_name = (*place, "where", name)
            document.known(
                at_name, name, sorted(pattern.bound), f"the pattern has no hole `${name}`"
            )
            self.check_constraint(constraint, at_name)
        message = said.message or self.form.message
        inside, outside = (self._around(said, key, pattern, place) for key in _AROUND)
        if pattern.target is not None and not inside:
            problem = f"{no_hole(pattern.target)}, or say with `inside` which class sets it"
            raise document.error(at, problem)
        if message is not None:
            key = (*place, "message") if said.message is not None else ("message",)
            # Whichever of the patterns stands around has to have them.
            around = set.intersection(*(set(one.holes) for one in inside)) if inside else set()
            self._bound(set(holes_of(message)) - around, pattern, key)
        said_of_it = message or told(pattern, template, self.form.summary, removes=removes)
        pointed = self._pointed(said, pattern, place)
        asked = {*where, *holes_of(message or ""), *((pointed,) if pointed else ())}
        return ReadVariant(
            spelled(place or at),
            pattern,
            template,
            where,
            said_of_it,
            pointed,
            removes,
            inside=inside,
            outside=outside,
            becomes=self._becomes(said, pattern, asked & pattern.bound, place),
        )

    def _becomes(
        self, said: RuleFile | Alternative, pattern: Snippet, asked: set[str], place: Place
    ) -> tuple[Snippet, ...]:
        """What other rules make of the pattern, by `said` at `place`; it has the holes `asked`."""
        found = []
        for at, text in numbered("becomes", said.becomes):
            key = (*place, *at)
            if said.replace is not None:
                problem = "`replace` says what it becomes: give `becomes` where others change it"
                raise self.document.error(key, problem)
            one = self.snippet(text, key)
            if "import" in (pattern.form, one.form):
                raise self.document.error(key, "an import is found while it stays, and no longer")
            if not one.words:
                problem = "it would match all code of this shape: name what it has become"
                raise self.document.error(key, problem)
            for name in sorted(asked):
                kind = "holes" if name in pattern.holes else "rests"
                if name not in getattr(one, kind):
                    dollars = "$" if kind == "holes" else "$$$"
                    problem = f"it has no hole `{dollars}{name}`, which the rule asks about"
                    raise self.document.error(key, problem)
            found.append(one)
        return tuple(found)

    def _around(
        self, said: RuleFile | Alternative, key: str, pattern: Snippet, place: Place
    ) -> tuple[Snippet, ...]:
        """The patterns that `said` at `place` has under `key`, of code around the pattern."""
        given = numbered(key, getattr(said, key.replace("-", "_")))
        if given and pattern.form == "import":
            raise self.document.error((*place, key), "an import is found wherever it stands")
        found = []
        for at, text in given:
            around = self._snippet_around(text, (*place, *at))
            if around.form == "import":
                raise self.document.error((*place, *at), "nothing stands inside of an import")
            for name in sorted(around.bound & pattern.bound):
                if (name in around.rests) != (name in pattern.rests):
                    problem = f"`{name}` is one thing here and any number of them in `find`"
                    if name in around.rests:
                        problem = f"`{name}` is any number of things here and one in `find`"
                    raise self.document.error((*place, *at), problem)
            found.append(around)
        return tuple(found)

    def _template(
        self, text: str, pattern: Snippet, where: Mapping[str, Constraint], place: Place
    ) -> tuple[Snippet, Snippet]:
        """`pattern` and the replacement `text`, which stands at `place`, in forms that fit."""
        template = led_by(self.snippet(text, place, is_written=True), pattern.code)
        problem = unlike(pattern.form, template.form)
        if problem is not None:
            raise self.document.error(place, problem)
        if template.target is not None and pattern.target is None:
            raise self.document.error(place, no_hole(template.target))
        self._bound(template.bound, pattern, place)
        for name in template.rests:
            if name in pattern.holes:
                problem = f"`$$${name}` is one expression in the pattern: write `${name}`"
                raise self.document.error(place, problem)
        for name in template.holes:
            if name in pattern.rests:
                problem = f"`${name}` is any number of things in the pattern: `$$${name}`"
                raise self.document.error(place, problem)
        is_several = bool(template.above or template.below)
        if not where and not is_several and _shape(pattern) == _shape(template):
            problem = "it writes what `find` finds: say with `where` what is old about it"
            raise self.document.error(place, problem)
        is_several = is_several and template.form != "decorator"
        if is_several or "statement" in (pattern.form, template.form):
            # What is written may be an expression; it stands where the statement did.
            pattern, template = (
                dataclasses.replace(one, form="statement") for one in (pattern, template)
            )
        return pattern, template

    def _pointed(self, said: RuleFile | Alternative, pattern: Snippet, place: Place) -> str | None:
        """The hole that findings point at; one that the rule names for all goes where it is."""
        key = (*place, "at")
        if said.at is None:
            is_there = self.form.at in pattern.holes and said.replace is None
            return self.form.at if is_there else None
        if said.replace is not None:
            raise self.document.error(key, "a finding with a fix points at all that changes")
        self.document.known(key, said.at, pattern.holes, f"the pattern has no hole `${said.at}`")
        return said.at

    def snippet(self, text: str, place: Place, *, is_written: bool = False) -> Snippet:
        """The snippet at `place` of the file: one to be found, or one that `is_written`."""
        try:
            return self.read_snippet(text, is_written=is_written)
        except SnippetError as error:
            raise self.document.error(place, str(error)) from None

    def _snippet_around(self, text: str, place: Place) -> Snippet:
        try:
            return self.read_around(text)
        except SnippetError as error:
            raise self.document.error(place, str(error)) from None

    def _bound(self, used: Iterable[str], pattern: Snippet, place: Place) -> None:
        for name in sorted(used):
            self.document.known(place, name, sorted(pattern.bound), f"`find` has no hole `${name}`")

    def check_constraint(self, constraint: Constraint, place: Place) -> None:
        """Raise `MigrateError` for a constraint that cannot be asked."""
        if constraint.text is not None:
            try:
                compiled(constraint.text)
            except ValueError as error:
                raise self.document.error((*place, "text"), str(error)) from None
        if constraint.inside is not None:
            self._snippet_around(constraint.inside, (*place, "inside"))
        if constraint.has is not None:
            self.snippet(constraint.has, (*place, "has"))
        if constraint.value is not None:
            self.check_constraint(constraint.value, (*place, "value"))
        if constraint.not_ is not None:
            self.check_constraint(constraint.not_, (*place, "not"))

    def _rename(self, text: str, place: Place) -> Rename:
        rename = read_rename(self.document, place, text, self.rename_pattern, self.renames_are)
        self.check_rename(rename, place)
        return rename

    def check_rename(self, rename: Rename, place: Place) -> None:  # noqa: B027
        """Raise `MigrateError` for a rename that the language does not have."""


def _shape(snippet: Snippet) -> str:
    """A snippet without the names of its holes and without layout."""
    return "".join(without_names(snippet.code).split())


def numbered(key: str, given: str | tuple[str, ...] | None) -> list[tuple[Place, str]]:
    """The texts that are given under `key`, as one or as a list, each with its place."""
    if given is None:
        return []
    if isinstance(given, str):
        return [((key,), given)]
    return [((key, at), text) for at, text in enumerate(given)]
