"""The page on the gate, run; the action and the template it is about, run as their hosts would.

Nothing is installed from a package index for that: the tool is the one that is here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pages import blocks, follow, section, write
from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
PAGE = "gate.md"
BIN = Path(sys.executable).parent
LEGACY = "async_stream: true\n"


def test_from_monday_to_zero(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    for title in ("From Monday to zero", "What it does", "Elsewhere"):
        follow(tmp_path, section(PAGE, title))
    assert (tmp_path / "comment.md").read_text().startswith("### migrate audit\n")


def test_what_is_to_be_copied_is_valid(tmp_path: Path) -> None:
    (hook,) = blocks(section(PAGE, "As a hook"), "yaml")
    (workflow,) = blocks(section(PAGE, "In GitHub Actions"), "yaml")
    (pipeline,) = blocks(section(PAGE, "In GitLab"), "yaml")
    write(tmp_path, hook=hook, **{"workflow.yml": workflow, "pipeline.yml": pipeline})
    passes(BIN / "pre-commit", "validate-config", tmp_path / "hook")
    conforms("github-workflows", tmp_path / "workflow.yml")
    conforms("gitlab-ci", tmp_path / "pipeline.yml")
    conforms("github-actions", ROOT / "action.yml")
    conforms("gitlab-ci", ROOT / "templates" / "gitlab.yml")
    # What the page has its reader write is there to be written to.
    steps = loaded(workflow)["jobs"]["gate"]["steps"]
    (used,) = (step for step in steps if "/migrate@" in step["uses"])
    assert used["with"].keys() <= loaded((ROOT / "action.yml").read_text())["inputs"].keys()
    assert loaded(pipeline)["migrate-gate"]["variables"].keys() == {"MIGRATE_PACKAGE"}


@pytest.mark.parametrize(
    ("inputs", "code", "annotated"),
    [
        ({}, 1, ["a b.yaml", "old.yaml"]),
        ({"arguments": "--max-findings 2"}, 0, ["a b.yaml", "old.yaml"]),
        ({"paths": "old.yaml\n  new.yaml\n"}, 1, ["old.yaml"]),
        ({"paths": "new.yaml", "sarif-file": "a b.sarif"}, 0, []),
        ({"paths": "new.yaml; touch proof $(touch proof)"}, 2, []),
    ],
)
def test_the_action(tree: Path, inputs: dict[str, str], code: int, annotated: list[str]) -> None:
    action = loaded((ROOT / "action.yml").read_text())
    given = {name: one["default"] for name, one in action["inputs"].items()} | inputs
    environment = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": str(ROOT),
        "GITHUB_STEP_SUMMARY": str(tree.parent / "summary.md"),
        "RUNNER_TEMP": str(tree.parent),
    }
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]
    for step in action["runs"]["steps"]:
        assert step["shell"] == "bash"
        own = {
            # `${{ inputs.NAME }}`
            name: given[value.split(".")[1].strip(" }")]
            for name, value in step.get("env", {}).items()
        }
        done = script(tree, step["run"], shell, **environment, **own)
    assert installed(tree) == str(ROOT)
    assert done.returncode == code, done.stderr
    errors = [line for line in done.stdout.splitlines() if line.startswith("::error ")]
    assert [line.split("=")[1].split(",")[0] for line in errors] == annotated
    assert (tree.parent / "summary.md").exists() == (code != 2)
    assert not (tree / "proof").exists()
    if "sarif-file" in inputs:
        assert json.loads((tree / inputs["sarif-file"]).read_text())["version"] == "2.1.0"


def test_the_template(tree: Path) -> None:
    (job,) = loaded((ROOT / "templates" / "gitlab.yml").read_text()).values()
    lines = "\n".join(job["script"])
    shell = ["bash", "-eo", "pipefail"]
    environment = {"GITLAB_CI": "true", "TMPDIR": str(tree.parent), **job["variables"]}
    assert "give pip the address" in script(tree, lines, shell, **environment).stderr
    environment["MIGRATE_PACKAGE"] = "git+https://git.example.org/tools/migrate"
    done = script(tree, lines, shell, **environment)
    assert (done.returncode, installed(tree)) == (1, environment["MIGRATE_PACKAGE"])
    assert done.stdout.startswith("a b.yaml\n")
    report = json.loads((tree / job["artifacts"]["reports"]["codequality"]).read_text())
    assert [one["location"]["path"] for one in report] == ["a b.yaml", "old.yaml"]
    environment |= {"MIGRATE_PATHS": "old.yaml new.yaml", "MIGRATE_ARGUMENTS": "--max-findings 1"}
    assert script(tree, lines, shell, **environment).returncode == 0


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository, and beside it a `python3` that makes environments which have `migrate`.

    Without `-I` the real one imports `venv` and `pip` from the repository, if it has them.
    """
    tree = tmp_path / "tree"
    write(tree, **{"old.yaml": LEGACY, "a b.yaml": LEGACY, "new.yaml": "stream: true\n"})
    subprocess.run(["git", "init", "-q", tree], check=True)
    pip = (
        '#!/bin/sh\n[ "$1 $2 $3" = "-I -m pip" ] || exit 9\n'
        'for last; do :; done\nprintf "%s" "$last" > "$(dirname "$0")/installed"\n'
    )
    venv = (
        '#!/bin/sh\n[ "$1 $2 $3" = "-I -m venv" ] && mkdir -p "$4/bin"\n'
        f'cp "{tmp_path}/pip" "$4/bin/python" && ln -sf "{BIN}/migrate" "$4/bin/migrate"\n'
    )
    write(tmp_path, **{"pip": pip, "bin/python3": venv})
    for name in ("pip", "bin/python3"):
        (tmp_path / name).chmod(0o755)
    return tree


def script(
    tree: Path, text: str, shell: list[str], **environment: str
) -> subprocess.CompletedProcess[str]:
    path = f"{tree.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [*shell, "-c", text],
        cwd=tree,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def installed(tree: Path) -> str:
    """What pip was asked to install."""
    return (tree.parent / "migrate" / "bin" / "installed").read_text()


def loaded(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def conforms(schema: str, file: Path) -> None:
    """The file fits the published schema of the host it is for."""
    transform = ["--data-transform", "gitlab-ci"] if schema == "gitlab-ci" else []
    passes(BIN / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", *transform, file)


def passes(*command: str | Path) -> None:
    run = subprocess.run([str(one) for one in command], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
