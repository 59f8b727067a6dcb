"""Work for a person that an audit of the result does not find is named when the rest is made."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from in_process import planned

if TYPE_CHECKING:
    from pathlib import Path

HANDLER = """\
from pipeline.async_streaming import Handler, invoke


class Log(Handler):
    def handle_event(self, event):
        match event:
            case ("chunk", text):
                print(text)
        {line}
"""


@pytest.mark.parametrize(
    ("line", "unseen"),
    [
        ('print("%s" % event)', ["10:22 event-shape"]),
        ('a, b = "%s" % event, "%s" % event', ["10:23 event-shape", "10:37 event-shape"]),
        # Found in the result as well, by its words.
        ('{"chunk": print}[event[0]](event[1])', []),
        ("invoke(**self.options)", []),
        ("pass", []),
    ],
)
def test_what_an_audit_of_the_result_is_silent_about(line: str, unseen: list[str]) -> None:
    plan = planned({"a.py": HANDLER.format(line=line).encode()})
    assert plan.changes
    assert unseen == [
        f"{one.position.line}:{one.position.column} {one.finding.rule}" for one in plan.unseen
    ]


def test_places_are_those_of_the_result() -> None:
    text = HANDLER.format(line='print("%s" % event)').replace(
        "        match", "        invoke(event.prompt, Log)\n        match"
    )
    (one,) = planned({"a.py": text.encode()}).unseen
    (change,) = planned({"a.py": text.encode()}).changes
    line = change.after.decode().splitlines()[one.position.line - 1]
    assert line[one.position.column - 1 :] == "event)"


def test_the_user_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(HANDLER.format(line='print("%s" % event)'))
    for arguments in (["--dry-run"], []):
        command = [sys.executable, "-m", "migrator", "apply", *arguments]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert run.returncode == 0
        assert "a.py:10:22: event-shape: " in run.stderr
        assert "an audit of the result is silent" in run.stderr
