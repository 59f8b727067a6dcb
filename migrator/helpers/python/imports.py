"""The imports of one file, changed as a whole: names moved, asked for, and no longer used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.import_edits import ImportEdits
from migrator.helpers.python.import_fates import ImportFates, is_free, is_taken
from migrator.helpers.python.import_statements import Alias, Imported, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from migrator.helpers.python.names import Names
    from migrator.helpers.python.scopes import Use
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
        self._is_left = is_left
        fates = ImportFates(names, absolute, moved, gone, kept, staying, is_left)
        self._by_node = fates.statements
        self._by_alias = fates.aliases
        self._added = Statement(None)
        self._locals: dict[tuple[str, int], str] = {}

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
        be told from the name. It may be a module, which is not there by the import of another one.
        """
        may_be_module = unit is not None
        unit = unit or _unit(dotted)
        beside = self._beside(dotted, like, was, unit.rpartition(".")[0])
        if beside is not None:
            return beside, None
        found = self._at_hand(dotted, unit, at, like, may_be_module=may_be_module)
        if found is not None:
            return found
        if "." not in unit:
            return self._new(Imported(unit, "", ""), dotted, unit, self._added)
        origin = self._origin(like)
        module, _, name = unit.rpartition(".")
        if origin is not None and isinstance(origin.node, cst.Import):
            node = self._alias_of(like)
            is_open = not may_be_module and not is_taken(self.names, module)
            if node is not None and not node.node.asname and is_open:
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
        self, dotted: str, unit: str, at: Use, like: cst.CSTNode | None, *, may_be_module: bool
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
                if length == shortest and alias is not own and (by_name or may_be_module):
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
            if (is_free(self.names, candidate) or candidate in goes) and candidate not in taken:
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
