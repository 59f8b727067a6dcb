"""Carry a code base from an old API to a new one.

This face is what a rule file imports; everything heavier is imported where it is used.
"""

from __future__ import annotations

from migrator.model import (
    NOT_ANALYSED,
    Applicability,
    Edit,
    Fact,
    Finding,
    Fix,
    Look,
    Rule,
    Severity,
    Source,
    Span,
)

__version__ = "0.1.0"

__all__ = [
    "NOT_ANALYSED",
    "Applicability",
    "Edit",
    "Fact",
    "Finding",
    "Fix",
    "Look",
    "Rule",
    "Severity",
    "Source",
    "Span",
    "__version__",
]
