"""What the names of one Python file stand for, with what is known of the other files."""

from __future__ import annotations

import builtins
from functools import cached_property, lru_cache, partial, wraps
from typing import TYPE_CHECKING, Any

import libcst as cst

from migrator import Applicability, Fact, Look, Source
from migrator.helpers.python.modules import modules
from migrator.helpers.python.names import Names, names

from ..._names import PYTHON_LEGACY, in_namespace
from .known import Known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Concatenate, ParamSpec, TypeVar

    from migrator.helpers.python.scopes import Binding

    from .kinds import Given

    P = ParamSpec("P")
    T = TypeVar("T")

CURRENT_INVOKE = "pipeline.llm.invoke"
HANDLER = f"{PYTHON_LEGACY}.Handler"
METHOD = "handle_event"


@lru_cache(maxsize=2)
def _handed_on(known: frozenset[Fact]) -> frozenset[str]:
    """The places in the project, by their first name, that lead to a legacy name."""
    return frozenset(
        f"{module}:{qualname.partition('.')[0]}"
        for fact in known
        if fact.kind in ("python-name", "python-star") and _is_legacy(fact.value)
        for module, _, qualname in (fact.key.partition(":"),)
    )


def _handed_on_elsewhere(own: str, known: frozenset[Fact]) -> frozenset[str]:
    """Those of other files than that of the module at `own`."""
    return frozenset(place for place in _handed_on(known) if not place.startswith(own))


def _leads(place: str, known: frozenset[Fact]) -> bool:
    """Whether what stands at `place`, or all of its module, leads to a legacy name."""
    return not _handed_on(known).isdisjoint((place, f"{place.partition(':')[0]}:"))


def _is_legacy(known: object) -> bool:
    target = known[0] if isinstance(known, tuple) and known else known
    return isinstance(target, str) and in_namespace(target, PYTHON_LEGACY)


