"""What functions of one file are called with, and which code a call of it runs."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from migrator.helpers.elixir.calls import (
    all_arguments,
    atom_of,
    is_local,
    name_of,
    receiver,
)
from migrator.helpers.elixir.patterns import DEFINITIONS, definition_of, head_of
from migrator.helpers.elixir.variables import variables

from ..reading.bindings import Kind, Step, binder, is_match, matched
from ..reading.meaning import meaning_of, now, once
from ..reading.shapes import function_around
from ..reading.uses import brings
from .functions import KEYED, LOOPS, keys_of, path_of
from .results import results_of
from .stores import Stores

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator import Look, Source
    from migrator.languages.elixir import Node

    from ..reading.meaning import Meaning

_UPDATES = ("update", "get_and_update")
_OF_PAIRS = frozenset({"each", "filter", "map", "new", "reject", "split_with"})
_FOLDS = frozenset({"flat_map_reduce", "map_reduce", "reduce", "reduce_while", "scan"})


class Argument(NamedTuple):
    """What a function is called with: what `path` leads to in the value of `node`, by its `kind`.

    Without a path that is the value itself.
    """

    kind: Kind
    node: Node
    path: tuple[Step, ...] = ()


class Calling:
    """The calls and the functions of one file."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.stores = Stores(meaning)
        self._modules = {one.name: one for one in reversed(meaning.names.modules)}

    def module(self, call: Node) -> str:
        """The module that a remote call is made on."""
        return self.meaning.names.name(receiver(call)) or ""

    def of(self, function: Node) -> Iterator[list[Argument]]:
        """What `function` is called with, for each of its calls in the file."""
        if is_local(function, *DEFINITIONS):
            yield from map(_values, self._calls_of(function))
            return
        around = _outside(function).parent
        if around is not None and around.kind == "dot" and around.parent is not None:
            yield _values(around.parent)
        elif around is not None and is_match(around):
            name, body = around.child("left"), function_around(function)
            if name is not None and name.kind == "identifier" and body is not None:
                for one in variables(self.meaning.source).named(name.text, body.span):
                    yield from self._of_name(one, function)
        elif (call := _argument_of(function)) is not None:
            yield from self._by(call, function, function)

    def _of_name(self, name: Node, function: Node) -> Iterator[list[Argument]]:
        dot = name.parent
        if dot is not None and dot.kind == "dot" and dot.parent is not None:
            yield _values(dot.parent)
        elif (call := _argument_of(name)) is not None:
            yield from self._by(call, name, function)

    def _by(self, call: Node, argument: Node, function: Node) -> Iterator[list[Argument]]:
        """What `call` calls `function` with, which is its `argument` under a name or as it is."""
        given, name = all_arguments(call), name_of(call) or ""
        if given[0] is argument:
            return
        module = self.module(call)
        if is_local(call, "then", "tap"):
            yield [Argument(Kind.VALUE, given[0])]
        elif is_local(call, "update_in", "get_and_update_in"):
            base, keys = path_of(given[0]) if len(given) == 2 else (given[0], keys_of(given[1]))
            yield [Argument(Kind.VALUE, base, keys or ())]
        elif module in LOOPS and name in _FOLDS and len(given) > 2:
            item = Argument(Kind.ITEM, given[0])
            for one in (given[1], *results_of(function)):
                yield [item, Argument(Kind.VALUE, one)]
        elif _goes_through(module, name):
            yield [Argument(Kind.ITEM, given[0])]
        elif module in KEYED and name.startswith(_UPDATES):
            key = atom_of(given[1])
            if key is not None:
                yield [Argument(Kind.VALUE, given[0], (Step("key", key),))]
            else:
                yield [Argument(Kind.ENTRY, given[0])]
        elif module == "Agent":
            yield from ([Argument(Kind.VALUE, one)] for one in self.stores.states)

    @cached_property
    def _callers(self) -> dict[str, list[Node]]:
        """The calls of the file, by the name of the function."""
        found: dict[str, list[Node]] = {}
        for call in self.meaning.calls:
            if definition_of(call) is None:
                found.setdefault(name_of(call) or "", []).append(call)
        return found

    def _calls_of(self, definition: Node) -> Iterator[Node]:
        """The calls of the function that `definition` is a clause of."""
        head, module = head_of(definition), self.meaning.names.module(definition)
        for call in self._callers.get(head[0], ()) if head is not None else ():
            on = receiver(call)
            named = (
                self.meaning.names.module(call)
                if on is None
                else self._modules.get(self.module(call))
            )
            if named is module and head and head[1] <= len(all_arguments(call)) <= head[2]:
                yield call

    def clauses(self, call: Node) -> Iterator[Node]:
        """The clauses in this file of the function that `call` calls."""
        module = self.meaning.names.module(call)
        if receiver(call) is not None:
            module = self._modules.get(self.module(call))
            if module is None:
                return
        count = len(all_arguments(call))
        for one in self.meaning.definitions.get((module, name_of(call) or ""), ()):
            if one.least <= count <= one.most:
                yield one.call

    def results(self, call: Node) -> list[Node]:
        """What `call` gives, where the function is one of this file, or what was kept before."""
        found = [one for clause in self.clauses(call) for one in results_of(clause)]
        if not found and (function := self._function(call)) is not None:
            found = list(results_of(function))
        return found or list(self.stores.kept(call))

    def _function(self, call: Node) -> Node | None:
        """The function without a name that `call` runs: `function` of `function.(event)`."""
        dot = call.child("target")
        if dot is None or dot.kind != "dot" or dot.child("right") is not None:
            return None
        left = dot.child("left")
        if left is None or left.kind != "identifier":
            return left
        pattern = binder(self.meaning.source, left, left.text)
        found = matched(pattern) if pattern is not None else None
        is_set = found is not None and found.kind is Kind.VALUE and not found.path
        return found.node if found is not None and is_set else None

    def gives(self, call: Node, kind: str) -> bool:
        """Whether another file tells by a fact of that `kind` of what the function gives."""
        names, name = self.meaning.names, name_of(call) or ""
        modules = [self.module(call)]
        if receiver(call) is None:
            modules = [one.name for one in names.envs[call].imports if brings(one, name)]
        count = len(all_arguments(call))
        keys = (f"{now(one)}.{name}/{count}" for one in modules if one)
        return any((kind, key) in self.meaning.known for key in keys)


def calling_of(meaning: Meaning) -> Calling:
    """The `Calling` of a file, made once."""
    return once(_calling, meaning.source, meaning.look)


def _calling(source: Source, look: Look) -> Calling:
    return Calling(meaning_of(source, look))


def _goes_through(module: str, name: str) -> bool:
    """Whether a function calls another one with each item of what it is given first."""
    is_task = module.startswith("Task") and name.startswith("async_stream")
    return is_task or module in LOOPS or (module in KEYED and name in _OF_PAIRS)


def _values(call: Node) -> list[Argument]:
    return [Argument(Kind.VALUE, one) for one in all_arguments(call)]


def _argument_of(node: Node) -> Node | None:
    """The call that `node` is an argument of as it is written."""
    around = node.parent
    call = around.parent if around is not None and around.kind == "arguments" else None
    return call if call is not None and call.kind == "call" else None


def _outside(node: Node) -> Node:
    """`node` with the parentheses around it."""
    while node.parent is not None and node.parent.kind == "block":
        if len(node.parent.children) > 1:
            break
        node = node.parent
    return node
