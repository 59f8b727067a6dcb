"""What follows from what all Python files tell: where names lead, what is a handler or a step.

Nothing here parses: it is done where no parser is imported. See `project`, `class_state` and
`step_facts` for the facts that it follows from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Applicability, Fact, Look
from migrator.helpers.python.modules import files_of

from ..._names import INVOKE, PYTHON_LEGACY, STEP_KEYS, in_namespace
from .derivations import Derivations
from .exports import Exports
from .handing import HANDED_INSTANCE, instances_shown
from .keeping import stays

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence


#: The kinds of facts: what is given as handler itself, and what it is made by.
GIVEN = "given"
GIVEN_RESULT = "given-result"
#: What a file gives as handler is defined there, and others may call it.
GIVEN_HERE = "given-here"
#: An attribute of `self` is given, and what another file makes of it.
GIVEN_OWN = "given-own"
OVERRIDES = "overrides"
#: What tags are the keys of a table, told to those that look them up there.
TABLE = "table"
#: A function or class of the module keeps the tags of events under names.
TAG_NAME = "tag-name"
#: Behind a kind of fact about an attribute of `self`: it is one of `super()` instead.
ABOVE = "-above"
#: What a file is told of a place that it asks for, and what that follows from.
ASKED_FOR = {
    "python-def": "def",
    "python-class": "class",
    "python-returns": "returns",
    "python-made": "instance",
    "python-table": "table",
}


def learn(seen: Sequence[Fact], look: Look) -> Iterator[Fact]:
    """What follows from the facts of all files.

    `python-name` (a re-export: the legacy name or place it leads to), `python-handler` (a class
    that derives from a handler), `python-def`, `python-class`, `python-returns` (what a function
    gives), `python-made` (the class of a variable) and `python-table` (the tags among the keys of a
    dict), which decide elsewhere, `python-given` and
    `python-handed` and `python-handed-items` (a function that takes an event, or several),
    `python-gives` (one that gives such), `python-makes` (one whose pairs are taken for such),
    `python-given-here` (one that its own file gives as handler, told to those that may call it),
    `python-given-own` (an attribute that a class gives as handler, told to those that may set it),
    `python-overridden` (the kinds of what they set it to), `python-handed-parts` (one that takes
    their tag, their text, or both), `python-takes-parts` (that it has a parameter for each, told to
    those that call it), `python-mixed-in` (a class that gives handlers their methods),
    `python-takes-handler` (a function that gives a parameter on as handler), `python-passed` (the
    kinds of what other files give to it), `python-instance` (an instance of a handler),
    `python-invoke-use` (the least of the applicabilities of the calls by way of a re-exported
    `invoke`), `python-invoke-level` (the same, for the files of those calls), `python-recorded`
    (how far it is proven that an attribute keeps events), `python-tag-name` (what tags are kept
    as by a function or a class), `python-stuck` (a re-export that is not
    among the files that may be edited). What stays for what is suppressed stands in `keeping`,
    what goes with objects in `handing`.
    """
    yield from _Learning(seen, look).learnt()


def _by_kind(seen: Sequence[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in seen:
        found.setdefault(fact.kind, []).append(fact)
    return found


class _Learning:
    def __init__(self, seen: Sequence[Fact], look: Look) -> None:
        self.look = look
        self.by_kind = _by_kind(seen)
        self.exports = Exports(self.by_kind)
        self.classes = Derivations(self.by_kind, self.exports.final)

    def final(self, name: str) -> str:
        """Where `name` leads through exports: a legacy name, or the place of a definition."""
        return self.exports.final(name)

    def _of(self, kind: str) -> Sequence[Fact]:
        return self.by_kind.get(kind, ())

    def learnt(self) -> Iterator[Fact]:
        handlers = self._handlers()
        given: dict[tuple[str, str], bool] = {}
        for kind in (GIVEN, GIVEN_RESULT):
            for fact in self._of(kind):
                place = self.final(fact.key)
                for one in (place, *self.classes.inherited(place)):
                    given[kind, one] = bool(fact.value) or given.get((kind, one), False)
        for place, fact in self._meant(GIVEN_OWN):
            given[GIVEN, place] = bool(fact.value) or given.get((GIVEN, place), False)
        handed = self._places_handed("handed")
        items = self._places_handed("handed-items")
        mixed = {self.final(fact.key): fact.value for fact in self._of("mixed-in")}
        decorates: dict[str, bool] = {}
        for fact in self._of("decorates"):
            place = self.final(fact.key)
            decorates[place] = bool(fact.value) or decorates.get(place, False)
        takes = {fact.key: fact.value for fact in self._of("takes-handler")}
        passed: dict[str, set[str]] = {}
        for fact in self._of("passed"):
            passed.setdefault(fact.key, set()).add(str(fact.value))
        instances = {
            fact.key: self.final(str(fact.value))
            for fact in self._of("instance")
            if self.final(str(fact.value)) in handlers
            or in_namespace(self.final(str(fact.value)), PYTHON_LEGACY)
        }
        wanted: dict[str, set[str]] = {}
        # A file asks for a name where it takes it from: it is told each step from there.
        asking: dict[str, set[str]] = {}
        for fact in self._of("wanted"):
            for place in (fact.key, self.final(fact.key)):
                wanted.setdefault(place, set()).add(fact.path)
            for place in self.exports.way(fact.key):
                asking.setdefault(place, set()).add(fact.path)
        waiting = list(wanted)
        while waiting:
            # What a class has, it may have of its bases.
            place = waiting.pop()
            for base in self.classes.bases(place):
                if ":" in base and not wanted.setdefault(base, set()) >= wanted[place]:
                    wanted[base] |= wanted[place]
                    waiting.append(base)
        interesting = {*handlers, *(place for _, place in given), *handed, *items}
        interesting |= {*instances, *decorates}
        # Of a method the class is what other files name.
        interesting |= {*takes, *(place.rpartition(".")[0] for place in takes if "." in place)}
        for place, target in sorted(self.exports.every):
            if ":" not in target or target in interesting:
                yield self._learnt("python-name", place, target)
            elif place in asking:
                files = tuple(sorted(asking[place]))
                yield Fact("python-name", place, target, files=files)
        for place in sorted(handlers):
            yield self._learnt("python-handler", place, "legacy")
        shown = list(self._meant(HANDED_INSTANCE))
        yield from instances_shown(shown, handlers, self.by_kind, self.exports, self.classes)
        for (kind, place), legacy in sorted(given.items()):
            if ":" in place:
                yield self._learnt(f"python-{kind}", place, legacy)
        for fact in self._of(GIVEN_HERE):
            words = self.exports.words(fact.key)
            yield Fact(f"python-{GIVEN_HERE}", fact.key, fact.value, words=words)
        yield from self._given_own()
        for of_kind, found in (("python-handed", handed), ("python-handed-items", items)):
            for place in sorted(found):
                yield self._learnt(of_kind, place, tuple(sorted(found[place], key=str)))
        makes = self._places_handed("makes")
        for place in sorted(makes):
            value = tuple(sorted(makes[place], key=str))
            yield Fact("python-makes", place, value, files=files_of(place))
        for fact in self._of("gives"):
            for place in (fact.key, *sorted(self.classes.overriding(fact.key))):
                yield self._learnt("python-gives", place, fact.value)
        yield from self._handed_parts()
        for place in sorted(takes):
            yield self._learnt("python-takes-handler", place, takes[place])
        for place in sorted(passed):
            kinds = tuple(sorted(passed[place]))
            yield Fact("python-passed", place, kinds, files=files_of(place))
        for place in sorted(mixed):
            yield Fact("python-mixed-in", place, mixed[place], files=files_of(place))
        for place in sorted(decorates):
            yield Fact("python-decorates", place, decorates[place], files=files_of(place))
        for fact in self._of("replaces"):
            yield self._learnt("python-replaces", fact.key, None)
        for place, target in sorted(instances.items()):
            yield self._learnt("python-instance", place, target)
        for fact in self._of(TAG_NAME):
            assert isinstance(fact.value, tuple)
            words = tuple(
                (*group, name) for group in self.exports.words(fact.key) for name, _ in fact.value
            )
            yield Fact(f"python-{TAG_NAME}", fact.key, fact.value, words=words)
        for fact in self._of("recorded"):
            owner, _, attribute = fact.key.rpartition(".")
            for one in sorted(self.classes.with_derived([owner])):
                words = tuple((*group, attribute) for group in self.exports.words(one))
                yield Fact("python-recorded", f"{one}.{attribute}", fact.value, words=words)
        yield from stays(self.by_kind, self.exports, self.classes)
        for place in sorted(
            {step for fact in self._of("name-use") for step in self.exports.way(fact.key)}
        ):
            yield Fact("python-used", place, files=files_of(place))
        for module, told in self.exports.legacy_stars():
            yield self._learnt("python-star", module, told)
        yield from self._wanted(wanted)
        yield from self._invoke_uses()

    def _learnt(self, kind: str, place: str, value: Hashable) -> Fact:
        """A fact for the file that defines `place` and for all that may speak of it."""
        return Fact(kind, place, value, words=self.exports.words(place), files=files_of(place))

    def _handlers(self) -> set[str]:
        return self.classes.with_derived([fact.key for fact in self._of("handler")])

    def _given_own(self) -> Iterator[Fact]:
        """`python-given-own`, for whoever may give such an attribute a value, and what they do."""
        overrides: dict[str, list[Fact]] = {}
        for fact in self._of(OVERRIDES):
            overrides.setdefault(fact.key, []).append(fact)
        told: dict[str, bool] = {}
        kinds: dict[tuple[str, str], set[str]] = {}
        for fact in self._of(GIVEN_OWN):
            for place in (fact.key, *sorted(self.classes.overriding(fact.key))):
                told[place] = bool(fact.value) or told.get(place, False)
                for one in overrides.get(place, ()):
                    if one.path != fact.path:  # there it is seen where it is given
                        kinds.setdefault((fact.key, fact.path), set()).add(str(one.value))
        for place, legacy in sorted(told.items()):
            words = self.exports.words(place.rpartition(".")[0])
            files = files_of(place)
            yield Fact(f"python-{GIVEN_OWN}", place, legacy, words=words, files=files)
        for (place, path), found in sorted(kinds.items()):
            yield Fact("python-overridden", place, tuple(sorted(found)), files=(path,))

    def _handed_parts(self) -> Iterator[Fact]:
        """`python-handed-parts`, also for the methods that override the one that is called."""
        found: dict[str, set[tuple[object, int, bool]]] = {}
        for place, fact in self._meant("handed-parts"):
            assert isinstance(fact.value, tuple)
            found.setdefault(place, set()).update(fact.value)
        for place in sorted(found):
            value = tuple(sorted(found[place], key=str))
            yield Fact("python-handed-parts", place, value, files=files_of(place))
        takes = {fact.key: fact.value for fact in self._of("takes-parts")}
        for place, taken in takes.items():
            yield self._learnt("python-takes-parts", place, taken)
        for above in ("", ABOVE):
            for fact in self._of(f"handed-parts{above}"):
                for place in self.classes.inherited(fact.key, is_above=bool(above)):
                    if place in takes:
                        kind = f"python-takes-parts{above}"
                        yield Fact(kind, fact.key, takes[place], files=(fact.path,))

    def _places_handed(self, kind: str) -> dict[str, set[Hashable]]:
        """What functions are handed events at: their arguments, by place or name."""
        found: dict[str, set[Hashable]] = {}
        for place, fact in self._meant(kind):
            found.setdefault(place, set()).add(fact.value)
        return found

    def _meant(self, kind: str) -> Iterator[tuple[str, Fact]]:
        """What facts of `kind` mean in other files: what overrides it there, or is inherited."""
        for fact in self._of(kind):
            place = self.final(fact.key)
            yield from (
                (one, fact)
                for one in (
                    place,
                    *sorted(self.classes.overriding(place)),
                    *self.classes.inherited(place),
                )
                if fact.path not in files_of(one)  # there it is seen where it is given
            )
        for fact in self._of(kind + ABOVE):
            for one in self.classes.inherited(self.final(fact.key), is_above=True):
                if fact.path not in files_of(one):
                    yield one, fact

    def _wanted(self, wanted: Mapping[str, set[str]]) -> Iterator[Fact]:
        for place in sorted(wanted):
            yield Fact("python-wanted", place, files=files_of(place))
        for learnt, kind in ASKED_FOR.items():
            for fact in self._of(kind):
                if fact.key in wanted:
                    files = tuple(sorted(wanted[fact.key]))
                    yield Fact(learnt, fact.key, fact.value, files=files)

    def _invoke_uses(self) -> Iterator[Fact]:
        least: dict[str, int] = {}
        for fact in self._of("invoke-use"):
            assert isinstance(fact.value, int)
            value = fact.value if self.look.edits(fact.path) else 0
            # Every import on the way from the use to the library has to stay with the use.
            for place in self.exports.way(fact.key):
                least[place] = min(value, least.get(place, value))
                if not any(self.look.edits(file) for file in files_of(place)):
                    yield Fact(
                        "python-stuck", fact.key, place.partition(":")[0], files=(fact.path,)
                    )
        for place, value in sorted(least.items()):
            if self.final(place) == INVOKE:
                yield Fact("python-invoke-use", place, value, files=files_of(place))
        yield from self._invoke_levels()

    def _invoke_levels(self) -> Iterator[Fact]:
        """For each use by way of an import elsewhere: the least of all that this import serves."""
        least: dict[str, int] = {}
        roots = {fact: self.exports.root(fact.key) for fact in self._of("invoke-use")}
        for fact, root in roots.items():
            assert isinstance(fact.value, int)
            for place in root:
                least[place] = min(fact.value, least.get(place, fact.value))
        for fact in self._of("invoke-import"):
            assert isinstance(fact.value, int)
            if fact.key in least:
                least[fact.key] = min(fact.value, least[fact.key])
        for fact, root in roots.items():
            for place in root:
                if least[place] < int(Applicability.SAFE):
                    files = (fact.path,)
                    yield Fact("python-invoke-level", fact.key, least[place], files=files)


def class_states(seen: Sequence[Fact]) -> Iterator[Fact]:
    """`python-class-state`: what `class-state` says, for the files that speak of the class."""
    exports = Exports(_by_kind(seen))
    for fact in seen:
        if fact.kind == "class-state":
            words = exports.words(fact.key)
            yield Fact("python-class-state", fact.key, fact.value, words=words)


def steps(seen: Sequence[Fact]) -> Iterator[Fact]:
    """`python-step`, `python-takes` and `python-step-given`: what the others say, for all files."""
    exports = Exports(_by_kind(seen))
    given: dict[str, set[object]] = {}
    told: list[tuple[str, str, Hashable]] = []
    for fact in seen:
        if fact.kind in ("step", "takes"):
            told.append((f"python-{fact.kind}", fact.key, fact.value))
        elif fact.kind == "step-given" and isinstance(fact.value, tuple):
            given.setdefault(fact.key, set()).update(fact.value)
    for place, arguments in sorted(given.items()):
        told.append(("python-step-given", place, tuple(sorted(arguments, key=str))))
    for kind, place, value in told:
        words = tuple((*group, key) for group in exports.words(place) for key in STEP_KEYS)
        yield Fact(kind, place, value, words=words)
