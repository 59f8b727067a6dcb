"""Small Elixir programs print the same on the legacy library and, migrated, on the current one."""

from __future__ import annotations

import shutil
from pathlib import Path

import beam
import pytest
from in_process import here, planned

FIXTURES = Path(__file__).parent.parent / "fixtures"
VENDOR = FIXTURES / "demo-elixir" / "vendor"
PROGRAMS = sorted(path.parent for path in (FIXTURES / "programs-elixir").glob("*/program.exs"))


@pytest.fixture(scope="session")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the two libraries, compiled: `legacy` and `current`."""
    beam.require_elixir()
    folder = tmp_path_factory.mktemp("libraries")
    for library in ("legacy", "current"):
        (folder / library).mkdir()
        sources = sorted(
            str(path)
            for part in (library, "tiny_yaml")
            for path in VENDOR.glob(f"{part}/lib/**/*.ex")
        )
        made = beam.run("elixirc", "--warnings-as-errors", "-o", library, *sources, cwd=folder)
        assert made.returncode == 0, made.stderr
    return folder


def output(folder: Path, library: Path) -> str:
    """What the program in `folder` prints with that library; it must end well, without warnings."""
    ran = beam.run("elixir", "-pa", str(library), "program.exs", cwd=folder)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    return ran.stdout


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda folder: folder.name)
def test_same_output(
    folder: Path, libraries: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "program"))
    before = output(copy, libraries / "legacy")
    assert before
    monkeypatch.chdir(copy)
    plan = planned(here())
    assert not plan.skipped, [one.reason for one in plan.skipped]
    assert plan.changes
    for change in plan.changes:
        Path(change.path).write_bytes(change.after)
    assert output(copy, libraries / "current") == before
    assert not planned(here()).changes, "a second apply changes something"
