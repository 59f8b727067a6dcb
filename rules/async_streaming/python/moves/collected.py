"""The imports that bring legacy names into a file, each with what refers to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from migrator import Span
from migrator.helpers.python.annotations import quoted_names
from migrator.helpers.python.scopes import Binding, dotted_text
from migrator.helpers.python.scopes import Use as Read

from ..._names import PYTHON_LEGACY, in_namespace
from .legacy_imports import PARENT, Import, Reference, Statement, rule_of

if TYPE_CHECKING:
    from migrator import Look

    from ..reading.meaning import Meaning


class Collected:
    """All legacy imports of a file by their bindings, and the `loose` references without one."""

    def __init__(self, meaning: Meaning, look: Look) -> None:
        self.meaning = meaning
        self.names = meaning.names
        self.tree = meaning.tree
        self.look = look
        self.statements: dict[cst.CSTNode, Statement] = {}
        self.by_binding: dict[Binding, Import] = {}
        self.loose: list[Reference] = []

    def collect_imports(self) -> None:
        """Find the imports, in the order of their names."""
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

    def collect_references(self, called: set[cst.BaseExpression]) -> None:
        """Find the names that lead to the namespace, but for those of calls, which are `called`."""
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

    def is_kept(self, rule: str, node: cst.CSTNode) -> bool:
        """Whether what `rule` finds at the line of `node` is suppressed."""
        return self.look.keeps(rule, self.line(node))

    def is_kept_by(self, reference: Reference, imported: Import) -> bool:
        """Whether `imported` has to stay, since `reference`, which it gives, is suppressed."""
        is_named = reference.spelled is not None or imported.binding.kind == "star"
        return is_named and self.is_kept(rule_of(reference.name), reference.node)

    def line(self, node: cst.CSTNode) -> int:
        """The line that `node` begins at."""
        return self.meaning.source.position(self.tree.spans[node].start).line
