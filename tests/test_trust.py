"""Nothing of the tree is run or imported, whatever its files are called."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

LEGACY = "async_stream: true\n"
PYTHON = "from pipeline.async_streaming import Handler\n\n\nclass A(Handler):\n    pass\n"
# Run in every interpreter that is started: notes what the tool must have no need of.
HOOK = """
import os, sys

TREE, LOG = os.environ["HOSTILE_TREE"], os.environ["HOSTILE_LOG"]
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def note(text):
    descriptor = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(descriptor, (text + "\\n").encode("utf-8", "backslashreplace"))
    os.close(descriptor)


def hook(event, arguments):
    if event == "open":
        path, _, flags = arguments
        if path == LOG or not isinstance(path, (str, bytes)):
            return
        place = os.path.abspath(os.fsdecode(path))
        if flags & WRITES and place.startswith(TREE):
            note(f"writes {place}")
    elif event == "compile" and str(arguments[1]).startswith(TREE):
        note(f"compiles {arguments[1]}")
    elif event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system"):
        note(f"starts {arguments[0]}")
    elif event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        if not isinstance(arguments[-1], (str, bytes)):
            note(f"{event} {arguments[1:]}")


sys.addaudithook(hook)
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree with a module of its own for each of the standard library and of what we import."""
    folder = tmp_path / "tree"
    folder.mkdir()
    (folder / "a.yaml").write_text(LEGACY)
    (folder / "a.py").write_text("# coding: shadow\n" + PYTHON)
    (folder / "b.py").write_text(PYTHON)
    names = {*sys.stdlib_module_names, "click", "libcst", "rich", "ruamel"}
    names |= {"sitecustomize", "usercustomize", "shadow", "yaml", "setup", "conftest", "rules"}
    for name in sorted(names - {"a", "b"}):
        (folder / f"{name}.py").write_text(canary(folder, f"module {name}"))
    for package in ("encodings", "rules", "migrator_packs"):
        (folder / package).mkdir(exist_ok=True)
        (folder / package / "shadow.py").write_text(canary(folder, f"package {package}"))
        (folder / package / "__init__.py").write_text(canary(folder, f"package {package}"))
    (folder / "mix.exs").write_text('File.write!("canary", "mix")\n')
    tag = "!!python/object/apply:os.system"
    (folder / "tag.yaml").write_text(f"async_stream: {tag} ['{folder}/program']\n")
    git(folder)
    return folder


def canary(folder: Path, what: str) -> str:
    """Python that leaves a mark, and does what an import of it should not get to."""
    return f"open({str(folder.parent / 'canary')!r}, 'a').write({what!r} + '\\n')\n"


def git(folder: Path) -> None:
    """A repository whose configuration would start programs."""
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    script = folder / "program"
    script.write_text(f"#!/bin/sh\necho git >> {folder.parent / 'canary'}\ncat\n")
    script.chmod(0o755)
    with (folder / ".git" / "config").open("a") as config:
        config.write(
            f"[core]\n\tfsmonitor = {script}\n\thooksPath = {folder}\n\tpager = {script}\n"
            f'[filter "x"]\n\tclean = {script}\n\tsmudge = {script}\n'
            f"[diff]\n\texternal = {script}\n"
        )
    (folder / ".gitattributes").write_text("*.py filter=x\n*.yaml filter=x\n")
    for hook in ("pre-commit", "post-checkout", "fsmonitor-watchman"):
        (folder / ".git" / "hooks" / hook).write_bytes(script.read_bytes())
        (folder / ".git" / "hooks" / hook).chmod(0o755)


MODULE = (sys.executable, "-m", "migrator")
SCRIPT = (str(Path(sys.executable).with_name("migrate")),)


def migrate(
    tree: Path, *arguments: str, by: tuple[str, ...] = MODULE, **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*by, *arguments],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def loaded_by_the_interpreter(folder: Path) -> set[str]:
    """What `python -m` imports before it comes to us: nobody can keep a tree out of that."""
    (folder / "probe.py").write_text("import sys; print(*sys.modules)\n")
    run = subprocess.run(
        [sys.executable, "-m", "probe"], cwd=folder, capture_output=True, text=True, check=True
    )
    return {name.partition(".")[0] for name in run.stdout.split()}


@pytest.mark.parametrize("by", [MODULE, SCRIPT], ids=["python -m", "script"])
def test_nothing_of_the_tree_is_imported(tree: Path, tmp_path: Path, by: tuple[str, ...]) -> None:
    if by is MODULE:
        for name in loaded_by_the_interpreter(tmp_path):
            (tree / f"{name}.py").unlink(missing_ok=True)
    check(tree, by)


def check(tree: Path, by: tuple[str, ...]) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return migrate(tree, *arguments, by=by)

    audit = run("audit", "--format", "json")
    assert audit.returncode == 1, audit.stderr
    assert {one["path"] for one in json.loads(audit.stdout)["findings"]} >= {"a.yaml", "b.py"}
    assert run("apply", "--dry-run").returncode in (0, 1)
    assert run("apply").returncode in (0, 1)
    assert (tree / "a.yaml").read_text() == "stream: true\n"
    assert run("undo").returncode == 0
    assert (tree / "a.yaml").read_text() == LEGACY
    assert run("undo", "--list").returncode == 0
    assert run("explain", "a.yaml:1").returncode == 0
    assert not (tree.parent / "canary").exists()


@pytest.mark.parametrize("by", [MODULE, SCRIPT], ids=["python -m", "script"])
def test_folders_of_the_tree_are_no_path(tmp_path: Path, by: tuple[str, ...]) -> None:
    """`PYTHONPATH=$PYTHONPATH:x` has the current folder in it where there was none before."""
    tree = tmp_path / "tree"
    (tree / "src").mkdir(parents=True)
    for name in ("json", "click", "difflib", "hashlib", "msgspec", "multiprocessing", "secrets"):
        for folder in (tree, tree / "src"):
            (folder / f"{name}.py").write_text(canary(tree, f"module {name}"))
    (tree / "a.yaml").write_text(LEGACY)
    for path in (":", "src", "."):
        for command in ("audit", "apply", "undo"):
            run = migrate(tree, command, by=by, PYTHONPATH=path)
            assert run.returncode == (command == "audit"), run.stderr
    assert not (tmp_path / "canary").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="descriptors are named relative to folders")
def test_an_audit_hook_sees_nothing(tree: Path, tmp_path: Path) -> None:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(HOOK)
    log = tmp_path / "log"
    watch = {"PYTHONPATH": str(hooks), "HOSTILE_TREE": str(tree), "HOSTILE_LOG": str(log)}
    migrate(tree, "audit", by=SCRIPT, **watch)
    migrate(tree, "apply", "--dry-run", by=SCRIPT, **watch)
    assert not log.exists() or log.read_text() == ""
    migrate(tree, "apply", by=SCRIPT, **watch)
    migrate(tree, "undo", by=SCRIPT, **watch)
    assert (tree / "a.yaml").read_text() == LEGACY
    # An event tells no folder: siblings in the tree, journals in that of the state.
    written = log.read_text().splitlines()
    allowed = re.compile(r"writes .*/(\.migrate-[0-9a-f]{32}|[0-9]{8}\.(new|journal))")
    assert [line for line in written if not allowed.fullmatch(line)] == []
    log.unlink()
    # The hook is there, and sees what it is to see.
    (tree / "migrator.toml").write_text("[verify]\ncommand = ['true']\n")
    migrate(tree, "verify", by=SCRIPT, **watch)
    assert log.read_text() == "starts true\n"


@pytest.mark.parametrize(
    "table",
    [
        "packs = ['.']",
        "pack = '.'",
        "plugins = ['shadow']",
        "rules = './shadow.py'",
        "[tool.migrator.shadow]\nmodule = 'shadow'",
        "[[tool.migrator.async-streaming.models]]\nprovider = 'shadow'\npack = '.'",
    ],
)
def test_the_configuration_names_no_code(tmp_path: Path, table: str) -> None:
    (tmp_path / "shadow.py").write_text(canary(tmp_path / "x", "configuration"))
    (tmp_path / "pyproject.toml").write_text(f"[tool.migrator]\n{table}\n")
    run = migrate(tmp_path, "audit")
    assert run.returncode == 2
    assert "unknown" in run.stderr or "there is no `pack.yaml`" in run.stderr
    assert not (tmp_path / "canary").exists()


def test_a_pack_of_the_configuration_holds_no_code(tmp_path: Path) -> None:
    for place in ("fixtures/a.py", "python/shadow.py"):
        (tmp_path / "tree" / "own" / place).parent.mkdir(parents=True)
        text = canary(tmp_path / "tree", place) + "TRIGGERS = ()\ndef check(*_): return ()\n"
        (tmp_path / "tree" / "own" / place).write_text(text)
    pack = "id: own\nversion: '1'\ntitle: Own\nlegacy-words: [old]\n"
    (tmp_path / "tree" / "own" / "pack.yaml").write_text(pack)
    (tmp_path / "tree" / "migrator.toml").write_text("packs = ['own']")
    run = migrate(tmp_path / "tree", "audit")
    assert (run.returncode, run.stdout) == (2, "")
    assert "own/python/shadow.py: a pack that the project's configuration names" in run.stderr
    assert not (tmp_path / "canary").exists()
    # Named on the command line, it is trusted.
    assert migrate(tmp_path / "tree", "audit", "--pack", "own").returncode == 0
    assert (tmp_path / "canary").exists()
