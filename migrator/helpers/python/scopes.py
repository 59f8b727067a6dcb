"""The scopes of one Python file, and what binds and reads names in them.

libcst's own scope provider costs several times the parse; this keeps just what a rule asks about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

import libcst as cst

from migrator.languages.python import Tree, parse, parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from migrator.model import Source

# Where in a scope something stands: (node, arm) of each branching statement around it.
Blocks = tuple[tuple[cst.CSTNode, object], ...]
ANYWHERE = -1
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


@dataclass(eq=False, slots=True)
class Binding:
    """One place that gives a name its meaning.

    `target` is the dotted name an import binds, with leading dots where it is relative; `value`
    the expression assigned; `index` the position where the value is unpacked into several names.
    """

    name: str
    kind: str
    node: cst.CSTNode
    scope: Scope
    at: int
    blocks: Blocks
    target: str | None = None
    value: cst.BaseExpression | None = None
    index: int | None = None


@dataclass(eq=False)
class Scope:
    """A module, class, function (or lambda) or comprehension, and the names bound in it."""

    kind: str
    node: cst.CSTNode
    parent: Scope | None
    qualname: str
    at: int = 0
    blocks: Blocks = ()
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    outer: dict[str, str] = field(default_factory=dict)

    def up(self) -> Iterator[Scope]:
        """This scope and those around it, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent


class Use(NamedTuple):
    """A name that is read: in which scope, at which offset, under which branches."""

    scope: Scope
    at: int
    blocks: Blocks


class Scopes:
    """The scopes of a file, every name read in it, and what each of them can mean."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tree: Tree = parse(source)
        #: The place of this module itself; see `Modules`.
        self.place = f"{PurePosixPath(source.path).with_suffix('')}:"
        self.uses: dict[cst.Name, Use] = {}
        self.reads: dict[str, list[cst.Name]] = {}
        self.scopes: dict[cst.CSTNode, Scope] = {}
        self.star_imports: list[Binding] = []
        self._declares = bool(self.tree.of(cst.Global, cst.Nonlocal))
        self.module = self._open("module", self.tree.module, None, "")
        for statement in self.tree.module.body:
            self._visit(statement, self.module, ())

    def __del__(self) -> None:
        # Scopes and bindings hold one another, and a whole tree: cut that, and it goes at once.
        for scope in self.scopes.values():
            scope.bindings.clear()

    def scope_of(self, node: cst.CSTNode) -> Scope:
        """The scope that the inside of `node` belongs to.

        What a definition evaluates where it stands (decorators, defaults, annotations, bases, what
        a comprehension loops over first) belongs to the scope around it.
        """
        path: list[cst.CSTNode] = []
        while node not in self.scopes or not _holds(node, path):
            path.append(node)
            node = self.tree.parents[node]
        return self.scopes[node]

    def bindings(self) -> Iterator[Binding]:
        """Every binding of the file, scope by scope."""
        for scope in self.scopes.values():
            for bindings in scope.bindings.values():
                yield from bindings

    # Building

    def _open(
        self,
        kind: str,
        node: cst.CSTNode,
        parent: Scope | None,
        qualname: str,
        blocks: Blocks = (),
    ) -> Scope:
        scope = Scope(kind, node, parent, qualname, self.tree.spans[node].start, blocks)
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
        owner = scope
        if kind == "walrus":
            owner = next(outer for outer in scope.up() if outer.kind != "comprehension")
        where = owner.outer.get(name)
        if where == "global":
            owner = self.module
        elif where == "nonlocal":
            owner = self._lookup(owner.parent or owner, name) or owner
        if owner is not scope and kind != "walrus":
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

    def _attribute(self, node: cst.Attribute, scope: Scope, blocks: Blocks) -> None:
        self._visit(node.value, scope, blocks)

    def _keyword_or_value(self, node: cst.Arg, scope: Scope, blocks: Blocks) -> None:
        self._visit(node.value, scope, blocks)

    def _function(self, node: cst.FunctionDef, scope: Scope, blocks: Blocks) -> None:
        for decorator in node.decorators:
            self._visit(decorator, scope, blocks)
        self._bind(node.name.value, "function", node, scope, blocks)
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
        for outside in (*node.decorators, *node.bases, *node.keywords):
            self._visit(outside, scope, blocks)
        self._bind(node.name.value, "class", node, scope, blocks)
        inner = self._open("class", node, scope, join(scope, node.name.value), blocks)
        self._declare(node.body, inner)
        self._visit(node.body, inner, ())

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

    def _loop(self, node: cst.For | cst.While, scope: Scope, blocks: Blocks) -> None:
        inside = (*blocks, (node, "loop"))
        if isinstance(node, cst.For):
            self._visit(node.iter, scope, blocks)
            self._target(node.target, scope, inside, value=None, kind="for")
        else:
            self._visit(node.test, scope, blocks)
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

    def _with_item(self, node: cst.WithItem, scope: Scope, blocks: Blocks) -> None:
        self._visit(node.item, scope, blocks)
        if node.asname:
            self._target(node.asname.name, scope, blocks, value=None, kind="with")

    def _match(self, node: cst.Match, scope: Scope, blocks: Blocks) -> None:
        self._visit(node.subject, scope, blocks)
        for case in node.cases:
            self._visit(case, scope, (*blocks, (node, case)))

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


def _holds(node: cst.CSTNode, path: list[cst.CSTNode]) -> bool:
    """Whether the end of `path`, which leads up to the scope `node`, is in that scope itself."""
    if not path:
        return True
    if isinstance(node, (cst.FunctionDef, cst.Lambda, cst.ClassDef)):
        return path[-1] is node.body
    if isinstance(node, (cst.BaseSimpleComp, cst.DictComp)):
        return len(path) < 2 or path[-2] is not node.for_in.iter
    return True


def parameters(params: cst.Parameters) -> Iterator[cst.Param]:
    """Every parameter, in order, the starred ones included."""
    yield from params.posonly_params
    yield from params.params
    if isinstance(params.star_arg, cst.Param):
        yield params.star_arg
    yield from params.kwonly_params
    if params.star_kwarg:
        yield params.star_kwarg


def dotted_text(node: cst.CSTNode) -> str:
    """The text of a name or dotted name, without layout; empty for anything else."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        base = dotted_text(node.value)
        return f"{base}.{node.attr.value}" if base else ""
    return ""


