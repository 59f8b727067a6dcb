"""The hooks, run by pre-commit itself in a git repository.

They are those of `.pre-commit-hooks.yaml`, but with the tool that is installed here: to install it
for a hook, pre-commit asks a package index, which no test does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

MANIFEST = Path(__file__).parent.parent / ".pre-commit-hooks.yaml"
BIN = Path(sys.executable).parent
LEGACY = "async_stream: true\n"
CURRENT = "stream: true\n"
BASE = "from pipeline.async_streaming import Handler\n\n\nclass Base(Handler):\n    pass\n"
DESK = (
    "from app.base import Base\n\n\nclass Desk(Base):\n"
    '    def handle_event(self, event):\n        if event[0] == "chunk":\n'
    "            print(event[1])\n"
)


def manifest() -> dict[str, dict[str, Any]]:
    hooks = YAML(typ="safe", pure=True).load(MANIFEST.read_text())
    return {hook["id"]: hook for hook in hooks}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    tree = tmp_path / "tree"
    tree.mkdir()
    git(tree, "init", "-q", "-b", "main")
    return tree


def environment(tree: Path) -> dict[str, str]:
    """Of a shell that has `migrate`, and a home that nobody has been in."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return {
        **own,
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(tree.parent / "home"),
        "GIT_CONFIG_GLOBAL": os.devnull,
    }


def git(tree: Path, *words: str, fails: bool = False) -> str:
    identity = ["-c", "user.name=x", "-c", "user.email=x"]
    run = subprocess.run(
        ["git", *identity, *words],
        cwd=tree,
        env=environment(tree),
        capture_output=True,
        text=True,
        check=False,
    )
    assert bool(run.returncode) is fails, run.stderr
    return run.stdout + run.stderr


def install(tree: Path, *ids: str, **more: Any) -> None:
    """Have git run hooks of the manifest, and commit their configuration."""
    hooks = [{**manifest()[id_], "language": "system", **more} for id_ in ids]
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    # JSON is YAML.
    (tree / ".pre-commit-config.yaml").write_text(json.dumps(config))
    for kind in ("pre-commit", "pre-push"):
        subprocess.run(
            [str(BIN / "pre-commit"), "install", "--hook-type", kind],
            cwd=tree,
            env=environment(tree),
            check=True,
            capture_output=True,
        )
    git(tree, "add", ".")
    git(tree, "commit", "-qnm", "hooks")


def write(tree: Path, **files: str) -> None:
    for name, text in files.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)


def test_the_manifest_is_valid() -> None:
    command = [str(BIN / "pre-commit"), "validate-manifest", str(MANIFEST)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    assert set(manifest()) == {"migrate-audit", "migrate-apply", "migrate-gate"}
    assert {hook["language"] for hook in manifest().values()} == {"python"}
    assert all(hook["require_serial"] for hook in manifest().values())


def test_audit_looks_at_what_is_committed_alone(tree: Path) -> None:
    write(tree, **{"old.yaml": LEGACY, "app/__init__.py": "", "app/base.py": BASE})
    write(tree, **{"migrator.toml": "extend-exclude = ['generated/']\n"})
    install(tree, "migrate-audit")
    # A file that is excluded is, also if it is named; one of another kind is not asked about.
    write(tree, **{"a.yaml": "x: 1\n", "generated/a.yaml": LEGACY, "notes.txt": LEGACY})
    git(tree, "add", ".")
    git(tree, "commit", "-qm", "clean")
    # What names mean is looked up in the rest of the project.
    write(tree, **{"app/desk.py": DESK})
    git(tree, "add", ".")
    told = git(tree, "commit", "-qm", "legacy", fails=True)
    assert "app/desk.py\n  6:12  event-shape [safe]" in told
    assert "old.yaml" not in told and "base.py" not in told


def test_apply_to_a_file_that_is_partly_staged(tree: Path) -> None:
    install(tree, "migrate-apply")
    write(tree, **{"a.yaml": f"{LEGACY}# one\n# two\n# three\n"})
    git(tree, "add", ".")
    later = f"{LEGACY}# one\n# two\n# three\nlater: {{async_stream: true}}\n"
    write(tree, **{"a.yaml": later})
    assert "changed 1 file (1 fix)" in git(tree, "commit", "-qm", "one", fails=True)
    # The fix is there to be staged; what was not staged is as it was.
    assert (tree / "a.yaml").read_text() == later.replace(LEGACY, CURRENT)
    assert git(tree, "show", ":a.yaml").startswith(LEGACY)
    write(tree, **{"a.yaml": f"{CURRENT}# one\n# two\n# three\n"})
    git(tree, "add", ".")
    write(tree, **{"a.yaml": later.replace(LEGACY, CURRENT)})
    git(tree, "commit", "-qm", "one")
    assert "later: {async_stream: true}" in (tree / "a.yaml").read_text()


def test_apply_to_many_files_in_several_processes(tree: Path) -> None:
    install(tree, "migrate-apply", require_serial=False)
    names = [f"steps-{number:02}.yaml" for number in range(40)]
    write(tree, **dict.fromkeys(names, LEGACY))
    git(tree, "add", ".")
    told = git(tree, "commit", "-qm", "one", fails=True)
    changed = [line for line in told.splitlines() if line.startswith("changed ")]
    assert len(changed) > 1 or os.cpu_count() == 1
    assert sum(int(line.split()[1]) for line in changed) == 40
    assert {(tree / name).read_text() for name in names} == {CURRENT}
    git(tree, "add", ".")
    git(tree, "commit", "-qm", "one")


def test_the_gate_looks_at_the_whole_before_a_push(tree: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", tree.parent / "other"], check=True)
    git(tree, "remote", "add", "origin", str(tree.parent / "other"))
    write(tree, **{"old.yaml": LEGACY})
    install(tree, "migrate-gate")
    write(tree, **{"a.yaml": "x: 1\n"})
    git(tree, "add", ".")
    git(tree, "commit", "-qm", "passes")
    assert "old.yaml\n  1:1  step-keys [safe]" in git(tree, "push", "origin", "main", fails=True)
    write(tree, **{"old.yaml": CURRENT})
    git(tree, "commit", "-qam", "clean")
    git(tree, "push", "-q", "origin", "main")
