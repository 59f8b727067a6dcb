"""The few values the whole tool speaks in; standard library only."""

from __future__ import annotations

from migrator.model.finding import Applicability, Finding, Fix, Severity
from migrator.model.plan import Change, Plan, Skipped
from migrator.model.report import (
    ChecklistItem,
    Counts,
    EditBytes,
    Located,
    NotAnalysed,
    PackInfo,
    Report,
    State,
)
from migrator.model.rule import NOT_ANALYSED, Fact, Language, Look, Rule, Triggers
from migrator.model.text import Edit, Gap, Position, Source, Span, splice

__all__ = [
    "NOT_ANALYSED",
    "Applicability",
    "Change",
    "ChecklistItem",
    "Counts",
    "Edit",
    "EditBytes",
    "Fact",
    "Finding",
    "Fix",
    "Gap",
    "Language",
    "Located",
    "Look",
    "NotAnalysed",
    "PackInfo",
    "Plan",
    "Position",
    "Report",
    "Rule",
    "Severity",
    "Skipped",
    "Source",
    "Span",
    "State",
    "Triggers",
    "splice",
]
