"""What every test has: a state folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine finds what an idle one does.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")


@pytest.fixture(autouse=True)
def state(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the test's runs keep their state; not there yet."""
    folder = tmp_path_factory.mktemp("state") / "migrate"
    monkeypatch.setenv("MIGRATE_STATE_DIR", str(folder))
    return folder