class Meaning:
    """The answers of `Names`, led through the project's re-exports to legacy names.

    A meaning is a dotted name (`pipeline.async_streaming.invoke`) or a place of the project
    (`src/app/handlers:Console`); see `migrator.helpers.python.modules`.
    """

    def __init__(self, source: Source, look: Look) -> None:
        self.source = source
        self.look = look
        self.names: Names = names(source)
        self.tree = self.names.tree
        self.modules = modules(look.paths)
        self.known = Known(look.known)
        #: What has been asked already, by `handlers`: each node on the way to an answer is the way
        #: to many others, and how deep it is asked for counts.
        self.given: dict[tuple[cst.CSTNode, int], Given] = {}
        self.builtin: dict[tuple[cst.CSTNode, int], bool] = {}
        #: Each class with those of the file that it derives from, by `classes`.
        self.local_bases: dict[cst.ClassDef, tuple[cst.ClassDef, ...]] = {}
        #: What was asked of it, and what that was answered, by `remembered`.
        self.answers: dict[tuple[object, ...], Any] = {}
        self._canonical: dict[str, str] = {}
        self._meanings: dict[cst.CSTNode, frozenset[str | None]] = {}
        own = ".".join((*self.modules.package(source.path), _stem(source.path)))
        #: Whether the file is part of the legacy library itself, which its users do not edit.
        self.is_library = in_namespace(own, PYTHON_LEGACY)

    def once(self, make: Callable[[Source, Look], T]) -> T:
        """What `make` says of the file, made once."""
        # Not kept here: much of what is made leads back, and a source lets go of all at once.
        memo, key = self.source.memo, (make, self)
        if key not in memo:
            memo[key] = make(self.source, self.look)
        made: T = memo[key]
        return made

    def canonical(self, meaning: str) -> str:
        """The legacy name, the project place, or the dotted name that `meaning` leads to."""
        if meaning not in self._canonical:
            self._canonical[meaning] = self._led(meaning)
        return self._canonical[meaning]

    def _led(self, meaning: str) -> str:
        if ":" in meaning:
            return self._through(meaning)
        level = len(meaning) - len(meaning.lstrip("."))
        absolute = self.modules.absolute(self.source.path, level, meaning[level:])
        if absolute is None or in_namespace(absolute, PYTHON_LEGACY):
            return absolute or meaning
        place = self.modules.place(absolute, self.source.path)
        return self._through(place) if place else absolute

    def _through(self, place: str) -> str:
        module, _, qualname = place.partition(":")
        parts = qualname.split(".") if qualname else []
        for length in range(len(parts), 0, -1):
            known = self.known.get(("python-name", f"{module}:{'.'.join(parts[:length])}"))
            if isinstance(known, str):
                rest = parts[length:]
                return ".".join((known, *rest)) if ":" not in known else _nested(known, rest)
        star = self.known.get(("python-star", f"{module}:"))
        if isinstance(star, tuple) and parts and not parts[0].startswith("_"):
            target, own = star
            if parts[0] not in own:
                return ".".join((target, *parts))
        return place

    def directly(self, target: str) -> str:
        """The legacy name or place that an import's `target` names, re-exports not followed."""
        level = len(target) - len(target.lstrip("."))
        absolute = self.modules.absolute(self.source.path, level, target[level:])
        if absolute is None or in_namespace(absolute, PYTHON_LEGACY):
            return absolute or target
        return self.modules.place(absolute, self.source.path) or absolute

    def meanings(self, node: cst.CSTNode) -> frozenset[str | None]:
        """What `node` can stand for; `None` among them: something that has no name here."""
        if node not in self._meanings:
            self._meanings[node] = self._all_meanings(node)
        return self._meanings[node]

    def _all_meanings(self, node: cst.CSTNode) -> frozenset[str | None]:
        if self._by_star(node):
            if hasattr(builtins, _first(node)):
                return frozenset({None})
            if (told := self._told_of_stars(node)) is not None:
                return frozenset({told})
        return frozenset(
            None if meaning is None else self.canonical(meaning)
            for meaning in self.names.resolve(node)
        )

    def meaning(self, node: cst.CSTNode) -> str | None:
        """The one thing that `node` stands for, if it is certain."""
        found = self.meanings(node)
        return next(iter(found)) if len(found) == 1 else None

    def legacy(self, node: cst.CSTNode) -> tuple[str, bool] | None:
        """The legacy name that `node` can stand for, and whether it is certain."""
        if self.suspects is not None and _first(node) not in self.suspects:
            return None
        found = self.meanings(node)
        names_ = sorted(name for name in found if name and in_namespace(name, PYTHON_LEGACY))
        if not names_:
            return None
        return names_[0], len(found) == 1

    @cached_property
    def suspects(self) -> frozenset[str] | None:
        """The names of this file that can lead to a legacy name; `None` where any can.

        To ask what each name of a file stands for costs more than all that is found by it.
        """
        return None if self.names.star_imports else frozenset(self._suspected())

    def suspected(self) -> Sequence[cst.Name]:
        """The names read in this file that can lead to a legacy name, in the order of the visit."""
        suspects = self.suspects
        if suspects is None:
            return tuple(self.names.uses)
        return tuple([name for name in self.names.uses if name.value in suspects])

    def _suspected(self) -> set[str]:
        elsewhere = self.known.derived(partial(_handed_on_elsewhere, self.names.place))
        found: set[str] = set()
        aliases: dict[str, set[str]] = {}
        # By what they may have a module from: `import_module(...)`, `sys.modules[...]`.
        taken: dict[str, set[str]] = {"importlib": set(), "sys": set()}
        imported: set[str] = set()
        for binding in self.names.bindings():
            value = binding.value
            if binding.kind == "import":
                target = binding.target or ""
                imported.add(target.partition(".")[0])
                if self._may_lead(target, elsewhere):
                    found.add(binding.name)
            elif binding.kind in ("function", "class"):
                first = binding.scope.qualname.partition(".")[0] or binding.name
                if self.known.derived(partial(_leads, f"{self.names.place}{first}")):
                    found.add(binding.name)
            elif isinstance(value, (cst.Name, cst.Attribute)):
                aliases.setdefault(_first(value), set()).add(binding.name)
            elif isinstance(value, (cst.Call, cst.Subscript)):
                by = "importlib" if isinstance(value, cst.Call) else "sys"
                taken[by].add(binding.name)
        for by in taken.keys() & imported:
            found |= taken[by]
        waiting = list(found)
        while waiting:
            more = aliases.pop(waiting.pop(), set()) - found
            found |= more
            waiting += more
        return found

    def _may_lead(self, target: str, handed_on: frozenset[str]) -> bool:
        """Whether the import of `target`, or what is reached by way of it, can be legacy."""
        level = len(target) - len(target.lstrip("."))
        absolute = self.modules.absolute(self.source.path, level, target[level:])
        if absolute is None:
            return False
        if in_namespace(absolute, PYTHON_LEGACY) or in_namespace(PYTHON_LEGACY, absolute):
            return True
        if not handed_on:
            return False
        place = self.modules.place(absolute, self.source.path)
        if place is None:  # it may be a folder with modules in it
            return self.modules.has_part(absolute.partition(".")[0])
        module, _, qualname = place.partition(":")
        first = qualname.partition(".")[0]
        return not first or f"{module}:" in handed_on or f"{module}:{first}" in handed_on

    def _by_star(self, node: cst.CSTNode) -> bool:
        while isinstance(node, cst.Attribute):
            node = node.value
        return isinstance(node, cst.Name) and not self.names.reaching(node)

    def by_stars(self, node: cst.CSTNode) -> Sequence[str]:
        """What `node` may stand for where several star imports may bring its name."""
        found = self.meanings(node) if self._by_star(node) else ()
        return sorted(name for name in found if name is not None) if len(found) > 1 else ()

    def _told_of_stars(self, node: cst.CSTNode) -> str | None:
        """What `node` stands for where one of several star imports is known to bring its name."""
        rest: list[str] = []
        while isinstance(node, cst.Attribute):
            rest.insert(0, node.attr.value)
            node = node.value
        if len(self.names.star_imports) < 2 or not isinstance(node, cst.Name):
            return None
        own = f"{self.names.place}{node.value}"
        if not isinstance(self.known.get(("python-name", own)), str):
            return None
        return self.canonical(_nested(own, rest))

    def imports(self) -> Iterator[tuple[Binding, str]]:
        """Every import binding and the name it stands for; star imports under their module."""
        for binding in self.names.bindings():
            if binding.kind == "import" and binding.target:
                yield binding, self.canonical(binding.target)
        for star in self.names.star_imports:
            yield star, self.canonical((star.target or "").rstrip(".") or "")


