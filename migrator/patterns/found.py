"""What the pattern of a rule is in any language, and what one look for it comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from migrator.model import Applicability, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from migrator.patterns.around import Around

Node = TypeVar("Node")
Pattern = TypeVar("Pattern")
Template = TypeVar("Template")
Condition = TypeVar("Condition")


@dataclass
class Found(Generic[Node]):
    """What stands in the holes of a pattern, how far it is proven, and why it is believed.

    `named` are the nodes that stand for names of the pattern. `unclear` says what kept the
    arguments of a call from being told apart. `around` is what stands in the holes of a pattern
    of the code around.
    """

    holes: dict[str, Node] = field(default_factory=dict)
    rests: dict[str, tuple[Node, ...]] = field(default_factory=dict)
    named: dict[Node, str] = field(default_factory=dict)
    proven: Applicability = Applicability.SAFE
    evidence: list[str] = field(default_factory=list)
    unclear: str | None = None
    around: dict[str, Node] = field(default_factory=dict)

    def held(self, name: str) -> tuple[Node, ...] | None:
        """What stands in the hole `name` of either kind; `None` where the pattern has none."""
        return (self.holes[name],) if name in self.holes else self.rests.get(name)

    def lower(self, to: Applicability, why: str) -> None:
        """Take it for no more than `to`, because of `why`."""
        self.proven = min(self.proven, to)
        if why not in self.evidence:
            self.evidence.append(why)


@dataclass(frozen=True, eq=False)
class VariantOf(Generic[Pattern, Template, Condition]):
    """A pattern of a rule, the constraints on its holes, and what becomes of what it finds.

    `part` is where it stands in the file of its rule.
    A finding points at the hole `at`, if there is one. What is found goes where it `removes`. With
    `has`, a place that has something like it is none; what stands `around` one is to be such.
    What is `made` by the template already is not found again. Other rules make one of `becomes` of
    what is found.
    """

    part: str
    pattern: Pattern
    template: Template | None
    where: Mapping[str, Condition]
    message: str
    at: str | None
    removes: bool
    has: Pattern | None
    around: Around
    becomes: Sequence[Pattern] = ()
    made: Pattern | None = None

    def only_advises(self, severity: Severity) -> bool:
        """Whether a finding of that severity asks for nothing, and keeps nothing as it is."""
        return severity is Severity.ADVICE and self.template is None and not self.removes
