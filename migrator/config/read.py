"""One configuration file into a value; what is wrong in it is told with file, line and key."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migrator import __version__
from migrator.config.project import project_of
from migrator.config.visible import is_file
from migrator.errors import MigrateError, is_near, meant
from migrator.model import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

OWN = "migrator.toml"
SHARED = "pyproject.toml"
#: The names a configuration may have in a folder; the first that is one counts.
NAMES = (OWN, SHARED)

_LISTS = ("select", "ignore", "extend-exclude", "packs")
_PER_FILE = "per-file-ignores"
_SEVERITIES = "severities"
_VERIFY = "verify"
_REQUIRED = "required-version"
#: What one file may cost, in the unit of the name; no machine has more than `_MOST`.
_LIMITS = ("max-seconds", "max-memory-mib", "max-file-mib")
_MOST = 1_000_000
#: Every key but the ids of packs.
KEYS = (*_LISTS, _PER_FILE, _SEVERITIES, _REQUIRED, *_LIMITS, _VERIFY)
_LARGEST = 1024 * 1024
_TABLE = "migrator"
# A table of a tool, that of a table in it among them.
_TOOL = re.compile(rb"(?m)^[ \t]*\[+[ \t]*tool[ \t]*\.[ \t]*([\w-]+)")
_LONGEST_VERSION = 200
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)$")
# The parser walks through all tables of a dotted key for each of its parts.
_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_TOO_DEEP = re.compile(rf"(?<![\w-]){_PART}(?:[ \t]*\.[ \t]*{_PART}){{100}}")


@dataclass(frozen=True)
class Configuration:
    """What one file asks for; `options` holds the tables of packs by their ids.

    `per_file_ignores` has rules by the pattern of their files, `severities` those of rules that
    are not to have their own. `verify` is the command that validates the project: words, or a
    text for the shell. `limits` are those that the project sets itself, by their keys.

    `file` is where it was read, `None` for an empty one, and `base` the folder that patterns count
    from.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_exclude: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    severities: Mapping[str, Severity] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    verify: tuple[str, ...] | str | None = None
    limits: Mapping[str, float] = field(default_factory=dict)
    required_version: str | None = None
    file: Path | None = None
    base: Path = field(default_factory=Path)
    text: str = field(default="", repr=False)

    def place(self, *keys: str | int) -> str:
        """The file, and the line that sets the key if it is known, as errors begin.

        Without a key, the line of the table that is ours.
        """
        place = (*self.prefix, *keys)
        least = len(self.prefix) if keys else 0
        known = (place[:length] for length in range(len(place), least, -1))
        line = next((self._lines[one] for one in known if one in self._lines), None)
        return self.name if line is None else f"{self.name}:{line}"

    def says(self, *keys: str | int) -> bool:
        """Whether the file sets the key."""
        return (*self.prefix, *keys) in self._lines

    def spelled(self, *keys: str | int) -> str:
        """A key as it stands in the file, in backticks."""
        whole = "".join(
            f"[{key}]" if isinstance(key, int) else f".{key}" for key in (*self.prefix, *keys)
        )
        return f"`{whole.lstrip('.')}`"

    def error(self, problem: str, *keys: str | int) -> MigrateError:
        """An error about the value of a key."""
        return MigrateError(f"{self.place(*keys)}: {self.spelled(*keys)}: {problem}")

    def unknown(self, what: str, known: Collection[str], *keys: str | int) -> MigrateError:
        """An error about a key that is none of `known`."""
        told = meant(str(keys[-1]), known)
        return MigrateError(f"{self.place(*keys)}: unknown {what} {self.spelled(*keys)}; {told}")

    @property
    def name(self) -> str:
        """The file as a person is told of it: relative where it lies at or below this folder."""
        return "no configuration" if self.file is None else _shown(self.file)

    @property
    def folder(self) -> str:
        """The folder it is in, as a person is told of it."""
        return os.path.dirname(self.name) or "."  # noqa: PTH120

    @property
    def prefix(self) -> tuple[str, ...]:
        """The table of the file that is ours, where others stand beside it."""
        return ("tool", "migrator") if self.file and self.file.name == SHARED else ()

    @cached_property
    def _lines(self) -> dict[tuple[str | int, ...], int]:
        from migrator.config.lines import lines

        return lines(self.text)


