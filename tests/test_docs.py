"""The documentation: it builds without a warning, and every link in it leads somewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_it_builds(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    run = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "WARNING" not in run.stderr
    assert "legacy-words" in (tmp_path / "reference" / "files" / "index.html").read_text("utf-8")
    assert "logger-warn" in (tmp_path / "reference" / "rules" / "index.html").read_text("utf-8")
