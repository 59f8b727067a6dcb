"""One walk over the tree of a Python file that finds its scopes, bindings and uses of names.

libcst's own scope provider costs several times the parse; this keeps just what a rule asks about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import libcst as cst

from migrator.helpers.python.scopes import (
    ANYWHERE,
    Binding,
    Blocks,
    Scope,
    Use,
    dotted_text,
    join,
    parameters,
)
from migrator.languages.python_nodes import parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from migrator.languages.python import Tree

_STATEMENTS = (
    cst.BaseCompoundStatement,
    cst.BaseSuite,
    cst.Else,
    cst.ExceptHandler,
    cst.ExceptStarHandler,
    cst.Finally,
    cst.MatchCase,
    cst.SimpleStatementLine,
)


class Binder:
    """The walk, and what it has found: `reads` are the names that are read, by their text."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.uses: dict[cst.Name, Use] = {}
        self.reads: dict[str, list[cst.Name]] = {}
        self.scopes: dict[cst.CSTNode, Scope] = {}
        self.star_imports: list[Binding] = []
        self._declares = bool(tree.of(cst.Global, cst.Nonlocal))
        self.module = self._open("module", tree.module, None, "")
        for statement in tree.module.body:
            self._visit(statement, self.module, ())

    def _open(
        self,
        kind: str,
        node: cst.CSTNode,
        parent: Scope | None,
        qualname: str,
        blocks: Blocks = (),
    ) -> Scope:
        # A function's name is bound before its body can run.
        begins = node.body if isinstance(node, (cst.FunctionDef, cst.Lambda)) else node
        scope = Scope(kind, node, parent, qualname, self.tree.spans[begins].start, blocks)
        self.scopes[node] = scope
        return scope

    def _bind(
        self,
        name: str,
        kind: str,
        node: cst.CSTNode,
        scope: Scope,
        blocks: Blocks,
        *,
        target: str | None = None,
        value: cst.BaseExpression | None = None,
        index: int | None = None,
        at: int | None = None,
    ) -> Binding:
        inner, is_deferred = scope, False
        while kind == "walrus" and inner.kind == "comprehension" and inner.parent:
            blocks = (*inner.inside, *blocks)
            is_deferred = is_deferred or inner.is_deferred
            inner = inner.parent
        owner = inner
        where = owner.outer.get(name)
        if where == "global":
            owner = self.module
        elif where == "nonlocal":
            owner = self._lookup(owner.parent or owner, name) or owner
        if owner is not inner or is_deferred:
            at = ANYWHERE
        elif owner.kind == "comprehension":
            at = owner.at  # what is built stands before the loop that binds its names
        elif at is None:
            at = self.tree.spans[node].start
        binding = Binding(name, kind, node, owner, at, blocks, target, value, index)
        owner.bindings.setdefault(name, []).append(binding)
        return binding

    def _lookup(self, scope: Scope, name: str) -> Scope | None:
        for candidate in scope.up():
            if name in candidate.bindings and (candidate is scope or candidate.kind != "class"):
                return candidate
        return None

    def _visit(self, node: cst.CSTNode, scope: Scope, blocks: Blocks) -> None:
        visit = _VISITORS.get(type(node))
        if visit is not None:
            visit(self, node, scope, blocks)
            return
        for child in parts(node):
            self._visit(child, scope, blocks)

    def _name(self, node: cst.Name, scope: Scope, blocks: Blocks) -> None:
        self.uses[node] = Use(scope, self.tree.spans[node].start, blocks)
        self.reads.setdefault(node.value, []).append(node)

    def _value(self, node: cst.Attribute | cst.Arg, scope: Scope, blocks: Blocks) -> None:
        """What is named beside the value, an attribute or a keyword, is no name that is read."""
        self._visit(node.value, scope, blocks)

    def _function(self, node: cst.FunctionDef, scope: Scope, blocks: Blocks) -> None:
        for decorator in node.decorators:
            self._visit(decorator, scope, blocks)
        start = self.tree.spans[node.body].start
        self._bind(node.name.value, "function", node, scope, blocks, at=start)
        scope, blocks = self._typed(node.type_parameters, scope, blocks)
        if node.returns:
            self._visit(node.returns, scope, blocks)
        self._callable(node, node.params, node.name.value, scope, blocks)

    def _lambda(self, node: cst.Lambda, scope: Scope, blocks: Blocks) -> None:
        self._callable(node, node.params, "<lambda>", scope, blocks)

    def _callable(
        self,
        node: cst.FunctionDef | cst.Lambda,
        params: cst.Parameters,
        name: str,
        scope: Scope,
        blocks: Blocks,
    ) -> None:
        inner = self._open("function", node, scope, join(scope, name), blocks)
        for param in parameters(params):
            if param.default:
                self._visit(param.default, scope, blocks)
            if param.annotation:
                self._visit(param.annotation, scope, blocks)
            self._bind(param.name.value, "parameter", param, inner, ())
        self._declare(node.body, inner)
        self._visit(node.body, inner, ())

    def _class(self, node: cst.ClassDef, scope: Scope, blocks: Blocks) -> None:
        for decorator in node.decorators:
            self._visit(decorator, scope, blocks)
        self._bind(node.name.value, "class", node, scope, blocks, at=self.tree.spans[node].end)
        scope, blocks = self._typed(node.type_parameters, scope, blocks)
        for outside in (*node.bases, *node.keywords):
            self._visit(outside, scope, blocks)
        inner = self._open("class", node, scope, join(scope, node.name.value), blocks)
        self._declare(node.body, inner)
        self._visit(node.body, inner, ())

    def _type_alias(self, node: cst.TypeAlias, scope: Scope, blocks: Blocks) -> None:
        end = self.tree.spans[node].end
        self._bind(node.name.value, "assign", node, scope, blocks, value=node.value, at=end)
        self._visit(node.value, *self._typed(node.type_parameters, scope, blocks))

    def _typed(
        self, types: cst.TypeParameters | None, scope: Scope, blocks: Blocks
    ) -> tuple[Scope, Blocks]:
        """Where something stands that has type parameters: in a scope of theirs, if it has any."""
        if types is None:
            return scope, blocks
        inner = self._open("types", types, scope, scope.qualname, blocks)
        for one in types.params:
            self._bind(one.param.name.value, "type", one.param, inner, ())
        for one in types.params:
            bound = one.param.bound if isinstance(one.param, cst.TypeVar) else None
            for value in (bound, one.default):
                if value is not None:
                    self._visit(value, inner, ())
        return inner, ()

    def _declare(self, body: cst.CSTNode, scope: Scope) -> None:
        """Note the `global` and `nonlocal` names before any binding of them is met."""
        if not self._declares:
            return
        waiting = [body]
        while waiting:
            node = waiting.pop()
            if isinstance(node, (cst.Global, cst.Nonlocal)):
                kind = "global" if isinstance(node, cst.Global) else "nonlocal"
                for item in node.names:
                    scope.outer[item.name.value] = kind
            elif isinstance(node, _STATEMENTS) and not isinstance(
                node, (cst.FunctionDef, cst.ClassDef)
            ):
                waiting += parts(node)

    def _comprehension(
        self,
        node: cst.BaseSimpleComp | cst.DictComp,
        scope: Scope,
        blocks: Blocks,
    ) -> None:
        inner = self._open("comprehension", node, scope, scope.qualname, blocks)
        loop: cst.CompFor | None = node.for_in
        around = scope
        while loop is not None:
            self._visit(loop.iter, around, blocks if around is scope else ())
            self._target(loop.target, inner, (), value=None, kind="for")
            for condition in loop.ifs:
                self._visit(condition.test, inner, ())
            loop, around = loop.inner_for_in, inner
        if isinstance(node, cst.DictComp):
            self._visit(node.key, inner, ())
            self._visit(node.value, inner, ())
        else:
            self._visit(node.elt, inner, ())

    def _import(self, node: cst.Import, scope: Scope, blocks: Blocks) -> None:
        for alias in node.names:
            dotted = dotted_text(alias.name)
            if alias.asname:
                local = dotted_text(alias.asname.name)
                self._bind(local, "import", alias, scope, blocks, target=dotted)
            else:
                top = dotted.split(".")[0]
                self._bind(top, "import", alias, scope, blocks, target=top)

    def _import_from(self, node: cst.ImportFrom, scope: Scope, blocks: Blocks) -> None:
        module = "." * len(node.relative) + (dotted_text(node.module) if node.module else "")
        if isinstance(node.names, cst.ImportStar):
            star = Binding("*", "star", node, scope, self.tree.spans[node].start, blocks, module)
            self.star_imports.append(star)
            return
        for alias in node.names:
            name = dotted_text(alias.name)
            local = dotted_text(alias.asname.name) if alias.asname else name
            target = f"{module}{name}" if module.endswith(".") else f"{module}.{name}"
            self._bind(local, "import", alias, scope, blocks, target=target)

    def _assign(self, node: cst.Assign, scope: Scope, blocks: Blocks) -> None:
        self._visit(node.value, scope, blocks)
        for target in node.targets:
            end = self.tree.spans[node].end
            self._target(target.target, scope, blocks, value=node.value, kind="assign", at=end)

    def _ann_assign(self, node: cst.AnnAssign, scope: Scope, blocks: Blocks) -> None:
        self._visit(node.annotation, scope, blocks)
        if node.value:
            self._visit(node.value, scope, blocks)
            end = self.tree.spans[node].end
            self._target(node.target, scope, blocks, value=node.value, kind="assign", at=end)
        elif not isinstance(node.target, cst.Name):
            self._visit(node.target, scope, blocks)

    def _aug_assign(self, node: cst.AugAssign, scope: Scope, blocks: Blocks) -> None:
        self._visit(node.value, scope, blocks)
        self._visit(node.target, scope, blocks)
        if isinstance(node.target, cst.Name):
            end = self.tree.spans[node].end
            self._bind(node.target.value, "augmented", node.target, scope, blocks, at=end)

    def _walrus(self, node: cst.NamedExpr, scope: Scope, blocks: Blocks) -> None:
        self._visit(node.value, scope, blocks)
        if isinstance(node.target, cst.Name):
            target = node.target
            self._bind(target.value, "walrus", target, scope, blocks, value=node.value)

    def _target(
        self,
        node: cst.CSTNode,
        scope: Scope,
        blocks: Blocks,
        *,
        value: cst.BaseExpression | None,
        kind: str,
        index: int | None = None,
        at: int | None = None,
    ) -> None:
        if isinstance(node, cst.Name):
            self._bind(node.value, kind, node, scope, blocks, value=value, index=index, at=at)
        elif isinstance(node, (cst.Tuple, cst.List)):
            for place, element in enumerate(node.elements):
                starred = isinstance(element, cst.StarredElement)
                inner = None if index is not None or starred else place
                known = value if inner is not None else None
                self._target(
                    element.value, scope, blocks, value=known, kind=kind, index=inner, at=at
                )
        elif isinstance(node, cst.StarredElement):
            self._target(node.value, scope, blocks, value=None, kind=kind, at=at)
        else:
            self._visit(node, scope, blocks)

    def _if(self, node: cst.If, scope: Scope, blocks: Blocks) -> None:
        self._visit(node.test, scope, blocks)
        self._visit(node.body, scope, (*blocks, (node, "then")))
        if node.orelse:
            self._visit(node.orelse, scope, (*blocks, (node, "else")))

    def _one_or_other(self, node: cst.IfExp, scope: Scope, blocks: Blocks) -> None:
        self._visit(node.test, scope, blocks)
        self._visit(node.body, scope, (*blocks, (node, "then")))
        self._visit(node.orelse, scope, (*blocks, (node, "else")))

    def _either(self, node: cst.BooleanOperation, scope: Scope, blocks: Blocks) -> None:
        self._visit(node.left, scope, blocks)
        self._visit(node.right, scope, (*blocks, (node, "right")))

    def _comparison(self, node: cst.Comparison, scope: Scope, blocks: Blocks) -> None:
        self._visit(node.left, scope, blocks)
        first, *others = node.comparisons
        self._visit(first, scope, blocks)
        for other in others:
            self._visit(other, scope, (*blocks, (node, "right")))

    def _loop(self, node: cst.For | cst.While, scope: Scope, blocks: Blocks) -> None:
        inside = (*blocks, (node, "loop"))
        if isinstance(node, cst.For):
            self._visit(node.iter, scope, blocks)
            self._target(node.target, scope, inside, value=None, kind="for")
        else:
            self._visit(node.test, scope, inside)
        self._visit(node.body, scope, inside)
        if node.orelse:
            self._visit(node.orelse, scope, (*blocks, (node, "else")))

    def _try(self, node: cst.Try | cst.TryStar, scope: Scope, blocks: Blocks) -> None:
        self._visit(node.body, scope, (*blocks, (node, "try")))
        for handler in node.handlers:
            arm = (*blocks, (node, handler))
            if handler.type:
                self._visit(handler.type, scope, blocks)
            if handler.name:
                self._target(handler.name.name, scope, arm, value=None, kind="except")
            self._visit(handler.body, scope, arm)
        if node.orelse:
            self._visit(node.orelse, scope, (*blocks, (node, "try")))
        if node.finalbody:
            self._visit(node.finalbody, scope, blocks)

    def _with(self, node: cst.With, scope: Scope, blocks: Blocks) -> None:
        # What is managed may end what comes behind it, and the program goes on.
        inside = (*blocks, (node, "with"))
        first, *others = node.items
        self._visit(first, scope, blocks)
        for item in others:
            self._visit(item, scope, inside)
        self._visit(node.body, scope, inside)

    def _with_item(self, node: cst.WithItem, scope: Scope, blocks: Blocks) -> None:
        self._visit(node.item, scope, blocks)
        if node.asname:
            self._target(node.asname.name, scope, blocks, value=None, kind="with")

    def _match(self, node: cst.Match, scope: Scope, blocks: Blocks) -> None:
        self._visit(node.subject, scope, blocks)
        for case in node.cases:
            if case.guard is None:
                self._visit(case, scope, (*blocks, (node, case)))
                continue
            # What a pattern has bound stays where its guard fails, and other cases are tried.
            tried = (*blocks, (case, "guard"))
            self._visit(case.pattern, scope, tried)
            self._visit(case.guard, scope, tried)
            self._visit(case.body, scope, (*tried, (node, case)))

    def _capture(self, node: cst.MatchAs | cst.MatchStar, scope: Scope, blocks: Blocks) -> None:
        if isinstance(node, cst.MatchAs) and node.pattern:
            self._visit(node.pattern, scope, blocks)
        if node.name:
            self._bind(node.name.value, "capture", node, scope, blocks)

    def _match_mapping(self, node: cst.MatchMapping, scope: Scope, blocks: Blocks) -> None:
        for element in node.elements:
            self._visit(element, scope, blocks)
        if node.rest:
            self._bind(node.rest.value, "capture", node.rest, scope, blocks)

    def _match_keyword(self, node: cst.MatchKeywordElement, scope: Scope, blocks: Blocks) -> None:
        self._visit(node.pattern, scope, blocks)

    def _delete(self, node: cst.Del, scope: Scope, blocks: Blocks) -> None:
        self._visit(node.target, scope, blocks)
        targets = (
            [element.value for element in node.target.elements]
            if isinstance(node.target, (cst.Tuple, cst.List))
            else [node.target]
        )
        for target in targets:
            if isinstance(target, cst.Name):
                self._bind(target.value, "del", target, scope, blocks)

    def _nothing(self, node: cst.CSTNode, scope: Scope, blocks: Blocks) -> None:
        """No name is read in it."""


