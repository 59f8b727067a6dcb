"""What functions of one file are called with, and which code a call of it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from migrator.helpers.elixir.calls import all_arguments, is_local, name_of, receiver
from migrator.helpers.elixir.variables import variables

from ._bindings import Kind, is_match
from ._meaning import now
from ._results import results_of
from ._shapes import function_around
from ._stores import Stores
from ._uses import brings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.languages.elixir import Node

    from ._meaning import Meaning

LOOPS = frozenset({"Enum", "Stream"})
_KEYED = frozenset({"Keyword", "Map"})
_UPDATES = ("update", "get_and_update")


class Argument(NamedTuple):
    """What a function is called with: the value of `node`, or a part of it, by its `kind`."""

    kind: Kind
    node: Node


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
        """What a function without a name is called with, for each of its calls."""
        around = _outside(function).parent
        if around is not None and around.kind == "dot" and around.parent is not None:
            yield _values(around.parent)
        elif around is not None and is_match(around):
            name, body = around.child("left"), function_around(function)
            if name is not None and name.kind == "identifier" and body is not None:
                for one in variables(self.meaning.source).named(name.text, body.span):
                    yield from self._of_name(one)
        elif (call := _argument_of(function)) is not None:
            yield from self._by(call, function)

    def _of_name(self, name: Node) -> Iterator[list[Argument]]:
        dot = name.parent
        if dot is not None and dot.kind == "dot" and dot.parent is not None:
            yield _values(dot.parent)
        elif (call := _argument_of(name)) is not None:
            yield from self._by(call, name)

    def _by(self, call: Node, function: Node) -> Iterator[list[Argument]]:
        """What `call`, which `function` is an argument of, calls it with."""
        given = all_arguments(call)
        if given[0] is function:
            return
        module = self.module(call)
        if is_local(call, "then", "tap"):
            yield [Argument(Kind.VALUE, given[0])]
        elif module in LOOPS or (module == "Map" and name_of(call) == "new"):
            yield [Argument(Kind.ITEM, given[0])]
        elif module in _KEYED and (name_of(call) or "").startswith(_UPDATES):
            yield [Argument(Kind.ENTRY, given[0])]

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
        return found or list(self.stores.kept(call))

    def gives(self, call: Node, kind: str) -> bool:
        """Whether another file tells by a fact of that `kind` of what the function gives."""
        names, name = self.meaning.names, name_of(call) or ""
        modules = [self.module(call)]
        if receiver(call) is None:
            modules = [one.name for one in names.envs[call].imports if brings(one, name)]
        count = len(all_arguments(call))
        keys = (f"{now(one)}.{name}/{count}" for one in modules if one)
        return any((kind, key) in self.meaning.known for key in keys)


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
