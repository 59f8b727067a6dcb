"""What a user sees: a finding, and the fix it may carry."""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from migrator.model.text import Edit, Span


class Applicability(IntEnum):
    """How far a finding's fix is proven; ordered, so that `min` of two is what both allow."""

    MANUAL = 0
    REVIEW = 1
    SAFE = 2

    def __str__(self) -> str:
        return self.name.lower()


class Severity(str, Enum):
    """`ERROR`: legacy use, it breaks or will. `ADVICE`: recommended; it never fails a gate."""

    ERROR = "error"
    ADVICE = "advice"

    def __str__(self) -> str:
        return self.value


class Fix(NamedTuple):
    """Edits that go in together or not at all; at least one, never `MANUAL`."""

    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability


class Finding(NamedTuple):
    """One thing a rule found; `evidence` says why the rule believes it, a sentence each.

    `part` is which of the parts of its rule found it, where that tells them.
    """

    rule: str
    path: str
    span: Span
    severity: Severity
    message: str
    evidence: tuple[str, ...] = ()
    fix: Fix | None = None
    part: str = ""

    @property
    def applicability(self) -> Applicability:
        """That of the fix; `MANUAL` where there is none."""
        return self.fix.applicability if self.fix else Applicability.MANUAL
