"""The imports of one file, changed as a whole: names moved, asked for, and no longer used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.import_edits import ImportEdits
from migrator.helpers.python.import_statements import Alias, Imported, Statement, module_text
from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import Use, dotted_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from migrator.helpers.python.names import Names
    from migrator.model import Edit, Source

_CLASS = re.compile(r"_*[A-Z]\w*[a-z]\w*|_*[A-Z]")


class Imports:
    """The import statements of a file after what is asked for.

    `absolute` takes the leading dots off a name; `moved` tells where a dotted name has moved, if
    it has; `gone` are the names which the other edits take away, `staying` those that need what
    they stand for as it was; `kept` the local names that are somebody else's to import from here;
    `is_left` says of a dotted name, the module of its statement and its alias whether that stays.
    """

    def __init__(
        self,
        names: Names,
        absolute: Callable[[str], str],
        moved: Callable[[str], str | None],
        gone: Collection[cst.Name],
        kept: Collection[str] = (),
        staying: Collection[cst.Name] = (),
        is_left: Callable[[str, str, cst.ImportAlias], bool] = lambda *_: False,
    ) -> None:
        self.names = names
        self.source: Source = names.source
        self.tree = names.tree
        self._absolute = absolute
        self._kept = {*kept, *_exported(names)}
        self._gone = frozenset(gone)
        self._staying = frozenset(staying)
        self._is_left = is_left
        self._by_node: dict[cst.CSTNode, Statement] = {}
        self._by_alias: dict[cst.CSTNode, Alias] = {}
        self._added = Statement(None)
        self._locals: dict[tuple[str, int], str] = {}
        self._collect(moved)
        for alias in self._by_alias.values():
            self._decide(alias, moved)

    def _collect(self, moved: Callable[[str], str | None]) -> None:
        reading: dict[cst.CSTNode, list[cst.Name]] = {}
        for name in self.names.uses:
            for binding in self.names.reaching(name):
                if binding.kind == "import":
                    reading.setdefault(binding.node, []).append(name)
        for star in self.names.star_imports:
            assert isinstance(star.node, cst.ImportFrom)
            module = self._absolute(star.target or "")
            needed = any(not self.names.reaching(use) for use in self._staying)
            moved_module = None if needed else moved(module)
            self._by_node[star.node] = Statement(star.node, module, moved=moved_module)
        for binding in self.names.bindings():
            node = binding.node
            if binding.kind != "import" or not isinstance(node, cst.ImportAlias):
                continue
            parent = self.tree.parents[node]
            assert isinstance(parent, (cst.Import, cst.ImportFrom))
            statement = self._by_node.setdefault(parent, Statement(parent))
            if isinstance(parent, cst.ImportFrom):
                module = module_text(parent)
                statement.module = self._absolute(module).rstrip(".")
                statement.moved = moved(statement.module)
                target = f"{statement.module}.{dotted_text(node.name)}"
            else:
                target = dotted_text(node.name)
            alias = Alias(node, binding, target, reading.get(node, []))
            statement.aliases.append(alias)
            self._by_alias[node] = alias
        for statement in self._by_node.values():
            statement.aliases.sort(key=lambda alias: self.tree.spans[alias.node].start)

    def _decide(self, alias: Alias, moved: Callable[[str], str | None]) -> None:
        """What becomes of one imported name by what has moved and what is gone."""
        local = alias.binding.name
        statement = self._by_node[self.tree.parents[alias.node]]
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
        alias.keeps_local = any(len(self.names.reaching(use)) > 1 for use in uses)
        if target is not None and not is_from:
            alias.keeps_local |= self._is_taken(target.partition(".")[0])
        if alias.binding.scope is self.names.module:
            renamed = target is not None and target.rpartition(".")[2] != local
            alias.is_lost = not alias.node.asname and renamed if target else bool(uses) and not left
        if target is None:
            alias.is_gone = bool(uses) and not left and local not in self._kept
        elif is_from and uses and not left and self._is_beside(alias, target):
            alias.is_gone = local not in self._kept
        elif is_from:
            module, _, name = target.rpartition(".")
            keeps = bool(alias.node.asname or left) or local in self._kept or alias.keeps_local
            keeps = keeps or (name != local and not self.is_free(name))
            if module:
                alias.moved = Imported(module, name, local if keeps else name)
            else:
                alias.moved = Imported(name, "", local if keeps and name != local else "")
        elif alias.keeps_local and alias.target == local:
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
            and not one.binding.blocks
            for one in self._by_alias.values()
        )

    def _has_to_stay(self, alias: Alias, *, is_from: bool) -> bool:
        """Whether a use needs the name as it was, and no other statement can serve the others."""
        if is_from or alias.node.asname:
            return any(use in self._staying for use in alias.uses)
        # What `import a.b` binds, other imports of `a` bind too.
        needing = [
            use
            for one in self._by_alias.values()
            if isinstance(self.tree.parents[one.node], cst.Import) and not one.node.asname
            if one.binding.name == alias.binding.name and one.binding.scope is alias.binding.scope
            for use in one.uses
            if self._needs(use, alias.target)
        ]
        return bool(needing) and all(use in self._staying for use in needing)

    def _is_taken(self, name: str) -> bool:
        """Whether some scope of the file binds `name`, by anything but an import."""
        found = (scope.bindings.get(name, ()) for scope in self.names.scopes.values())
        return any(binding.kind != "import" for bindings in found for binding in bindings)

    def _needs(self, use: cst.Name, module: str) -> bool:
        """Whether the chain that begins with `use` goes through `module`, of `import module`."""
        node: cst.CSTNode = use
        while dotted_text(node) != module:
            parent = self.tree.parents[node]
            if not isinstance(parent, cst.Attribute) or parent.value is not node:
                return module.startswith(dotted_text(node))
            node = parent
        return True

    # Asking for names

    def is_free(self, name: str) -> bool:
        """Whether no scope of the file binds `name`, and nothing reads it as a builtin."""
        if any(name in scope.bindings for scope in self.names.scopes.values()):
            return False
        return name not in self.names.reads and not self.names.star_imports

    def serves(self, node: cst.CSTNode, dotted: str) -> bool:
        """Whether `node` is a name that a statement which stays brings, and `dotted` is called so
        too: then it is for that statement to change.
        """
        alias = self._alias_of(node)
        if alias is None or not isinstance(node, cst.Name):
            return False
        statement = self._by_node[self.tree.parents[alias.node]]
        is_left = self._is_left(alias.target, statement.module, alias.node)
        return is_left and (bool(alias.node.asname) or dotted.rpartition(".")[2] == node.value)

    def spell(
        self,
        dotted: str,
        at: Use,
        like: cst.CSTNode | None,
        was: str = "",
        unit: str | None = None,
    ) -> tuple[str, Statement | None]:
        """How `dotted` is written at `at`, and the statement that has to be edited for it.

        `like` is the name or chain it takes the place of, whose style of import it follows, and
        `was` what that stood for; `unit` the part of `dotted` that is imported, where that cannot
        be told from the name.
        """
        unit = unit or _unit(dotted)
        beside = self._beside(dotted, like, was, unit.rpartition(".")[0])
        if beside is not None:
            return beside, None
        found = self._at_hand(dotted, unit, at, like)
        if found is not None:
            return found
        if "." not in unit:
            return self._new(Imported(unit, "", ""), dotted, unit, self._added)
        origin = self._origin(like)
        module, _, name = unit.rpartition(".")
        if origin is not None and isinstance(origin.node, cst.Import):
            node = self._alias_of(like)
            if node is not None and not node.node.asname:
                return self._new(Imported(module, "", ""), dotted, unit, origin)
        statement = origin if origin is not None else self._merging(module)
        key = (unit, id(statement))
        if key not in self._locals:
            self._locals[key] = self._local(module, name)
        return self._new(Imported(module, name, self._locals[key]), dotted, unit, statement)

    def _beside(self, dotted: str, like: cst.CSTNode | None, was: str, module: str) -> str | None:
        """`dotted`, which is in `module`, by way of the object that the file takes the old name
        from, if it is on it.
        """
        owner = was.rpartition(".")[0]
        alias = self._alias_of(like)
        if not isinstance(like, cst.Attribute) or alias is None or alias.moved:
            return None
        if not owner or not dotted.startswith(f"{owner}."):
            return None
        plain = [
            one.target
            for one in self._by_alias.values()
            if isinstance(self.tree.parents[one.node], cst.Import)
        ]
        if any(f"{target}.".startswith(f"{was}.") for target in plain):
            return None  # a module that is imported by its path: another one is not there
        if module.startswith(f"{owner}.") and module not in plain:
            return None  # a module below it is there only where something has imported it
        alias.is_unasked = alias.is_gone = False
        start, end = self.tree.spans[like.value]
        return self.source.text[start:end] + dotted[len(owner) :]

    def _new(
        self, wanted: Imported, dotted: str, unit: str, statement: Statement
    ) -> tuple[str, Statement]:
        if wanted not in statement.new:
            statement.new.append(wanted)
        return (wanted.local + dotted[len(unit) :] if wanted.name else dotted), statement

    def _at_hand(
        self, dotted: str, unit: str, at: Use, like: cst.CSTNode | None
    ) -> tuple[str, Statement | None] | None:
        """How it can be written with what is imported already, or is after a move."""
        shortest = unit.count(".")
        parts = dotted.split(".")
        own = self._alias_of(like)
        if own is not None and own.moved and own.keeps_local:
            now = f"{own.moved.module}.{own.moved.name}".rstrip(".")
            if own.moved.local == own.binding.name and f"{dotted}.".startswith(f"{now}."):
                return own.moved.local + dotted[len(now) :], self._by_node[
                    self.tree.parents[own.node]
                ]
        aliases = sorted(self._by_alias.values(), key=lambda alias: alias is not own)
        by_name = own is not None and isinstance(self.tree.parents[own.node], cst.ImportFrom)
        for length in range(len(parts), max(shortest, 1) - 1, -1):
            prefix, rest = ".".join(parts[:length]), parts[length:]
            for alias in aliases:
                if length == shortest and by_name and alias is not own:
                    continue  # the new name comes as the old one did, not through its module
                text = self._as(alias, prefix, at, is_own=alias is own)
                if text is None:
                    continue
                alias.is_unasked = alias.is_gone = False
                moved = self._by_node[self.tree.parents[alias.node]] if alias.moved else None
                return ".".join((text, *rest)), moved
        return None

    def _as(self, alias: Alias, dotted: str, at: Use, *, is_own: bool) -> str | None:
        """What `alias` lets be written for `dotted` at `at`, if it does.

        What stands there already `is_own` where it is by that alias.
        """
        seen = is_own or self.names.visible(alias.binding.name, at) == [alias.binding]
        if not seen and not self._comes_before(alias, at):
            return None
        is_plain = isinstance(self.tree.parents[alias.node], cst.Import) and not alias.node.asname
        if alias.moved is None:
            if is_plain:
                return dotted if f"{alias.target}.".startswith(f"{dotted}.") else None
            return alias.binding.name if alias.target == dotted else None
        moved = alias.moved
        if not moved.name and not moved.local:
            # The packages that a module is in come with it.
            return dotted if f"{moved.module}.".startswith(f"{dotted}.") else None
        if (f"{moved.module}.{moved.name}" if moved.name else moved.module) != dotted:
            return None
        return moved.local or moved.module

    def _comes_before(self, alias: Alias, at: Use) -> bool:
        """Whether a module is imported at the top, under a new name, before what runs at `at`."""
        moved, binding = alias.moved, alias.binding
        if moved is None or moved.name or moved.local or binding.blocks:
            return False
        is_above = at.scope is not self.names.module or self.tree.spans[alias.node].start < at.at
        return binding.scope is self.names.module and is_above

    def _alias_of(self, like: cst.CSTNode | None) -> Alias | None:
        root = like
        while isinstance(root, cst.Attribute):
            root = root.value
        if not isinstance(root, cst.Name) or root not in self.names.uses:
            return None
        for binding in self.names.reaching(root):
            if binding.node in self._by_alias:
                return self._by_alias[binding.node]
        return None

    def _origin(self, like: cst.CSTNode | None) -> Statement | None:
        alias = self._alias_of(like)
        return self._by_node[self.tree.parents[alias.node]] if alias else None

    def statements_of(self, names: Iterable[cst.Name]) -> list[Statement]:
        """The statements that import what `names` stand for."""
        found = {
            self.tree.parents[binding.node]: None
            for name in names
            for binding in self.names.reaching(name)
            if binding.node in self._by_alias
        }
        return [self._by_node[node] for node in found]

    def _merging(self, module: str) -> Statement:
        """A statement at the top that imports from `module` already, else that for new ones."""
        for statement in self._by_node.values():
            if statement.module == module and statement.aliases:
                if not statement.aliases[0].binding.blocks and (
                    statement.aliases[0].binding.scope is self.names.module
                ):
                    return statement
        return self._added

    def _local(self, module: str, name: str) -> str:
        last = module.rpartition(".")[2]
        candidates = [name, f"{last}_{name}", f"{module.replace('.', '_')}_{name}"]
        taken = set(self._locals.values())
        goes = {alias.binding.name for alias in self._by_alias.values() if alias.is_gone}
        for candidate in candidates:
            if (self.is_free(candidate) or candidate in goes) and candidate not in taken:
                return candidate
        return f"_{candidates[-1]}"

    # Editing

    def lost(self) -> frozenset[str]:
        """The names that the module would no longer have if nobody else took them from it."""
        return frozenset(one.binding.name for one in self._by_alias.values() if one.is_lost)

    def statements(self) -> tuple[Statement, ...]:
        """Every import statement of the file."""
        return tuple(self._by_node.values())

    def staying(self) -> list[tuple[str, cst.CSTNode]]:
        """The dotted names that are imported once all is done, each with the node that says so."""
        found = []
        for statement in self._by_node.values():
            gone = {id(one.node.name) for one in statement.aliases if one.is_gone or one.moved}
            found += [one for one in statement.targets() if id(one[1]) not in gone]
        return found

    def edits(self, statement: Statement) -> tuple[Edit, ...]:
        """The edits that one statement needs."""
        return ImportEdits(self.names, self._absolute, self._by_alias.values()).of(statement)


def _unit(dotted: str) -> str:
    """The part of a dotted name that is imported: up to its first class, else all of it."""
    parts = dotted.split(".")
    for at, part in enumerate(parts):
        if at and _CLASS.fullmatch(part):
            return ".".join(parts[: at + 1])
    return dotted


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
