"""The functions of one file that take events, and those of others that it hands them to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator import Applicability
from migrator.helpers.elixir.calls import arguments, atom_of, name_of, receiver

from ..handlers.behaviours import Behaviours, Role
from ..reading.meaning import METHOD, Meaning, now
from ..reading.uses import brings

if TYPE_CHECKING:
    from migrator.helpers.elixir.names import Module
    from migrator.languages.elixir import Node


class Taking:
    """A table of them, by the node that holds the code of each, and by its name."""

    def __init__(self, meaning: Meaning, behaviours: Behaviours) -> None:
        self.meaning = meaning
        self.behaviours = behaviours
        self._modules = {one.name: one for one in reversed(meaning.names.modules)}
        self.functions: dict[Node, Role] = {}
        #: Which parameters of each function are events.
        self.places: dict[Node, frozenset[int]] = {}
        #: Which parameters are lists of events.
        self.lists: dict[Node, frozenset[int]] = {}
        #: Local functions that take events, by module, name and arity.
        self.named: dict[tuple[Module | None, str, int], Role] = {}
        #: Functions of other files that are given events, `MyApp.Render.show/2`: legacy ones?
        self.elsewhere: dict[str, bool] = {}

    def module_of(self, name: str | None) -> Module | None:
        """The module of this file that is called `name`."""
        return self._modules.get(name) if name else None

    def captured(self, capture: Node, role: Role) -> None:
        """The function that `capture` is one of takes events."""
        if capture.kind == "call":
            module, function, _ = arguments(capture)
            self._captured_of(module, atom_of(function), role)
            return
        operand = capture.child("operand")
        named = operand.child("left") if operand is not None else None
        if named is not None:
            self.named_by(named, role)

    def named_by(self, node: Node, role: Role) -> list[Node]:
        """The function that `node` names, or calls with one argument, takes events."""
        on = receiver(node)
        if on is not None:
            return self._captured_of(on, name_of(node), role)
        name = node.text if node.kind == "identifier" else name_of(node)
        if name is None:
            return []
        own = self.local(self.meaning.names.module(node), name, 1, role)
        return own + self.imported(node, name, 1, role)

    def _captured_of(self, on: Node, function: str | None, role: Role) -> list[Node]:
        full = self.meaning.names.name(on)
        if full is None or function is None:
            return []
        if function == METHOD:
            # `&M.handle_event/1` of a module without the behaviour is what `handler: M` becomes.
            return self.looks_like(full, role)
        return self.remote(full, function, 1, role)

    def remote(
        self, name: str, function: str, arity: int, role: Role, place: int = 0
    ) -> list[Node]:
        """A function of the module `name` takes events at `place`; its clauses here that do."""
        module = self.module_of(name)
        if module is not None:
            is_handler = function == METHOD and module in self.behaviours.proven
            return [] if is_handler else self.local(module, function, arity, role, place)
        key = f"{now(name)}.{function}/{arity}" + (f"/{place}" if place else "")
        self.elsewhere[key] = role.legacy or self.elsewhere.get(key, False)
        return []

    def looks_like(self, name: str, role: Role) -> list[Node]:
        """The module `name` is given as a handler; it need not have the behaviour of one."""
        reason = f"`{name}` has no behaviour of a handler, but {role.reason}"
        return self.remote(name, METHOD, 1, Role(Applicability.REVIEW, reason, role.legacy))

    def local(
        self, module: Module | None, name: str, arity: int, role: Role, place: int = 0
    ) -> list[Node]:
        """The clauses of a local function take events at `place`; those of which that is news."""
        self.named.setdefault((module, name, arity), role)
        news = []
        for call, least, most in self.meaning.definitions.get((module, name), ()):
            if not least <= arity <= most:
                continue
            known, places = self.functions.get(call), self.places.get(call, frozenset())
            if known is None or known.level < role.level:
                self.functions[call] = role
            elif place in places:
                continue
            self.places[call] = places | {place}
            news.append(call)
        return news

    def imported(self, node: Node, name: str, arity: int, role: Role, place: int = 0) -> list[Node]:
        """The functions of other modules that `name` may be at `node` take events."""
        own = self.meaning.definitions.get((self.meaning.names.module(node), name), ())
        if any(least <= arity <= most for _, least, most in own):
            return []
        brought = [one for one in self.meaning.names.envs[node].imports if brings(one, name)]
        return [
            function
            for target in brought
            for function in self.remote(target.name, name, arity, role, place)
        ]
