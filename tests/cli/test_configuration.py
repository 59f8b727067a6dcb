"""What the configuration does to a run, by real processes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command import migrate

LEGACY = "async_stream: true\n"
STEPS = "steps:\n  - type: llm\n"
CONFIGURATION = """[tool.migrator]
extend-exclude = ["/old/"]

[tool.migrator.per-file-ignores]
"app/kept*" = ["step-keys", "legacy-call"]

[tool.migrator.severities]
step-must-stream = "advice"

[[tool.migrator.async-streaming.models]]
provider = "claude"
model = "x"
streaming = false
"""
FILES = {
    "pyproject.toml": CONFIGURATION,
    "app/a.yaml": LEGACY,
    "app/kept.yaml": LEGACY + "name: pipeline.async_streaming.X\n",
    "app/steps.yaml": STEPS,
    "app/__init__.py": "",
    # Taken along by others, and used where calls are left out: its import has to stay.
    "app/llm.py": "from pipeline.async_streaming import invoke\n",
    "app/kept.py": (
        "from app.llm import invoke\n\n\ndef run(ctx, h):\n    return invoke(ctx.prompt, h)\n"
    ),
    "old/a.yaml": LEGACY,
    "own/migrator.toml": "ignore = ['step-keys']\nmax-seconds = 9\n",
    "own/a.yaml": LEGACY,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def audit(project: Path, *arguments: str) -> dict[str, Any]:
    run = migrate(project, "audit", "--format", "json", *arguments)
    assert run.returncode in (0, 1), run.stderr
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def test_a_run_by_the_configuration(project: Path) -> None:
    found = audit(project)
    assert [(one["path"], one["rule"], one["severity"]) for one in found["findings"]] == [
        ("app/a.yaml", "step-keys", "error"),
        ("app/kept.yaml", "legacy-namespace", "error"),
        ("app/llm.py", "legacy-call", "error"),
        ("app/steps.yaml", "step-must-stream", "advice"),
    ]
    assert {one["applicability"] for one in found["findings"] if one["path"] == "app/llm.py"} == {
        "manual"
    }
    items = {item["id"]: item for item in found["checklist"]}
    # What the guide asks is not settled by a severity, nor by what nobody looked for.
    assert items["steps-stream"]["state"] == "open"
    assert items["configuration"]["state"] == "open"
    migrate(project, "apply")
    assert {name for name, text in FILES.items() if (project / name).read_text() != text} == {
        "app/a.yaml"
    }
    item = {item["id"]: item for item in audit(project)["checklist"]}["configuration"]
    assert item["state"] == "unchecked"
    assert item["evidence"] == "step-keys was not asked for in 3 files"


def test_what_is_shown(project: Path) -> None:
    run = migrate(project, "audit", "--show-settings")
    assert run.returncode == 0
    assert (
        run.stdout
        == """# migrate 0.1.0; the run: pyproject.toml
packs = ["async-streaming"]  # default
max-seconds = 10  # default
max-memory-mib = 1024  # default
max-file-mib = 5  # default
async-streaming.models = [{ provider = "claude", model = "x", streaming = false }]  # \
pyproject.toml:10

# files: pyproject.toml
select = "all"  # default
ignore = []  # default
extend-exclude = ["/old/"]  # pyproject.toml:2
per-file-ignores."app/kept*" = ["step-keys", "legacy-call"]  # pyproject.toml:5
severities.step-must-stream = "advice"  # pyproject.toml:8

# files: own/migrator.toml
select = "all"  # default
ignore = ["step-keys"]  # own/migrator.toml:1
extend-exclude = []  # default
"""
    )
    files = migrate(project, "apply", "--show-files", "own", "old/a.yaml").stdout
    assert files == "old/a.yaml\nown/a.yaml\n"
    files = migrate(project, "apply", "--show-files", "--force-exclude", "old/a.yaml").stdout
    assert files == ""


def test_what_counts_for_a_run_alone_is_told_of(project: Path) -> None:
    told = "warning: own/migrator.toml:2: `max-seconds` counts only in a run over own alone\n"
    assert migrate(project, "audit").stderr == told
    assert migrate(project, "audit", "own").stderr == ""


def test_another_configuration_or_none(project: Path) -> None:
    (project / "other.toml").write_text("select = ['step-keys']\nextend-exclude = ['/app/']\n")
    found = audit(project, "--config", "other.toml")["findings"]
    assert [one["path"] for one in found] == ["old/a.yaml", "own/a.yaml"]
    found = audit(project, "--isolated")["findings"]
    severities = {one["path"]: one["severity"] for one in found if one["rule"].startswith("step")}
    assert severities == dict.fromkeys(
        ["app/a.yaml", "app/kept.yaml", "app/steps.yaml", "old/a.yaml", "own/a.yaml"], "error"
    )


def test_skipped_files_are_one_line_a_reason(project: Path) -> None:
    for number in range(26):
        (project / f"link{number:02}.yaml").symlink_to("app/a.yaml")
    (project / "app" / "link.py").symlink_to("llm.py")
    run = migrate(project, "audit", "--format", "json", ".")
    why = "is a symbolic link, and links are not followed"
    warned = f"warning: app/link.py, link00.yaml, link01.yaml and 24 more: {why}\n"
    assert warned in run.stderr
    assert warned in migrate(project, "apply", "--dry-run", ".").stderr
    assert run.stderr.count(why) == 1
    skipped = json.loads(run.stdout)["skipped"]
    assert [one["path"] for one in skipped[:2]] == ["app/link.py", "link00.yaml"]
    assert {one["reason"] for one in skipped} == {why}
    assert len(skipped) == json.loads(run.stdout)["summary"]["skipped"] == 27


def test_a_table_in_a_file_of_our_own(tmp_path: Path) -> None:
    (tmp_path / "migrator.toml").write_text("\n[tool.migrator]\nignore = []\n")
    run = migrate(tmp_path, "audit")
    assert run.returncode == 2
    said = "`tool`: the keys of `[tool.migrator]` stand at the top of a `migrator.toml`"
    assert run.stderr == f"error: migrator.toml:2: {said}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[tool.migrate]\nignore = []\n", "`[tool.migrate]` is not read"),
        ("[project]\n[[tool.migrater.a]]\n", "`[tool.migrater]` is not read"),
        ("[tool.migrations]\n[tool.mig]\n[other.migrate]\n", ""),
        ("[tool.migrate]\n[tool.migrator]\n", ""),
    ],
)
def test_a_table_that_was_probably_meant(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    (tmp_path / "a.yaml").write_text("a: 1\n")
    run = migrate(tmp_path, "audit")
    assert run.returncode == 0
    if not said:
        assert run.stderr == ""
        return
    line = 1 + text.count("\n", 0, text.index("tool."))
    hint = "did you mean `[tool.migrator]`?"
    assert run.stderr == f"warning: pyproject.toml:{line}: {said}; {hint}\n"