def _shown(file: Path) -> str:
    return str(file).removeprefix(f"{Path.cwd()}{os.sep}")


def configuration_in(folder: Path) -> Configuration | None:
    """The configuration in `folder` itself; raises `MigrateError` where it is wrong."""
    for name in NAMES:
        file = folder / name
        # Of a folder that may not be searched, no file can be read: there is nothing to configure.
        if is_file(file):
            _check_link(file)
            found = _read(file, file.parent)
            if found is not None:
                return found
    return None


def _check_link(file: Path) -> None:
    """Raise `MigrateError` for a link that leads out of the project of its folder.

    To do without it could take in what it excludes.
    """
    if not file.is_symlink():
        return
    folder = Path(os.path.realpath(file.parent))
    project = project_of(folder) or folder
    if not Path(os.path.realpath(file)).is_relative_to(project):
        raise MigrateError(
            f"{_shown(file)}: is a symbolic link that leads out of {project}, and is not followed; "
            "put the file itself there, or name it with --config"
        )


def mistaken_in(folder: Path) -> str | None:
    """What to tell of a table in the folder's shared file that was probably meant for us."""
    file = folder / SHARED
    try:
        with file.open("rb") as stream:
            data = stream.read(_LARGEST)
    except OSError:
        return None
    for found in _TOOL.finditer(data):
        name = found[1].decode("utf-8", "replace")
        if is_near(name, _TABLE):
            line = data.count(b"\n", 0, found.start(1)) + 1
            told = f"`[tool.{name}]` is not read; did you mean `[tool.{_TABLE}]`?"
            return f"{_shown(file)}:{line}: {told}"
    return None


def configuration_at(file: Path) -> Configuration:
    """The configuration in a file that a person names; its patterns count from the current folder.

    Raises `MigrateError` where there is none, or it is wrong.
    """
    if not file.is_file():
        raise MigrateError(f"{file}: there is no such file; name a `{OWN}` or a `{SHARED}`")
    found = _read(file.absolute(), Path.cwd())
    if found is None:
        raise MigrateError(f"{file}: there is no `[tool.migrator]` in it")
    return found


def _read(file: Path, base: Path) -> Configuration | None:
    """The configuration in `file`, `None` for a project's file that says nothing of us."""
    blank = Configuration(file=file, base=base)
    too_deep = MigrateError(f"{blank.name}: is nested too deep")
    try:
        with file.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
    except OSError as error:
        raise MigrateError(f"{blank.name}: {error.strerror}") from None
    if len(data) > _LARGEST:
        raise MigrateError(f"{blank.name}: is larger than {_LARGEST // 1024} KiB")
    if file.name == SHARED and b"migrator" not in data:
        return None
    from migrator.config.toml import tomllib

    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
        if _TOO_DEEP.search(text):
            raise too_deep
        table: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = _AT_LINE.search(str(error))
        line = f":{at[1]}" if at else ""
        raise MigrateError(f"{blank.name}{line}: is no TOML: {error}") from None
    except UnicodeDecodeError as error:
        raise MigrateError(f"{blank.name}: is not UTF-8: {error.reason}") from None
    except RecursionError:
        raise too_deep from None
    except ValueError as error:  # a number of more digits than the interpreter takes
        raise MigrateError(f"{blank.name}: is no TOML: {error}") from None
    blank = Configuration(file=file, base=base, text=text)
    if file.name == SHARED:
        tools = table.get("tool", {})
        if not isinstance(tools, dict):
            raise MigrateError(f"{blank.place()}: `tool` must be a table")
        if _TABLE not in tools:
            return None
        table = tools[_TABLE]
    return _Reader(blank).configuration(table)


