"""What the configuration that is closest to a file says of it: whether, and by which rules."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.config import Closest, Configuration
from migrator.config.visible import is_folder
from migrator.engine.gitignore import Patterns, is_pattern
from migrator.errors import MigrateError, meant

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

# What holds for a run as a whole, and so is taken from one configuration alone.
_OF_A_RUN = ("packs", "options", "limits")


@dataclass(frozen=True)
class Chosen:
    """The rules that the command line names; where it names any, no configuration does."""

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()


class Configured:
    """One configuration, for the files it is the closest of.

    Raises `MigrateError` where a pattern of it is none.
    """

    def __init__(self, config: Configuration, chosen: Chosen) -> None:
        self.config = config
        self._chosen = chosen
        self._base = f"{config.base.absolute().as_posix().rstrip('/')}/"
        for pattern in config.extend_exclude:
            self._check(pattern, "extend-exclude")
        self._excluded = Patterns(config.extend_exclude)
        self._per_file = list(self._rules_per_file())

    def excludes(self, path: str, *, is_folder: bool) -> bool:
        """Whether it leaves out `path`, absolute and with `/`, of which it has all folders."""
        if not self._excluded or not path.startswith(self._base):
            return False
        return bool(self._excluded.says(path[len(self._base) :], is_folder=is_folder))

    def rules(self, path: str, known: frozenset[str]) -> frozenset[str]:
        """Those of the `known` rules that are asked for in the file at `path`, absolute."""
        left = self.rules_anywhere(known)
        if path.startswith(self._base):
            for patterns, rules in self._per_file:
                if _covers(patterns, path[len(self._base) :]):
                    left -= rules
        return left

    def check(self, known: Collection[str], run: Configuration) -> None:
        """Raise `MigrateError` for a rule that is named and is none of `known`.

        Unless it may be of a pack that a run by the configuration `run` does without.
        """
        for name in sorted((self._chosen.select | self._chosen.ignore) - set(known)):
            raise MigrateError(f"no rule is called `{name}`; {meant(name, known)}")
        if self.config.packs != run.packs:
            return
        for place, name in self._named():
            if name not in known:
                raise self.config.error(f"no rule is called `{name}`; {meant(name, known)}", *place)

    def not_used(self, run: Configuration) -> tuple[str, ...]:
        """The keys that count for a run as a whole and that a run by `run` does not have."""
        said = {key: getattr(self.config, key) for key in _OF_A_RUN}
        return tuple(
            name
            for key, value in said.items()
            if value and value != getattr(run, key)
            for name in ((key,) if key == "packs" else sorted(value))
        )

    def _named(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Every rule that is named, behind the place of its key."""
        config = self.config
        if not self._chosen.select:
            yield from ((("select",), name) for name in config.select)
        if not self._chosen.ignore:
            yield from ((("ignore",), name) for name in config.ignore)
        for pattern, rules in config.per_file_ignores.items():
            yield from ((("per-file-ignores", pattern), name) for name in rules)
        yield from ((("severities", name), name) for name in config.severities)

    @property
    def is_by_file(self) -> bool:
        """Whether it asks for other rules in some files than in the rest."""
        return bool(self._per_file)

    def rules_anywhere(self, known: frozenset[str]) -> frozenset[str]:
        """Those of the `known` rules that are asked for, whatever it says of single files."""
        select = self._chosen.select or frozenset(self.config.select)
        ignore = self._chosen.ignore or frozenset(self.config.ignore)
        return (known & select if select else known) - ignore

    def _rules_per_file(self) -> Iterator[tuple[Patterns, frozenset[str]]]:
        for pattern, rules in self.config.per_file_ignores.items():
            self._check(pattern, "per-file-ignores", pattern)
            if pattern.startswith(("!", "#")) or not pattern.strip():
                raise self.config.error("names no files by itself", "per-file-ignores", pattern)
            yield Patterns([pattern]), frozenset(rules)

    def _check(self, pattern: str, *keys: str) -> None:
        if not is_pattern(pattern):
            raise self.config.error(f"`{pattern}` is no pattern that .gitignore may hold", *keys)


class Configurations:
    """The configured of folders; all files whose closest configuration is one share one."""

    def __init__(self, closest: Closest | None = None, chosen: Chosen = Chosen()) -> None:
        self.closest = closest or Closest(Configuration())
        self._chosen = chosen
        self._by_file: dict[Path | None, Configured] = {}

    def of(self, folder: Path) -> Configured:
        """What is configured for the files in `folder`.

        Raises `MigrateError` where it is wrong.
        """
        return self.by(self.closest.of(folder))

    def within(self, outer: Configured, folder: str) -> Configured:
        """What is configured for `folder`, which has a file that may be a configuration.

        It is that of the `outer` folder where it is none. Raises `MigrateError` where it is wrong.
        """
        own = self.closest.own(Path(folder))
        return outer if own is None else self.by(own)

    def of_run(self, paths: Iterable[str]) -> Configuration:
        """The configuration of a run over `paths` as a whole: the closest to all of them."""
        folders = {_folder(path) for path in paths} or {str(Path.cwd())}
        try:
            common = os.path.commonpath(folders)
        except ValueError:  # on several drives
            common = str(Path.cwd())
        return self.closest.of(Path(common))

    def by(self, config: Configuration) -> Configured:
        """What `config` says of the files whose closest configuration it is."""
        if config.file not in self._by_file:
            self._by_file[config.file] = Configured(config, self._chosen)
        return self._by_file[config.file]


def _covers(patterns: Patterns, path: str) -> bool:
    """Whether a file is what the patterns name, or lies in a folder that is."""
    parts = path.split("/")
    folders = ("/".join(parts[:count]) for count in range(1, len(parts)))
    return bool(patterns.says(path, is_folder=False)) or any(
        patterns.says(folder, is_folder=True) for folder in folders
    )


def _folder(path: str) -> str:
    absolute = os.path.normpath(Path(path).absolute())
    return absolute if is_folder(absolute) else os.path.dirname(absolute)  # noqa: PTH120


def asked(configured: Mapping[str, Configured], known: frozenset[str]) -> dict[str, frozenset[str]]:
    """The rules that are asked for in each of some files, given with `/` from the current folder.

    Raises `MigrateError` where a configuration names a rule that there is not.
    """
    here = Path.cwd().as_posix().rstrip("/")
    found = {}
    last: tuple[Configured, frozenset[str]] | None = None
    for path, own in configured.items():
        if own.is_by_file:
            absolute = path if path.startswith("/") else os.path.normpath(f"{here}/{path}")
            found[path] = own.rules(absolute.replace(os.sep, "/"), known)
            continue
        # Most files have the configuration of the one before.
        if last is None or last[0] is not own:
            last = own, own.rules_anywhere(known)
        found[path] = last[1]
    return found
