"""The few values the whole tool speaks in; standard library only."""

from __future__ import annotations

from migrator.model.finding import Applicability, Finding, Fix, Severity
from migrator.model.paths import Asked, Paths
from migrator.model.plan import Change, Plan, Skipped, Stamp, Unseen
from migrator.model.report import (
    ChecklistItem,
    Compared,
    Counts,
    EditBytes,
    Excerpt,
    Located,
    NotAnalysed,
    PackInfo,
    Passed,
    Report,
    RuleInfo,
    State,
    Suppressed,
)
from migrator.model.rule import (
    NOT_ANALYSED,
    Answer,
    Answers,
    Fact,
    Language,
    Look,
    Rule,
    Triggers,
)
from migrator.model.text import Edit, Gap, Position, Source, Span, in_order, moved, splice

__all__ = [
    "NOT_ANALYSED",
    "Answer",
    "Answers",
    "Applicability",
    "Asked",
    "Change",
    "ChecklistItem",
    "Compared",
    "Counts",
    "Edit",
    "EditBytes",
    "Excerpt",
    "Fact",
    "Finding",
    "Fix",
    "Gap",
    "Language",
    "Located",
    "Look",
    "NotAnalysed",
    "PackInfo",
    "Passed",
    "Paths",
    "Plan",
    "Position",
    "Report",
    "Rule",
    "RuleInfo",
    "Severity",
    "Skipped",
    "Source",
    "Span",
    "Stamp",
    "State",
    "Suppressed",
    "Triggers",
    "Unseen",
    "in_order",
    "moved",
    "splice",
]