def meaning_of(source: Source, look: Look) -> Meaning:
    """The `Meaning` of `source` under `look`, made once.

    It stays the same where `look` knows something else of which nothing was asked.
    """
    key = (Meaning, look.level, look.fixing, look.kept)
    found = source.memo.get(key)
    if isinstance(found, Meaning) and found.known.tells(look.known):
        found.look = look
        return found
    source.memo[key] = made = Meaning(source, look)
    return made


def once(make: Callable[[Source, Look], T], source: Source, look: Look) -> T:
    """What `make` says of `source` under `look`, made once for each `meaning_of` it."""
    return meaning_of(source, look).once(make)


def remembered(
    answer: Callable[Concatenate[Meaning, P], Iterator[T]],
) -> Callable[Concatenate[Meaning, P], Sequence[T]]:
    """Ask `answer` the same once for each `Meaning`."""

    @wraps(answer)
    def asked(meaning: Meaning, /, *about: P.args, **named: P.kwargs) -> Sequence[T]:
        key = (answer, *about)
        if key not in meaning.answers:
            meaning.answers[key] = tuple(answer(meaning, *about, **named))
        found: Sequence[T] = meaning.answers[key]
        return found

    return asked


def at_most(sure: bool) -> Applicability:
    """Safe where it is certain, else review."""
    return Applicability.SAFE if sure else Applicability.REVIEW


def _stem(path: str) -> str:
    return path.rsplit("/", 1)[-1].rsplit(".", 1)[0].replace("__init__", "").rstrip(".")


def _nested(place: str, rest: list[str]) -> str:
    return place + "".join(f".{part}" for part in rest) if rest else place


def _first(node: cst.CSTNode) -> str:
    while isinstance(node, cst.Attribute):
        node = node.value
    return node.value if isinstance(node, cst.Name) else ""
