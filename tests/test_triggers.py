"""The word check leaves no file out in which a rule would find anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.engine import cases
from migrator.engine.audit import Audit
from migrator.engine.candidates import Candidates
from migrator.engine.packs import Pack, builtin_folder, load
from migrator.model import Look

PACKS = {name: load(builtin_folder() / name) for name in ("async_streaming", "upgrades")}
PYTEST = Path(__file__).parent.parent / "fixtures" / "packs" / "pytest-7"


class _Every(Candidates):
    """Every file is looked at, whatever words it holds."""

    def triggered(self, always: Collection[str]) -> set[str]:
        return set(self.paths)


def assert_nothing_is_missed(pack: Pack, files: Mapping[str, bytes]) -> int:
    """How many findings there are, by way of the words and without."""
    audit = cases.in_memory([pack], files, Look()).audit()
    by_words = audit.report()
    if audit.candidates.triggered(()) != set(files):  # else it did look at all of them
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("migrator.engine.audit.Candidates", _Every)
            whole = cases.in_memory([pack], files, Look()).audit().report()
        assert by_words.findings == whole.findings
        assert by_words.not_analysed == whole.not_analysed
    return len(by_words.findings)


@pytest.mark.parametrize("name", [*PACKS, "pytest-7"])
def test_the_words_of_a_rule_are_in_every_file_that_it_finds_something_in(name: str) -> None:
    pack = PACKS.get(name) or load(PYTEST)
    folder = PYTEST if name == "pytest-7" else builtin_folder() / name
    found = [
        assert_nothing_is_missed(pack, case.before)
        for case in cases.cases(cases.folder_of(folder, pack))
    ]
    assert sum(found) > 20


def _with_findings() -> list[tuple[str, bytes]]:
    folder = builtin_folder() / "async_streaming"
    files = {
        (path, data)
        for case in cases.cases(cases.folder_of(folder, PACKS["async_streaming"]))
        for path, data in case.before.items()
        # A key in pieces is no word: such a file is looked at for what else is in it.
        if case.after != case.before and data.count(b"\n") > 4 and b'"async"' not in data
    }
    return sorted(files)


@given(st.data())
def test_nor_in_what_is_left_of_one(data: st.DataObject) -> None:
    path, whole = data.draw(st.sampled_from(_FOUND))
    lines = whole.splitlines(keepends=True)
    left_out = data.draw(st.sets(st.integers(0, len(lines) - 1), max_size=3))
    rest = b"".join(line for at, line in enumerate(lines) if at not in left_out)
    assert_nothing_is_missed(PACKS["async_streaming"], {path: rest})


_FOUND = _with_findings()


def test_words_that_are_learnt_widen_it() -> None:
    """The second file has no word of the old API; that its `ask` is one, the first one tells."""
    files = {
        "app/base.py": b"from pipeline.async_streaming import invoke as ask\n",
        "app/shown.py": b"from app.base import ask\n\nask(prompt='Hi', handler=print)\n",
    }
    project = cases.in_memory([PACKS["async_streaming"]], files, Look())
    audit = Audit(project.packs, project.walk, project.read, project.look)
    assert audit.candidates.triggered(()) == {"app/base.py"}
    report = project.audit().report()
    assert {one.finding.path for one in report.findings} == set(files)
