"""Small legacy programs print the same on the legacy library and, migrated, on the current one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent.parent / "fixtures"
PROGRAMS = sorted(path.parent for path in (FIXTURES / "programs").glob("*/program.py"))


def output(folder: Path, library: str) -> bytes:
    """What the program in `folder` prints with that library."""
    return subprocess.run(
        [sys.executable, "-B", "program.py"],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(FIXTURES / "demo" / "vendor" / library),
            "PYTHONIOENCODING": "utf-8",
        },
        stdout=subprocess.PIPE,
        check=True,
    ).stdout


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda folder: folder.name)
def test_same_output(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "program"))
    expected = copy / "expected.py"
    written = expected.read_bytes() if expected.exists() else None
    expected.unlink(missing_ok=True)
    unsafe = ["--unsafe"] if (copy / "needs-unsafe.txt").exists() else []
    subprocess.run([sys.executable, "-m", "migrator", "apply", *unsafe, "."], cwd=copy, check=True)
    before = output(folder, "legacy")
    assert before
    assert output(copy, "current") == before
    if written is not None:
        assert (copy / "program.py").read_bytes() == written
    check = [sys.executable, "-m", "migrator", "apply", "--check", *unsafe, "."]
    assert subprocess.run(check, cwd=copy, check=False).returncode == 0
