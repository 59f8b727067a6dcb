"""Where the time of a run goes: by phase, by rule and by file."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.engine.checked import Checked

PARSING = "parsing"
_OTHER = "start and end"


class Times:
    """Seconds, from when this is made.

    `phases` are seconds that pass, and sum up to the whole; `rules` and `files` are seconds of a
    processor in the workers, where a rule that asks first pays for what others ask as well. `looks`
    counts looks at a file: one for each round that concerns it; `kept` those of them that were
    known from an earlier run.
    """

    def __init__(self) -> None:
        self.phases: dict[str, float] = {_OTHER: 0.0}
        self.rules: dict[str, float] = {}
        self.files: dict[str, float] = {}
        self.looks = 0
        self.kept = 0
        self._within = [_OTHER]
        self._since = time.perf_counter()

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count what is done within for the phase `name`, and not for the one around it."""
        self._count()
        self._within.append(name)
        try:
            yield
        finally:
            self._count()
            self._within.pop()

    def _count(self) -> None:
        now = time.perf_counter()
        name = self._within[-1]
        self.phases[name] = self.phases.get(name, 0.0) + now - self._since
        self._since = now

    def restored(self, checked: Iterable[Checked]) -> None:
        """Count a look at each file, known from an earlier run."""
        known = sum(1 for _ in checked)
        self.looks += known
        self.kept += known

    def add(self, checked: Checked) -> None:
        """Count one look at a file."""
        self.looks += 1
        for name, seconds in checked.spent.items():
            self.rules[name] = self.rules.get(name, 0.0) + seconds
        if checked.spent:
            spent = sum(checked.spent.values())
            self.files[checked.path] = self.files.get(checked.path, 0.0) + spent
