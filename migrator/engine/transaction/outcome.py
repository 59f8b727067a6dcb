"""What became of a transaction."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Outcome:
    """The paths that were written, and why the others were left as they were."""

    written: list[str] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)
