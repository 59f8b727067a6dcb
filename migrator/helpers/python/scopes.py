"""What the scopes of a Python file are made of: scopes, bindings of names, and uses of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Iterator


#: Where in a scope something stands: (node, arm) of each branching statement around it.
Blocks = tuple[tuple[cst.CSTNode, object], ...]
#: The position of a binding that another scope makes, when that runs.
ANYWHERE = -1


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

    def is_sure(self, blocks: Blocks) -> bool:
        """Whether it has been made where what is behind it runs, in its scope, in `blocks`."""
        return self.blocks == blocks[: len(self.blocks)]


@dataclass(eq=False)
class Scope:
    """A module, class, function (or lambda), comprehension or type parameters, and their names."""

    kind: str
    node: cst.CSTNode
    parent: Scope | None
    qualname: str
    at: int = 0
    blocks: Blocks = ()
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    outer: dict[str, str] = field(default_factory=dict)

    @property
    def is_deferred(self) -> bool:
        """Whether what is inside runs later than it stands there."""
        return self.kind == "function" or isinstance(self.node, cst.GeneratorExp)

    @property
    def around(self) -> Scope | None:
        """The scope that it is defined in: around its type parameters, if it has any."""
        parent = self.parent
        return parent.parent if parent is not None and parent.kind == "types" else parent

    @property
    def inside(self) -> Blocks:
        """Where what is inside stands in the scope around."""
        is_loop = self.kind == "comprehension"
        return (*self.blocks, (self.node, "loop")) if is_loop else self.blocks

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
    """The qualified name of what is called `name` in `scope`."""
    return f"{scope.qualname}.{name}" if scope.qualname else name
