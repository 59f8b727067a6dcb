"""Names, bindings and scopes of one Python file: what a name means where it stands.

libcst's own scope provider costs several times the parse; this answers just what a rule asks:
which bindings can reach this name, and which dotted name or project place do they stand for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import libcst as cst

from migrator.languages.python import Tree, children, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from migrator.model import Source

# Where in a scope something stands: (node, arm) of each branching statement around it.
Blocks = tuple[tuple[cst.CSTNode, object], ...]
_ANYWHERE = -1
_MAX_ALIASES = 8
_IMPORT_MODULE = "importlib.import_module"
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


@dataclass(eq=False)
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


@dataclass(frozen=True)
class Use:
    """A name that is read: in which scope, at which offset, under which branches."""

    scope: Scope
    at: int
    blocks: Blocks


class Names:
    """The scopes of a file, every name read in it, and what each of them can mean."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tree: Tree = parse(source)
        self.uses: dict[cst.Name, Use] = {}
        self.reads: dict[str, list[cst.Name]] = {}
        self.scopes: dict[cst.CSTNode, Scope] = {}
        self.star_imports: list[Binding] = []
        self.module = self._open("module", self.tree.module, None, "")
        for statement in self.tree.module.body:
            self._visit(statement, self.module, ())

    @property
    def place(self) -> str:
        """The place of this module itself; see `Modules`."""
        return f"{PurePosixPath(self.source.path).with_suffix('')}:"

    def scope_of(self, node: cst.CSTNode) -> Scope:
        """The scope that the inside of `node` belongs to."""
        while node not in self.scopes:
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
            at = _ANYWHERE
        elif owner.kind == "comprehension":
            at = owner.at  # what is built stands before the loop that binds its names
        elif at is None:
            at = self.tree.spans[node].start
        binding = Binding(name, kind, node, owner, at, blocks, target, value, index)
        owner.bindings.setdefault(name, []).append(binding)
        return binding

    def _visit(self, node: cst.CSTNode, scope: Scope, blocks: Blocks) -> None:
        visit = _VISITORS.get(type(node))
        if visit is not None:
            visit(self, node, scope, blocks)
            return
        for child in children(node):
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
        inner = self._open("function", node, scope, _join(scope, name), blocks)
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
        inner = self._open("class", node, scope, _join(scope, node.name.value), blocks)
        self._declare(node.body, inner)
        self._visit(node.body, inner, ())

    def _declare(self, body: cst.CSTNode, scope: Scope) -> None:
        """Note the `global` and `nonlocal` names before any binding of them is met."""
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
                waiting += children(node)

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

    # Asking

    def _lookup(self, scope: Scope, name: str) -> Scope | None:
        for candidate in scope.up():
            if name in candidate.bindings and (candidate is scope or candidate.kind != "class"):
                return candidate
        return None

    def reaching(self, node: cst.Name) -> list[Binding]:
        """The bindings whose value `node` can have; none for a builtin or an unknown name.

        Within a scope the order of the statements and their branches count; a function's body
        runs later, so that every later binding of the scopes around it counts as well.
        """
        use = self.uses.get(node)
        return self.visible(node.value, use) if use else []

    def visible(self, name: str, use: Use) -> list[Binding]:
        """The bindings that a `name` read at `use` can have."""
        scope: Scope | None = use.scope
        at, blocks, deferred, first = use.at, use.blocks, False, True
        while scope is not None:
            declared = scope.outer.get(name)
            if declared == "global" and scope is not self.module:
                scope, at, blocks, deferred = self.module, scope.at, (), True
                continue
            if name in scope.bindings and (first or scope.kind != "class"):
                found = _reaching(scope.bindings[name], at, blocks, deferred=deferred)
                if found or scope.kind in ("function", "comprehension"):
                    return found
            first = False
            deferred = deferred or scope.kind == "function"
            at, blocks = scope.at, scope.blocks
            scope = scope.parent
        return []

    def resolve(self, node: cst.CSTNode, depth: int = 0) -> frozenset[str | None]:
        """What the name or attribute chain `node` can stand for.

        A dotted name as imported (with leading dots where the import is relative), or a place in
        this file; `None` among them: something else.
        """
        if isinstance(node, cst.Attribute):
            return frozenset(
                None if base is None else _attribute_of(base, node.attr.value)
                for base in self.resolve(node.value, depth)
            )
        if not isinstance(node, cst.Name):
            return frozenset({None})
        found = self.reaching(node)
        if not found:
            return frozenset(
                f"{_dotted(star)}.{node.value}" for star in self.star_imports
            ) or frozenset({None})
        meanings: set[str | None] = set()
        for binding in found:
            meanings |= self.meaning(binding, depth)
        return frozenset(meanings)

    def meaning(self, binding: Binding, depth: int = 0) -> frozenset[str | None]:
        """What `binding` makes its name stand for; empty where it says nothing (`x = None`)."""
        if binding.kind == "import":
            return frozenset({binding.target})
        if binding.kind in ("function", "class"):
            qualname = _join(binding.scope, binding.name)
            return frozenset({f"{self.place}{qualname}"})
        value = binding.value
        if binding.kind in ("assign", "walrus") and value is not None and binding.index is None:
            if _is_placeholder(value, binding):
                return frozenset()
            if depth < _MAX_ALIASES:
                if isinstance(value, (cst.Name, cst.Attribute)):
                    return self.resolve(value, depth + 1)
                if isinstance(value, cst.Call) and (module := self.imported_by(value, depth + 1)):
                    return frozenset({module})
        return frozenset({None})

    def imported_by(self, call: cst.Call, depth: int = 0) -> str | None:
        """The dotted name of the module that `importlib.import_module("...")` gives."""
        literal = call.args[0].value if len(call.args) == 1 else None
        if not isinstance(literal, cst.SimpleString):
            return None
        if self.resolve(call.func, depth) != {_IMPORT_MODULE}:
            return None
        text = literal.evaluated_value
        return text if isinstance(text, str) and not text.startswith(".") else None


