"""What is asked less of a file is answered the same: every case, by the short way and the long."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from in_process import audited, builtin

from migrator.engine.cases import cases

CASES = list(cases(Path(__file__).parent.parent / "fixtures" / "async-streaming"))
# Of a push, every second of the cases; at night, all.
EACH = 1 if os.environ.get("MIGRATE_NIGHTLY") else 2


def answers(suffix: str) -> list[object]:
    """What is said of cases that have such files."""
    trees = [case.before for case in CASES if any(path.endswith(suffix) for path in case.before)]
    assert len(trees) > 100
    return [audited(tree) for tree in trees[::EACH]]


answers_by_the_short_way = cache(answers)


@pytest.mark.parametrize(
    ("module", "name", "long"),
    [
        # Names that cannot be legacy are not asked what they stand for.
        ("python.reading.meaning", "Meaning.suspects", None),
        # What was derived before more was known holds where nothing of that was asked.
        ("python.reading.known", "Known.tells", lambda known, facts: facts == known._facts),
        # A file that spells no key of a step has none that is looked for.
        ("python.steps.keys", "is_spelled", lambda source: True),
        ("elixir.steps.keys", "_is_spelled", lambda source: True),
        # Where nothing takes or names events there are none.
        ("elixir.takers.roles", "Roles.are_possible", True),
    ],
)
def test_the_short_way_gives_what_the_long_way_does(
    module: str, name: str, long: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    builtin()
    suffix = ".py" if module.startswith("python") else ".ex"
    short = answers_by_the_short_way(suffix)
    monkeypatch.setattr(f"migrator_packs.async_streaming.{module}.{name}", long)
    assert answers(suffix) == short
