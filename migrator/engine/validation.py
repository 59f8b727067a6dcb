"""The project's own validation: its command, how it ended, and the sources that this speaks of."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from migrator.config import Closest
from migrator.config.visible import is_file, is_folder
from migrator.engine.configured import Configurations
from migrator.engine.contents import contents
from migrator.engine.discover import discover
from migrator.engine.state import existing_folder_for, folder_for
from migrator.errors import MigrateError
from migrator.model import State

if TYPE_CHECKING:
    from collections.abc import Iterable

_FILE = "validation.json"
_MIX = ("mix.exs",)
_PYTHON = ("pyproject.toml", "setup.py", "setup.cfg")
_NO_TESTS = 5  # pytest: no tests were collected
_NOT_FOUND = (126, 127)  # a shell: found but not executable, not found


class Command(NamedTuple):
    """One command, run in `folder`: words as they are, or a text for the shell.

    `nothing` are exit codes that say that nothing was validated.
    """

    words: tuple[str, ...] | str
    folder: Path
    nothing: tuple[int, ...] = ()

    def __str__(self) -> str:
        if isinstance(self.words, str):
            return self.words
        import shlex

        return shlex.join(self.words)

    def run(self) -> bool:
        """Whether it passed; raises `MigrateError` where it could not run."""
        import subprocess

        try:
            # The project's own command is what `migrate verify` is asked to run.
            done = subprocess.run(  # noqa: S603
                self.words, cwd=self.folder, shell=isinstance(self.words, str), check=False
            )
        except FileNotFoundError:
            raise MigrateError(f"`{self}` could not run: `{self.words[0]}` is not found") from None
        except OSError as error:
            raise MigrateError(f"`{self}` could not run: {error.strerror}") from None
        if done.returncode in self.nothing:
            raise MigrateError(f"`{self}` ended with {done.returncode}: nothing was validated")
        return done.returncode == 0


def commands(start: Path) -> list[Command]:
    """The commands that validate the project of `start`; raises `MigrateError` for none.

    That of the configuration, else those that the project's files call for.
    """
    root = validated_folder(start)
    given = Closest().of(root).verify
    if given is not None:
        return [Command(given, root, _NOT_FOUND if isinstance(given, str) else ())]
    found = []
    if _has(root, _MIX):
        found.append(Command(("mix", "test", "--only", "streaming"), root))
    if _has(root, _PYTHON):
        found.append(Command(("pytest", "-m", "streaming"), root, (_NO_TESTS,)))
    if not found:
        raise MigrateError(
            f"{root}: there is neither a `mix.exs` nor a Python project here: say in the "
            "configuration what validates it, `command` under `[tool.migrator.verify]`"
        )
    return found


def validated_folder(start: Path) -> Path:
    """The folder that a validation of `start` is run in and speaks of."""
    folder = start.absolute()
    folder = folder if folder.is_dir() else folder.parent
    config = Closest().of(folder)
    if config.verify is not None and config.file is not None:
        return config.file.parent
    chain = (folder, *folder.parents)
    return next((one for one in chain if _has(one, (*_MIX, *_PYTHON))), folder)


def _has(folder: Path, names: Iterable[str]) -> bool:
    return any(is_file(folder / name) for name in names)


def digest(root: Path) -> str:
    """A digest of the names and the bytes of all sources below `root`."""
    walk = discover([os.path.relpath(root)], Configurations(Closest()))
    total = hashlib.sha256()
    for path in walk.files:
        read = contents(path)
        told = read.encode() if isinstance(read, str) else read.data
        name = os.fsencode(os.path.relpath(path, root))
        total.update(b"%d %d\n%s%s" % (len(name), len(told), name, told))
    return total.hexdigest()


class Outcome(NamedTuple):
    """How the commands ended on the sources with that digest; `at` is the time in UTC."""

    passed: bool
    commands: tuple[str, ...]
    digest: str
    at: str


def keep(root: Path, outcome: Outcome) -> None:
    """Keep `outcome` for the checklists of `root`, in place of the one before it."""
    file = folder_for(root) / _FILE
    beside = file.with_suffix(".new")
    beside.write_text(json.dumps(outcome._asdict()), "utf-8")
    beside.replace(file)


def kept(root: Path) -> Outcome | None:
    """The outcome kept for `root`; one that cannot be read is none."""
    folder = existing_folder_for(root)
    if folder is None or not (folder / _FILE).is_file():
        return None
    try:
        data = json.loads((folder / _FILE).read_bytes())
        named = tuple(str(command) for command in data["commands"])
        return Outcome(data["passed"] is True, named, str(data["digest"]), str(data["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def now() -> str:
    """The time as outcomes tell it, to the minute."""
    import datetime

    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")


class Standing(NamedTuple):
    """What the checklist says of the validation."""

    state: State = State.UNCHECKED
    evidence: str = "the project's validation has not been run"


def standing(paths: Iterable[str]) -> Standing:
    """Where the validation of the projects of `paths` stands, for the sources as they are."""
    last = Standing()
    starts = {path if is_folder(path) else path.parent for path in map(Path, paths or (".",))}
    for root in sorted(set(map(validated_folder, starts))):
        last = _standing(root)
        if last.state is not State.DONE:
            break
    return last


def _standing(root: Path) -> Standing:
    outcome = kept(root)
    if outcome is None:
        return Standing()
    verb = "passed" if outcome.passed else "failed"
    told = f"`{'` and `'.join(outcome.commands)}` {verb} on {outcome.at}"
    if outcome.digest != digest(root):
        return Standing(State.UNCHECKED, f"the sources have changed since {told}")
    return Standing(State.DONE if outcome.passed else State.OPEN, f"{told}, on these very sources")
