"""Signals, closed pipes, what an earlier run left, and `undo`, by real processes."""

from __future__ import annotations

import errno
import os
import random
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import faulty_disk
import pytest
import trees

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and modes of POSIX")


KILLS = 200 if os.environ.get("MIGRATE_NIGHTLY") else 10


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four files to change, and the current folder."""
    folder = tmp_path / "tree"
    folder.mkdir()
    trees.nested(folder)
    monkeypatch.chdir(folder)
    return folder


def migrate(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "migrator", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


#: A locale that reads all names as ASCII.
ASCII = {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}


@pytest.mark.parametrize("locales", [({}, ASCII), (ASCII, {})], ids=["to", "from"])
def test_an_apply_is_taken_back_in_another_locale(
    tree: Path, locales: tuple[dict[str, str], ...]
) -> None:
    (tree / "\xe9\U0001f600.yaml").write_bytes(trees.OLD)
    before = trees.seen(tree)
    # What one has left in the cache is not what the other reads.
    for arguments, locale in zip(
        (("audit",), ("audit",), ("apply",), ("undo",)), locales * 2, strict=True
    ):
        command = [sys.executable, "-m", "migrator", *arguments]
        environment = {**os.environ, **locale}
        run = subprocess.run(command, env=environment, capture_output=True, check=False)
        assert run.returncode == (arguments == ("audit",)), run.stderr
    assert b"restored" in run.stderr
    assert trees.seen(tree) == before


APPLY = """
import os, signal, sys
import faulty_disk
from migrator.cli.app import run
from migrator.engine.transaction import hold

class Third(faulty_disk.FaultyDisk):
    exchanged = 0

    def exchange(self, *arguments):
        self.exchanged += 1
        if self.exchanged == 3:
            {fault}
        return super().exchange(*arguments)

signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be handed down as ignored
sys.modules["migrator.engine.transaction.hold"].Disk = lambda: Third(faulty_disk.nothing)
sys.exit(run(["apply"]))
"""


def apply_with(fault: str) -> subprocess.CompletedProcess[str]:
    """An apply during which `fault`, a statement, is run when two files are written."""
    command = [sys.executable, "-c", APPLY.format(fault=fault)]
    path = os.pathsep.join([str(Path(faulty_disk.__file__).parent), *sys.path])
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
)
def test_a_signal_takes_all_back(tree: Path, number: int, code: int) -> None:
    before = trees.seen(tree)
    run = apply_with(f"signal.raise_signal({int(number)})")
    assert (run.returncode, run.stderr.strip()) == (code, "interrupted; nothing is half done")
    assert trees.seen(tree) == before
    assert migrate("undo").stderr == "nothing to take back\n"


def test_a_full_disk_leaves_files_and_names_them(tree: Path) -> None:
    run = apply_with(f"faulty_disk.fails({errno.ENOSPC})()")
    assert run.returncode == 1
    assert "b/d.yaml: cannot be written: No space left on device" in run.stderr
    assert len({one.data for one in trees.seen(tree).values()}) == 2


def test_the_next_run_clears_up_and_says_so(tree: Path) -> None:
    before = trees.seen(tree)
    assert apply_with("faulty_disk.killed()").returncode == -signal.SIGKILL
    killed = trees.seen(tree)
    assert killed != before
    for command in (["audit"], ["apply", "--dry-run"], ["apply", "--check"]):
        told = migrate(*command)
        assert "was cut short; the next `migrate apply` or `migrate undo`" in told.stderr
        assert trees.seen(tree) == killed
    assert migrate("undo", "--list").stdout.splitlines()[0].split()[1:3] == ["cut", "short"]
    undo = migrate("undo")
    assert undo.returncode == 0
    assert "what it had written was taken back: a.yaml, b/c.yaml" in undo.stderr
    assert trees.seen(tree) == before
    assert migrate("undo").stderr == "nothing to take back\n"


def test_a_kill_of_the_whole_command_at_any_moment(tree: Path) -> None:
    """The workers end too, each file is old or new, and the next run clears up."""
    chance = random.Random(3)  # noqa: S311
    command = [sys.executable, "-m", "migrator", "apply"]
    for number in range(40):
        (tree / f"{number}.yaml").write_bytes(trees.OLD)
    before = trees.seen(tree)
    begun = time.monotonic()
    assert migrate("apply").returncode == 0
    longest = time.monotonic() - begun
    migrate("undo")
    for _ in range(KILLS):
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            assert process.stdout is not None
            select.select([process.stdout], [], [], chance.uniform(0, longest))
            process.kill()
            # At its end when every process that has it is gone.
            said = process.stdout.read()
        assert b"Traceback" not in said
        for path, one in trees.seen(tree).items():
            if path in before:
                assert one.data in (
                    before[path].data,
                    before[path].data.replace(trees.OLD, trees.NEW),
                )
        undo = migrate("undo")
        assert undo.returncode == 0, undo.stderr
        assert trees.seen(tree) == before, undo.stderr
    assert migrate("undo").stderr == "nothing to take back\n"


def test_undo(tree: Path) -> None:
    before = trees.seen(tree)
    assert migrate("apply").returncode == 0
    (tree / "a.yaml").write_text("mine\n")
    undo = migrate("undo")
    assert (undo.returncode, undo.stdout) == (1, "")
    assert undo.stderr == (
        "a.yaml: was changed since it was written; it was left as it was\nrestored 3 files\n"
    )
    (tree / "a.yaml").write_bytes(before["a.yaml"].data)
    assert trees.seen(tree) == before


def test_a_reader_that_leaves(tree: Path) -> None:
    """The patch is not shown whole: nothing is written."""
    before = trees.seen(tree)
    command = [sys.executable, "-m", "migrator", "apply", "--diff"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        said = process.stderr.read()
    assert (process.returncode, said) == (141, b"")
    assert trees.seen(tree) == before


def test_streams_that_cannot_be_written(tree: Path) -> None:
    command = f"{sys.executable} -m migrator audit"
    for redirection, code in ((">&-", 1), ("2>&-", 1), (">/dev/full", 2)):
        run = subprocess.run(
            ["sh", "-c", f"{command} {redirection}"], capture_output=True, text=True, check=False
        )
        assert run.returncode == code, (redirection, run.stderr)
        assert "Traceback" not in run.stderr


def test_a_state_folder_that_is_not_trusted(tree: Path, state: Path) -> None:
    before = trees.seen(tree)
    state.symlink_to(tree.parent)
    for command in ("apply", "undo"):
        done = migrate(command)
        assert done.returncode == 2
        assert "is a link, and is not trusted with state" in done.stderr
    assert trees.seen(tree) == before


def test_a_state_folder_in_the_tree_is_not_used(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIGRATE_STATE_DIR", str(tree / "b" / "state"))
    (tree / "migrator.toml").write_text("[verify]\ncommand = 'touch run'\n")
    before = trees.seen(tree)
    audit = migrate("audit", "--format", "json")
    assert (audit.returncode, audit.stderr) == (1, "")
    nothing = migrate("undo", "--list")
    assert (nothing.returncode, nothing.stdout) == (0, "")
    assert nothing.stderr == "nothing to take back\n"
    for command in ("apply", "undo", "verify"):
        done = migrate(command)
        assert done.returncode == 2
        assert f"error: {tree}/b/state: the state folder lies in {tree}, " in done.stderr
    assert trees.seen(tree) == before
    assert not (tree / "b" / "state").exists()


def test_limits_are_configured(tree: Path) -> None:
    (tree / "migrator.toml").write_text("max-file-mib = 0.5\nmax-seconds = 60\n")
    (tree / "a.yaml").write_text("async_stream: true\n" + "#" * 600_000)
    audit = migrate("audit", "a.yaml")
    assert "a.yaml: is larger than 0.5 MiB" in audit.stdout
    (tree / "migrator.toml").write_text("max-memory-mib = -1\n")
    wrong = migrate("audit")
    assert wrong.returncode == 2
    assert "`max-memory-mib` must be a number above 0" in wrong.stderr
