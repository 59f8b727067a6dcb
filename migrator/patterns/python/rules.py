"""Rules for Python as a program runs them, and the places that they find."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrator.model import Applicability, Edit, Severity, Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import libcst as cst

    from migrator.helpers.python.imports import Statement
    from migrator.patterns.python.constraints import Condition
    from migrator.patterns.python.matching import Match, Pattern
    from migrator.patterns.python.rendering import Template
    from migrator.patterns.reading import Rename


@dataclass(frozen=True, eq=False)
class Variant:
    """A pattern of a rule, the constraints on its holes, and what becomes of what it finds.

    A finding points at the hole `at`, if there is one. What is found goes where it `removes`. With
    `has`, a place that has something like it is none.
    """

    pattern: Pattern
    template: Template | None
    where: Mapping[str, Condition]
    message: str
    at: str | None = None
    removes: bool = False
    has: Pattern | None = None


@dataclass(frozen=True, eq=False)
class PythonRule:
    """A rule file for Python, compiled."""

    id: str
    severity: Severity
    most: Applicability
    variants: tuple[Variant, ...]
    renames: tuple[Rename, ...]


@dataclass(eq=False)
class Hit:
    """One place that a rule found, and the edits that it will have."""

    rule: PythonRule
    node: cst.CSTNode
    span: Span
    message: str
    match: Match
    variant: Variant | None = None
    rename: Rename | None = None
    applicability: Applicability = Applicability.SAFE
    edits: tuple[Edit, ...] = ()
    statements: list[Statement] = field(default_factory=list)
    outer: Hit | None = None


def renamed(rules: Sequence[PythonRule], dotted: str) -> tuple[PythonRule, Rename] | None:
    """The rename that `dotted` moves by: the one of the longest name counts."""
    found = [
        (rule, rename)
        for rule in rules
        for rename in rule.renames
        if rename.keyword is None and f"{dotted}.".startswith(f"{rename.old}.")
    ]
    return max(found, key=lambda one: len(one[1].old), default=None)
