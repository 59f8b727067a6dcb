"""What becomes of each name that a file imports, by what has moved and which uses are gone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.annotations import quoted_names
from migrator.helpers.python.import_statements import Alias, Imported, Statement, module_text
from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import dotted_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from migrator.helpers.python.names import Names
    from migrator.helpers.python.scopes import Binding


class ImportFates:
    """The import statements of a file and the names that they bring, by their nodes.

    The arguments are those of `Imports`.
    """

    def __init__(
        self,
        names: Names,
        absolute: Callable[[str], str],
        moved: Callable[[str], str | None],
        gone: Collection[cst.Name],
        kept: Collection[str],
        staying: Collection[cst.Name],
        is_left: Callable[[str, str, cst.ImportAlias], bool],
    ) -> None:
        self.statements: dict[cst.CSTNode, Statement] = {}
        self.aliases: dict[cst.CSTNode, Alias] = {}
        self._names = names
        self._tree = names.tree
        self._absolute = absolute
        quoted = (one.dotted.partition(".")[0] for one in quoted_names(names.source))
        self._kept = {*kept, *_exported(names), *quoted}
        self._gone = frozenset(gone)
        self._staying = frozenset(staying)
        self._is_left = is_left
        self._collect(moved)
        for alias in self.aliases.values():
            self._decide(alias, moved)

    def _collect(self, moved: Callable[[str], str | None]) -> None:
        reading: dict[cst.CSTNode, list[cst.Name]] = {}
        for name in self._names.uses:
            for binding in self._names.reaching(name):
                if binding.kind == "import":
                    reading.setdefault(binding.node, []).append(name)
        for star in self._names.star_imports:
            assert isinstance(star.node, cst.ImportFrom)
            module = self._absolute(star.target or "")
            needed = any(not self._names.reaching(use) for use in self._staying)
            moved_module = None if needed else moved(module)
            self.statements[star.node] = Statement(star.node, module, moved=moved_module)
        for binding in self._names.bindings():
            node = binding.node
            if binding.kind != "import" or not isinstance(node, cst.ImportAlias):
                continue
            parent = self._tree.parents[node]
            assert isinstance(parent, (cst.Import, cst.ImportFrom))
            statement = self.statements.setdefault(parent, Statement(parent))
            if isinstance(parent, cst.ImportFrom):
                module = module_text(parent)
                statement.module = self._absolute(module).rstrip(".")
                statement.moved = moved(statement.module)
                target = f"{statement.module}.{dotted_text(node.name)}"
            else:
                target = dotted_text(node.name)
            alias = Alias(node, binding, target, reading.get(node, []))
            statement.aliases.append(alias)
            self.aliases[node] = alias
        for statement in self.statements.values():
            statement.aliases.sort(key=lambda alias: self._tree.spans[alias.node].start)

    def _decide(self, alias: Alias, moved: Callable[[str], str | None]) -> None:
        local = alias.binding.name
        statement = self.statements[self._tree.parents[alias.node]]
        is_from = isinstance(statement.node, cst.ImportFrom)
        if self._is_left(alias.target, statement.module, alias.node):
            return
        target = None if self._has_to_stay(alias, is_from=is_from) else moved(alias.target)
        uses = alias.uses
        if not is_from and not alias.node.asname:
            uses = [use for use in uses if self._needs(use, alias.target)]
        left = [use for use in uses if use not in self._gone]
        # Where another binding may stand for the name too, only that name can serve both; and it
        # has to do where the new one is bound to something else.
        alias.keeps_local = any(len(self._names.reaching(use)) > 1 for use in uses)
        if target is not None and not is_from:
            alias.keeps_local |= is_taken(self._names, target)
        if alias.binding.scope is self._names.module:
            renamed = target is not None and target.rpartition(".")[2] != local
            alias.is_lost = not alias.node.asname and renamed if target else bool(uses) and not left
        if target is None:
            alias.is_gone = bool(uses) and not left and local not in self._kept
        elif not is_from:
            self._move_module(alias, statement, target, uses, left)
        elif uses and not left and self._is_beside(alias, target):
            alias.is_gone = local not in self._kept
        else:
            self._move_name(alias, target, is_needed=bool(left))

    def _move_name(self, alias: Alias, target: str, *, is_needed: bool) -> None:
        """Have a name of a `from` statement come from `target`, under its new name if it can."""
        local = alias.binding.name
        module, _, name = target.rpartition(".")
        keeps = bool(alias.node.asname) or is_needed or local in self._kept or alias.keeps_local
        keeps = keeps or (name != local and not is_free(self._names, name))
        if module:
            alias.moved = Imported(module, name, local if keeps else name)
        else:
            alias.moved = Imported(name, "", local if keeps and name != local else "")

    def _move_module(
        self,
        alias: Alias,
        statement: Statement,
        target: str,
        uses: Sequence[cst.Name],
        left: Sequence[cst.Name],
    ) -> None:
        """Have the module `target` come with an `import`, beside the old one if that is needed."""
        local = alias.binding.name
        if alias.keeps_local and alias.target == local:
            alias.moved = Imported(target, "", local)
        elif left and not alias.node.asname:
            statement.new.append(Imported(target, "", ""))
        else:
            alias.moved = Imported(target, "", local if alias.node.asname else "")
            alias.is_unasked = bool(uses) and not alias.node.asname

    def _is_beside(self, alias: Alias, target: str) -> bool:
        """Whether `target` is imported under its own name in the scope of `alias` already."""
        return any(
            one.target == target
            and one.binding.name == target.rpartition(".")[2]
            and one.binding.scope is alias.binding.scope
            and one.binding.is_sure(alias.binding.blocks)
            for one in self.aliases.values()
        )

    def _has_to_stay(self, alias: Alias, *, is_from: bool) -> bool:
        """Whether a use needs the name as it was, and no other statement can serve the others."""
        if is_from or alias.node.asname:
            return any(use in self._staying for use in alias.uses)
        # What `import a.b` binds, other imports of `a` bind too.
        needing = [
            use
            for one in self.aliases.values()
            if isinstance(self._tree.parents[one.node], cst.Import) and not one.node.asname
            if one.binding.name == alias.binding.name and one.binding.scope is alias.binding.scope
            for use in one.uses
            if self._needs(use, alias.target)
        ]
        return bool(needing) and all(use in self._staying for use in needing)

    def _needs(self, use: cst.Name, module: str) -> bool:
        """Whether the chain that begins with `use` goes through what `import module` brings.

        That are the packages around it as well, but for the first, which any import of it brings.
        """
        asked = ".".join(module.split(".")[:2])
        node: cst.CSTNode = use
        while dotted_text(node) != asked:
            parent = self._tree.parents[node]
            if not isinstance(parent, cst.Attribute) or parent.value is not node:
                return False
            node = parent
        return True


def is_free(names: Names, name: str) -> bool:
    """Whether no scope of the file binds `name`, and nothing reads it as a builtin."""
    if any(name in scope.bindings for scope in names.scopes.values()):
        return False
    return name not in names.reads and not names.star_imports


def is_taken(names: Names, module: str) -> bool:
    """Whether some scope binds the name that `import module` does to anything but that package."""
    name = module.partition(".")[0]
    found = (scope.bindings.get(name, ()) for scope in names.scopes.values())
    return any(not _is_package(names, binding) for bindings in found for binding in bindings)


def _is_package(names: Names, binding: Binding) -> bool:
    alias = binding.node
    if binding.kind != "import" or not isinstance(alias, cst.ImportAlias) or alias.asname:
        return False
    return isinstance(names.tree.parents[alias], cst.Import)


def _exported(names: Names) -> set[str]:
    """The names that a module hands on: those in `__all__`, all of a package's `__init__`."""
    if re.search(r"(?:^|/)__init__\.pyi?$", names.source.path):
        return set(names.module.bindings)
    found = set()
    for binding in names.module.bindings.get("__all__", ()):
        waiting: list[cst.CSTNode] = [binding.value] if binding.value else []
        while waiting:
            node = waiting.pop()
            if isinstance(node, (cst.List, cst.Tuple)):
                waiting += [element.value for element in node.elements]
            elif (text := text_of(node)) is not None:
                found.add(text)
    for scope_bindings in names.module.bindings.values():
        for binding in scope_bindings:
            alias = binding.node
            if isinstance(alias, cst.ImportAlias) and alias.asname:
                if dotted_text(alias.asname.name) == dotted_text(alias.name):
                    found.add(binding.name)  # `import x as x`: the way to say it is handed on
    return found
