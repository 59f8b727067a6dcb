"""Which files a walk takes, which it leaves out or skips, and why."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest

from migrator.config import Closest
from migrator.engine.configured import Configurations
from migrator.engine.contents import SIZE_LIMIT
from migrator.engine.discover import discover, shown
from migrator.errors import MigrateError

TREE = {
    ".gitignore": "/build/\n*.gen.py\n!keep.gen.py\n",
    ".git/HEAD": "",
    "a.py": "",
    "b.yml": "",
    "c.txt": "",
    "D.YAML": "",
    "types.pyi": "",
    "x.gen.py": "",
    "keep.gen.py": "",
    "build/a.py": "",
    "sub/build/a.py": "",
    "sub/.gitignore": "local.py\n",
    "sub/local.py": "",
    "local.py": "",
    "vendor/a.py": "",
    "mixed/mix.exs": "",
    "mixed/deps/a.ex": "",
    "deps/a.py": "",
    "node_modules/a.py": "",
    "env/pyvenv.cfg": "",
    "env/lib/a.py": "",
    "module/.git": "gitdir: elsewhere",
    "module/a.py": "",
    "lib/a.ex": "",
    "old/a.py": "",
}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in TREE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_looked_at(tree: Path) -> None:
    (tree / "migrator.toml").write_text("extend-exclude = ['old/']\n")
    walk = discover((), Configurations(Closest()))
    assert walk.files == {
        "D.YAML": "yaml",
        "a.py": "python",
        "b.yml": "yaml",
        "deps/a.py": "python",
        "keep.gen.py": "python",
        "lib/a.ex": "elixir",
        "local.py": "python",
        "mixed/mix.exs": "elixir",
        "sub/build/a.py": "python",
        "types.pyi": "python",
    }
    assert walk.excluded == {
        "excluded by the configuration": 1,
        "ignored by git": 3,
        "submodule": 1,
        "vendored": 3,
        "version control": 1,
        "virtual environment": 1,
    }


@pytest.mark.parametrize(
    ("paths", "files"),
    [
        (["sub"], ["sub/build/a.py"]),
        (["x.gen.py", "vendor/a.py"], ["vendor/a.py", "x.gen.py"]),
        (["./a.py", "a.py", "sub/../a.py"], ["a.py"]),
        (["c.txt"], []),
    ],
    ids=["folder", "given by name", "the same thrice", "no language"],
)
def test_paths(tree: Path, paths: list[str], files: list[str]) -> None:
    assert list(discover(paths).files) == files


def test_ignore_files_above_count(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "sub" / "y.gen.py").write_text("")
    monkeypatch.chdir(tree / "sub")
    assert list(discover(()).files) == ["build/a.py"]


def test_what_lies_in_an_ignored_folder_is_ignored(tree: Path) -> None:
    (tree / "build" / ".gitignore").write_text("!a.py\n")
    assert not discover(["build"]).files
    (tree / ".gitignore").write_text("build/*\n")
    assert list(discover(["build"]).files) == ["build/a.py"]


def test_a_path_that_is_not_there(tree: Path) -> None:
    with pytest.raises(MigrateError, match="nowhere: No such file"):
        discover(["nowhere"])


def test_a_file_too_large_is_skipped_before_it_is_read(tree: Path) -> None:
    with (tree / "large.yaml").open("wb") as file:
        file.truncate(5 * 1024 * 1024 + 1)
    assert discover(()).skipped == {"large.yaml": "is larger than 5 MiB"}


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_links_are_not_followed(tree: Path) -> None:
    (tree / "link.py").symlink_to(tree / "a.py")
    (tree / "loop").symlink_to(tree, target_is_directory=True)
    (tree / "itself").symlink_to("itself")
    walk = discover(())
    assert "link.py" in walk.skipped
    assert not [path for path in walk.files if path.startswith("loop")]
    assert walk.excluded["behind a symbolic link"] == 1


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_a_file_has_one_name_however_it_is_reached(tree: Path) -> None:
    (tree / "sub" / "other").symlink_to(tree / "lib", target_is_directory=True)
    for paths in (["sub/other"], ["sub/other/a.ex"], ["lib", "sub/other", "sub/other/a.ex"]):
        walk = discover(paths)
        assert list(walk.files) == ["lib/a.ex"]
        assert "a.py" in walk.context
        assert not walk.files.keys() & walk.context.keys()
    assert shown(Path("sub/other/new.ex")) == "lib/new.ex"
    assert shown(Path("sub/other/../a.py")) == "a.py"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of POSIX")
def test_what_is_no_file_is_named(tree: Path) -> None:
    os.mkfifo(tree / "pipe.yaml")
    assert discover(()).skipped == {"pipe.yaml": "is no regular file"}


def test_lines_that_are_no_patterns_take_nothing_from_the_others(tree: Path) -> None:
    (tree / ".gitignore").write_text("[z-a]\n\\\n!\n[[l]ocal.py\na.py\r\nb.yml\n", newline="")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        files = discover(()).files
    assert "types.pyi" in files
    assert not files.keys() & {"a.py", "b.yml", "local.py"}


def test_an_ignore_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c.yaml").touch()
    (tmp_path / "a" / ".gitignore").write_bytes(b"c.yaml\n" + b"#" * SIZE_LIMIT)
    (tmp_path / "a" / "b" / ".gitignore").touch()
    walk = discover([])
    assert walk.skipped == {"a/.gitignore": "is larger than 5 MiB; what it names is not left out"}
    assert list(walk.files) == ["a/b/c.yaml"]
