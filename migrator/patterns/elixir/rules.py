"""Rules for Elixir as a program runs them, and the places that they find."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from migrator.model import Applicability, Edit, Severity, Span
from migrator.patterns.elixir.constraints import Condition
from migrator.patterns.elixir.covering import covers
from migrator.patterns.elixir.matching import Match, Pattern
from migrator.patterns.elixir.template import Template
from migrator.patterns.found import VariantOf

if TYPE_CHECKING:
    from migrator.languages.elixir import Node
    from migrator.patterns.elixir.meaning import Meaning
    from migrator.patterns.renaming import Rename


class Variant(VariantOf[Pattern, Template, Condition]):
    """A variant of a rule for Elixir."""

    def fits(self, meaning: Meaning, match: Match) -> bool:
        """Whether what has to hold of holes holds of those that `match` has."""
        return all(
            (nodes := match.held(name)) is None or condition.holds_of_all(meaning, nodes)
            for name, condition in self.where.items()
        )

    @cached_property
    def repeats(self) -> bool:
        """Whether the pattern means what the template makes, too."""
        return self.made is not None and covers(self.pattern, self.made)


@dataclass(frozen=True, eq=False)
class ElixirRule:
    """A rule file for Elixir, compiled."""

    id: str
    severity: Severity
    most: Applicability
    variants: tuple[Variant, ...]
    renames: tuple[Rename, ...]


@dataclass(eq=False)
class Hit:
    """One place that a rule found, and the edits that it will have.

    `becomes` is the full name of the function that is called in its place, with `arity` arguments;
    `shared` are edits of directives, which others may need too. `renamed` are parts that change by
    themselves: spans with their new text. `module` is the one that a function is only named with.
    `loose` is what becomes something of several parts without parentheses, and that.
    """

    rule: ElixirRule
    node: Node
    span: Span
    message: str
    match: Match
    variant: Variant | None = None
    rename: Rename | None = None
    becomes: str | None = None
    arity: int | None = None
    renamed: tuple[tuple[Span, str], ...] = ()
    module: Node | None = None
    applicability: Applicability = Applicability.SAFE
    edits: tuple[Edit, ...] = ()
    loose: tuple[Span, Node] | None = None
    shared: list[Edit] = field(default_factory=list)
    outer: Hit | None = None

    @property
    def part(self) -> str:
        """Which part of its rule found it."""
        found = self.variant or self.rename
        return found.part if found is not None else ""
