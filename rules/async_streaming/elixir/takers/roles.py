"""Which modules are handlers, and which functions take the events of the library."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from migrator import Applicability, Look, Source
from migrator.helpers.elixir.calls import (
    arguments,
    is_piped_into,
    keywords,
    name_of,
    operator,
    receiver,
)
from migrator.helpers.elixir.patterns import head_of

from ..._names import ELIXIR_CURRENT, ELIXIR_LEGACY
from ..calls.calls import uses
from ..handlers.behaviours import Behaviours, Role
from ..handlers.handlers import Kind, given
from ..handlers.wrappers import Wrapper, wrapped, wrapper
from ..reading.handing import passed_on
from ..reading.meaning import (
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
from .handed_on import HandedOn
from .taking import Taking

if TYPE_CHECKING:
    from typing import TypeVar

    from migrator.languages.elixir import Node

    K = TypeVar("K")


class Roles:
    """The handlers of one file: modules, and functions by the node that holds their code."""

    def __init__(self, meaning: Meaning, look: Look) -> None:
        self.meaning = meaning
        self.behaviours = Behaviours(meaning)
        self.modules = self.behaviours.modules
        #: Whether an event that the file as a whole tells of may be a legacy one.
        self.may_be_legacy = meaning.names_legacy
        self.taking = Taking(meaning, self.behaviours)
        self.functions = self.taking.functions
        self.places = self.taking.places
        self.lists = self.taking.lists
        self.elsewhere = self.taking.elsewhere
        #: Functions of this file that take a handler, for legacy calls or not.
        self.wrappers: dict[Wrapper, bool] = {}
        #: Functions that suppressed calls go on to send the legacy events, each with why.
        self._kept: dict[Node, str] = {}
        #: Functions without a name that are handlers of calls that are not certain to move.
        self._on_the_spot: set[Node] = set()
        self._known()
        self._given(look)
        HandedOn(self).follow()

    @cached_property
    def are_possible(self) -> bool:
        """Whether events can be met in the file at all: something in it takes or names them."""
        return bool(
            self.functions
            or self.modules
            or self.taking.named
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
        _make_legacy(self.taking.named)
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
            module = self.taking.module_of(full)
            if module is not None and module in self.behaviours.proven:
                return self.modules[module].reason
            if in_namespace(full, ELIXIR_LEGACY) or in_namespace(full, ELIXIR_CURRENT):
                return f"`{full}` is a handler of the library"
            if (HANDLES, now(full)) in self.meaning.known:
                return f"`{full}` has the behaviour of a handler"
        elif on is None and name is not None:
            role = self.taking.named.get((self.meaning.names.module(call), name, 1))
            return role.reason if role and role.level is Applicability.SAFE else None
        return None

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
                self.taking.named_by(call, role)
        elif what.function is not None:
            self.taking.captured(what.function, role)
        elif what.kind is Kind.MODULE and (name := self.meaning.names.name(node)):
            self.taking.looks_like(name, role)

    def _known(self) -> None:
        for module in self.meaning.names.modules:
            for (kind, key), legacy in self.meaning.known.items():
                owner, _, function = key.rpartition(".")
                if kind == GIVEN and module.name and owner == now(module.name):
                    name, arity, *place = function.split("/")
                    reason = f"another file gives `{owner}.{name}/{arity}` its events"
                    role = Role(Applicability.REVIEW, reason, bool(legacy))
                    if name != METHOD or module not in self.behaviours.proven:
                        self.taking.local(module, name, int(arity), role, int(*place))


def _make_legacy(found: dict[K, Role]) -> None:
    found.update({key: replace(role, legacy=True) for key, role in found.items()})


def roles(source: Source, look: Look) -> Roles:
    """The `Roles` of `source` under `look`, made once."""
    return once(_roles, source, look)


def _roles(source: Source, look: Look) -> Roles:
    return Roles(meaning_of(source, look), look)
