"""Where the time of a run goes."""

from __future__ import annotations

import time

import pytest

from migrator.engine.checked import Checked
from migrator.engine.times import Times


def test_the_phases_sum_up_to_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(100))
    monkeypatch.setattr(time, "perf_counter", lambda: float(next(ticks)))
    times = Times()
    with times.phase("outer"):
        with times.phase("inner"):
            pass
        with times.phase("inner"):
            pass
    with times.phase("outer"):
        pass
    assert times.phases == {"start and end": 2.0, "outer": 4.0, "inner": 2.0}


def test_each_look_counts() -> None:
    times = Times()
    times.add(Checked("a", spent={"parsing": 1.0, "one": 2.0}))
    times.add(Checked("a", spent={"parsing": 1.0, "other": 4.0}))
    times.add(Checked("b"))
    assert times.rules == {"parsing": 2.0, "one": 2.0, "other": 4.0}
    assert times.files == {"a": 8.0}
    assert times.looks == 3
