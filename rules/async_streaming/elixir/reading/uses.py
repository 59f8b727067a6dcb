"""Where the legacy `invoke!` is used: calls, and what only passes it on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.helpers.elixir.attributes import attribute_name
from migrator.helpers.elixir.calls import (
    arguments,
    atom_of,
    function_of,
    has_arguments,
    is_local,
    is_piped_into,
    keywords,
    pairs,
)
from migrator.helpers.elixir.names import said
from migrator.helpers.elixir.patterns import head_of

from ..._names import ELIXIR_LEGACY
from .concatenated import concatenated
from .meaning import CURRENT_CALLS, INVOKES, Meaning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.helpers.elixir.names import Module, Reference, Target
    from migrator.languages.elixir import Node


@dataclass(eq=False)
class Site:
    """One place that names the function.

    `call` is the call that it makes, `None` where it is passed on. It is reached by way of one of
    `reference` (the module named before the dot), `imported` and `attribute` (`@module.invoke!`).
    """

    node: Node
    function: str
    call: Node | None
    evidence: str
    reference: Reference | None = None
    imported: Target | None = None
    attribute: Node | None = None
    #: What the attribute is set to.
    value: Node | None = None
    #: Why the name cannot be followed, where it cannot.
    problem: str = ""
    #: Why it may be another function.
    doubt: str = ""


def sites(meaning: Meaning) -> Iterator[Site]:
    """Every use of the legacy function in a file, in no order."""
    names = meaning.names
    attributes = Attributes(meaning)
    for reference in names.references:
        if reference.name == ELIXIR_LEGACY and reference.target is None:
            yield from _by_name(meaning, reference)
    for node in meaning.tree.of("identifier"):
        if node.text in INVOKES:
            parent = node.parent
            if parent is not None and parent.kind == "dot":
                left = parent.child("left")
                if left is not None and left is not node:
                    yield from _by_attribute(meaning, attributes, node, parent, left)
            else:
                yield from _by_import(meaning, node)


def _by_name(meaning: Meaning, reference: Reference) -> Iterator[Site]:
    evidence = said(meaning.source, reference)
    parent = reference.node.parent
    if parent is not None and parent.kind == "dot":
        function = function_of(parent)
        if function in INVOKES and function is not None:
            yield Site(_whole(parent), function, _called(parent), evidence, reference=reference)
    elif delegated := _delegated(reference.node):
        definition, function = delegated
        problem = "it is delegated to"
        yield Site(definition, function, None, evidence, reference=reference, problem=problem)
    elif parent is not None and parent.kind in ("arguments", "tuple"):
        named = next((name for node in parent.children for name in _invokes_in(node)), None)
        if named is not None:
            node = parent.parent if parent.kind == "arguments" else parent
            problem = "the function is named by an atom"
            assert node is not None
            yield Site(node, named, None, evidence, reference=reference, problem=problem)


def _invokes_in(node: Node) -> Iterator[str]:
    """The functions that an argument names by an atom, or mocks by a keyword."""
    if (name := atom_of(node)) in INVOKES and name is not None:
        yield name
    if node.kind in ("list", "keywords"):
        yield from (pair.key for pair in pairs(node) if pair.key in INVOKES)


def _delegated(node: Node) -> tuple[Node, str] | None:
    """The `defdelegate` of the function that has `node` after its `to:`, and the function."""
    call = next((around for around in node.up() if is_local(around, "defdelegate")), None)
    if call is None:
        return None
    options = {pair.key: pair.value for pair in keywords(call)}
    head = head_of(call)
    if options.get("to") is not node or head is None:
        return None
    function = atom_of(options.get("as")) or head[0]
    return (call, function) if function in INVOKES else None


def _by_attribute(
    meaning: Meaning, attributes: Attributes, node: Node, dot: Node, left: Node
) -> Iterator[Site]:
    if meaning.names.at(left) is not None:
        return
    name = attribute_name(left)
    values = attributes.values(meaning.names.module(left), name) if name else []
    named = [meaning.names.at(value) for value in values]
    if values and all(one and one.name == ELIXIR_LEGACY for one in named):
        evidence = f"`@{name}` is `{ELIXIR_LEGACY}`, set at line {meaning.line(values[0])}"
        call = _called(dot)
        yield Site(_whole(dot), node.text, call, evidence, attribute=left, value=values[0])
    elif passes_module_on(meaning):
        call = _called(dot)
        keys = {pair.key for pair in keywords(call)} if call else set()
        if keys & {"prompt", "handler"}:
            evidence = f"the file passes `{ELIXIR_LEGACY}` on as a value"
            problem = "what it is called on is not known here"
            yield Site(_whole(dot), node.text, None, evidence, problem=problem)


def passes_module_on(meaning: Meaning) -> bool:
    """Whether the namespace's module is a mere value somewhere in the file."""
    return any(one.name == ELIXIR_LEGACY for one in concatenated(meaning)) or any(
        reference.name == ELIXIR_LEGACY and is_value(reference)
        for reference in meaning.names.references
    )