def names(source: Source) -> Names:
    """The `Names` of `source`, made once."""
    return source.once(Names)


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


def _is_placeholder(value: cst.BaseExpression, binding: Binding) -> bool:
    """Whether `value` stands in for what could not be imported: to call it fails anyway."""
    if not isinstance(value, cst.Name):
        return False
    in_handler = any(
        isinstance(arm, (cst.ExceptHandler, cst.ExceptStarHandler)) for _, arm in binding.blocks
    )
    return value.value == "None" or (value.value == "object" and in_handler)


def _join(scope: Scope, name: str) -> str:
    return f"{scope.qualname}.{name}" if scope.qualname else name


def _attribute_of(base: str, attribute: str) -> str:
    return f"{base}{attribute}" if base.endswith((":", ".")) else f"{base}.{attribute}"


def _dotted(star: Binding) -> str:
    return (star.target or "").rstrip(".") if star.target != "." else ""


def _reaching(bindings: list[Binding], at: int, blocks: Blocks, *, deferred: bool) -> list[Binding]:
    found = [
        binding
        for binding in bindings
        if binding.at == _ANYWHERE
        or (binding.at > at and (deferred or _share_loop(binding.blocks, blocks)))
    ]
    for binding in sorted(bindings, key=lambda binding: -binding.at):
        if binding.at == _ANYWHERE or binding.at > at or _exclude(binding.blocks, blocks):
            continue
        if binding.kind == "del":
            break
        found.append(binding)
        if binding.blocks == blocks[: len(binding.blocks)]:
            break
    return found


def _share_loop(one: Blocks, other: Blocks) -> bool:
    return any(block[1] == "loop" and block in other for block in one)


def _exclude(one: Blocks, other: Blocks) -> bool:
    """Whether two places stand in arms of which only one runs."""
    arms = dict(other)
    return any(
        node in arms and arms[node] != arm and isinstance(node, (cst.If, cst.Match))
        for node, arm in one
    )


_VISITORS: dict[type[cst.CSTNode], Callable[[Names, Any, Scope, Blocks], None]] = {
    cst.Name: Names._name,
    cst.Attribute: Names._attribute,
    cst.Arg: Names._keyword_or_value,
    cst.FunctionDef: Names._function,
    cst.Lambda: Names._lambda,
    cst.ClassDef: Names._class,
    cst.ListComp: Names._comprehension,
    cst.SetComp: Names._comprehension,
    cst.DictComp: Names._comprehension,
    cst.GeneratorExp: Names._comprehension,
    cst.Import: Names._import,
    cst.ImportFrom: Names._import_from,
    cst.Assign: Names._assign,
    cst.AnnAssign: Names._ann_assign,
    cst.AugAssign: Names._aug_assign,
    cst.NamedExpr: Names._walrus,
    cst.If: Names._if,
    cst.For: Names._loop,
    cst.While: Names._loop,
    cst.Try: Names._try,
    cst.TryStar: Names._try,
    cst.WithItem: Names._with_item,
    cst.Match: Names._match,
    cst.MatchAs: Names._capture,
    cst.MatchStar: Names._capture,
    cst.MatchMapping: Names._match_mapping,
    cst.MatchKeywordElement: Names._match_keyword,
    cst.Del: Names._delete,
    cst.Global: Names._nothing,
    cst.Nonlocal: Names._nothing,
}
