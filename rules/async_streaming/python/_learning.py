"""What follows from what all Python files tell: where names lead, what is a handler or a step.

Nothing here parses: it is done where no parser is imported. See `_project`, `_class_state` and
`_step_facts` for the facts that it follows from.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from migrator import Applicability, Fact, Look
from migrator.helpers.python.modules import files_of, words_of

from .._names import INVOKE, PYTHON_LEGACY, STEP_KEYS, in_namespace

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from migrator.model import Triggers

#: The kinds of facts: what is given as handler itself, and what it is made by.
GIVEN = "given"
GIVEN_RESULT = "given-result"
#: What a file gives as handler is defined there, and others may call it.
GIVEN_HERE = "given-here"
#: An attribute of `self` is given, and what another file makes of it.
GIVEN_OWN = "given-own"
OVERRIDES = "overrides"
#: Behind a kind of fact about an attribute of `self`: it is one of `super()` instead.
ABOVE = "-above"
#: What a file is told of a place that it asks for, and what that follows from.
ASKED_FOR = {
    "python-def": "def",
    "python-class": "class",
    "python-returns": "returns",
    "python-made": "instance",
}


def learn(seen: Sequence[Fact], look: Look) -> Iterator[Fact]:
    """What follows from the facts of all files.

    `python-name` (a re-export: the legacy name or place it leads to), `python-handler` (a class
    that derives from a handler), `python-def`, `python-class`, `python-returns` (what a function
    gives) and `python-made` (the class of a variable), which decide elsewhere, `python-given` and
    `python-handed` (a function that takes the events), `python-given-here` (one that its own file
    gives as handler, told to those that may call it), `python-given-own` (an attribute that a
    class gives as handler, told to those that may set it), `python-overridden` (the kinds of what
    they set it to), `python-handed-parts` (one that takes their
    tag, their text, or both), `python-takes-parts` (that it has a parameter for each, told to those
    that call it), `python-mixed-in` (a class that gives
    handlers their methods), `python-takes-handler` (a function that gives a parameter on as
    handler), `python-passed` (the kinds of what other files give to it), `python-instance` (an
    instance of a handler), `python-invoke-use` (the least of the applicabilities of the calls by
    way of a re-exported `invoke`), `python-invoke-level` (the same, for the files of those calls),
    `python-recorded` (how far it is proven that an attribute keeps events), `python-stuck` (a
    re-export that is not among the files that may be edited), `python-kept` (what a suppressed
    call is given as handler: its events stay).
    """
    yield from _Learning(seen, look).learnt()


class _Learning:
    def __init__(self, seen: Sequence[Fact], look: Look) -> None:
        self.look = look
        self.by_kind: dict[str, list[Fact]] = {}
        for fact in seen:
            self.by_kind.setdefault(fact.kind, []).append(fact)
        self.exports: dict[str, str] = {}
        for fact in self._of("export"):
            # What an import may bring in both versions has to be looked at as the legacy one.
            if not in_namespace(self.exports.get(fact.key, ""), PYTHON_LEGACY):
                self.exports[fact.key] = str(fact.value)
        self._finals: dict[str, str] = {}
        self.stars: dict[str, list[str]] = {}
        self.own: dict[str, frozenset[str]] = {}
        for fact in self._of("star"):
            assert isinstance(fact.value, tuple)
            self.stars.setdefault(fact.key, []).append(fact.value[0])
            self.own[fact.key] = frozenset(fact.value[1])

    def _of(self, kind: str) -> Sequence[Fact]:
        return self.by_kind.get(kind, ())

    def final(self, name: str) -> str:
        """Where `name` leads through exports: a legacy name, or the place of a definition."""
        if name not in self._finals:
            *_, self._finals[name] = self._hops(name)
        return self._finals[name]

    def _hops(self, name: str) -> Iterator[str]:
        """`name` and where it leads, export by export, no export taken twice.

        An extension module is no file of the project: what is taken from it seems to be a name of
        the package, and may lead to itself (`from .speed import speed`) with more and more behind.
        """
        seen, taken = {name}, set[str]()
        yield name
        while ":" in name and (hop := self._step(name)) is not None:
            export, name = hop
            if export in taken or name in seen:
                return
            taken.add(export)
            seen.add(name)
            yield name

    def _step(self, place: str) -> tuple[str, str] | None:
        """The export that `place` goes by, and where to."""
        module, _, qualname = place.partition(":")
        parts = qualname.split(".") if qualname else []
        for length in range(1, len(parts) + 1):
            export = f"{module}:{'.'.join(parts[:length])}"
            if export in self.exports:
                return export, _extended(self.exports[export], parts[length:])
        stars = self.stars.get(f"{module}:", ())
        if parts and stars and parts[0] not in self.own.get(f"{module}:", ()):
            # The last import of a name counts; what is not in the project may bring any.
            having = [one for one in stars if parts[0] in self._names.get(one, ())]
            return f"{module}:*", _extended(having[-1] if having else stars[0], parts)
        return None

    def learnt(self) -> Iterator[Fact]:
        handlers = self._handlers()
        given: dict[tuple[str, str], bool] = {}
        for kind in (GIVEN, GIVEN_RESULT):
            for fact in self._of(kind):
                place = self.final(fact.key)
                for one in (place, *self._inherited(place)):
                    given[kind, one] = bool(fact.value) or given.get((kind, one), False)
        for place, fact in self._meant(GIVEN_OWN):
            given[GIVEN, place] = bool(fact.value) or given.get((GIVEN, place), False)
        handed = {place: fact.value for place, fact in self._meant("handed")}
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
            for place in self._way(fact.key):
                asking.setdefault(place, set()).add(fact.path)
        waiting = list(wanted)
        while waiting:
            # What a class has, it may have of its bases.
            place = waiting.pop()
            for base in map(self.final, self._classes.get(place, ((), ()))[0]):
                if ":" in base and not wanted.setdefault(base, set()) >= wanted[place]:
                    wanted[base] |= wanted[place]
                    waiting.append(base)
        interesting = {*handlers, *(place for _, place in given), *handed, *instances, *decorates}
        # Of a method the class is what other files name.
        interesting |= {*takes, *(place.rpartition(".")[0] for place in takes if "." in place)}
        for place, target in sorted(self._all_exports):
            if ":" not in target or target in interesting:
                yield self._learnt("python-name", place, target)
            elif place in asking:
                files = tuple(sorted(asking[place]))
                yield Fact("python-name", place, target, files=files)
        for place in sorted(handlers):
            yield self._learnt("python-handler", place, "legacy")
        for (kind, place), legacy in sorted(given.items()):
            if ":" in place:
                yield self._learnt(f"python-{kind}", place, legacy)
        for fact in self._of(GIVEN_HERE):
            words = self.words(fact.key)
            yield Fact(f"python-{GIVEN_HERE}", fact.key, fact.value, words=words)
        yield from self._given_own()
        for place, index in sorted(handed.items()):
            yield self._learnt("python-handed", place, index)
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
        for fact in self._of("recorded"):
            owner, _, attribute = fact.key.rpartition(".")
            words = tuple((*group, attribute) for group in self.words(owner))
            yield Fact("python-recorded", fact.key, fact.value, words=words)
        kept: dict[str, str] = {}
        for fact in self._of("kept"):
            where = f"the call at line {fact.value} of {fact.path}"
            kept.setdefault(self.final(fact.key), where)
        for place, where in sorted(kept.items()):
            # What a suppressed call is given takes the legacy events from now on as well.
            yield self._learnt("python-kept", place, where)
        for place in sorted(
            {step for fact in self._of("name-use") for step in self._way(fact.key)}
        ):
            yield Fact("python-used", place, files=files_of(place))
        yield from self._legacy_stars()
        yield from self._wanted(wanted)
        yield from self._invoke_uses()

    def words(self, place: str) -> Triggers:
        """What a file must hold to speak of `place`, by its name or by one that leads there."""
        groups = dict.fromkeys(words_of(place))
        module, _, qualname = place.partition(":")
        parts = qualname.split(".") if qualname else []
        for length in range(len(parts) + 1):
            for export in self._leading.get(f"{module}:{'.'.join(parts[:length])}", ()):
                groups.update(dict.fromkeys(words_of(_extended(export, parts[length:]))))
        return tuple(groups)

    def _learnt(self, kind: str, place: str, value: Hashable) -> Fact:
        """A fact for the file that defines `place` and for all that may speak of it."""
        return Fact(kind, place, value, words=self.words(place), files=files_of(place))

    @cached_property
    def _leading(self) -> dict[str, list[str]]:
        """The exports that lead to a place."""
        found: dict[str, list[str]] = {}
        for export, target in self._all_exports:
            found.setdefault(target, []).append(export)
        return found

    @cached_property
    def _all_exports(self) -> list[tuple[str, str]]:
        return [*((place, self.final(place)) for place in self.exports), *self._by_stars()]

    def _by_stars(self) -> Iterator[tuple[str, str]]:
        for module in self.stars:
            defined = self._defined.get(module, ())
            for name in sorted(self._names[module]):
                if name not in defined:
                    place = f"{module}{name}"
                    yield place, self.final(place)

    @cached_property
    def _defined(self) -> dict[str, set[str]]:
        """The names that each module defines or imports one by one."""
        found: dict[str, set[str]] = {}
        for place in (*(fact.key for fact in self._of("def")), *self.exports):
            module, colon, name = place.partition(":")
            if "." not in name:
                found.setdefault(f"{module}{colon}", set()).add(name)
        return found

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        """The names in each module, with those of all modules that it imports whole, and so on."""
        found = {module: set(names) for module, names in self._defined.items()}
        importers: dict[str, list[str]] = {}
        for module, targets in self.stars.items():
            found.setdefault(module, set())
            for target in targets:
                importers.setdefault(target, []).append(module)
        waiting = list(found)
        while waiting:
            target = waiting.pop()
            for module in importers.get(target, ()):
                news = found[target] - found[module] - self.own[module]
                if news:
                    found[module] |= news
                    waiting.append(module)
        return found

    def _legacy_stars(self) -> Iterator[Fact]:
        """The modules whose star imports lead to the legacy package, by way of others too."""
        for module in sorted(self.stars):
            own: set[str] = set()
            seen: set[str] = set()
            waiting = [module]
            while waiting:
                current = waiting.pop()
                if in_namespace(current, PYTHON_LEGACY):
                    value = (current, tuple(sorted(own)))
                    yield self._learnt("python-star", module, value)
                    break
                if current not in seen:
                    seen.add(current)
                    own |= self.own.get(current, frozenset())
                    waiting += reversed(self.stars.get(current, ()))

    def _handlers(self) -> set[str]:
        return self._with_derived([fact.key for fact in self._of("handler")])

    @cached_property
    def _derived(self) -> dict[str, list[str]]:
        """Each class with those that name it as a base."""
        found: dict[str, list[str]] = {}
        for fact in self._of("class"):
            assert isinstance(fact.value, tuple)
            for base in fact.value[0]:
                found.setdefault(self.final(base), []).append(fact.key)
        return found

    def _with_derived(self, classes: list[str]) -> set[str]:
        """`classes` and all that derive from them, at any remove."""
        found: set[str] = set()
        waiting = classes
        while waiting:
            place = waiting.pop()
            if place not in found:
                found.add(place)
                waiting += self._derived.get(place, ())
        return found

    def _given_own(self) -> Iterator[Fact]:
        """`python-given-own`, for whoever may give such an attribute a value, and what they do."""
        overrides: dict[str, list[Fact]] = {}
        for fact in self._of(OVERRIDES):
            overrides.setdefault(fact.key, []).append(fact)
        told: dict[str, bool] = {}
        kinds: dict[tuple[str, str], set[str]] = {}
        for fact in self._of(GIVEN_OWN):
            for place in (fact.key, *sorted(self._overriding(fact.key))):
                told[place] = bool(fact.value) or told.get(place, False)
                for one in overrides.get(place, ()):
                    if one.path != fact.path:  # there it is seen where it is given
                        kinds.setdefault((fact.key, fact.path), set()).add(str(one.value))
        for place, legacy in sorted(told.items()):
            words = self.words(place.rpartition(".")[0])
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
                for place in self._inherited(fact.key, is_above=bool(above)):
                    if place in takes:
                        kind = f"python-takes-parts{above}"
                        yield Fact(kind, fact.key, takes[place], files=(fact.path,))

    def _meant(self, kind: str) -> Iterator[tuple[str, Fact]]:
        """What facts of `kind` mean in other files: what overrides it there, or is inherited."""
        for fact in self._of(kind):
            place = self.final(fact.key)
            yield from (
                (one, fact)
                for one in (place, *sorted(self._overriding(place)), *self._inherited(place))
                if fact.path not in files_of(one)  # there it is seen where it is given
            )
        for fact in self._of(kind + ABOVE):
            for one in self._inherited(self.final(fact.key), is_above=True):
                if fact.path not in files_of(one):
                    yield one, fact

    def _inherited(self, place: str, *, is_above: bool = False) -> Iterator[str]:
        """The attributes of bases that the attribute at `place` may be, down to who defines it.

        With `is_above` it is one of `super()`. Until a class is looked at it may define anything.
        """
        owner, dot, name = place.rpartition(".")
        waiting = [owner] if dot else []
        seen: set[str] = set()
        while waiting:
            current = waiting.pop(0)
            if current in seen or ":" not in current:
                continue
            seen.add(current)
            bases, names = self._classes.get(current, ((), frozenset()))
            if current != owner:
                yield f"{current}.{name}"
            if name in names and not (is_above and current == owner):
                return
            waiting = [*(self.final(base) for base in bases), *waiting]

    @cached_property
    def _classes(self) -> dict[str, tuple[tuple[str, ...], frozenset[str]]]:
        """The bases of each class and the names it gives itself; an instance has its class's."""
        found: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {
            fact.key: ((str(fact.value),), frozenset()) for fact in self._of("instance")
        }
        for fact in self._of("class"):
            assert isinstance(fact.value, tuple)
            bases, _, _, _, names = fact.value
            found[fact.key] = (bases, frozenset(names))
        return found

    def _overriding(self, place: str) -> set[str]:
        """The methods that may override the one at `place`."""
        owner, dot, method = place.rpartition(".")
        owners = self._with_derived([owner]) - {owner} if dot else set[str]()
        return {f"{other}.{method}" for other in owners}

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
            for place in self._way(fact.key):
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
        roots = {fact: list(self._way(fact.key))[-1:] for fact in self._of("invoke-use")}
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

    def _way(self, name: str) -> Iterator[str]:
        """The places from `name` on through exports."""
        return (place for place in self._hops(name) if ":" in place)


def _extended(target: str, rest: Sequence[str]) -> str:
    if not rest:
        return target
    return target + ("" if target.endswith(":") else ".") + ".".join(rest)


def class_states(seen: Sequence[Fact], look: Look) -> Iterator[Fact]:
    """`python-class-state`: what `class-state` says, for the files that speak of the class."""
    learning = _Learning(seen, look)
    for fact in seen:
        if fact.kind == "class-state":
            words = learning.words(fact.key)
            yield Fact("python-class-state", fact.key, fact.value, words=words)


def steps(seen: Sequence[Fact], look: Look) -> Iterator[Fact]:
    """`python-step`, `python-takes` and `python-step-given`: what the others say, for all files."""
    learning = _Learning(seen, look)
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
        words = tuple((*group, key) for group in learning.words(place) for key in STEP_KEYS)
        yield Fact(kind, place, value, words=words)