def is_value(reference: Reference) -> bool:
    """Whether the module is passed on here, and not called, aliased or defined."""
    parent = reference.node.parent
    return (
        reference.target is None
        and reference.defines is None
        and not (parent is not None and parent.kind == "dot")
    )


def _by_import(meaning: Meaning, node: Node) -> Iterator[Site]:
    env = meaning.names.envs[node]
    imported = next(
        (
            target
            for target in reversed(env.imports)
            if target.name == ELIXIR_LEGACY and brings(target, node.text)
        ),
        None,
    )
    used = None if imported is not None else _used(meaning, node)
    target = imported or used
    if target is None:
        return
    call = node.parent if node.parent is not None and node.parent.kind == "call" else None
    if call is not None and call.child("target") is not node:
        call = None
    # What is given: keywords are one, and the legacy function takes one.
    count = len(arguments(call)) + is_piped_into(call) if call is not None else 1
    own = meaning.definitions.get((env.module, node.text), ())
    if any(least <= count <= most for _, least, most in own):
        return
    current = [one for one in env.imports if one.name == CURRENT_CALLS]
    if count == 2 and any(brings(one, node.text) for one in current):
        return
    line = meaning.line(target.directive.call)
    evidence = f"`{node.text}` is imported from `{ELIXIR_LEGACY}` at line {line}"
    site = Site(call or node, node.text, call, evidence, imported=target)
    if used is not None:
        if call is None or not {pair.key for pair in keywords(call)} & {"prompt", "handler"}:
            return
        if any(names_function(one, node.text) for one in env.imports):
            return
        site.evidence = f"`use {ELIXIR_LEGACY}` stands at line {line}"
        site.doubt = "it is no function of this file, so it may come by `use`"
    yield site


def _used(meaning: Meaning, node: Node) -> Target | None:
    """The namespace where the code at `node` uses it, which may bring functions."""
    for directive in meaning.names.directives:
        for target in directive.targets if directive.kind == "use" else ():
            start, end = target.scope
            if target.name == ELIXIR_LEGACY and start <= node.span.start < end:
                return target
    return None


def brings(target: Target, function: str) -> bool:
    """Whether an import brings `function`."""
    for pair in target.directive.options:
        named = {one.text.rstrip().removesuffix(":") for one in _keywords_in(pair.value)}
        if pair.key == "only":
            return function in named or pair.value.kind != "list"
        if pair.key == "except" and function in named:
            return False
    return True


def names_function(target: Target, function: str) -> bool:
    """Whether an import names `function` as one that it brings."""
    return any(
        pair.key == "only" and any(one.key == function for one in pairs(pair.value))
        for pair in target.directive.options
    )


def _keywords_in(node: Node) -> Iterator[Node]:
    for child in node.children:
        yield from [child] if child.kind == "keyword" else _keywords_in(child)


def _whole(dot: Node) -> Node:
    """The call that a dot makes, which tree-sitter has even where nothing is called."""
    parent = dot.parent
    return parent if parent is not None and parent.child("target") is dot else dot


def _called(dot: Node) -> Node | None:
    node = _whole(dot)
    return node if node is not dot and has_arguments(node) else None


class Attributes:
    """The module attributes of a file: what each is set to, by module."""

    def __init__(self, meaning: Meaning) -> None:
        self._values: dict[tuple[Module | None, str], list[Node]] = {}
        self._reads: dict[tuple[Module | None, str], list[Node]] = {}
        for node in meaning.tree.of("unary_operator"):
            name = attribute_name(node)
            if name is not None:
                key = (meaning.names.module(node), name)
                operand = node.child("operand")
                given = arguments(operand) if operand is not None else []
                if given:
                    self._values.setdefault(key, []).append(given[0])
                else:
                    self._reads.setdefault(key, []).append(node)

    def values(self, module: Module | None, name: str) -> list[Node]:
        """What `@name` is set to in `module`."""
        return self._values.get((module, name), [])

    def behind(self, meaning: Meaning, node: Node) -> Node:
        """The one value that the attribute `node` is set to; of anything else, the node itself."""
        name = attribute_name(node)
        values = self.values(meaning.names.module(node), name) if name is not None else []
        return values[0] if len(values) == 1 else node

    def reads(self, module: Module | None, name: str) -> list[Node]:
        """Where `@name` is read in `module`."""
        return self._reads.get((module, name), [])
