"""What becomes of the imports that bring legacy names into a file, and of the names' uses.

A statement is edited in place for the package most of its names move to; names that move
elsewhere get an import on the next line. While a use of `invoke` stays, its import stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability, Edit, Look, Source
from migrator.helpers.python.literals import text_of

from ..._names import INVOKE, PYTHON_CURRENT, PYTHON_LEGACY, in_namespace
from ..reading.mappings import below
from ..reading.meaning import CURRENT_INVOKE, Meaning, meaning_of, once
from .calls import stays, uses
from .collected import Collected
from .from_imports import FromStatement
from .legacy_imports import (
    CURRENT_LEAF,
    INVOKE_LEAF,
    PARENT,
    Import,
    Reference,
    Statement,
)
from .legacy_names import needed_elsewhere
from .moved_calls import Use
from .plain_imports import PlainStatement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from migrator.helpers.python.scopes import Binding, Scope


_BLOCKS = (cst.IndentedBlock, cst.Module)


@dataclass(eq=False)
class Imports:
    """All legacy imports of a file; `of_use` and `of_reference` lead from a use to its import."""

    statements: list[Statement]
    of_use: dict[Use, Import | None]
    loose: list[Reference]


def imports(source: Source, look: Look) -> Imports:
    """The legacy imports of `source`, with their edits under `look`."""
    return once(_imports, source, look)


def _imports(source: Source, look: Look) -> Imports:
    meaning = meaning_of(source, look)
    if meaning.is_library:
        return Imports([], {}, [])
    return Planner(meaning, look, uses(source, look)).planned()


class Planner(Collected):
    def __init__(self, meaning: Meaning, look: Look, found: Sequence[Use]) -> None:
        super().__init__(meaning, look)
        self.uses = found
        self.held = stays(meaning.source, look).names
        self.of_use: dict[Use, Import | None] = {}
        #: The names that new imports give the current `invoke`, beside the binding they come with.
        self.new_invokes: list[tuple[str, Binding]] = []
        #: The modules that new imports bring by their full names, likewise.
        self.new_modules: list[tuple[str, Binding]] = []

    def planned(self) -> Imports:
        self.collect_imports()
        self._collect_uses()
        self.collect_references({use.name for use in self.uses})
        for statement in self.statements.values():
            for imported in statement.imports:
                self._judge(imported)
        for statement in self.statements.values():
            if isinstance(statement.node, cst.ImportFrom):
                FromStatement(self, statement).plan()
            else:
                PlainStatement(self, statement).plan()
        self._plan_loose()
        ordered = sorted(self.statements.values(), key=lambda one: self.tree.spans[one.node])
        return Imports(ordered, self.of_use, self.loose)

    def _collect_uses(self) -> None:
        for use in self.uses:
            behind = self.imports_behind(use.name)
            self.of_use[use] = behind[0] if behind else None
            for imported in (*behind, *self._given_for(use)):
                imported.uses.append(use)

    def _given_for(self, use: Use) -> Iterator[Import]:
        """The imports of the module in the place of which its `__getattr__` gives `use`."""
        around = self.names.scope_of(use.name).up()
        if use.node is not use.name or not any(one.qualname == "__getattr__" for one in around):
            return
        for imported in self.by_binding.values():
            if imported.name == INVOKE and imported.binding.scope is self.names.module:
                imported.given_by = use.kept
                yield imported

    # Judging

    def _judge(self, imported: Import) -> None:
        # A star import goes on without `invoke`, which gets an import of its own: where it is not
        # certain that the name comes from here, that would make it so.
        is_star = imported.binding.kind == "star"
        labels = [
            use.applicability
            for use in imported.uses
            if not is_star or self.meaning.meaning(use.name) is None
        ]
        if imported.name == INVOKE:
            elsewhere = self.used_elsewhere(imported, imported.binding.name)
            if elsewhere is not None:
                imported.elsewhere = elsewhere
            labels.append(imported.elsewhere)
            if imported.binding.scope.kind == "class":
                # `self.invoke` and its like are not followed.
                imported.elsewhere = Applicability.MANUAL
                labels.append(Applicability.MANUAL)
        imported.applicability = min(labels, default=Applicability.SAFE)
        if imported.applicability is Applicability.MANUAL:
            lines = [
                str(self.meaning.source.position(self.tree.spans[use.node].start).line)
                for use in imported.uses
                if use.applicability is Applicability.MANUAL
            ]
            where = f"at line {', '.join(dict.fromkeys(lines))}" if lines else "in another file"
            if imported.binding.scope.kind == "class":
                where = "as an attribute of the class"
            imported.stays = f"the use of `invoke` {where} needs it until it is moved by hand"
        current = self._other_version(imported.binding)
        if current is not None:
            line = self.meaning.source.position(self.tree.spans[current.node].start).line
            imported.for_both_versions = True
            imported.applicability = Applicability.MANUAL
            imported.stays = f"line {line} imports the current one in its place, so it is for both"
        self._keep(imported)

    def _keep(self, imported: Import) -> None:
        """Have `imported` stay if it is suppressed, or what goes by its name is."""
        if imported.name == PYTHON_LEGACY and imported.binding.kind != "star":
            name = f"{imported.binding.name}.{INVOKE_LEAF}"
            if self.used_elsewhere(imported, name) is Applicability.MANUAL:
                imported.kept = True
                imported.stays = "a call of `invoke` in another file goes by it: move that by hand"
        if held := self._held_by(imported):
            imported.kept, imported.held, imported.stays = True, True, held
        if imported.kept:
            imported.applicability = Applicability.MANUAL

    def _held_by(self, imported: Import) -> str:
        """What is suppressed that has `imported` stay, as a reason; an empty text if nothing is."""
        if self.is_kept(imported.rule, imported.binding.node):
            return "it is suppressed"
        for reference in imported.references:
            if self.is_kept_by(reference, imported):
                line = self.line(reference.node)
                return f"line {line}, where a finding is suppressed, goes by it"
        names = (one.name for one in imported.references if one.name in self.held)
        if imported.given_by:
            return imported.given_by
        return needed_elsewhere(self.meaning, imported) or self.held.get(next(names, ""), "")

    def used_elsewhere(self, imported: Import, name: str) -> Applicability | None:
        """How far the uses in other files of `name`, which `imported` brings, are proven."""
        if imported.binding.scope is not self.names.module:
            return None
        value = self.meaning.known.get(("python-invoke-use", f"{self.names.place}{name}"))
        return Applicability(value) if isinstance(value, int) else None

    def _other_version(self, binding: Binding) -> Binding | None:
        """The import of the current package that gives the name in another branch."""
        for other in binding.scope.bindings.get(binding.name, ()):
            if other.kind == "import" and other.target != PARENT and other.blocks != binding.blocks:
                name = self.absolute(other.target or "")
                if name and (in_namespace(name, PYTHON_CURRENT) or name == CURRENT_INVOKE):
                    return other
        return None

    def moves(self, use: Use) -> bool:
        """Whether the edits of `use` will be applied."""
        imported = self.of_use.get(use)
        limit = imported.elsewhere if imported else Applicability.SAFE
        return self.look.applies("legacy-call", min(use.applicability, limit))

    def renames(self, imported: Import) -> bool:
        """Whether the rest of what `imported` stands for moves to the current namespace."""
        is_star = imported.binding.kind == "star"
        level = imported.applicability if is_star else Applicability.SAFE
        return not (imported.for_both_versions or imported.kept) and self.look.applies(
            imported.rule, level
        )

    # Names that are free

    def at_hand(self, imported: Import, moved: Sequence[Use]) -> str | None:
        """A name of the current `invoke` that is, or will be, there for the calls `moved`."""
        existing = self.existing(CURRENT_INVOKE, imported)
        candidates = [(existing.name, existing.scope)] if existing else []
        for name, scope in (*candidates, *self.arriving(imported)):
            if name != imported.binding.name and not self.shadowed(name, scope, moved):
                return name
        return None

    def arriving(self, imported: Import) -> Iterator[tuple[str, Scope]]:
        """Names that imports above will give the current `invoke`, moved ones and new ones."""
        scopes = (imported.binding.scope, self.names.module)
        for other in self.by_binding.values():
            if (
                other.name == INVOKE
                and other.binding.kind == "import"
                and other.binding.scope in scopes
                and other.binding.at < imported.binding.at
                and other.binding.is_sure(imported.binding.blocks)
                and self._is_alone(other.binding, beside=imported.binding)
                and other.uses
                and self.look.applies("legacy-call", other.applicability)
                and all(self.moves(use) for use in other.uses)
            ):
                yield other.binding.name, other.binding.scope
        for name, beside in self.new_invokes:
            if beside.scope in scopes and beside.at < imported.binding.at:
                if beside.is_sure(imported.binding.blocks):
                    yield name, beside.scope

    def free(self, names: Sequence[str], imported: Import, users: Iterable[Use | Reference]) -> str:
        """The first of `names` that is bound nowhere between the import and its users."""
        scopes: set[Scope] = {imported.binding.scope}
        for user in users:
            node = user.name if isinstance(user, Use) else user.node
            for scope in self.names.scope_of(node).up():
                scopes.add(scope)
                if scope is imported.binding.scope:
                    break
        for name in names:
            bound = any(name in scope.bindings for scope in scopes)
            read = any(
                not self.names.reaching(node)
                or imported.binding.scope in [one.scope for one in self.names.reaching(node)]
                for node in self.names.reads.get(name, ())
            )
            if not bound and not read:
                return name
        return names[-1]

    def shadowed(self, name: str, owner: Scope, users: Iterable[Use]) -> bool:
        for user in users:
            for scope in self.names.scope_of(user.name).up():
                if scope is owner:
                    break
                if name in scope.bindings:
                    return True
        return False

    def existing(self, name: str, imported: Import) -> Binding | None:
        """An import of the current `name`, under a sure name, where `imported` is there as well."""
        for binding in self.names.bindings():
            if (
                binding.kind == "import"
                and binding.scope in (imported.binding.scope, self.names.module)
                and self.absolute(binding.target or "") == name
                and self._is_alone(binding, beside=imported.binding)
                and self.is_in_time(binding, imported.binding)
            ):
                return binding
        return None

    def _is_alone(self, binding: Binding, *, beside: Binding) -> bool:
        """Whether the name of the import `binding` is given nothing else in its scope."""
        return all(
            other is beside or (other.kind == "import" and other.target == binding.target)
            for other in binding.scope.bindings[binding.name]
        )

    def is_in_time(self, binding: Binding, legacy: Binding) -> bool:
        """Whether the import `binding` has run where the import `legacy` has, before any use."""
        if not binding.is_sure(legacy.blocks):
            return False
        if binding.at < legacy.at or binding.scope is not legacy.scope:
            return binding.at < legacy.at
        here, there = (self._statement(one.node) for one in (legacy, binding))
        block = self.tree.parents[here]
        if self.tree.parents[there] is not block or not isinstance(block, _BLOCKS):
            return False
        lines = list(block.body)
        between = lines[lines.index(here) : lines.index(there)]  # type: ignore[arg-type]
        return all(_is_import(one) for one in between)

    def _statement(self, node: cst.CSTNode) -> cst.CSTNode:
        """The line of a block that `node` stands in."""
        return next(
            one for one in self.tree.ancestors(node) if isinstance(one, cst.SimpleStatementLine)
        )

    def exported(self, binding: Binding) -> bool:
        """Whether another file or `__all__` speaks of the name that `binding` gives."""
        if binding.scope is not self.names.module:
            return False
        return ("python-used", f"{self.names.place}{binding.name}") in self.meaning.known or any(
            isinstance(node, cst.SimpleString) and text_of(node) == binding.name
            for all_ in self.names.module.bindings.get("__all__", ())
            if all_.value is not None
            for node in below(all_.value)
        )

    def _plan_loose(self) -> None:
        for reference in self.loose:
            reference.sure = False
            reference.edits.append(self.respell(reference))

    def respell(self, reference: Reference) -> Edit:
        """`async_streaming` in a chain such as `pipeline.async_streaming.X` becomes `streaming`."""
        spelled = reference.spelled
        assert isinstance(spelled, cst.Attribute)
        return self.edit(spelled.attr, CURRENT_LEAF)

    def edit(self, node: cst.CSTNode, text: str) -> Edit:
        """Replace all of `node`."""
        return Edit(self.meaning.source.path, self.tree.spans[node], text)


def _is_import(line: cst.CSTNode) -> bool:
    """Whether nothing runs in `line` but imports."""
    return isinstance(line, cst.SimpleStatementLine) and all(
        isinstance(one, (cst.Import, cst.ImportFrom)) for one in line.body
    )
