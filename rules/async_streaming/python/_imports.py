"""What becomes of the imports that bring legacy names into a file, and of the names' uses.

A statement is edited in place for the package most of its names move to; names that move
elsewhere get an import on the next line. While a use of `invoke` stays, its import stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import libcst as cst

from migrator import Applicability, Edit, Look, Source, Span
from migrator.helpers.python.annotations import quoted_names
from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import Binding, Scope, dotted_text
from migrator.helpers.python.scopes import Use as Read

from .._names import INVOKE, PYTHON_CURRENT, PYTHON_LEGACY, in_namespace
from ._calls import held, uses
from ._from_imports import FromStatement
from ._legacy_imports import (
    CURRENT_LEAF,
    INVOKE_LEAF,
    PARENT,
    Import,
    Reference,
    Statement,
    rule_of,
)
from ._mappings import below
from ._meaning import CURRENT_INVOKE, Meaning, meaning_of, once
from ._moved_calls import Use
from ._plain_imports import PlainStatement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


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


class Planner:
    def __init__(self, meaning: Meaning, look: Look, found: Sequence[Use]) -> None:
        self.meaning = meaning
        self.names = meaning.names
        self.tree = meaning.tree
        self.look = look
        self.uses = found
        self.held = held(meaning.source, look)
        self.statements: dict[cst.CSTNode, Statement] = {}
        self.by_binding: dict[Binding, Import] = {}
        self.of_use: dict[Use, Import | None] = {}
        self.loose: list[Reference] = []
        #: The names that new imports give the current `invoke`, beside the binding they come with.
        self.new_invokes: list[tuple[str, Binding]] = []
        #: The modules that new imports bring by their full names, likewise.
        self.new_modules: list[tuple[str, Binding]] = []

    def planned(self) -> Imports:
        self._collect_imports()
        self._collect_uses()
        self._collect_references()
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

    # Collecting

    def _collect_imports(self) -> None:
        for binding in self.names.bindings():
            if binding.kind == "import" and isinstance(binding.node, cst.ImportAlias):
                name = self._imported_name(binding, binding.node)
                if name and in_namespace(name, PYTHON_LEGACY):
                    self._add(binding, name)
        for star in self.names.star_imports:
            name = self.absolute(star.target or "")
            if name and in_namespace(name, PYTHON_LEGACY):
                self._add(star, name)

    def _imported_name(self, binding: Binding, alias: cst.ImportAlias) -> str | None:
        statement = self.tree.parents[alias]
        if isinstance(statement, cst.Import):
            return dotted_text(alias.name)
        return self.absolute(binding.target or "")

    def absolute(self, target: str) -> str | None:
        """The absolute dotted name of an import's target."""
        stripped = target.lstrip(".")
        level = len(target) - len(stripped)
        return self.meaning.modules.absolute(self.meaning.source.path, level, stripped)

    def _add(self, binding: Binding, name: str) -> None:
        node = binding.node
        statement_node = node if binding.kind == "star" else self.tree.parents[node]
        assert isinstance(statement_node, (cst.Import, cst.ImportFrom))
        statement = self.statements.setdefault(statement_node, Statement(statement_node))
        imported = Import(binding, name, rule_of(name), shared=statement.edits)
        statement.imports.append(imported)
        self.by_binding[binding] = imported

    def imports_behind(self, node: cst.BaseExpression) -> list[Import]:
        """The legacy imports that give the name at the root of `node` its meaning."""
        root = node
        while isinstance(root, cst.Attribute):
            root = root.value
        assert isinstance(root, cst.Name)
        reaching = self.names.reaching(root)
        if not reaching:
            return [one for one in self.by_binding.values() if one.binding.kind == "star"]
        found = [self.by_binding[one] for one in reaching if one in self.by_binding]
        if all(one.target == PARENT for one in reaching):
            # Every `import pipeline.x` binds `pipeline`: any of them can be the one that counts.
            scopes = set(self.names.uses[root].scope.up())
            found = [
                one
                for binding, one in self.by_binding.items()
                if binding.target == PARENT and binding.scope in scopes
            ]
        return found

    def _collect_uses(self) -> None:
        for use in self.uses:
            behind = self.imports_behind(use.name)
            self.of_use[use] = behind[0] if behind else None
            for imported in behind:
                imported.uses.append(use)

    def _collect_references(self) -> None:
        called = {use.name for use in self.uses}
        for name in self.meaning.suspected():
            if name in called or not (self.names.reaching(name) or self.names.star_imports):
                continue
            reference = self._reference(name, called)
            if reference is None:
                continue
            behind = self.imports_behind(reference.node)
            for imported in behind:
                imported.references.append(reference)
            reaching = self.names.reaching(name)
            if not behind and reaching and all(one.target == PARENT for one in reaching):
                self.loose.append(reference)
        self._collect_quoted()

    def _collect_quoted(self) -> None:
        """The annotations in quotes that go by way of an import of the package itself."""
        for quoted in quoted_names(self.meaning.source):
            root, _, rest = quoted.dotted.partition(".")
            scope = self.names.scope_of(quoted.literal)
            for binding in self.names.visible(root, Read(scope, quoted.span.start, ())):
                imported = self.by_binding.get(binding)
                if imported is None or imported.name != PYTHON_LEGACY or not rest:
                    continue
                if binding.target == PARENT:
                    # Spelled in full: the string itself is edited as a legacy name.
                    if in_namespace(quoted.dotted, PYTHON_LEGACY):
                        imported.references.append(
                            Reference(quoted.literal, quoted.dotted, None, sure=True)
                        )
                else:
                    span = Span(quoted.span.start, quoted.span.start + len(root))
                    name = f"{PYTHON_LEGACY}.{rest}"
                    imported.references.append(
                        Reference(quoted.literal, name, None, sure=True, quoted=span)
                    )

    def _reference(self, name: cst.Name, called: set[cst.BaseExpression]) -> Reference | None:
        node: cst.BaseExpression = name
        spelled: cst.BaseExpression | None = None
        best: tuple[cst.BaseExpression, str, bool] | None = None
        while True:
            found = self.meaning.legacy(node)
            if found:
                best = (node, *found)
                if found[0] == PYTHON_LEGACY and spelled is None:
                    spelled = node
                if found[0].rpartition(".")[2][:1].isupper():
                    break
            parent = self.tree.parents[node]
            if not (isinstance(parent, cst.Attribute) and parent.value is node):
                break
            node = parent
            if node in called:
                return None
        return Reference(best[0], best[1], spelled, best[2]) if best else None

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
        if self._is_kept(imported.rule, imported.binding.node):
            imported.kept, imported.stays = True, "it is suppressed"
        if imported.name == PYTHON_LEGACY and imported.binding.kind != "star":
            name = f"{imported.binding.name}.{INVOKE_LEAF}"
            if self.used_elsewhere(imported, name) is Applicability.MANUAL:
                imported.kept = True
                imported.stays = "a call of `invoke` in another file goes by it: move that by hand"
        for reference in imported.references:
            if reference.name in self.held:
                imported.kept = True
                line = self.held[reference.name]
                imported.stays = f"the suppressed call at line {line} is given what it brings"
            if reference.spelled is not None or imported.binding.kind == "star":
                if self._is_kept(rule_of(reference.name), reference.node):
                    line = self._line(reference.node)
                    imported.kept = True
                    imported.stays = f"line {line}, where a finding is suppressed, goes by it"
        if imported.kept:
            imported.applicability = Applicability.MANUAL

    def _is_kept(self, rule: str, node: cst.CSTNode) -> bool:
        return self.look.keeps(rule, self._line(node))

    def _line(self, node: cst.CSTNode) -> int:
        return self.meaning.source.position(self.tree.spans[node].start).line

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