_VISITORS: dict[type[cst.CSTNode], Callable[[Binder, Any, Scope, Blocks], None]] = {
    cst.Name: Binder._name,
    cst.Attribute: Binder._value,
    cst.Arg: Binder._value,
    cst.FunctionDef: Binder._function,
    cst.Lambda: Binder._lambda,
    cst.ClassDef: Binder._class,
    cst.TypeAlias: Binder._type_alias,
    cst.ListComp: Binder._comprehension,
    cst.SetComp: Binder._comprehension,
    cst.DictComp: Binder._comprehension,
    cst.GeneratorExp: Binder._comprehension,
    cst.Import: Binder._import,
    cst.ImportFrom: Binder._import_from,
    cst.Assign: Binder._assign,
    cst.AnnAssign: Binder._ann_assign,
    cst.AugAssign: Binder._aug_assign,
    cst.NamedExpr: Binder._walrus,
    cst.If: Binder._if,
    cst.IfExp: Binder._one_or_other,
    cst.BooleanOperation: Binder._either,
    cst.Comparison: Binder._comparison,
    cst.For: Binder._loop,
    cst.While: Binder._loop,
    cst.Try: Binder._try,
    cst.TryStar: Binder._try,
    cst.With: Binder._with,
    cst.WithItem: Binder._with_item,
    cst.Match: Binder._match,
    cst.MatchAs: Binder._capture,
    cst.MatchStar: Binder._capture,
    cst.MatchMapping: Binder._match_mapping,
    cst.MatchKeywordElement: Binder._match_keyword,
    cst.Del: Binder._delete,
    cst.Global: Binder._nothing,
    cst.Nonlocal: Binder._nothing,
}
