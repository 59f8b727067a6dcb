"""What changed since a commit, in the folder or as it is staged, by real repositories."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from migrator.engine.changed import Changes, Reference, Since, changed_lines, narrow
from migrator.engine.discover import discover
from migrator.errors import MigrateError

COMMIT, STAGED, BRANCH = Since(Reference.COMMIT), Since(Reference.STAGED), Reference.BRANCH
MANY = b"a\n" * 999


def git(*words: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=x", "-c", "user.email=x", *words],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull},
    )
    return done.stdout.strip()


def write(path: str, *lines: str, end: str = "\n") -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_bytes("".join(f"{line}{end}" for line in lines).encode())


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One commit, of files with the lines `1`, `2` and `3`."""
    monkeypatch.chdir(tmp_path)
    git("init", "-q", "-b", "main")
    for path in ("a.py", "b.py", "sub/c.yaml", "sub/gone.py", "notes.txt"):
        write(path, "1", "2", "3", path)
    git("add", ".")
    git("commit", "-qm", "one")
    return tmp_path


def lines(since: Since, *paths: str) -> dict[str, set[int] | None]:
    return {
        path: None if found is None else set(found)
        for path, found in changes(since, *paths).lines.items()
    }


def changes(since: Since, *paths: str) -> Changes:
    walk = discover(paths)
    found = narrow(walk, Path(paths[0] if paths else "."), since)
    assert set(walk.files) == set(found.lines)
    return found


def test_nothing_changed(tree: Path) -> None:
    assert lines(COMMIT) == lines(STAGED) == lines(Since(BRANCH, "main")) == {}
    # Saved anew, with line ends as on another system, or another mode: the same.
    write("a.py", "1", "2", "3", "a.py", end="\r\n")
    Path("b.py").chmod(0o755)
    assert lines(COMMIT) == {}


def test_changed_since_the_last_commit(tree: Path) -> None:
    write("a.py", "1", "new", "2", "3", "a.py")
    git("add", "a.py")
    write("b.py", "1", "3", "b.py", "new")
    write("sub/c.yaml", "1", "2")
    write("new.py", "1")
    expected = {"a.py": {2}, "b.py": {4}, "new.py": None}
    assert lines(COMMIT) == expected
    assert lines(COMMIT, "sub", "b.py") == {"b.py": {4}}
    assert lines(STAGED) == {"a.py": {2}}
    os.chdir("sub")
    assert lines(COMMIT, "..") == {f"../{path}": found for path, found in expected.items()}


def test_what_is_staged_is_what_counts(tree: Path) -> None:
    write("a.py", "staged", "1", "2", "3", "a.py")
    write("b.py", "staged")
    write("new.py", "staged")
    git("add", ".")
    write("a.py", "later", "later", "1")
    write("b.py", "1", "2", "3", "b.py")
    git("rm", "-q", "--cached", "sub/c.yaml")
    write("untracked.py", "later")
    found = changes(STAGED)
    assert found.lines == {"a.py": {1}, "b.py": {1}, "new.py": None}
    assert found.staged == {"a.py": b"staged\n1\n2\n3\na.py\n", "b.py": b"staged\n"}


def test_a_file_that_is_staged_and_gone_is_named(tree: Path) -> None:
    write("new.py", "staged")
    write("a.py", "staged")
    git("add", ".")
    for gone in ("new.py", "a.py", "b.py"):
        Path(gone).unlink()
    walk = discover(())
    narrow(walk, Path(), STAGED)
    assert walk.skipped == dict.fromkeys(("new.py", "a.py"), "is staged, but not there any more")


def test_changed_since_the_branch_began(tree: Path) -> None:
    git("checkout", "-qb", "topic")
    write("a.py", "1", "2", "topic", "3", "a.py")
    git("commit", "-qam", "two")
    git("checkout", "-q", "main")
    write("b.py", "main", "1", "2", "3", "b.py")
    git("commit", "-qam", "three")
    git("checkout", "-q", "topic")
    write("sub/c.yaml", "1", "2", "3", "sub/c.yaml", "not committed")
    assert lines(Since(BRANCH, "main")) == {"a.py": {3}, "sub/c.yaml": {5}}
    assert lines(COMMIT) == {"sub/c.yaml": {5}}


def test_a_file_that_moved_is_followed(tree: Path) -> None:
    Path("sub/gone.py").rename("moved.py")
    write("moved.py", "1", "2", "new", "3")
    write("copy.py", "1", "2", "3", "a.py")
    assert lines(COMMIT) == {"copy.py": {4}, "moved.py": {3}}
    git("add", "-A")
    assert lines(STAGED) == {"copy.py": {4}, "moved.py": {3}}


def test_before_the_first_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    git("init", "-q")
    write("a.py", "1")
    assert lines(COMMIT) == {"a.py": None}
    assert lines(STAGED) == {}
    git("add", ".")
    assert lines(STAGED) == {"a.py": None}


