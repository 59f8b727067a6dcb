"""All that is known about one place, and why there is no finding where one might expect it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FILES = {
    "a.py": """from pipeline.async_streaming import invoke as go
from tools import invoke


def run(ctx, handler):
    invoke(ctx.prompt, handler)
    return go(ctx.prompt, handler)
""",
    "b.py": 'PAIR = ("chunk", 1)\n',
    "c.yaml": "text: async_stream\nx: 1\n",
    "e.ex": "alias MyApp.AsyncStreaming, as: AS\nAS.invoke!(prompt: 1)\n",
    "d.yaml": "a: [\nasync_stream: 1\n",
}


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("a.py:7", ["7:12  legacy-call [safe]", "imported at line 1 as `go`", "edit at byte"]),
        (
            "a.py:6",
            [
                "not resolved to the old API",
                "`invoke` is imported from `tools.invoke` at line 2",
                "`ctx` is a parameter at line 5",
            ],
        ),
        ("b.py:1", ["No finding here"]),
        ("c.yaml:1", ["No finding here", "no key, value or name as a whole", "it is only text"]),
        ("c.yaml:2", ["no word on this line is one that a rule looks for"]),
        ("e.ex:2", ["No finding here", "`AS` is `MyApp.AsyncStreaming`, aliased at line 1"]),
        ("d.yaml:2", ["could not be analysed: it does not parse as YAML at line"]),
    ],
)
def test_explain(tmp_path: Path, place: str, said: list[str]) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    run = subprocess.run(
        [sys.executable, "-m", "migrator", "explain", place],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    for sentence in said:
        assert sentence in run.stdout
