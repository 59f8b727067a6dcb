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
from migrator.patterns.python.learning import DERIVED, HANDED_ON, OVERRIDDEN
from migrator.patterns.python.snippets import is_builtin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Meaning:
    """What the names of one file stand for, as dotted names from the root.

    `handed_on` are the names that modules of the project hand on, by their places in it, and
    `classes` those of its classes that derive from what rules ask about: whether it is proven.
    `overridden` are methods of what rules ask about, by class and name: where one is defined anew.
    `sought` are those of which more would have to be known.
    """

    def __init__(
        self,
        source: Source,
        look: Look,
        handed_on: Mapping[str, str],
        classes: Mapping[tuple[str, str], bool],
        overridden: Mapping[tuple[str, str], str],
    ) -> None:
        self.source = source
        self.handed_on = handed_on
        self._classes = classes
        self.overridden = overridden
        self._concerned: dict[str, bool] = {}
        self.sought: set[str] = set()
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

    # Classes

    def derives(self, node: cst.CSTNode, class_: str) -> Applicability:
        """How far other files have told that the class `node` derives from `class_`."""
        if not self._classes:
            return Applicability.MANUAL
        found = {
            self.taken(one, class_) if one else Applicability.MANUAL for one in self.resolved(node)
        }
        best = max(found, default=Applicability.MANUAL)
        return best if len(found) == 1 else min(best, Applicability.REVIEW)

    def taken(self, dotted: str, class_: str) -> Applicability:
        """The same of the class `dotted`, as an import of this file has it, or of `class_`."""
        name = self.absolute(dotted)
        if self.through(name) == class_:
            return Applicability.SAFE
        place = name if ":" in name else self._modules.place(name, self.source.path)
        is_proven = self._classes.get((place or "", class_))
        if is_proven is None:
            return Applicability.MANUAL
        return Applicability.SAFE if is_proven else Applicability.REVIEW

    def below(self, module: str, class_: str) -> Iterator[tuple[str, Applicability]]:
        """The names of `module`, as this file imports it, of classes that derive from `class_`."""
        place = self._modules.place(self.absolute(module), self.source.path)
        for (one, asked), is_proven in self._classes.items():
            name = one.removeprefix(place or one)
            if asked == class_ and name and "." not in name:
                yield name, Applicability.SAFE if is_proven else Applicability.REVIEW

    def counted(self, proven: Applicability, class_: str) -> Applicability:
        """What counts of how far something is `proven` to be of `class_`: nothing elsewhere."""
        if proven is Applicability.REVIEW and "." in class_:
            self.sought.add(class_)
        return proven if self.concerns(class_) else Applicability.MANUAL

    def concerns(self, class_: str) -> bool:
        """Whether this file imports from the package of `class_`, or what derives from it."""
        if "." not in class_:
            return True
        if class_ not in self._concerned:
            of_package = class_.partition(".")[0] in self._packages
            self._concerned[class_] = of_package or self._imports_derived(class_)
        return self._concerned[class_]

    def _imports_derived(self, class_: str) -> bool:
        places = [place for place, asked in self._classes if asked == class_]
        for dotted in self._imported if places else ():
            at = self._modules.place(self.absolute(dotted), self.source.path)
            below = at if at is None or at.endswith(":") else f"{at}."
            if below and any(one == at or one.startswith(below) for one in places):
                return True
        return False

    @cached_property
    def _packages(self) -> frozenset[str]:
        """The top-level packages that this file imports anything from."""
        found = set()
        for target in self._imported:
            name = self.absolute(target)
            found |= {one.partition(".")[0] for one in (name, self.through(name))}
        return frozenset(found)

    @cached_property
    def _imported(self) -> frozenset[str]:
        found = (*self.names.bindings(), *self.names.star_imports)
        return frozenset(
            one.target for one in found if one.kind in ("import", "star") and one.target
        )


def meaning(source: Source, look: Look) -> Meaning:
    """The `Meaning` of `source`, made once for a set of paths."""
    handed_on = frozenset(
        (fact.key, fact.value)
        for fact in look.known
        if fact.kind == HANDED_ON and isinstance(fact.value, str)
    )
    classes: dict[tuple[str, str], bool] = {}
    for fact in look.known:
        if fact.kind == DERIVED and isinstance(fact.value, tuple):
            class_, is_proven = fact.value
            # What is said twice, and not alike, is not proven.
            classes[fact.key, class_] = is_proven and classes.get((fact.key, class_), True)
    overridden = {
        (fact.key, method): place
        for fact in look.known
        if fact.kind == OVERRIDDEN and isinstance(fact.value, tuple)
        for method, place in (fact.value,)
    }
    known = (handed_on, frozenset(classes.items()), frozenset(overridden.items()))
    key = (Meaning, look.paths, *known)
    if key not in source.memo:
        source.memo[key] = Meaning(source, look, dict(handed_on), classes, overridden)
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