@pytest.mark.parametrize(
    ("since", "said"),
    [
        (Since(BRANCH, "nobody"), "`nobody` is no commit here: fetch it first"),
        (Since(BRANCH, "--all"), "`--all` is no name of a commit"),
        (Since(BRANCH, ""), "`` is no commit here"),
        (Since(BRANCH, "orphan"), "no commit in common"),
    ],
)
def test_what_git_cannot_tell(tree: Path, since: Since, said: str) -> None:
    git("checkout", "-q", "--orphan", "orphan")
    git("commit", "-qm", "two")
    git("checkout", "-q", "main")
    with pytest.raises(MigrateError, match=said):
        lines(since)


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MigrateError, match="not a git repository"):
        lines(COMMIT)
    monkeypatch.setenv("PATH", ".")
    write("git", "#!/bin/sh", "touch canary")
    Path("git").chmod(0o755)
    with pytest.raises(MigrateError, match="there is no `git` here"):
        lines(COMMIT)
    assert not Path("canary").exists()


def test_a_merge_that_is_open(tree: Path) -> None:
    git("checkout", "-qb", "topic")
    write("a.py", "topic")
    git("commit", "-qam", "two")
    git("checkout", "-q", "main")
    write("a.py", "main")
    git("commit", "-qam", "three")
    with pytest.raises(subprocess.CalledProcessError):
        git("merge", "topic")
    with pytest.raises(MigrateError, match=r"a\.py: a merge has left it open"):
        lines(STAGED)
    assert lines(COMMIT) == {"a.py": {1, 3, 4, 5}}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (None, b"a\n", None),
        (b"a\n", b"a\0\n", None),
        (b"a\nb\n", b"a\r\nb\r\n", set()),
        (b"a\rb", b"a\rc\rb", {2}),
        (b"a\nb\nc\n", b"a\nc\n", set()),
        (b"a\na\n", b"a\na\na\n", {3}),
        (b"", b"a\n", {1}),
        # Too many that are equal to be matched one by one.
        (b"x\n" + MANY + b"x", b"y\n" + MANY + b"b\n" + MANY + b"y", {1, *range(1001, 2002)}),
    ],
)
def test_changed_lines(old: bytes | None, new: bytes, expected: set[int] | None) -> None:
    assert changed_lines(old, new) == expected


def hostile(tree: Path) -> None:
    """A configuration that has git run a program wherever it can."""
    script = tree / "program"
    script.write_text(f'#!/bin/sh\necho "$0 $@" >> {tree / "canary"}\n')
    script.chmod(0o755)
    (tree / ".git" / "info" / "attributes").write_text("* filter=x diff=x merge=x\n")
    for hook in (
        *("fsmonitor-watchman", "post-index-change", "pre-auto-gc", "reference-transaction"),
        *("post-checkout", "query-watchman"),
    ):
        (tree / ".git" / "hooks" / hook).write_bytes(script.read_bytes())
        (tree / ".git" / "hooks" / hook).chmod(0o755)
    with (tree / ".git" / "config").open("a") as config:
        config.write(
            f"[core]\n\tfsmonitor = {script}\n\tpager = {script}\n\tsshCommand = {script}\n"
            f"\teditor = {script}\n\taskPass = {script}\n\talternateRefsCommand = {script}\n"
            f'[filter "x"]\n\tclean = {script}\n\tsmudge = {script}\n\tprocess = {script}\n'
            f'[diff]\n\texternal = {script}\n[diff "x"]\n\tcommand = {script}\n'
            f"\ttextconv = {script}\n[credential]\n\thelper = {script}\n"
            f"[alias]\n\tls-files = !{script}\n\trev-parse = !{script}\n"
            f"[protocol]\n\tallow = always\n"
            f'[protocol "ext"]\n\tallow = always\n[protocol "file"]\n\tallow = always\n'
            f"[extensions]\n\tpartialClone = origin\n"
            f'[remote "origin"]\n\tpromisor = true\n\turl = ext::{script} %S\n'
            f"\tuploadpack = {script}\n\tvcs = x\n"
        )


@pytest.mark.parametrize("url", ["ext::{tree}/program %S", "{tree}/.git", "ssh://x/{tree}"])
def test_git_starts_no_program(tree: Path, url: str) -> None:
    write("a.py", "1", "new", "2", "3", "a.py")
    git("add", ".")
    write("b.py", "1", "new")
    blob = git("rev-parse", "HEAD:b.py")
    hostile(tree)
    git("config", "remote.origin.url", url.format(tree=tree))
    Path("canary").unlink(missing_ok=True)
    assert lines(COMMIT) == {"a.py": {2}, "b.py": {2}}
    assert lines(STAGED) == {"a.py": {2}}
    assert lines(Since(BRANCH, "main")) == {"a.py": {2}, "b.py": {2}}
    # An object that is missing could be had by a fetch, with a program of the configuration's.
    (tree / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(MigrateError, match="migrate fetches nothing"):
        lines(COMMIT)
    assert not Path("canary").exists()
    # It is there to be started, and is.
    for words in (["status"], ["cat-file", "blob", blob]):
        subprocess.run(["git", *words], check=False, capture_output=True, timeout=60)
    assert Path("canary").exists()
