"""What is asked less of a file is answered the same: every case, by the short way and the long."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from in_process import audited, builtin

from migrator.engine.cases import cases

CASES = list(cases(Path(__file__).parent.parent / "fixtures" / "async-streaming"))


def test_names_that_cannot_be_legacy_need_not_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    builtin()
    trees = [case.before for case in CASES if any(path.endswith(".py") for path in case.before)]
    assert len(trees) > 100
    short = [audited(tree) for tree in trees]
    meaning = sys.modules["migrator_packs.async_streaming.python._meaning"].Meaning
    monkeypatch.setattr(meaning, "suspects", None)
    assert [audited(tree) for tree in trees] == short
