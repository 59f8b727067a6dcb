"""What one Elixir file speaks of, with what is known of the other files."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from migrator.helpers.elixir.calls import is_local
from migrator.helpers.elixir.names import Brought, Names, handed_on, names
from migrator.helpers.elixir.patterns import DEFINITIONS, head_of
from migrator.languages.elixir import Node, Tree, parse

from ..._names import ELIXIR_CURRENT, ELIXIR_LEGACY, current_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeVar

    from migrator import Look, Source, Span
    from migrator.helpers.elixir.names import Module, Reference

    T = TypeVar("T")

CURRENT_CALLS = "Pipeline.LLM"
#: The functions of the legacy namespace that are now those of `CURRENT_CALLS`.
INVOKES = ("invoke!", "invoke")
BEHAVIOUR = f"{ELIXIR_LEGACY}.Handler"
CURRENT_BEHAVIOUR = f"{ELIXIR_CURRENT}.Handler"
METHOD = "handle_event"
HANDLES = "elixir-handler"
#: A module that gives the behaviour of a handler to those that `use` it.
BASE = "elixir-base"
#: A function that another file gives events, `MyApp.Render.show/2`.
GIVEN = "elixir-given"
#: A function that gives one event, or a list of them, `MyApp.Notes.log/0`.
GIVES = "elixir-gives"
GIVES_LIST = "elixir-gives-list"
#: A message with an event in it, by where that is.
SENDS = "elixir-sends"
#: A function that takes a handler and gives it to the library, see `Wrapper`.
TAKES_HANDLER = "elixir-takes-handler"
LIBRARY = "elixir-library"
DEFINES = (*DEFINITIONS, "defdelegate", "defguard", "defguardp")
BRINGS = "elixir-brings"
HOLDS = "elixir-holds"
#: The name that every legacy name begins with.
ROOT = ELIXIR_LEGACY.partition(".")[0]
#: A module that suppressed calls go on to send the legacy events.
KEPT = "elixir-kept"


def in_namespace(name: str | None, namespace: str) -> bool:
    """Whether `name` is `namespace` or stands in it."""
    return name is not None and (name == namespace or name.startswith(f"{namespace}."))


def is_legacy(name: str | None) -> bool:
    """Whether `name` is in the legacy namespace."""
    return in_namespace(name, ELIXIR_LEGACY)


def now(name: str) -> str:
    """The name of a module once it has moved."""
    return current_name(name) or name


def is_handed_on(brought: Brought) -> bool:
    """Whether users of a module are to know of it: a legacy name, or one that hides them all."""
    return is_legacy(brought.name) or (brought.always and brought.short == ROOT)


class Definition(NamedTuple):
    """A `def` or the like, and the least and the most arguments of what it defines."""

    call: Node
    least: int
    most: int


class Meaning:
    """The names of one file, and the facts learnt that concern it."""

    def __init__(self, source: Source, look: Look) -> None:
        self.source = source
        self.look = look
        self.tree: Tree = parse(source)
        self.known = {(fact.kind, fact.key): fact.value for fact in look.known}
        brought = {Brought(*fact.value) for fact in look.known if fact.kind == BRINGS}  # type: ignore[misc]
        brought.update(
            one for one in handed_on(names(source)) if is_handed_on(one) or one.kind == "import"
        )
        self.names: Names = names(source, frozenset(brought))
        namespaces = (ELIXIR_LEGACY, ELIXIR_CURRENT, CURRENT_CALLS)
        self._named = {
            namespace: [one for one in self.names.references if in_namespace(one.name, namespace)]
            for namespace in namespaces
        }
        #: Whether the file is part of the legacy library itself, which its users do not edit.
        self.is_library = self.defines_library() or (
            (LIBRARY, "") in self.known
            and any(in_namespace(one.name, ELIXIR_LEGACY) for one in self.names.modules)
        )

    @property
    def names_legacy(self) -> bool:
        """Whether the file names something of the legacy namespace."""
        return bool(self._named[ELIXIR_LEGACY])

    def legacy_in(self, span: Span) -> Sequence[Reference]:
        """What names something of the legacy namespace there, in order."""
        starts, references = self._legacy
        return references[bisect_left(starts, span.start) : bisect_left(starts, span.end)]

    def named_in(self, span: Span) -> Sequence[Reference]:
        """What names any module there, in order."""
        starts, references = self._all_named
        return references[bisect_left(starts, span.start) : bisect_left(starts, span.end)]

    @cached_property
    def _all_named(self) -> tuple[list[int], list[Reference]]:
        found = sorted(self.names.references, key=lambda one: one.node.span.start)
        return [one.node.span.start for one in found], found

    @cached_property
    def _legacy(self) -> tuple[list[int], list[Reference]]:
        found = sorted(self._named[ELIXIR_LEGACY], key=lambda one: one.node.span.start)
        return [one.node.span.start for one in found], found

    def defines_library(self) -> bool:
        """Whether the namespace's own module or behaviour is defined here."""
        return any(one.name in (ELIXIR_LEGACY, BEHAVIOUR) for one in self.names.modules)

    def concerned(self, node: Node, *, anywhere: bool) -> str | None:
        """Why events of the library can be met at `node`, if they can.

        A file that names the legacy namespace may hold them `anywhere`. Where it is all moved, they
        are looked for in the modules that name the current one: what a first run left there stays
        reported, in the modules around and inside of them too, and other modules beside them
        are left in peace.
        """
        module = self.names.module(node)
        for references in self._named.values():
            for reference in references:
                if anywhere or _are_nested(reference.env.module, module):
                    line = self.line(reference.node)
                    return f"the file names `{reference.name}` at line {line}"
        for reference in self.names.references:
            if reference.defines is None and (HANDLES, reference.name) in self.known:
                line = self.line(reference.node)
                return f"the file names the handler `{reference.name}` at line {line}"
        return None

    def line(self, node: Node) -> int:
        """The line that `node` begins in."""
        return self.source.position(node.span.start).line

    @cached_property
    def calls(self) -> list[Node]:
        """The calls of the file, in the order in which they begin."""
        return self.tree.of("call")

    @cached_property
    def definitions(self) -> dict[tuple[Module | None, str], list[Definition]]:
        """What each module defines, by name: clauses of functions and macros, and delegates."""
        found: dict[tuple[Module | None, str], list[Definition]] = {}
        for call in self.calls:
            head = head_of(call) if is_local(call, *DEFINES) else None
            if head is not None:
                key = (self.names.module(call), head[0])
                found.setdefault(key, []).append(Definition(call, head[1], head[2]))
        return found


def _are_nested(one: Module | None, other: Module | None) -> bool:
    """Whether they are the same module, or one of them stands inside of the other.

    `None` is the file itself, which all of its modules stand in.
    """
    if one is None or other is None:
        return True
    return other in _with_outer(one) or one in _with_outer(other)


def _with_outer(module: Module) -> Iterator[Module]:
    yield module
    if module.outer is not None:
        yield from _with_outer(module.outer)


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
