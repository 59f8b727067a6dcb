"""The imports that bring legacy names into a file, what refers to them, and their edits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrator import Applicability

from ..._names import INVOKE, PYTHON_CURRENT, PYTHON_LEGACY
from ..reading.meaning import CURRENT_INVOKE

if TYPE_CHECKING:
    import libcst as cst

    from migrator import Edit, Span
    from migrator.helpers.python.scopes import Binding

    from .moved_calls import Use

PARENT, _, LEGACY_LEAF = PYTHON_LEGACY.rpartition(".")
CURRENT_LEAF = PYTHON_CURRENT.rpartition(".")[2]
LLM, _, INVOKE_LEAF = CURRENT_INVOKE.rpartition(".")


@dataclass(eq=False)
class Reference:
    """A name or attribute chain that stands in the legacy namespace; `name` is what it means.

    `spelled` is the part of the chain that stands for the namespace itself, where it is spelled;
    `quoted` its span instead where the chain stands in the string of an annotation.
    """

    node: cst.BaseExpression
    name: str
    spelled: cst.BaseExpression | None
    sure: bool
    edits: list[Edit] = field(default_factory=list)
    quoted: Span | None = None


@dataclass(eq=False)
class Import:
    """One imported legacy name: its binding, what uses it, and the edits it takes part in."""

    binding: Binding
    name: str
    rule: str
    references: list[Reference] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    applicability: Applicability = Applicability.SAFE
    elsewhere: Applicability = Applicability.SAFE
    stays: str = ""
    for_both_versions: bool = False
    #: Whether it stays for more than a use of `invoke` here: it is suppressed, for instance.
    kept: bool = False
    #: Whether it does so because something is suppressed.
    held: bool = False
    #: Why what the module's `__getattr__` gives in its place is the legacy one for now, if it is.
    given_by: str = ""
    #: The edits of its whole statement.
    shared: list[Edit] = field(default_factory=list)


@dataclass(eq=False)
class Statement:
    """One import statement and the edits that move its names."""

    node: cst.Import | cst.ImportFrom
    imports: list[Import] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)


def rule_of(name: str) -> str:
    """The rule that a legacy name falls under."""
    if name == INVOKE:
        return "legacy-call"
    return "legacy-handler" if name.rpartition(".")[2] == "Handler" else "legacy-namespace"
