"""Events that are handed on: which functions get one from what takes or writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Applicability
from migrator.helpers.elixir.calls import (
    all_arguments,
    atom_of,
    has_arguments,
    is_local,
    keywords,
    name_of,
    operator,
    receiver,
)
from migrator.helpers.elixir.patterns import DEFINITIONS, definition_of, head_of

from ..handlers.behaviours import Role
from ..reading.context import below, parameters
from ..reading.handing import is_event
from ..reading.meaning import METHOD
from ..reading.shapes import TAGS
from ..values.parts import is_capture
from ..values.whole import Whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.languages.elixir import Node

    from .roles import Roles

#: Modules of the language, which know nothing of the library's events.
ELIXIR_S_OWN = frozenset(
    {"Agent", "Enum", "GenServer", "IO", "Kernel", "List", "Logger", "Map", "Process", "Task"}
)
#: How often all calls are looked at again, because what functions give is known by then.
_ROUNDS = 3


class HandedOn:
    """The way of the events of one file, from the functions in `roles` to others."""

    def __init__(self, roles: Roles) -> None:
        self.roles = roles
        self.taking = roles.taking
        self.meaning = roles.meaning
        self.whole = Whole(roles.meaning, roles.places, roles.lists, self._written)

    def follow(self) -> None:
        """Note the functions that events are handed to, and those that these hand them to."""
        self._delegated()
        first = {one for one, _ in self._handle_event()} | self.roles.functions.keys()
        for one in first:
            self.roles.places.setdefault(one, frozenset({0}))
        for _ in range(_ROUNDS):
            waiting = list(self._handed(self.meaning.tree.of("call", "unary_operator")))
            if not waiting:
                return
            while waiting:
                self.whole.forget()
                waiting += self._handed(below(waiting.pop()))
            self.whole.forget()

    def _written(self, node: Node) -> Applicability | None:
        """How certain it is that the tuple `node` is an event, of the legacy API or of the current.

        One of the current API tells of others only where the code takes events itself.
        """
        is_legacy = atom_of(node.children[0]) in TAGS
        role = self.roles.role_at(node) if is_legacy else self.roles.of(node)
        return role.level if role is not None else None

    def _delegated(self) -> None:
        for call, legacy in self._handle_event():
            options = {pair.key: pair.value for pair in keywords(call)}
            to = self.meaning.names.name(options.get("to"))
            if is_local(call, "defdelegate") and to is not None:
                reason = f"line {self.meaning.line(call)} delegates to it"
                role = Role(Applicability.REVIEW, reason, legacy)
                self.taking.remote(to, atom_of(options.get("as")) or METHOD, 1, role)

    def _handle_event(self) -> Iterator[tuple[Node, bool]]:
        """The clauses of `handle_event` of the handlers: do they take legacy events?"""
        behaviours = self.roles.behaviours
        for module, role in self.roles.modules.items():
            for one in self.meaning.definitions.get((module, METHOD), ()):
                yield one.call, role.legacy
        for module in behaviours.bases:
            for one in self.meaning.definitions.get((module, METHOD), ()):
                if (quote := behaviours.quote_around(one.call)) is not None:
                    yield one.call, behaviours.quotes[quote].legacy

    def _handed(self, nodes: Iterable[Node]) -> Iterator[Node]:
        """The functions that get an event from `nodes`, of which that is news."""
        for node in nodes:
            if is_capture(node):
                yield from self._captured(node)
            elif is_local(node, *DEFINITIONS):
                yield from self._by_default(node)
            elif node.kind == "call" and has_arguments(node) and definition_of(node) is None:
                given = all_arguments(node)
                if is_local(node, "apply") and len(given) == 3 and given[2].kind == "list":
                    yield from self._applied(node, given)
                for place, one in enumerate(given):
                    if self.whole.value(one) is not None:
                        role = self._role(one)
                        yield from self._called(node, len(given), place, role)
                    elif self.whole.items(one) is not None:
                        yield from self._listed(node, place)

    def _by_default(self, definition: Node) -> Iterator[Node]:
        """What `def show(event \\\\ {:chunk, "none"})` gets where it is called without."""
        head = head_of(definition)
        for place, one in enumerate(parameters(definition) if head is not None else ()):
            default = one.child("right") if operator(one) == "\\\\" else None
            if default is not None and head and self.whole.value(default) is not None:
                module, role = self.meaning.names.module(definition), self._role(default)
                yield from self.taking.local(module, head[0], head[2], role, place)

    def _captured(self, capture: Node) -> Iterator[Node]:
        """What `&show/1` gets where it is called with an event."""
        operand = capture.child("operand")
        named = operand.child("left") if operand is not None else None
        if named is None or named.kind not in ("call", "identifier"):
            return
        if self.whole.given(capture).get(0) is not None:
            yield from self.taking.named_by(named, self._role(capture))

    def _applied(self, call: Node, given: list[Node]) -> Iterator[Node]:
        """What `apply(Render, :show, [event])` calls."""
        module, name = self.meaning.names.name(given[0]), atom_of(given[1])
        parts = given[2].children
        for place, one in enumerate(parts):
            if module and name and self.whole.value(one) is not None:
                yield from self.taking.remote(module, name, len(parts), self._role(one), place)

    def _called(self, call: Node, arity: int, place: int, role: Role) -> Iterator[Node]:
        on, name = receiver(call), name_of(call)
        full = self.meaning.names.name(on)
        if name is None:
            return
        if on is None:
            module = self.meaning.names.module(call)
            yield from self.taking.local(module, name, arity, role, place)
            yield from self.taking.imported(call, name, arity, role, place)
        elif full is not None and full.partition(".")[0] not in ELIXIR_S_OWN:
            yield from self.taking.remote(full, name, arity, role, place)

    def _listed(self, call: Node, place: int) -> Iterator[Node]:
        """The functions that `call` gives a list of events."""
        for function in self.whole.calling.clauses(call):
            places = self.roles.lists.get(function, frozenset())
            if place not in places:
                self.roles.lists[function] = places | {place}
                yield function

    def _role(self, event: Node) -> Role:
        around = self.roles.of(event)
        is_written = event.kind == "tuple" and is_event(event)
        legacy = around.legacy if around is not None else True
        if is_written and atom_of(event.children[0]) in TAGS:
            legacy = True
        reason = f"it is handed the event at line {self.meaning.line(event)}"
        return Role(Applicability.REVIEW, reason, legacy)
