"""Elixir on this machine, for the tests that run it."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping

MISSING = "elixir is not installed (on Debian: apt-get install elixir)"


def require_elixir() -> None:
    """Skip the test that asks where there is no Elixir; in CI it fails instead."""
    if shutil.which("elixir") is None:
        if os.environ.get("CI"):
            pytest.fail(MISSING)
        pytest.skip(MISSING)


def run(
    *command: str, cwd: Path, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `mix`, `elixir` or `elixirc` in `cwd`, offline, with nothing of the user's own."""
    environment = {
        **os.environ,
        "ELIXIR_ERL_OPTIONS": "+fnu",
        "HEX_OFFLINE": "1",
        "HOME": str(cwd),
        "MIX_ENV": "test",
        "MIX_HOME": str(cwd / "_build" / "mix"),
        **(settings or {}),
    }
    return subprocess.run(
        command,
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
