"""What every test has: a state folder of its own."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, settings

# A busy machine finds what an idle one does, and a push is judged by the same examples as the one
# before. At night there is time for more, and for others.
settings.register_profile(
    "push",
    max_examples=300,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "nightly", settings.get_profile("push"), max_examples=10_000, derandomize=False
)
settings.load_profile("nightly" if os.environ.get("MIGRATE_NIGHTLY") else "push")


def pytest_collection_finish() -> None:
    """What there is for all tests is not searched for garbage again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def states(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all states: among those of pytest, each new one costs a look at all others."""
    return tmp_path_factory.mktemp("states")


@pytest.fixture(autouse=True)
def state(states: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the test's runs keep their state; not there yet."""
    folder = Path(mkdtemp(dir=states)) / "migrate"
    monkeypatch.setenv("MIGRATE_STATE_DIR", str(folder))
    return folder
