"""What an import statement says, and what becomes of each of its names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import libcst as cst

from migrator.helpers.python.scopes import dotted_text

if TYPE_CHECKING:
    from migrator.helpers.python.scopes import Binding


class Imported(NamedTuple):
    """`from module import name as local`, or `import module as local` where `name` is empty."""

    module: str
    name: str
    local: str

    @property
    def text(self) -> str:
        """It, as an item of an import statement."""
        if not self.name:
            as_ = f" as {self.local}" if self.local else ""
            return f"{self.module}{as_}"
        return self.name if self.local == self.name else f"{self.name} as {self.local}"

    @property
    def statement(self) -> str:
        """It, as a statement of its own."""
        return f"from {self.module} import {self.text}" if self.name else f"import {self.text}"


@dataclass
class Alias:
    """One name of an import statement, and what becomes of it.

    `target` is the dotted name imported, `uses` are the names that read it. Where it is `moved`,
    that takes its place, under its old local name if it `keeps_local`. It `is_gone` where no use is
    left, `is_unasked` while nothing needs what it moved to, and `is_lost` where the module would
    not have it under its name any more.
    """

    node: cst.ImportAlias
    binding: Binding
    target: str
    uses: list[cst.Name]
    moved: Imported | None = None
    is_gone: bool = False
    is_unasked: bool = False
    keeps_local: bool = False
    is_lost: bool = False


@dataclass
class Statement:
    """An import statement, the names it brings, and those that are to come with it.

    Without a `node` it is what is added at the top of the file. `module` is what `from` names,
    without leading dots, and `moved` what that is called now, if it is called otherwise.
    """

    node: cst.Import | cst.ImportFrom | None
    module: str = ""
    aliases: list[Alias] = field(default_factory=list)
    new: list[Imported] = field(default_factory=list)
    moved: str | None = None

    def targets(self) -> list[tuple[str, cst.CSTNode]]:
        """The dotted names that it imports, each with the node that says so."""
        if self.node is not None and not self.aliases and isinstance(self.node, cst.ImportFrom):
            return [(self.module, self.node.module or self.node)]
        return [(one.target, one.node.name) for one in self.aliases]


def module_text(node: cst.ImportFrom) -> str:
    """The module as the statement writes it, with its leading dots."""
    return "." * len(node.relative) + (dotted_text(node.module) if node.module else "")
