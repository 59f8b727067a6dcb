"""Which modules are handlers by the behaviour, and what is quoted for modules that will be."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from migrator import Applicability
from migrator.helpers.elixir.attributes import attribute_name
from migrator.helpers.elixir.calls import arguments, atom_of, is_local
from migrator.helpers.elixir.patterns import DEFINITIONS, head_of

from ..reading.meaning import BASE, BEHAVIOUR, CURRENT_BEHAVIOUR, Meaning, now

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeVar

    from migrator.helpers.elixir.names import Module
    from migrator.languages.elixir import Node

    K = TypeVar("K")

ALWAYS, PERHAPS = "", "?"
_USING = "__using__"
# What quoted code may stand in without a condition.
_PLAIN = frozenset({"arguments", "block", "body", "do_block", "keywords", "list", "pair"})
_UNQUOTES = ("unquote", "unquote_splicing")


@dataclass(frozen=True)
class Role:
    """That events come here: how certain, and why.

    Where `legacy` is false the code already serves the current API, and only what names a legacy
    event is left over from before.
    """

    level: Applicability
    reason: str
    legacy: bool = True


class Behaviours:
    """The handlers of one file that have the behaviour, themselves or by `use`."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.modules: dict[Module, Role] = {}
        #: Modules that give the behaviour to those that `use` them: by which of their functions,
        #: and is it the legacy one? `ALWAYS` is by any `use`, `PERHAPS` by what nobody can tell.
        self.bases: dict[Module, dict[str, bool]] = {}
        #: Quoted code that has the behaviour: it is the handler that it will be a part of.
        self.quotes: dict[Node, Role] = {}
        self._named()
        self._used()

    @cached_property
    def proven(self) -> frozenset[Module]:
        """The modules that have the behaviour for sure."""
        sure = Applicability.SAFE
        return frozenset(module for module, role in self.modules.items() if role.level is sure)

    def of(self, node: Node) -> Role | None:
        """The role of the handler that `node` stands in: a module, or what is quoted for one."""
        quote = self.quote_around(node)
        if quote is not None:
            return self.quotes[quote]
        module = self.meaning.names.module(node)
        return self.modules.get(module) if module is not None else None

    def quote_around(self, node: Node) -> Node | None:
        """The quoted code with the behaviour that `node` is a part of, if it is."""
        env = self.meaning.names.envs[node]
        for around in node.up() if env.quoted and self.quotes else ():
            if is_local(around, *_UNQUOTES):
                return None
            if around in self.quotes:
                return around
        return None

    def _named(self) -> None:
        for node in self.meaning.tree.of("unary_operator"):
            if attribute_name(node) in ("behaviour", "impl"):
                operand = node.child("operand")
                named = arguments(operand) if operand is not None else []
                name = self.meaning.names.name(named[0]) if named else None
                if name in (BEHAVIOUR, CURRENT_BEHAVIOUR):
                    reason = f"has the behaviour of a handler, by line {self.meaning.line(node)}"
                    self._handles(node, reason, legacy=name == BEHAVIOUR)

    def _used(self) -> None:
        for directive in self.meaning.names.directives:
            for target in directive.targets if directive.kind == "use" else ():
                line = self.meaning.line(directive.call)
                if target.name in (BEHAVIOUR, CURRENT_BEHAVIOUR):
                    reason = f"uses the behaviour of a handler at line {line}"
                    self._handles(directive.call, reason, legacy=target.name == BEHAVIOUR)
                    continue
                base = self.meaning.known.get((BASE, now(target.name)), ())
                given = dict(base) if isinstance(base, tuple) else {}
                how = _asked(directive.call, given)
                if how is not None:
                    reason = f"gets the behaviour of a handler from `{target.name}`, at line {line}"
                    level = Applicability.REVIEW if how == PERHAPS else Applicability.SAFE
                    legacy = given[how] if how in given else any(given.values())
                    self._handles(directive.call, reason, legacy=legacy, level=level)

    def _handles(
        self,
        node: Node,
        reason: str,
        *,
        legacy: bool,
        level: Applicability = Applicability.SAFE,
    ) -> None:
        env = self.meaning.names.envs[node]
        if env.module is None:
            return
        handler = f"`{env.module.name}`"
        if env.quoted:
            quote = next(around for around in node.up() if is_local(around, "quote"))
            role = Role(level, f"what {handler} quotes {reason}", legacy)
            _hold(self.quotes, quote, role)
            how = self._given_by(node) if level is Applicability.SAFE else PERHAPS
            hows = self.bases.setdefault(env.module, {})
            hows[how] = legacy or hows.get(how, False)
        else:
            _hold(self.modules, env.module, Role(level, f"{handler} {reason}", legacy))

    def _given_by(self, node: Node) -> str:
        """By which function the quoted `node` is given to those that `use` its module."""
        for around in node.up():
            head = head_of(around) if is_local(around, *DEFINITIONS) else None
            if head is not None:
                clauses = self.meaning.definitions.get((self.meaning.names.module(node), head[0]))
                if head[0] != _USING:
                    return head[0]
                return ALWAYS if clauses is not None and len(clauses) == 1 else PERHAPS
            if around.kind not in _PLAIN and not is_local(around, "quote"):
                return PERHAPS
        return PERHAPS


def _asked(use: Node, given: Mapping[str, bool]) -> str | None:
    """By which function of a base `use` gets the behaviour; `None` where it gets none."""
    if ALWAYS in given or not given:
        return ALWAYS if given else None
    options = arguments(use)[1:]
    named = atom_of(options[0]) if len(options) == 1 else None
    if named is None or PERHAPS in given:
        return PERHAPS
    return named if named in given else None


def _hold(found: dict[K, Role], key: K, role: Role) -> None:
    """Note the role of `key`; that it serves the legacy API counts."""
    known = found.get(key)
    if known is None or (role.legacy and not known.legacy):
        found[key] = role
