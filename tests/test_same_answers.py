"""What is asked less of a file is answered the same: every case, by the short way and the long."""

from __future__ import annotations

from pathlib import Path

import pytest
from in_process import audited, builtin

from migrator.engine.cases import cases

CASES = list(cases(Path(__file__).parent.parent / "fixtures" / "async-streaming"))


@pytest.mark.parametrize(
    ("module", "name", "long"),
    [
        # Names that cannot be legacy are not asked what they stand for.
        ("_meaning", "Meaning.suspects", None),
        # A file that spells no key of a step has none that is looked for.
        ("_keys", "is_spelled", lambda source: True),
    ],
)
def test_the_short_way_gives_what_the_long_way_does(
    module: str, name: str, long: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    builtin()
    trees = [case.before for case in CASES if any(path.endswith(".py") for path in case.before)]
    assert len(trees) > 100
    short = [audited(tree) for tree in trees]
    monkeypatch.setattr(f"migrator_packs.async_streaming.python.{module}.{name}", long)
    assert [audited(tree) for tree in trees] == short
