"""A look at one file is the same whatever is kept from others, and leaves nothing behind."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import libcst as cst

from migrator.engine import cases
from migrator.engine.check import check
from migrator.engine.checked import Checked
from migrator.engine.packs import builtin_folder, load
from migrator.engine.project import Task
from migrator.engine.sources import Sources
from migrator.model import Look

FOLDER = builtin_folder() / "async_streaming"
PACK = load(FOLDER)
SEVERAL = [one for one in cases.cases(cases.folder_of(FOLDER, PACK)) if len(one.before) > 1]


class _Compared:
    """Looks at the files of a case, each time beside a look that begins from nothing."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._sources = Sources(10_000)
        self.told = self.taught = 0

    def check(self, tasks: Sequence[Task], look: Look) -> Iterator[Checked]:
        for task in tasks:
            data = self._files[task.path] if task.data is None else task.data
            file = task.path, data, task.language, PACK.rules
            told = replace(look, known=task.known)
            found = check(*file, told, sources=self._sources, teach=True)
            assert replace(found, again=None) == check(*file, told)
            self.told += bool(task.known)
            if found.again is not None:
                known, again = found.again
                assert again == check(*file, replace(look, known=known))
                self.taught += 1
            yield found


def test_a_kept_source_and_what_a_file_teaches_itself_change_no_answer() -> None:
    told = taught = 0
    for case in SEVERAL[::3]:
        compared = _Compared(case.before)
        project = cases.in_memory([PACK], case.before, Look())
        replace(project, check=compared.check).audit()
        told += compared.told
        taught += compared.taught
    assert told > 20
    assert taught > 20


def test_trees_of_python_go_without_a_search_for_cycles() -> None:
    """Where they are part of one, to give them back costs several times as much."""
    files = [
        (path, data)
        for case in SEVERAL[::3]
        for path, data in case.before.items()
        if path.endswith(".py") and data
    ]
    look = Look(paths=frozenset(path for path, _ in files))

    def nodes() -> int:
        for path, data in files:
            check(path, data, "python", PACK.rules, look, sources=Sources(), teach=True)
        return sum(isinstance(one, cst.CSTNode) for one in gc.get_objects())

    gc.disable()
    try:
        kept = nodes()  # with the patterns of rules
        assert nodes() == kept
    finally:
        gc.enable()
