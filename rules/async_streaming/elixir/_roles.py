"""Which modules are handlers, and which functions take the events of the library."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from migrator import Applicability, Look, Source
from migrator.helpers.elixir.calls import (
    all_arguments,
    arguments,
    atom_of,
    is_local,
    is_piped_into,
    keywords,
    name_of,
    operator,
    receiver,
)
from migrator.helpers.elixir.patterns import head_of

from .._names import ELIXIR_CURRENT, ELIXIR_LEGACY
from ._behaviours import Behaviours, Role
from ._calls import uses
from ._handing import handed, handed_to, is_event, passed_on
from ._handlers import Kind, given
from ._meaning import (
    CURRENT_CALLS,
    GIVEN,
    HANDLES,
    INVOKES,
    KEPT,
    METHOD,
    Meaning,
    in_namespace,
    meaning_of,
    now,
    once,
)
from ._uses import brings
from ._whole import Whole
from ._wrappers import Wrapper, wrapped, wrapper

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeVar

    from migrator.helpers.elixir.names import Module
    from migrator.languages.elixir import Node

    K = TypeVar("K")

# Modules of the language, which know nothing of the library's events.
_ELIXIR_S_OWN = frozenset(
    {"Agent", "Enum", "GenServer", "IO", "Kernel", "List", "Logger", "Map", "Process", "Task"}
)


class Roles:
    """The handlers of one file: modules, and functions by the node that holds their code."""

    def __init__(self, meaning: Meaning, look: Look) -> None:
        self.meaning = meaning
        self.behaviours = Behaviours(meaning)
        self.modules = self.behaviours.modules
        #: Whether an event that the file as a whole tells of may be a legacy one.
        self.may_be_legacy = meaning.names_legacy
        self._modules = {one.name: one for one in reversed(meaning.names.modules)}
        self.functions: dict[Node, Role] = {}
        #: Which parameters of each function are events.
        self.places: dict[Node, frozenset[int]] = {}
        #: Local functions that take events, by module, name and arity.
        self.named: dict[tuple[Module | None, str, int], Role] = {}
        #: Functions of other files that are given events, `MyApp.Render.show/2`: legacy ones?
        self.elsewhere: dict[str, bool] = {}
        #: Functions of this file that take a handler, for legacy calls or not.
        self.wrappers: dict[Wrapper, bool] = {}
        #: Functions that suppressed calls go on to send the legacy events, each with why.
        self._kept: dict[Node, str] = {}
        #: Functions without a name that are handlers of calls that are not certain to move.
        self._on_the_spot: set[Node] = set()
        self._known()
        self._given(look)
        self._delegated()
        self._hand_on()
        self._write_on()

    @cached_property
    def are_possible(self) -> bool:
        """Whether events can be met in the file at all: something in it takes or names them."""
        return bool(
            self.functions
            or self.modules
            or self.named
            or any(
                in_namespace(name, space) or (HANDLES, known) in self.meaning.known
                for one in self.meaning.names.references
                for name, known in ((one.name, one.name), (one.name, now(one.name)))
                for space in (ELIXIR_LEGACY, ELIXIR_CURRENT, CURRENT_CALLS)
            )
        )

    def as_legacy(self) -> Roles:
        """These roles as if all of them took legacy events."""
        self.may_be_legacy = True
        _make_legacy(self.modules)
        _make_legacy(self.functions)
        _make_legacy(self.named)
        _make_legacy(self.behaviours.quotes)
        return self

    def of(self, node: Node) -> Role | None:
        """The most certain role of the code around `node`.

        A function without a name moves with the call that it is for, whatever is around it.
        """
        found = []
        for around in (node, *node.up()):
            if around in self.functions:
                found.append(self.functions[around])
            if around in self._on_the_spot:
                return max(found, key=lambda role: role.level)
        if (role := self.behaviours.of(node)) is not None:
            found.append(role)
        return max(found, key=lambda role: role.level, default=None)

    def kept(self, node: Node) -> str:
        """Why the events at `node` have to stay, where a suppressed call goes on to send them."""
        by = next((self._kept[one] for one in node.up() if one in self._kept), "")
        module = self.meaning.names.module(node)
        if not by and module is not None and module.name:
            by = str(self.meaning.known.get((KEPT, now(module.name)), ""))
        return by or self._kept_by_taker(node)

    def _kept_by_taker(self, node: Node) -> str:
        """Why a handler that `node` is written to takes the legacy events for now."""
        call = node.parent.parent if node.parent is not None else None
        on = receiver(call) if call is not None and call.kind == "call" else None
        full = self.meaning.names.name(on) if on is not None else None
        return str(self.meaning.known.get((KEPT, now(full))) or "") if full else ""

    def role_at(self, node: Node) -> Role | None:
        """That events come to `node`, or go from it: by what is around, what it is handed to."""
        role = self.of(node)
        if (role is None or role.level < Applicability.SAFE) and (why := self._written_to(node)):
            return Role(Applicability.SAFE, why)
        if role is None and (why := self.meaning.concerned(node, anywhere=self.may_be_legacy)):
            return Role(Applicability.REVIEW, why)
        return role

    def _written_to(self, node: Node) -> str | None:
        """Why what `node` is handed to takes events, if it is handed to something."""
        parent = node.parent
        if parent is None:
            return None
        if parent.kind == "binary_operator" and operator(parent) == "|>":
            call = parent.child("right")
            piped = parent.child("left") is node and call is not None and not arguments(call)
            return self.takes_events(call) if piped and call is not None else None
        if parent.kind == "arguments" and parent.parent is not None:
            call = parent.parent
            if call.kind == "call" and arguments(call) == [node] and not is_piped_into(call):
                return self.takes_events(call)
        return None

    def handler_around(self, node: Node) -> object | None:
        """What tells the handler around `node`: its function or its module."""
        module = self.meaning.names.module(node)
        if module in self.modules:
            return module
        if (quote := self.behaviours.quote_around(node)) is not None:
            return quote
        for around in node.up():
            if around in self.functions:
                head = head_of(around) if around.kind == "call" else None
                return (module, head[0]) if head else around
        return None

    def takes_events(self, call: Node) -> str | None:
        """Why the function that `call` calls takes the events of the library."""
        name = name_of(call)
        on = receiver(call)
        if name == METHOD and on is not None:
            full = self.meaning.names.name(on)
            if full is None or (KEPT, now(full)) in self.meaning.known:
                return None
            module = self.module_of(full)
            if module is not None and module in self.behaviours.proven:
                return self.modules[module].reason
            if in_namespace(full, ELIXIR_LEGACY) or in_namespace(full, ELIXIR_CURRENT):
                return f"`{full}` is a handler of the library"
            if (HANDLES, now(full)) in self.meaning.known:
                return f"`{full}` has the behaviour of a handler"
        elif on is None and name is not None:
            role = self.named.get((self.meaning.names.module(call), name, 1))
            return role.reason if role and role.level is Applicability.SAFE else None
        return None

    def module_of(self, name: str | None) -> Module | None:
        """The module of this file that is called `name`."""
        return self._modules.get(name) if name else None

    # Functions

    def _given(self, look: Look) -> None:
        for use in uses(self.meaning.source, look):
            if use.handler is not None and use.given is not None:
                before = set(self.functions)
                # What has no name of its own moves no further than its call.
                level = max(use.applicability, Applicability.REVIEW)
                self._is_given(use.handler, "handler", legacy=True, on_the_spot=level)
                if use.kept:
                    self._kept.update(dict.fromkeys(set(self.functions) - before, use.kept))
        for call in self.meaning.calls:
            on = receiver(call)
            if (
                on is not None
                and name_of(call) in INVOKES
                and self.meaning.names.name(on) == CURRENT_CALLS
            ):
                for pair in keywords(call):
                    if pair.key == "on_event":
                        self._is_given(pair.value, "on_event", legacy=False)
        for node, taker, legacy in wrapped(self.meaning):
            reason = f"line {self.meaning.line(node)} gives it to `{taker.name}` as a handler"
            self._takes(node, Role(Applicability.REVIEW, reason, legacy))
            self._wraps(node, legacy=legacy)

    def _is_given(
        self,
        node: Node,
        key: str,
        *,
        legacy: bool,
        on_the_spot: Applicability = Applicability.SAFE,
    ) -> None:
        reason = f"it is given as `{key}:` at line {self.meaning.line(node)}"
        self._takes(node, Role(Applicability.SAFE, reason, legacy))
        what = given(self.meaning, node)
        if on_the_spot < Applicability.SAFE and what.is_anonymous and what.function is not None:
            self.functions[what.function] = Role(on_the_spot, reason, legacy)
            self._on_the_spot.add(what.function)
        self._wraps(node, legacy=legacy)

    def _wraps(self, node: Node, *, legacy: bool) -> None:
        """The function takes a handler whose parameter is given as one."""
        taker = wrapper(self.meaning, node)
        if taker is not None:
            self.wrappers[taker] = legacy or self.wrappers.get(taker, False)

    def _takes(self, node: Node, role: Role) -> None:
        """The handler that `node` is takes events."""
        what = given(self.meaning, node)
        if what.is_made:
            role = replace(role, level=min(role.level, Applicability.REVIEW))
        if what.function is not None and what.is_anonymous:
            self.functions[what.function] = role
            if (call := passed_on(what.function)) is not None:
                # `&on(&1)` is `&on/1`.
                self._named_by(call, role)
        elif what.function is not None:
            self._captured(what.function, role)
        elif what.kind is Kind.MODULE and (name := self.meaning.names.name(node)):
            self._looks_like(name, role)

    def _captured(self, capture: Node, role: Role) -> None:
        if capture.kind == "call":
            module, function, _ = arguments(capture)
            self._captured_of(module, atom_of(function), role)
            return
        operand = capture.child("operand")
        named = operand.child("left") if operand is not None else None
        if named is not None:
            self._named_by(named, role)

    def _named_by(self, node: Node, role: Role) -> None:
        """The function that `node` names, or calls with one argument, takes events."""
        on = receiver(node)
        if on is not None:
            self._captured_of(on, name_of(node), role)
            return
        name = node.text if node.kind == "identifier" else name_of(node)
        if name is not None:
            self._functions(self.meaning.names.module(node), name, 1, role)
            self._imported(node, name, 1, role)

    def _captured_of(self, on: Node, function: str | None, role: Role) -> None:
        full = self.meaning.names.name(on)
        if full is None or function is None:
            return
        if function == METHOD:
            # `&M.handle_event/1` of a module without the behaviour is what `handler: M` becomes.
            self._looks_like(full, role)
        else:
            self._remote(full, function, 1, role)

    def _remote(self, name: str, function: str, arity: int, role: Role, place: int = 0) -> None:
        module = self.module_of(name)
        if module is None:
            key = f"{now(name)}.{function}/{arity}" + (f"/{place}" if place else "")
            self.elsewhere[key] = role.legacy or self.elsewhere.get(key, False)
        elif module not in self.behaviours.proven:
            self._functions(module, function, arity, role, place)

    def _looks_like(self, name: str, role: Role) -> None:
        reason = f"`{name}` has no behaviour of a handler, but {role.reason}"
        self._remote(name, METHOD, 1, Role(Applicability.REVIEW, reason, role.legacy))

    def _functions(
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

    def _known(self) -> None:
        for module in self.meaning.names.modules:
            for (kind, key), legacy in self.meaning.known.items():
                owner, _, function = key.rpartition(".")
                if kind == GIVEN and module.name and owner == now(module.name):
                    name, arity, *place = function.split("/")
                    reason = f"another file gives `{owner}.{name}/{arity}` its events"
                    role = Role(Applicability.REVIEW, reason, bool(legacy))
                    if module not in self.behaviours.proven:
                        self._functions(module, name, int(arity), role, int(*place))

    # Events that are handed on

    def _delegated(self) -> None:
        for call, legacy in self._handle_event():
            options = {pair.key: pair.value for pair in keywords(call)}
            to = self.meaning.names.name(options.get("to"))
            if is_local(call, "defdelegate") and to is not None:
                reason = f"line {self.meaning.line(call)} delegates to it"
                role = Role(Applicability.REVIEW, reason, legacy)
                self._remote(to, atom_of(options.get("as")) or METHOD, 1, role)

    def _handle_event(self) -> Iterator[tuple[Node, bool]]:
        """The clauses of `handle_event` of the handlers: do they take legacy events?"""
        for module, role in self.modules.items():
            for one in self.meaning.definitions.get((module, METHOD), ()):
                yield one.call, role.legacy
        for module in self.behaviours.bases:
            for one in self.meaning.definitions.get((module, METHOD), ()):
                if (quote := self.behaviours.quote_around(one.call)) is not None:
                    yield one.call, self.behaviours.quotes[quote].legacy

    def _hand_on(self) -> None:
        """Follow the events into the functions that they are handed to."""
        given_to = ((function, role.legacy) for function, role in self.functions.items())
        waiting = [*self._handle_event(), *given_to]
        self.places.update((one, frozenset({0})) for one, _ in waiting if one not in self.places)
        whole = Whole(self.meaning, self.places)
        while waiting:
            function, legacy = waiting.pop()
            whole.forget()
            for call, place, arity in handed(function, whole):
                role = self._handed_role(call, legacy=legacy)
                name = name_of(call)
                if name is not None and receiver(call) is None:
                    module = self.meaning.names.module(call)
                    news = self._functions(module, name, arity, role, place)
                    waiting += [(function, legacy) for function in news]
                self._handed_elsewhere(call, arity, role, place)

    def _write_on(self) -> None:
        """Note the functions of other modules that are handed events as they are written."""
        for node in self.meaning.tree.of("tuple"):
            call = handed_to(node) if is_event(node) else None
            role = self.of(node) if call is not None else None
            if call is not None and role is not None:
                handed = self._handed_role(call, legacy=role.legacy)
                given_here = all_arguments(call)
                place = given_here.index(node) if node in given_here else 0
                self._handed_elsewhere(call, len(given_here), handed, place)

    def _handed_role(self, call: Node, *, legacy: bool) -> Role:
        reason = f"it is handed the event at line {self.meaning.line(call)}"
        return Role(Applicability.REVIEW, reason, legacy)

    def _handed_elsewhere(self, call: Node, arity: int, role: Role, place: int) -> None:
        """Note what `call` calls if it is a function of another module."""
        on, name = receiver(call), name_of(call)
        full = self.meaning.names.name(on)
        if full is not None and name is not None and full.partition(".")[0] not in _ELIXIR_S_OWN:
            self._remote(full, name, arity, role, place)
        elif on is None and name is not None:
            self._imported(call, name, arity, role, place)

    def _imported(self, node: Node, name: str, arity: int, role: Role, place: int = 0) -> None:
        """Note the functions of other modules that `name` may be at `node`."""
        own = self.meaning.definitions.get((self.meaning.names.module(node), name), ())
        if any(least <= arity <= most for _, least, most in own):
            return
        for target in self.meaning.names.envs[node].imports:
            if brings(target, name):
                self._remote(target.name, name, arity, role, place)


def _make_legacy(found: dict[K, Role]) -> None:
    found.update({key: replace(role, legacy=True) for key, role in found.items()})


def roles(source: Source, look: Look) -> Roles:
    """The `Roles` of `source` under `look`, made once."""
    return once(_roles, source, look)


def _roles(source: Source, look: Look) -> Roles:
    return Roles(meaning_of(source, look), look)
