"""The runs that the page on speed tells of: each is that command, in that folder, and no other."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

PEERS = Path(__file__).parent.parent / "benchmarks" / "peers.py"


@pytest.mark.skipif(sys.platform != "linux", reason="processes are counted as Linux has them")
def test_what_is_measured_is_the_command_as_it_is_given(tmp_path: Path) -> None:
    script = "import sys; open('said', 'w').write(' '.join(sys.argv[1:]))"
    cost = runpy.run_path(str(PEERS))["measured"](
        [sys.executable, "-c", script, "a", "b"], tmp_path
    )
    assert (tmp_path / "said").read_text() == "a b"
    assert cost.cpu > 0 and cost.memory > 1
