"""Rules for Python as a program runs them, and the places that they find."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import libcst as cst

from migrator.helpers.python.scopes import dotted_text
from migrator.model import Applicability, Edit, Severity, Span
from migrator.patterns.found import VariantOf
from migrator.patterns.holes import HOLE
from migrator.patterns.python.constraints import Condition, below
from migrator.patterns.python.covering import covers
from migrator.patterns.python.holes import hole_of
from migrator.patterns.python.matching import Match, Pattern
from migrator.patterns.python.template import Template

if TYPE_CHECKING:
    from collections.abc import Sequence

    from migrator.helpers.python.import_statements import Statement
    from migrator.patterns.python.meaning import Meaning
    from migrator.patterns.renaming import Rename


class Variant(VariantOf[Pattern, Template, Condition]):
    """A variant of a rule for Python."""

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes from which something may derive that it finds, or that stands around that."""
        asked = (one for condition in self.where.values() for one in condition.form.classes)
        around = (one for pattern in self.around.patterns for one in pattern.snippet.names)
        return frozenset(one for one in (*asked, *around) if "." in one)

    @cached_property
    def methods(self) -> tuple[tuple[str, str], ...]:
        """The holes whose class is asked for, each with an attribute of it that is found."""
        asked = {
            name
            for name, condition in self.where.items()
            if condition.instances or condition.subclasses
        }
        found = []
        for node in below(self.pattern.tree):
            hole = hole_of(node.value) if isinstance(node, cst.Attribute) else None
            if isinstance(node, cst.Attribute) and hole in asked and hole_of(node.attr) is None:
                found.append((hole, node.attr.value))
        return tuple(found)

    def fits(self, meaning: Meaning, match: Match) -> bool:
        """Whether what has to hold of holes holds of those that `match` has."""
        return all(
            (nodes := match.held(name)) is None or condition.holds_of_all(meaning, nodes, match)
            for name, condition in self.where.items()
        )

    @cached_property
    def repeats(self) -> bool:
        """Whether the pattern means what the template makes, too."""
        return self.made is not None and covers(self.pattern, self.made)


@dataclass(frozen=True, eq=False)
class PythonRule:
    """A rule file for Python, compiled; `units` are what is imported of names that are written."""

    id: str
    severity: Severity
    most: Applicability
    variants: tuple[Variant, ...]
    renames: tuple[Rename, ...]
    units: tuple[str, ...] = ()

    def unit(self, dotted: str) -> str | None:
        """What the rule says is imported of `dotted`."""
        found = [one for one in self.units if f"{dotted}.".startswith(f"{one}.")]
        return max(found, key=len, default=None)

    @cached_property
    def replaced(self) -> dict[str, frozenset[str]]:
        """The functions whose calls become something else, each with the names that this has."""
        found: dict[str, frozenset[str]] = {}
        for one in self.variants:
            name = function_of(one.pattern.tree)
            if name is not None and (one.template is not None or one.removes):
                new = one.template.snippet.names if one.template is not None else ()
                found[name] = found.get(name, frozenset()).union(new)
        return found


@dataclass(eq=False)
class Hit:
    """One place that a rule found, and the edits that it will have.

    `written` is what an expression becomes by them, where that stands without parentheses.
    """

    rule: PythonRule
    node: cst.CSTNode
    span: Span
    message: str
    match: Match
    variant: Variant | None = None
    rename: Rename | None = None
    applicability: Applicability = Applicability.SAFE
    edits: tuple[Edit, ...] = ()
    written: cst.CSTNode | None = None
    statements: list[Statement] = field(default_factory=list)
    outer: Hit | None = None

    @property
    def part(self) -> str:
        """Which part of its rule found it."""
        found = self.variant or self.rename
        return found.part if found is not None else ""

    @property
    def template(self) -> Template | None:
        """What is written in the place of what the pattern found."""
        return None if self.variant is None else self.variant.template

    @property
    def removes(self) -> bool:
        """Whether what the pattern found goes, and nothing comes in its place."""
        return self.variant is not None and self.variant.removes


def renamed(rules: Sequence[PythonRule], dotted: str) -> tuple[PythonRule, Rename] | None:
    """The rename that `dotted` moves by: the one of the longest name counts.

    A function whose calls become those of another is a longer name than its module.
    """
    found = [
        (rule, rename)
        for rule in rules
        for rename in rule.renames
        if rename.keyword is None and f"{dotted}.".startswith(f"{rename.old}.")
    ]
    best = max(found, key=lambda one: len(one[1].old), default=None)
    return None if best is not None and stays(rules, dotted, best[1]) else best


def stays(rules: Sequence[PythonRule], dotted: str, rename: Rename) -> bool:
    """Whether patterns replace the function `dotted`, and not by what `rename` makes of it."""
    return any(
        f"{dotted}.".startswith(f"{name}.")
        and len(name) > len(rename.old)
        and rename.new + name[len(rename.old) :] not in new
        for rule in rules
        for name, new in rule.replaced.items()
    )


def function_of(pattern: cst.CSTNode) -> str | None:
    """The dotted name of the function that a pattern calls."""
    node = pattern.value if isinstance(pattern, cst.Expr) else pattern
    name = dotted_text(node.func) if isinstance(node, cst.Call) else ""
    return name if "." in name and HOLE not in name else None
