"""What a name of a Python file means where it stands: bindings that reach it, names and places."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.binder import Binder
from migrator.helpers.python.literals import text_of
from migrator.helpers.python.scopes import ANYWHERE, Binding, Blocks, Scope, Use, join
from migrator.languages.python import Tree, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from migrator.model import Source

_MAX_ALIASES = 8
_IMPORT_MODULE = "importlib.import_module"
_MODULES = "sys.modules"


class Names:
    """The scopes of a file, every name read in it, and what each of them can mean."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tree: Tree = parse(source)
        #: The place of this module itself; see `Modules`.
        self.place = f"{PurePosixPath(source.path).with_suffix('')}:"
        found = Binder(self.tree)
        self.uses = found.uses
        self.reads = found.reads
        self.scopes = found.scopes
        self.star_imports = found.star_imports
        self.module = found.module
        self._reached: dict[cst.Name, list[Binding]] = {}
        self._resolved: dict[tuple[cst.CSTNode, int], frozenset[str | None]] = {}

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

    def reaching(self, node: cst.Name) -> list[Binding]:
        """The bindings whose value `node` can have; none for a builtin or an unknown name.

        Within a scope the order of the statements and their branches count; a function's body
        runs later, so that every later binding of the scopes around it counts as well.
        """
        found = self._reached.get(node)
        if found is None:
            use = self.uses.get(node)
            found = self._reached[node] = self.visible(node.value, use) if use else []
        return found

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
                if found or scope.kind in ("function", "comprehension", "types"):
                    return found
            first = first and scope.kind == "types"
            # By the time that a method runs, its class has its name.
            is_over = deferred and scope.kind == "class"
            at = self.tree.spans[scope.node].end if is_over else scope.at
            blocks, deferred = scope.inside, deferred or scope.is_deferred
            scope = scope.parent
        return []

    def resolve(self, node: cst.CSTNode, depth: int = 0) -> frozenset[str | None]:
        """What the name or attribute chain `node` can stand for.

        A dotted name as imported (with leading dots where the import is relative), or a place in
        this file; `None` among them: something else.
        """
        key = (node, depth)
        if key not in self._resolved:
            self._resolved[key] = self._all(node, depth)
        return self._resolved[key]

    def _all(self, node: cst.CSTNode, depth: int) -> frozenset[str | None]:
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
            qualname = join(binding.scope, binding.name)
            return frozenset({f"{self.place}{qualname}"})
        value = binding.value
        if binding.kind in ("assign", "walrus") and value is not None and binding.index is None:
            if _is_placeholder(value, binding):
                return frozenset()
            if depth < _MAX_ALIASES:
                if isinstance(value, (cst.Name, cst.Attribute)):
                    return self.resolve(value, depth + 1)
                if module := self.imported_by(value, depth + 1):
                    return frozenset({module})
        return frozenset({None})

    def imported_by(self, node: cst.CSTNode, depth: int = 0) -> str | None:
        """The dotted name of the module that `importlib.import_module("...")` gives.

        It has leading dots where it is relative to the package of this file. `sys.modules["..."]`
        gives the module as well.
        """
        if isinstance(node, cst.Subscript):
            index = node.slice[0].slice if len(node.slice) == 1 else None
            name = _plain_text(index.value) if isinstance(index, cst.Index) else None
            return name if name and self.resolve(node.value, depth) == {_MODULES} else None
        return self._given_by(node, depth) if isinstance(node, cst.Call) else None

    def _given_by(self, call: cst.Call, depth: int) -> str | None:
        texts = [_plain_text(arg.value) for arg in call.args[:2]]
        if not texts or texts[0] is None or len(call.args) > 2:
            return None
        if self.resolve(call.func, depth) != {_IMPORT_MODULE}:
            return None
        name = texts[0].lstrip(".")
        level = len(texts[0]) - len(name)
        if not level:
            return name if len(texts) == 1 else None
        if len(texts) == 1:
            return None
        anchor = call.args[1].value
        if isinstance(anchor, cst.Name) and anchor.value == "__package__":
            return texts[0]
        package = (texts[1] or "").split(".")
        base = package[: len(package) - (level - 1)]
        return ".".join((*base, name)) if texts[1] and base else None


