"""What names are bound to in an Elixir file: modules, directives, references."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from migrator.helpers.elixir.calls import Pair
    from migrator.languages.elixir import Node
    from migrator.model import Span

BLANKS = re.compile(r"\s+")


@dataclass(eq=False)
class Module:
    """A module that is defined: its full name, `None` where that cannot be told."""

    name: str | None
    call: Node
    outer: Module | None


class Brought(NamedTuple):
    """What `use module` brings: an alias `short` or an import of the module `name`.

    `always` says that `__using__` itself has it, which does not depend on the options of `use`;
    else it stands in the function `part`, which the option of a `use` may choose.
    """

    module: str
    kind: str
    short: str
    name: str
    always: bool
    part: str = ""


@dataclass(eq=False)
class Target:
    """One module that a directive names, at `node`; `name` is its full name.

    It holds in `scope`. `short` is what an alias calls it there, `renamed` the `as:` that says so;
    `uses` are the references that were looked up through it.
    """

    directive: Directive
    node: Node
    name: str
    scope: Span
    short: str | None = None
    renamed: Node | None = None
    #: Whether it stands in quoted code, which hands it on to others.
    quoted: bool = False
    #: Whether a `use` brings it only by what its options choose, which are not known to choose it.
    unsure: bool = False
    uses: list[Reference] = field(default_factory=list)


@dataclass(eq=False)
class Directive:
    """An `alias`, `import`, `require` or `use`; `prefix` stands before `{A, B}`.

    `brings` is what a `use` is known to bring.
    """

    kind: str
    call: Node
    module: Module | None
    options: list[Pair]
    prefix: Node | None = None
    targets: list[Target] = field(default_factory=list)
    brings: list[Brought] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Env:
    """What holds at a place: aliases by short name, imports, the module, whether it is quoted."""

    aliases: Mapping[str, Target | str]
    imports: tuple[Target, ...] = ()
    module: Module | None = None
    quoted: bool = False


@dataclass(eq=False)
class Reference:
    """A module that is named at `node`: its full name, and what its first part was looked up by.

    `parts` are the parts as they are written, each where it stands; `offset` of those of the full
    name come before them. `by` is the alias, or the text of the module that `__MODULE__` or nesting
    stands for.
    """

    node: Node
    name: str
    parts: list[tuple[str, Span]]
    offset: int
    by: Target | str | None
    env: Env
    #: The directive that names the module here, if it is named to one.
    target: Target | None = None
    #: The module that is defined by this name.
    defines: Module | None = None


@dataclass(eq=False)
class Names:
    """The names of one file."""

    directives: list[Directive] = field(default_factory=list)
    modules: list[Module] = field(default_factory=list)
    envs: dict[Node, Env] = field(default_factory=dict)
    by_node: dict[Node, Reference] = field(default_factory=dict)

    @cached_property
    def references(self) -> list[Reference]:
        """The modules that are named, in the order in which their names end."""
        return list(self.by_node.values())

    def at(self, node: Node | None) -> Reference | None:
        """The reference at `node`."""
        return self.by_node.get(node) if node is not None else None

    def name(self, node: Node | None) -> str | None:
        """The full name of the module that is named at `node`."""
        reference = self.at(node)
        return reference.name if reference else None

    def module(self, node: Node) -> Module | None:
        """The module that `node` stands in."""
        return self.envs[node].module
