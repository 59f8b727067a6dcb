"""Carry a code base from an old API to a new one.

This face is what a rule file imports. Importing it imports nothing: `python -m migrator` does so
before it can drop the current folder, where a tree may have a `typing.py`, from the path.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
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


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from migrator import model

    return getattr(model, name)