class _Reader:
    """Checks the values of one file."""

    def __init__(self, blank: Configuration) -> None:
        self._blank = blank

    def configuration(self, table: Any) -> Configuration:
        blank = self._blank
        if not isinstance(table, dict):
            raise MigrateError(f"{blank.place()}: {blank.spelled()} must be a table")
        # A later version may have keys that this one does not know.
        required = self._version(table[_REQUIRED]) if _REQUIRED in table else None
        lists: dict[str, tuple[str, ...]] = {}
        options: dict[str, dict[str, Any]] = {}
        limits: dict[str, float] = {}
        per_file: dict[str, tuple[str, ...]] = {}
        severities: dict[str, Severity] = {}
        verify = None
        for key, value in table.items():
            if key == "tool" and not blank.prefix:
                problem = f"the keys of `[tool.{_TABLE}]` stand at the top of a `{OWN}`"
                raise blank.error(problem, key)
            if key in _LISTS:
                lists[key.replace("-", "_")] = self._strings(value, key)
            elif key in _LIMITS:
                limits[key] = self._limit(value, key)
            elif key == _VERIFY:
                verify = self._command(value)
            elif key == _PER_FILE:
                rules = self._table(value, key, "rules by the pattern of their files")
                per_file = {one: self._strings(rules[one], key, one) for one in rules}
            elif key == _SEVERITIES:
                given = self._table(value, key, "a severity by rule")
                severities = {rule: self._severity(given[rule], rule) for rule in given}
            elif isinstance(value, dict):
                options[key] = value
            elif key != _REQUIRED:
                error = blank.unknown("key", KEYS, key)
                # A mistyped key of ours is told its own name alone.
                is_ours = any(is_near(key, one) or one.endswith(key) for one in KEYS)
                told = "" if is_ours else "; if it is a pack, it must be a table of options"
                raise MigrateError(f"{error}{told}")
        if lists.get("select") == ():
            raise blank.error("names no rule; without the key, all are selected", "select")
        return Configuration(
            options=options,
            verify=verify,
            limits=limits,
            per_file_ignores=per_file,
            severities=severities,
            required_version=required,
            file=blank.file,
            base=blank.base,
            text=blank.text,
            **lists,
        )

    def _wrong(self, problem: str, *keys: str | int) -> MigrateError:
        return MigrateError(f"{self._blank.place(*keys)}: {self._blank.spelled(*keys)} {problem}")

    def _strings(self, value: Any, *keys: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self._wrong("must be a list of strings", *keys)
        return tuple(value)

    def _table(self, value: Any, key: str, what: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._wrong(f"must be a table: {what}", key)
        return value

    def _severity(self, value: Any, rule: str) -> Severity:
        known = [str(one) for one in Severity]
        if value not in known:
            told = f"must be {' or '.join(f'`{one}`' for one in known)}"
            raise self._wrong(f"{told}; to leave a rule out, use `ignore`", _SEVERITIES, rule)
        return Severity(value)

    def _limit(self, value: Any, key: str) -> float:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not is_number or not 0 < value <= _MOST:
            raise self._wrong(f"must be a number above 0, and at most {_MOST}", key)
        return float(value)

    def _command(self, value: Any) -> tuple[str, ...] | str:
        table = self._table(value, _VERIFY, "`command`")
        for key in table:
            if key != "command":
                raise self._blank.unknown("key", ("command",), _VERIFY, key)
        given = table.get("command")
        if isinstance(given, str) and given.strip():
            return given
        if isinstance(given, list) and given and all(isinstance(word, str) for word in given):
            return tuple(given)
        raise self._wrong("must be a text for the shell, or a list of words", _VERIFY, "command")

    def _version(self, value: Any) -> str:
        from packaging.specifiers import InvalidSpecifier, SpecifierSet

        if not isinstance(value, str) or len(value) > _LONGEST_VERSION:
            raise self._wrong("must be a short text, as in `>=0.1`", _REQUIRED)
        bare = re.fullmatch(r"\s*[0-9][^,\s]*\s*", value)
        try:
            wanted = SpecifierSet(f"=={value.strip()}" if bare else value)
        except InvalidSpecifier:
            told = f"is no version: `{value}`; write one as in `>=0.1`"
            raise self._wrong(told, _REQUIRED) from None
        if not wanted.contains(__version__, prereleases=True):
            told = f"asks for migrate {value}, and this is {__version__}; install the other"
            raise self._wrong(told, _REQUIRED)
        return value
