"""Signals, closed pipes, what an earlier run left, and `undo`, by real processes."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import faulty_disk
import pytest
import trees

from migrator.cli.app import run

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and modes of POSIX")


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


def apply_with(fault: Callable[[], None]) -> int:
    """The exit code of an apply during which `fault` happens when two files are written."""

    class Third(faulty_disk.FaultyDisk):
        exchanged = 0

        def exchange(self, *arguments: object) -> bool:
            self.exchanged += 1
            if self.exchanged == 3:
                fault()
            return super().exchange(*arguments)  # type: ignore[arg-type]

    def work() -> None:
        module = sys.modules["migrator.engine.transaction.hold"]
        module.Disk = lambda: Third(faulty_disk.nothing)  # type: ignore[attr-defined]
        sys.stderr = Path("../stderr").open("w")  # noqa: SIM115
        code = run(["apply"])
        sys.stderr.flush()
        os._exit(code)

    return os.waitstatus_to_exitcode(faulty_disk.in_child(work))


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
)
def test_a_signal_takes_all_back(tree: Path, number: int, code: int) -> None:
    before = trees.seen(tree)
    assert apply_with(lambda: signal.raise_signal(number)) == code
    assert trees.seen(tree) == before
    assert (tree.parent / "stderr").read_text().strip() == "interrupted; nothing is half done"
    assert migrate("undo").stderr == "nothing to take back\n"


def test_a_full_disk_leaves_files_and_names_them(tree: Path) -> None:
    assert apply_with(faulty_disk.fails(errno.ENOSPC)) == 1
    assert (
        "b/d.yaml: cannot be written: No space left on device"
        in (tree.parent / "stderr").read_text()
    )
    assert len({one.data for one in trees.seen(tree).values()}) == 2


def test_the_next_run_clears_up_and_says_so(tree: Path) -> None:
    before = trees.seen(tree)
    assert apply_with(faulty_disk.killed) == -signal.SIGKILL
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


def test_limits_are_configured(tree: Path) -> None:
    (tree / "migrator.toml").write_text("max-file-mib = 0.5\nmax-seconds = 60\n")
    (tree / "a.yaml").write_text("async_stream: true\n" + "#" * 600_000)
    audit = migrate("audit", "a.yaml")
    assert "a.yaml: is larger than 0.5 MiB" in audit.stdout
    (tree / "migrator.toml").write_text("max-memory-mib = -1\n")
    wrong = migrate("audit")
    assert wrong.returncode == 2
    assert "`max-memory-mib` must be a number above 0" in wrong.stderr