def join(scope: Scope, name: str) -> str:
    return f"{scope.qualname}.{name}" if scope.qualname else name


_VISITORS: dict[type[cst.CSTNode], Callable[[Scopes, Any, Scope, Blocks], None]] = {
    cst.Name: Scopes._name,
    cst.Attribute: Scopes._attribute,
    cst.Arg: Scopes._keyword_or_value,
    cst.FunctionDef: Scopes._function,
    cst.Lambda: Scopes._lambda,
    cst.ClassDef: Scopes._class,
    cst.ListComp: Scopes._comprehension,
    cst.SetComp: Scopes._comprehension,
    cst.DictComp: Scopes._comprehension,
    cst.GeneratorExp: Scopes._comprehension,
    cst.Import: Scopes._import,
    cst.ImportFrom: Scopes._import_from,
    cst.Assign: Scopes._assign,
    cst.AnnAssign: Scopes._ann_assign,
    cst.AugAssign: Scopes._aug_assign,
    cst.NamedExpr: Scopes._walrus,
    cst.If: Scopes._if,
    cst.For: Scopes._loop,
    cst.While: Scopes._loop,
    cst.Try: Scopes._try,
    cst.TryStar: Scopes._try,
    cst.WithItem: Scopes._with_item,
    cst.Match: Scopes._match,
    cst.MatchAs: Scopes._capture,
    cst.MatchStar: Scopes._capture,
    cst.MatchMapping: Scopes._match_mapping,
    cst.MatchKeywordElement: Scopes._match_keyword,
    cst.Del: Scopes._delete,
    cst.Global: Scopes._nothing,
    cst.Nonlocal: Scopes._nothing,
}
