"""One way through an Elixir file, with what holds at each place: aliases, imports, modules."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from migrator.helpers.elixir.bindings import (
    BLANKS,
    Brought,
    Directive,
    Env,
    Module,
    Names,
    Reference,
    Target,
)
from migrator.helpers.elixir.calls import arguments, atom_of, is_local, keywords, text_in
from migrator.languages.elixir import Node, parse
from migrator.model import Span

if TYPE_CHECKING:
    from migrator.model import Source

_ROOT = "Elixir"
_DIRECTIVES = ("alias", "import", "require", "use")
_MODULES = ("defmodule", "defprotocol", "defimpl")
_PART = re.compile(r"[^\s.]+")
_SCOPES = frozenset({"do_block", "stab_clause", "anonymous_function"})
_LATER_PARTS = ("else_block", "after_block", "rescue_block", "catch_block")
# What says something of names where it begins or ends.
_WATCHED = _SCOPES.union(_LATER_PARTS, {"alias", "call", "dot", "pair", "quoted_atom"})
_BLOCK_KEYS = frozenset({"do", "else", "after", "rescue", "catch"})


class Walk:
    """One way through the tree, in the order of the text, with what holds at each place."""

    def __init__(self, source: Source, brought: frozenset[Brought]) -> None:
        self.found = Names()
        self._brought = brought
        self.env = Env({})
        self._ends: dict[Node, Env] = {}
        self._open_targets: list[Target] = []
        self._last = len(source.text)
        self._walk(parse(source).root)

    def _walk(self, root: Node) -> None:
        waiting: list[Node | None] = [root]
        around: list[Node] = []
        envs = self.found.envs
        while waiting:
            node = waiting.pop()
            if node is None:
                self._leave(around.pop())
                continue
            if node.kind in _WATCHED:
                self._enter(node)
                around.append(node)
                waiting.append(None)
            else:
                envs[node] = self.env
                if node.kind == "identifier" and node.text == "__MODULE__":
                    self._name(node)
            if node.tokens:
                waiting += [child for child in reversed(node.tokens) if child.named]

    def _enter(self, node: Node) -> None:
        kind = node.kind
        if kind in _SCOPES or (kind == "pair" and _is_block(node)):
            self._ends[node] = self.env
        elif kind in _LATER_PARTS:
            # What was aliased under `do` does not hold under `else`.
            self.env = self._ends[node.parent] if node.parent else self.env
            self._ends[node] = self.env
        if kind == "do_block" and node.parent is not None and is_local(node.parent, *_MODULES):
            self._open(node.parent)
        elif is_local(_block_of(node), "quote"):
            self.env = replace(self.env, quoted=True)
        self.found.envs[node] = self.env
        if kind == "alias":
            self._name(node)
        elif kind == "quoted_atom" and (text_in(node) or "").startswith(f"{_ROOT}."):
            inside = node.of("quoted_content")
            assert inside is not None
            self._refer(replace(self._expanded(inside, _parts(inside)), node=node))

    def _leave(self, node: Node) -> None:
        if node.kind == "dot":
            self._joined(node)
        if node in self._ends:
            self.env = self._ends[node]
            while self._open_targets and self._open_targets[-1].scope.start > node.span.start:
                target = self._open_targets.pop()
                target.scope = Span(target.scope.start, node.span.end)
        if node.local in _DIRECTIVES:
            self._direct(node)
        elif node.local in ("defmodule", "defprotocol") and node.of("do_block") is not None:
            self._nested(node)

    # Names

    def _name(self, node: Node) -> None:
        parent = node.parent
        if parent is not None and parent.kind == "dot" and parent.child("right") is node:
            return  # a part of what is joined by the dot
        if parent is not None and parent.kind == "tuple" and _is_braces(parent):
            return  # relative to what stands before the braces
        if node.kind == "identifier":
            module = self.env.module
            if module is not None and module.name and not self.env.quoted:
                offset = module.name.count(".") + 1
                self._refer(Reference(node, module.name, [], offset, module.name, self.env))
            return
        self._refer(self._expanded(node, _parts(node)))

    def _expanded(self, node: Node, parts: list[tuple[str, Span]]) -> Reference:
        texts = [text for text, _ in parts]
        if texts[0] == _ROOT:
            return Reference(node, ".".join(texts[1:]) or _ROOT, parts, -1, None, self.env)
        by = self.env.aliases.get(texts[0])
        if by is None:
            return Reference(node, ".".join(texts), parts, 0, None, self.env)
        base = by.name if isinstance(by, Target) else by
        name = ".".join((base, *texts[1:]))
        return Reference(node, name, parts, base.count("."), by, self.env)

    def _joined(self, node: Node) -> None:
        """`__MODULE__.Inner`, and an alias that is broken over lines."""
        left, right = node.child("left"), node.child("right")
        outer = self.found.at(left)
        if outer is None or right is None or right.kind != "alias":
            return
        self._forget(outer)
        self._refer(self._below(outer, node, right))

    def _below(self, outer: Reference, node: Node, inner: Node) -> Reference:
        """What `inner` names when it follows `outer`."""
        parts = [*outer.parts, *_parts(inner)]
        name = f"{outer.name}.{BLANKS.sub('', inner.text)}"
        return Reference(node, name, parts, outer.offset, outer.by, self.env)

    def _refer(self, reference: Reference) -> None:
        self.found.by_node[reference.node] = reference
        if isinstance(reference.by, Target):
            reference.by.uses.append(reference)

    def _forget(self, reference: Reference) -> None:
        del self.found.by_node[reference.node]
        if isinstance(reference.by, Target):
            reference.by.uses.remove(reference)

    # Directives

    def _direct(self, call: Node) -> None:
        given = arguments(call)
        if not given:
            return
        directive = Directive(call.tokens[0].text, call, self.env.module, keywords(call))
        first = given[0]
        if first.kind == "dot" and (braces := first.child("right")) and braces.kind == "tuple":
            directive.prefix = first.child("left")
            outer = self.found.at(directive.prefix)
            if outer is not None:
                for member in braces.children:
                    if member.kind == "alias":
                        self._member(directive, outer, member)
        else:
            reference = self.found.at(first)
            if reference is not None:
                self._target(directive, reference)
        if directive.targets:
            self.found.directives.append(directive)

    def _member(self, directive: Directive, outer: Reference, member: Node) -> None:
        reference = self._below(outer, member, member)
        self._refer(reference)
        self._target(directive, reference)

    def _target(self, directive: Directive, reference: Reference) -> None:
        scope = Span(directive.call.span.end, self._last)
        target = Target(directive, reference.node, reference.name, scope)
        target.quoted = self.env.quoted
        self._open_targets.append(target)
        renamed = next((pair.value for pair in directive.options if pair.key == "as"), None)
        if directive.kind == "alias" or (directive.kind == "require" and renamed is not None):
            target.renamed = renamed
            target.short = BLANKS.sub("", renamed.text) if renamed else _last(reference.name)
            aliases = {**self.env.aliases, target.short: target}
            self.env = replace(self.env, aliases=aliases)
        elif directive.kind == "import":
            self.env = replace(self.env, imports=(*self.env.imports, target))
        if renamed is not None and (named := self.found.at(renamed)) is not None:
            self._forget(named)  # what stands after `as:` is given here, and names nothing yet
        elif directive.kind == "use":
            self._bring(directive, reference)
        reference.target = target
        directive.targets.append(target)

    def _bring(self, directive: Directive, reference: Reference) -> None:
        for one in sorted(self._brought):
            if one.module != reference.name:
                continue
            directive.brings.append(one)
            scope = Span(directive.call.span.end, self._last)
            target = Target(directive, reference.node, one.name, scope)
            target.unsure = not one.always and one.part not in _chosen(directive)
            self._open_targets.append(target)
            if one.kind == "alias":
                target.short = one.short
                aliases = {**self.env.aliases, one.short: target}
                self.env = replace(self.env, aliases=aliases)
            else:
                self.env = replace(self.env, imports=(*self.env.imports, target))

    # Modules

    def _open(self, call: Node) -> None:
        """The module that `call` defines, which its block stands in."""
        outer = self.env.module
        given = arguments(call)
        reference = self.found.at(given[0]) if given else None
        name: str | None = None
        if reference is not None:
            name = reference.name
            if is_local(call, "defimpl"):
                meant = next((p.value for p in keywords(call) if p.key == "for"), None)
                kind = self.found.name(meant) or (outer.name if outer and meant is None else None)
                name = f"{name}.{kind}" if kind else None
            elif outer is not None and _is_nested(reference):
                # Aliases do not count here.
                written = ".".join(text for text, _ in reference.parts)
                name = f"{outer.name}.{written}" if outer.name else None
                self._forget(reference)
                offset = outer.name.count(".") + 1 if outer.name else 0
                reference = Reference(
                    reference.node, name or written, reference.parts, offset, outer.name, self.env
                )
                self._refer(reference)
        module = Module(name, call, outer)
        if reference is not None and not is_local(call, "defimpl"):
            reference.defines = module
        self.found.modules.append(module)
        self.env = replace(self.env, module=module, quoted=False)
        self._short_name(module, reference)

    def _nested(self, call: Node) -> None:
        """Behind a nested module the one around it knows it by its first part."""
        module = next((one for one in reversed(self.found.modules) if one.call is call), None)
        if module is not None:
            self._short_name(module, self.found.at(arguments(call)[0]))

    def _short_name(self, module: Module, reference: Reference | None) -> None:
        outer = module.outer
        if reference is None or outer is None or not outer.name:
            return
        if reference.defines is module and _is_nested(reference):
            first = reference.parts[0][0]
            aliases = {**self.env.aliases, first: f"{outer.name}.{first}"}
            self.env = replace(self.env, aliases=aliases)


def _is_nested(reference: Reference) -> bool:
    """Whether the name of a module is one within the module around it."""
    return reference.node.kind == "alias" and reference.parts[0][0] != _ROOT


def _block_of(node: Node) -> Node | None:
    """The call that `node` is the block of, `do ... end` or `do: ...`."""
    if node.kind == "do_block":
        return node.parent
    if node.kind != "pair" or not _is_block(node):
        return None
    around = node.parent.parent if node.parent is not None else None
    return around.parent if around is not None else None


def _is_block(node: Node) -> bool:
    """Whether the pair `node` is the `do: ...` of a call, or the like."""
    key = node.child("key")
    return key is not None and key.text.rstrip().removesuffix(":") in _BLOCK_KEYS


def _chosen(use: Directive) -> frozenset[str]:
    """The functions that a `use` chooses by its option, as `use Web, :controller` does."""
    given = (atom_of(one) for one in arguments(use.call)[1:])
    return frozenset(one for one in given if one is not None)


def _is_braces(node: Node) -> bool:
    """Whether a tuple is the `{A, B}` of `alias M.{A, B}`."""
    return node.parent is not None and node.parent.kind == "dot"


def _parts(node: Node) -> list[tuple[str, Span]]:
    start = node.span.start
    return [
        (match[0], Span(start + match.start(), start + match.end()))
        for match in _PART.finditer(node.text)
    ]


def _last(name: str) -> str:
    return name.rpartition(".")[2]
