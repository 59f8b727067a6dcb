"""Where the system lacks what POSIX has, as Windows does, the commands work with what there is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

# What others do for a system they do for the one that there really is, and before it goes: workers
# are interpreters of their own, and a terminal is one of POSIX.
WITHOUT = """
import click, multiprocessing.connection, multiprocessing.popen_spawn_posix, rich.console
import os, signal, subprocess, sys, types

for name in ("fcntl", "resource", "pwd", "grp", "termios", "syslog"):
    sys.modules[name] = None
for name in dir(os):
    if name.endswith("xattr") or name in (
        "chown", "fchmod", "fchown", "fork", "getegid", "geteuid", "getgid", "getuid", "lchown",
        "mkfifo", "register_at_fork", "O_CLOEXEC", "O_DIRECTORY", "O_NOCTTY", "O_NOFOLLOW",
        "O_NONBLOCK", "O_SYNC",
    ):
        delattr(os, name)
for name in ("SIGALRM", "SIGHUP", "SIGPIPE", "SIGPROF", "setitimer", "pthread_sigmask"):
    delattr(signal, name)
os.supports_dir_fd = set()
msvcrt = types.ModuleType("msvcrt")
msvcrt.LK_NBLCK, msvcrt.LK_UNLCK = 2, 0
msvcrt.locking = lambda descriptor, mode, count: None
sys.modules["msvcrt"] = msvcrt
sys.platform = "win32"

from migrator.cli.app import run

sys.exit(run(sys.argv[1:]))
"""


def migrate(*arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, "-c", WITHOUT, *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout, run.stderr


def test_the_commands_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert migrate("--version")[::2] == (0, "")
    old = b"async_stream: true\r\n"
    for name in ("a.yaml", "b/c.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(old)
    audit = migrate("audit")
    assert audit[0] == 1
    assert audit[1].count("[safe]") == 2
    assert migrate("apply") == (0, "", "changed 2 files (2 fixes)\n")
    assert (tmp_path / "b" / "c.yaml").read_bytes() == b"stream: true\r\n"
    assert migrate("undo") == (0, "", "restored 2 files\n")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name: path.read_bytes() for path in files} == {"a.yaml": old, "c.yaml": old}
