"""What the names of one Python file stand for, as dotted names from the root."""

from __future__ import annotations

from functools import cached_property
from keyword import iskeyword
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.modules import modules
from migrator.helpers.python.names import names
from migrator.helpers.python.scopes import Use, dotted_text
from migrator.languages.python_nodes import children
from migrator.model import Applicability, Look, Source
from migrator.patterns.python.learning import HANDED_ON
from migrator.patterns.python.snippets import is_builtin

if TYPE_CHECKING:
    from collections.abc import Mapping


class Meaning:
    """What the names of one file stand for, as dotted names from the root.

    `handed_on` are the names that modules of the project hand on, by their places in it.
    """

    def __init__(self, source: Source, look: Look, handed_on: Mapping[str, str]) -> None:
        self.source = source
        self.handed_on = handed_on
        self.names = names(source)
        self.tree = self.names.tree
        self._modules = modules(look.paths)
        self._resolved: dict[cst.CSTNode, frozenset[str | None]] = {}

    def absolute(self, dotted: str) -> str:
        """`dotted` without leading dots."""
        bare = dotted.lstrip(".")
        level = len(dotted) - len(bare)
        return self._modules.absolute(self.source.path, level, bare) or dotted

    def through(self, dotted: str) -> str:
        """What `dotted` is where a module of the project hands it on, else itself."""
        place = self._modules.place(dotted, self.source.path) if self.handed_on else None
        module, _, name = (place or "").partition(":")
        parts = name.split(".")
        for count in range(len(parts), 0, -1):
            known = self.handed_on.get(f"{module}:{'.'.join(parts[:count])}")
            if known is not None:
                return ".".join((known, *parts[count:]))
        return dotted

    def meant(self, node: cst.CSTNode) -> frozenset[str | None]:
        """The same as `resolved`, through what modules of the project hand on."""
        return frozenset(one and self.through(one) for one in self.resolved(node))

    def stands_for(self, node: cst.CSTNode, dotted: str) -> Applicability:
        """How far it is proven that `node` stands for `dotted`: `MANUAL` if it does not."""
        root = root_of(node)
        if root is None or root not in self.names.uses:
            return Applicability.MANUAL
        if "." not in dotted and is_builtin(dotted):
            is_it = isinstance(node, cst.Name) and node.value == dotted
            # Nothing can bind `True`, and no import brings another one.
            bound = self.names.reaching(root) or self.names.star_imports
            is_other = bound and not iskeyword(dotted)
            return Applicability.SAFE if is_it and not is_other else Applicability.MANUAL
        found = self.meant(node)
        if dotted not in found:
            return Applicability.MANUAL
        is_starred = not self.names.reaching(root)
        return Applicability.SAFE if len(found) == 1 and not is_starred else Applicability.REVIEW

    def resolved(self, node: cst.CSTNode) -> frozenset[str | None]:
        """The dotted names that a name or chain can stand for; `None` among them: others."""
        if node not in self._resolved:
            found = self.names.resolve(node)
            self._resolved[node] = frozenset(one and self.absolute(one) for one in found)
        return self._resolved[node]

    def imported_at(self, node: cst.CSTNode) -> str:
        """A sentence of what `node` comes from."""
        root = root_of(node)
        assert root is not None
        found = self.names.reaching(root)
        bound = [one for one in found if one.kind == "import"]
        text = dotted_text(node)
        if not found:
            return f"`{text}` is not bound in this file"
        if not bound:
            line = self.source.position(self.tree.spans[found[-1].node].start).line
            return f"line {line} sets what `{text}` stands for"
        line = self.source.position(self.tree.spans[bound[-1].node].start).line
        handed = [one for one in self.resolved(node) - self.meant(node) if one]
        if handed:
            return f"line {line} imports `{handed[0]}`, which the project hands on"
        return f"line {line} imports what `{text}` stands for"

    @cached_property
    def packages(self) -> frozenset[str]:
        """The top-level packages that this file imports anything from."""
        found = set()
        for binding in (*self.names.bindings(), *self.names.star_imports):
            if binding.kind in ("import", "star") and binding.target:
                found.add(self.absolute(binding.target).partition(".")[0])
        return frozenset(found)


def meaning(source: Source, look: Look) -> Meaning:
    """The `Meaning` of `source`, made once for a set of paths."""
    handed_on = frozenset(
        (fact.key, fact.value)
        for fact in look.known
        if fact.kind == HANDED_ON and isinstance(fact.value, str)
    )
    key = (Meaning, look.paths, handed_on)
    if key not in source.memo:
        source.memo[key] = Meaning(source, look, dict(handed_on))
    found: Meaning = source.memo[key]
    return found


def root_of(node: cst.CSTNode) -> cst.Name | None:
    """The name that a chain of attributes begins with."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return node if isinstance(node, cst.Name) else None


def use_at(meaning: Meaning, node: cst.CSTNode) -> Use:
    """Where `node` stands, as a name that is read there would."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, cst.Name) and current in meaning.names.uses:
            return meaning.names.uses[current]
        waiting += children(current)
    return Use(meaning.names.scope_of(node), meaning.tree.spans[node].start, ())
