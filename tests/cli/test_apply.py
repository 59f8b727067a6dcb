"""What an apply writes, and what it leaves alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

posix = pytest.mark.skipif(os.name == "nt", reason="links and modes of POSIX")


def apply(cwd: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "migrator", "apply", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, check=False)


def test_levels(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("async_stream: true\nx: pipeline.async_streaming.X\n")
    apply(tmp_path)
    assert path.read_text() == "stream: true\nx: pipeline.async_streaming.X\n"
    apply(tmp_path, "--unsafe")
    assert path.read_text() == "stream: true\nx: pipeline.streaming.X\n"


def test_diff_shows_what_is_made(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("async_stream: true\n")
    run = apply(tmp_path, "--diff")
    assert run.stdout.splitlines()[3:] == [b"-async_stream: true", b"+stream: true"]
    assert (tmp_path / "a.yaml").read_text() == "stream: true\n"


def test_selected_rules_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("async_handler: pipeline.async_streaming.X\n")
    apply(tmp_path, "--ignore", "step-keys")
    assert path.read_text() == "async_handler: pipeline.streaming.X\n"
    apply(tmp_path, "--select", "step-keys")
    assert path.read_text() == "stream_handler: pipeline.streaming.X\n"


def test_nothing_to_do_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("stream: true\n")
    before = path.stat()
    run = apply(tmp_path)
    assert (run.returncode, run.stdout) == (0, b"")
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


@posix
def test_modes_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("async_stream: true\n")
    path.chmod(0o751)
    apply(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o751
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.yaml"]


@posix
def test_links_are_not_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text("async_stream: true\n")
    project = tmp_path / "project"
    project.mkdir()
    (project / "link.yaml").symlink_to(outside)
    (project / "folder").symlink_to(tmp_path, target_is_directory=True)
    run = apply(project)
    assert run.returncode == 0
    assert outside.read_text() == "async_stream: true\n"
    assert (project / "link.yaml").is_symlink()


@posix
def test_what_is_given_once_more_through_a_link_is_written_once(tmp_path: Path) -> None:
    path = tmp_path / "real" / "a.yaml"
    path.parent.mkdir()
    path.write_text("async_stream: true\n")
    (tmp_path / "link").symlink_to("real")
    run = apply(tmp_path, "real", "link", "link/a.yaml")
    assert (run.returncode, run.stderr) == (0, b"changed 1 file (1 fix)\n")
    assert path.read_text() == "stream: true\n"
    undo = [sys.executable, "-m", "migrator", "undo"]
    assert subprocess.run(undo, cwd=tmp_path, check=False).returncode == 0
    assert path.read_text() == "async_stream: true\n"


@posix
def test_hard_links_are_not_parted(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("async_stream: true\n")
    os.link(tmp_path / "a.yaml", tmp_path / "b.yaml")
    run = apply(tmp_path)
    assert run.returncode == 1
    assert b"hard link" in run.stderr
    assert (tmp_path / "a.yaml").read_text() == "async_stream: true\n"


@posix
def test_a_read_only_file_is_left_and_named(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("async_stream: true\n")
    path.chmod(0o444)
    run = apply(tmp_path)
    assert run.returncode == 1
    assert b"a.yaml: this file was left as it was: it is read-only" in run.stderr


@posix
def test_what_rests_on_a_read_only_file_is_left_as_well(tmp_path: Path) -> None:
    files = {
        "shared.py": "from pipeline.async_streaming import invoke\n",
        "use.py": "from shared import invoke\n\n\ndef f(ctx, h):\n    invoke(ctx.prompt, h)\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "shared.py").chmod(0o444)
    dry = apply(tmp_path, "--dry-run")
    run = apply(tmp_path)
    for one in (dry, run):
        assert one.returncode == 1
        assert b"shared.py: this file was left as it was: it is read-only" in one.stderr
    assert dry.stdout == b""
    assert {name: (tmp_path / name).read_text() for name in files} == files
    (tmp_path / "shared.py").chmod(0o644)
    assert apply(tmp_path).returncode == 0
    assert "invoke(ctx, prompt=ctx.prompt" in (tmp_path / "use.py").read_text()


def test_a_file_that_is_not_analysed_keeps_its_bytes(tmp_path: Path) -> None:
    data = b"async_stream: \xff\n"
    (tmp_path / "a.yaml").write_bytes(data)
    (tmp_path / "b.yaml").write_text("async_stream: true\n")
    run = apply(tmp_path)
    assert run.returncode == 1
    assert b"a.yaml: not analysed: is not utf-8: byte 14 has no meaning in it" in run.stderr
    assert (tmp_path / "a.yaml").read_bytes() == data
    assert (tmp_path / "b.yaml").read_text() == "stream: true\n"