def _holds(node: cst.CSTNode, path: list[cst.CSTNode]) -> bool:
    """Whether the end of `path`, which leads up to the scope `node`, is in that scope itself."""
    if not path:
        return True
    if isinstance(node, (cst.FunctionDef, cst.Lambda, cst.ClassDef)):
        return path[-1] is node.body
    if isinstance(node, (cst.BaseSimpleComp, cst.DictComp)):
        return len(path) < 2 or path[-2] is not node.for_in.iter
    return True


def _plain_text(node: cst.BaseExpression) -> str | None:
    return text_of(node) if isinstance(node, cst.SimpleString) else None


def names(source: Source) -> Names:
    """The `Names` of `source`, made once."""
    return source.once(Names)


def _is_placeholder(value: cst.BaseExpression, binding: Binding) -> bool:
    """Whether `value` stands in for what could not be imported: to call it fails anyway."""
    if not isinstance(value, cst.Name):
        return False
    in_handler = any(
        isinstance(arm, (cst.ExceptHandler, cst.ExceptStarHandler)) for _, arm in binding.blocks
    )
    return value.value == "None" or (value.value == "object" and in_handler)


def _attribute_of(base: str, attribute: str) -> str:
    return f"{base}{attribute}" if base.endswith((":", ".")) else f"{base}.{attribute}"


def _dotted(star: Binding) -> str:
    return (star.target or "").rstrip(".") if star.target != "." else ""


def _reaching(bindings: list[Binding], at: int, blocks: Blocks, *, deferred: bool) -> list[Binding]:
    first = bindings[0]
    if len(bindings) == 1 and not first.blocks and ANYWHERE < first.at <= at:
        return [first] if first.kind != "del" else []
    before: list[Binding] = []
    last: Binding | None = None
    for binding in sorted(bindings, key=lambda binding: -binding.at):
        if binding.at == ANYWHERE or binding.at > at:
            continue
        if (
            binding.kind != "del"
            and not _exclude(binding.blocks, blocks)
            and (deferred or not _returns(binding.blocks, blocks))
        ):
            before.append(binding)
        if binding.is_sure(blocks):
            last = binding
            break
    # A loop leads back to what stands before, unless the name is bound anew on the way; what is
    # deferred may run before that.
    loops = {block for block in blocks if block[1] == "loop"}
    if last is not None and not deferred:
        loops.difference_update(last.blocks)
    found = set(before)
    others = [
        binding
        for binding in bindings
        if binding.at == ANYWHERE
        or (deferred and binding.at > at)
        or (loops and binding not in found and not loops.isdisjoint(binding.blocks))
    ]
    return [*others, *before]


def _returns(one: Blocks, other: Blocks) -> bool:
    """Whether what runs at `one` leaves the function before it comes to `other`."""
    left = [block for block in one if block not in other]
    return any(_ends_in_return(node, arm) for node, arm in left) and not any(
        arm == "loop" or isinstance(node, (cst.Try, cst.TryStar, cst.With)) for node, arm in left
    )


def _ends_in_return(node: cst.CSTNode, arm: object) -> bool:
    if not isinstance(node, cst.If):
        return False
    suite: cst.CSTNode | None = node.body if arm == "then" else node.orelse
    if isinstance(suite, cst.Else):
        suite = suite.body
    last = suite.body[-1] if isinstance(suite, cst.BaseSuite) and suite.body else None
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    return isinstance(last, cst.Return)


def _exclude(one: Blocks, other: Blocks) -> bool:
    """Whether two places stand in arms of which only one runs."""
    arms = dict(other)
    return any(
        node in arms and arms[node] != arm and isinstance(node, (cst.If, cst.IfExp, cst.Match))
        for node, arm in one
    )
