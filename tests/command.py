"""The command `migrate` as a process of its own, as a user starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def migrate(cwd: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it in `cwd`; colours are what `environment` says, whatever the tests run in."""
    plain = {name: value for name, value in os.environ.items() if "COLOR" not in name}
    return subprocess.run(
        [sys.executable, "-m", "migrator", *arguments],
        cwd=cwd,
        env={**plain, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
