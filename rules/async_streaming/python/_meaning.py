"""What the names of one Python file stand for, with what is known of the other files."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability, Look, Source
from migrator.helpers.python.modules import modules
from migrator.helpers.python.names import Names, names

from .._names import PYTHON_LEGACY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeVar

    from migrator.helpers.python.scopes import Binding

    from ._handlers import Given

    T = TypeVar("T")

INVOKE = f"{PYTHON_LEGACY}.invoke"
CURRENT_INVOKE = "pipeline.llm.invoke"
HANDLER = f"{PYTHON_LEGACY}.Handler"
METHOD = "handle_event"


def in_namespace(dotted: str, namespace: str) -> bool:
    """Whether `dotted` is `namespace` or stands in it."""
    return dotted == namespace or dotted.startswith(f"{namespace}.")


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
        self.known = {(fact.kind, fact.key): fact.value for fact in look.known}
        #: What has been asked already, by `_handlers`: each node on the way to an answer is the way
        #: to many others, and how deep it is asked for counts.
        self.given: dict[tuple[cst.CSTNode, int], Given] = {}
        self.builtin: dict[tuple[cst.CSTNode, int], bool] = {}
        self._canonical: dict[str, str] = {}
        self._meanings: dict[cst.CSTNode, frozenset[str | None]] = {}
        own = ".".join((*self.modules.package(source.path), _stem(source.path)))
        #: Whether the file is part of the legacy library itself, which its users do not edit.
        self.is_library = in_namespace(own, PYTHON_LEGACY)

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
        if self._by_star(node) and hasattr(builtins, _first(node)):
            return frozenset({None})
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
        found = self.meanings(node)
        names_ = sorted(name for name in found if name and in_namespace(name, PYTHON_LEGACY))
        if not names_:
            return None
        return names_[0], len(found) == 1

    def _by_star(self, node: cst.CSTNode) -> bool:
        while isinstance(node, cst.Attribute):
            node = node.value
        return isinstance(node, cst.Name) and not self.names.reaching(node)

    def imports(self) -> Iterator[tuple[Binding, str]]:
        """Every import binding and the name it stands for; star imports under their module."""
        for binding in self.names.bindings():
            if binding.kind == "import" and binding.target:
                yield binding, self.canonical(binding.target)
        for star in self.names.star_imports:
            yield star, self.canonical((star.target or "").rstrip(".") or "")


def meaning_of(source: Source, look: Look) -> Meaning:
    """The `Meaning` of `source` under `look`, made once."""
    return once(Meaning, source, look)


def once(make: Callable[[Source, Look], T], source: Source, look: Look) -> T:
    """What `make` says of `source` under `look`, made once."""
    key = (make, look.level, look.fixing, look.known)
    if key not in source.memo:
        source.memo[key] = make(source, look)
    result: T = source.memo[key]
    return result


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
