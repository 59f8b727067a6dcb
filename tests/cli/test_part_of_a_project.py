"""A run over a part of a project: the rest tells what names mean, and stays as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import migrate

FILES = {
    "pyproject.toml": "",
    "app/__init__.py": "",
    "app/llm.py": "from pipeline.async_streaming import Handler, invoke\n",
    "app/run.py": (
        "from app.llm import invoke\n\n\ndef run(ctx, h):\n    return invoke(ctx.prompt, h)\n"
    ),
    "app/desk.py": (
        "from app.llm import Handler\n\n\nclass Desk(Handler):\n"
        '    def handle_event(self, event):\n        if event[0] == "chunk":\n'
        "            print(event[1])\n"
    ),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def findings(project: Path, path: str) -> list[tuple[Any, ...]]:
    found = json.loads(migrate(project, "audit", path, "--format", "json").stdout)["findings"]
    return [(one["path"], one["line"], one["rule"], one["applicability"]) for one in found]


def test_a_call_stays_with_an_import_that_is_not_edited(project: Path) -> None:
    assert findings(project, "app/run.py") == [("app/run.py", 5, "legacy-call", "manual")]
    migrate(project, "apply", "app/run.py")
    assert (project / "app" / "run.py").read_text() == FILES["app/run.py"]


def test_an_import_stays_with_calls_that_are_not_edited(project: Path) -> None:
    assert findings(project, "app/llm.py") == [
        ("app/llm.py", 1, "legacy-handler", "safe"),
        ("app/llm.py", 1, "legacy-call", "manual"),
    ]
    migrate(project, "apply", "app/llm.py")
    assert (project / "app" / "llm.py").read_text() == (
        "from pipeline.streaming import Handler\nfrom pipeline.async_streaming import invoke\n"
    )


def test_handlers_derive_from_the_rest(project: Path) -> None:
    assert findings(project, "app/desk.py") == [("app/desk.py", 6, "event-shape", "safe")]


def test_the_whole_moves_together(project: Path) -> None:
    assert {finding[3] for finding in findings(project, ".")} == {"safe"}
    assert migrate(project, "apply", "app").returncode == 0
    assert "llm import invoke" in (project / "app" / "llm.py").read_text()
    assert "invoke(ctx, prompt=" in (project / "app" / "run.py").read_text()
