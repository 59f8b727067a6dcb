"""What a git repository says of its files, by those of git's commands that start no program.

The configuration of a repository is as much a stranger's as its files, and most commands of git
run what it names: filters, monitors, hooks, pagers, converters. These read trees, the index and
objects, and nothing else; an object that is missing is not fetched.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from migrator.errors import MigrateError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_SAFE = (
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.untrackedCache=false"),
)
# Objects of a partial clone are fetched when they are missing, by a program that the repository's
# configuration may name: no transport is allowed, whatever it says.
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_FILES = ("100644", "100755")


class Entry(NamedTuple):
    """A file of the index: the name of its object, and whether a merge has left it open."""

    object: str
    unmerged: bool = False


class Repository:
    """The repository that a folder lies in; raises `MigrateError` where there is none."""

    def __init__(self, folder: Path) -> None:
        self._git = _program()
        # A hook has told git where the repository is, relative to the current folder.
        self._folder = Path() if os.environ.get("GIT_DIR") else folder
        self.root = os.fsdecode(self._line("rev-parse", "--show-toplevel"))

    def commit(self, name: str) -> str:
        """The commit that `name` stands for; raises `MigrateError` for none."""
        if name.startswith("-"):
            raise MigrateError(f"`{name}` is no name of a commit")
        done = self._run("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        if done.returncode:
            raise MigrateError(
                f"`{name}` is no commit here: fetch it first, as in `git fetch origin {name}`; a "
                "checkout in CI often lacks the history (for actions/checkout: `fetch-depth: 0`)"
            )
        return done.stdout.decode().strip()

    def head(self) -> str | None:
        """The commit that is checked out; `None` before the first one."""
        done = self._run("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        return None if done.returncode else done.stdout.decode().strip()

    def fork_point(self, name: str) -> str:
        """The commit that HEAD and `name` have in common; raises `MigrateError` for none."""
        commit = self.commit(name)
        done = self._run("merge-base", commit, "HEAD")
        if done.returncode:
            raise MigrateError(
                f"HEAD and `{name}` have no commit in common here: a shallow clone lacks it "
                "(`git fetch --unshallow`; for actions/checkout: `fetch-depth: 0`)"
            )
        return done.stdout.split()[0].decode()

    def tree(self, commit: str | None) -> dict[str, str]:
        """The names of the objects of the files of a commit, by their paths from the root."""
        if commit is None:
            return {}
        found = {}
        listed = self._output("ls-tree", "-r", "-z", "--full-tree", commit)
        for fields, path in _records(listed):
            mode, _, name = fields
            if mode in _FILES:
                found[path] = name
        return found

    @cached_property
    def index(self) -> Mapping[str, Entry]:
        """The files of the index by their paths from the root."""
        found: dict[str, Entry] = {}
        listed = self._output("ls-files", "-s", "-z", "--full-name", "--", ":/")
        for fields, path in _records(listed):
            mode, name, stage = fields
            if mode in _FILES:
                found[path] = Entry(name, stage != "0")
        return found

    def object_name(self, data: bytes) -> str:
        """What git would call a file of those bytes."""
        digest = hashlib.new(self._format, usedforsecurity=False)
        digest.update(b"blob %d\0" % len(data))
        digest.update(data)
        return digest.hexdigest()

    def contents(self, names: Collection[str]) -> dict[str, bytes]:
        """The bytes of objects by their names; raises `MigrateError` for one that is not here."""
        if not names:
            return {}
        asked = "".join(f"{name}\n" for name in names).encode()
        done = self._run("cat-file", "--batch", given=asked)
        found: dict[str, bytes] = {}
        at = 0
        while not done.returncode and at < len(done.stdout):
            end = done.stdout.index(b"\n", at)
            name, *fields = done.stdout[at:end].decode().split(" ")
            if len(fields) != 2:
                break
            size = int(fields[1])
            found[name] = done.stdout[end + 1 : end + 1 + size]
            at = end + size + 2
        if len(found) < len(set(names)):
            raise MigrateError(
                f"{self.root}: an old version of a file is not in this repository, and migrate "
                "fetches nothing: is it a partial clone? One without `--filter` has all of them"
            )
        return found

    @cached_property
    def _format(self) -> str:
        return self._line("rev-parse", "--show-object-format").decode()

    def _line(self, *words: str) -> bytes:
        return self._output(*words).removesuffix(b"\n")

    def _output(self, *words: str) -> bytes:
        done = self._run(*words)
        if done.returncode:
            why = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
            raise MigrateError(f"git cannot tell what changed: {why}")
        return done.stdout

    def _run(self, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(  # noqa: S603
            (self._git, *_SAFE, *words),
            cwd=self._folder,
            env={**os.environ, **_ENVIRONMENT},
            input=given,
            capture_output=True,
            check=False,
        )


def _program() -> str:
    """Where git is: never in the current folder, which may be a tree that brings its own."""
    found = shutil.which("git")
    if found is None or not os.path.isabs(found):  # noqa: PTH117
        raise MigrateError("what changed is asked of git, and there is no `git` here: install it")
    return found


def _records(listed: bytes) -> Iterator[tuple[list[str], str]]:
    for record in listed.split(b"\0"):
        if record:
            fields, _, path = record.partition(b"\t")
            yield fields.decode().split(" "), os.fsdecode(path)
