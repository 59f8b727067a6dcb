"""What the names of one Elixir file stand for: modules, and functions however they are reached."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from migrator.helpers.elixir.attributes import attribute_name, value_set
from migrator.helpers.elixir.bindings import Brought, Module, Reference, Target
from migrator.helpers.elixir.calls import arguments, is_local, pairs
from migrator.helpers.elixir.names import line_of, names, said
from migrator.helpers.elixir.patterns import DEFINITIONS, definition_of, head_of, in_type
from migrator.languages.elixir import Node, parse
from migrator.model import Applicability, Look, Source
from migrator.patterns.elixir.learning import BROUGHT, MAY_HIDE

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Reached:
    """A function by its full name, and how a call reaches it: by its module, or by an import.

    `arity` is the number of arguments of the call, where it can be told.
    """

    name: str
    module: Node | None
    function: Node
    target: Target | None
    proven: Applicability
    evidence: str
    arity: int | None = None


class Meaning:
    """The names of one file, with what `use` is known to bring, and what it may bring instead."""

    def __init__(
        self, source: Source, brought: frozenset[Brought], instead: frozenset[Brought]
    ) -> None:
        self.source = source
        self.tree = parse(source)
        self.names = names(source, brought)
        self._instead = instead

    @property
    def is_brought(self) -> bool:
        """Whether a `use` is known to bring names."""
        return any(directive.brings for directive in self.names.directives)

    def stands_for(self, node: Node, module: str) -> bool:
        """Whether `node` names the module."""
        reference = self.names.at(node)
        return reference is not None and reference.name == module

    def said(self, node: Node) -> str:
        """What the module named at `node` stands for, as a sentence."""
        reference = self.names.at(node)
        assert reference is not None
        return said(self.source, reference)

    def doubt(self, node: Node) -> str | None:
        """Why the module named at `node` may be another one, if anything makes it so."""
        reference = self.names.at(node)
        by = reference.by if reference is not None else None
        if isinstance(by, Target) and by.unsure:
            line = line_of(self.source, by.directive.call)
            return f"the `use` at line {line} brings `{by.name}`, or not, by its options"
        if reference is None or by is not None or not reference.parts:
            return None
        module = self._hiding.get(reference.parts[0][0])
        return f"`use {module}` may bring another `{reference.parts[0][0]}`" if module else None

    @cached_property
    def _hiding(self) -> dict[str, str]:
        """The first parts of names that a module which the file uses may bring, each with one."""
        used = {
            target.name
            for directive in self.names.directives
            if directive.kind == "use"
            for target in directive.targets
        }
        return {one.short: one.module for one in sorted(self._instead) if one.module in used}

    def reached(self, call: Node, module: str, function: str, arity: int | None) -> Reached | None:
        """How `call` reaches that function of that module with `arity` arguments, if it does.

        An `arity` of `None` is that of whatever call it is. A mere name is a call too where it is
        piped into or captured.
        """
        target = call if call.kind == "identifier" else call.child("target")
        if target is None:
            return None
        if target.kind == "dot":
            left, right = target.child("left"), target.child("right")
            if left is None or right is None or right.text != function:
                return None
            if self.stands_for(left, module):
                proven, said = Applicability.SAFE, self.said(left)
            else:
                proven, said = self._held(left, module)
            if proven is Applicability.MANUAL:
                return None
            if proven is Applicability.SAFE and in_type(call):
                proven, said = Applicability.REVIEW, f"{said}; in a typespec it names a type"
            return Reached(f"{module}.{function}", left, right, None, proven, said)
        if target.kind == "identifier" and target.text == function and not in_type(call):
            return self._imported(target, module, function, arity)
        return None

    def _held(self, node: Node, module: str) -> tuple[Applicability, str]:
        """How far it is proven that the attribute `node` holds the module, and why."""
        name = attribute_name(node)
        set_here = self._attributes.get((self.names.module(node), name), ())
        holding = [one for one in set_here if one is not None and self.stands_for(one, module)]
        if not holding:
            return Applicability.MANUAL, ""
        said = f"`@{name}` is `{module}`, set at line {line_of(self.source, holding[0])}"
        if len(holding) < len(set_here):
            return Applicability.REVIEW, f"{said}, and elsewhere to something else"
        return Applicability.SAFE, said

    @cached_property
    def _attributes(self) -> dict[tuple[Module | None, str | None], list[Node | None]]:
        """What each attribute of a module is set to, wherever that is."""
        found: dict[tuple[Module | None, str | None], list[Node | None]] = {}
        for node in self.tree.of("unary_operator"):
            operand = node.child("operand") if attribute_name(node) is not None else None
            if operand is not None and operand.kind == "call":
                key = (self.names.module(node), attribute_name(node))
                found.setdefault(key, []).append(value_set(node))
        return found

    def _imported(
        self, target: Node, module: str, function: str, arity: int | None
    ) -> Reached | None:
        env = self.names.envs[target]
        if target.parent is not None and self.is_definition(target.parent):
            return None
        if (env.module, function, arity) in self._defined:
            return None
        bringing = [one for one in env.imports if brings(one, function, arity)]
        found = next((one for one in reversed(bringing) if one.name == module), None)
        if found is None:
            return None
        line = line_of(self.source, found.directive.call)
        by = " by the `use`" if found.directive.kind == "use" else ""
        evidence = f"`{function}` is imported from `{module}`{by} at line {line}"
        proven = Applicability.SAFE
        if found.unsure:
            proven, evidence = Applicability.REVIEW, f"{evidence}, or not, by its options"
        return Reached(f"{module}.{function}", None, target, found, proven, evidence, arity)

    @cached_property
    def _defined(self) -> frozenset[tuple[Module | None, str, int | None]]:
        """The functions that modules of the file define, with each number of arguments."""
        found: set[tuple[Module | None, str, int | None]] = set()
        for node in self.tree.of("call"):
            head = head_of(node) if is_local(node, *DEFINITIONS) else None
            if head is not None:
                name, least, most = head
                module = self.names.module(node)
                found |= {(module, name, count) for count in range(least, most + 1)}
        return frozenset(found)

    @cached_property
    def comments(self) -> list[Node]:
        """The comments of the file."""
        return self.tree.of("comment")

    def is_definition(self, call: Node) -> bool:
        """Whether `call` is the head of what is defined, and so calls nothing."""
        if definition_of(call) is not None:
            return True
        given = call.parent
        around = given.parent if given is not None and given.kind == "arguments" else None
        if around is None or not is_local(around, "defdelegate"):
            return False
        return arguments(around)[:1] == [call]

    @cached_property
    def named(self) -> dict[str, list[Reference]]:
        """The references to each module by its full name."""
        found: dict[str, list[Reference]] = {}
        for reference in self.names.references:
            found.setdefault(reference.name, []).append(reference)
        return found


def brings(target: Target, function: str, arity: int | None) -> bool:
    """Whether an import brings `function` with `arity` arguments."""
    for pair in target.directive.options:
        listed = [
            one
            for one in pairs(pair.value)
            if one.key == function and (arity is None or one.value.text == str(arity))
        ]
        if pair.key == "only":
            return bool(listed) or pair.value.kind != "list"
        if pair.key == "except" and listed:
            return False
    return True


def meaning(source: Source, look: Look, brought: frozenset[Brought]) -> Meaning:
    """The `Meaning` of `source`, made once for what is known, and what a library has `brought`."""
    told, instead = (
        frozenset(
            Brought(*fact.value)
            for fact in look.known
            if fact.kind == kind and isinstance(fact.value, tuple)
        )
        for kind in (BROUGHT, MAY_HIDE)
    )
    key = (Meaning, brought | told, instead)
    if key not in source.memo:
        source.memo[key] = Meaning(source, brought | told, instead)
    found: Meaning = source.memo[key]
    return found


def piped(call: Node) -> Node | None:
    """What a pipe gives `call` as its first argument."""
    pipe = call.parent
    if pipe is None or pipe.kind != "binary_operator" or pipe.child("right") is not call:
        return None
    sign = next((token.text for token in pipe.tokens if token.part == "operator"), "")
    return pipe.child("left") if sign == "|>" else None


def captured(call: Node) -> tuple[Node, int] | None:
    """The `&M.f/1` that names the function of `call`, and its number of arguments."""
    slash = call.parent
    if slash is None or slash.kind != "binary_operator" or slash.child("left") is not call:
        return None
    right, around = slash.child("right"), slash.parent
    is_slash = any(token.text == "/" and token.part == "operator" for token in slash.tokens)
    if not is_slash or right is None or right.kind != "integer" or around is None:
        return None
    if around.kind == "unary_operator" and around.text.startswith("&"):
        return around, int(right.text.replace("_", ""))
    return None


def arity_of(call: Node) -> int:
    """The number of arguments that `call` has: keywords are one, as is a block."""
    given = arguments(call)
    has_block = call.of("do_block") is not None
    is_joined = has_block and bool(given) and given[-1].kind == "keywords"
    return len(given) + (piped(call) is not None) + (has_block and not is_joined)


def pieces(given: Node) -> Iterator[Node]:
    """The pairs in keywords or between the braces of a map, in order."""
    for child in given.children:
        if child.kind in ("keywords", "map_content"):
            yield from pieces(child)
        else:
            yield child
