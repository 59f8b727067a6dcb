"""The project's configuration: `[tool.migrator]` of `pyproject.toml`, or `migrator.toml`.

It can select, ignore and parametrise; it cannot name code.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from migrator.errors import MigrateError, meant

if TYPE_CHECKING:
    from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_LISTS = ("select", "ignore", "extend-exclude")
_PACKS = "packs"
_VERIFY = "verify"
#: What one file may cost, in the unit of the name; no machine has more than `_MOST`.
_LIMITS = ("max-seconds", "max-memory-mib", "max-file-mib")
_MOST = 1_000_000


@dataclass(frozen=True)
class Configuration:
    """What the project asks for; `packs` holds the tables of packs by their ids.

    `verify` is the command that validates the project: words, or a text for the shell. `limits`
    are the limits that the project sets itself, by their keys; `pack_folders` the folders of the
    packs it adds.
    `origin` is where it was read, as an error names it: the file and the prefix of its keys.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_exclude: tuple[str, ...] = ()
    packs: dict[str, dict[str, Any]] = field(default_factory=dict)
    verify: tuple[str, ...] | str | None = None
    limits: dict[str, float] = field(default_factory=dict)
    pack_folders: tuple[Path, ...] = ()
    origin: tuple[str, str] = ("", "")


def configuration(start: Path) -> Configuration:
    """The closest configuration at or above `start`; raises `MigrateError` where it is wrong."""
    folder = start.absolute()
    found = (configuration_in(candidate) for candidate in (folder, *folder.parents))
    return next((one for one in found if one is not None), Configuration())


def configuration_in(folder: Path) -> Configuration | None:
    """The configuration in `folder` itself; raises `MigrateError` where it is wrong."""
    own = folder / "migrator.toml"
    if own.is_file():
        return _checked(_load(own), own, "")
    project = folder / "pyproject.toml"
    if project.is_file():
        tools = _load(project).get("tool", {})
        if not isinstance(tools, dict):
            raise MigrateError(f"{project}: `tool` must be a table")
        if "migrator" in tools:
            return _checked(tools["migrator"], project, "tool.migrator.")
    return None


def _load(path: Path) -> dict[str, Any]:
    try:
        table: dict[str, Any] = tomllib.loads(path.read_bytes().decode())
    except OSError as error:
        raise MigrateError(f"{path}: {error.strerror}") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise MigrateError(f"{path}: {error}") from None
    return table


def _checked(table: Any, path: Path, prefix: str) -> Configuration:
    if not isinstance(table, dict):
        raise MigrateError(f"{path}: `{prefix.rstrip('.')}` must be a table")
    lists: dict[str, tuple[str, ...]] = {}
    packs: dict[str, dict[str, Any]] = {}
    limits: dict[str, float] = {}
    folders: tuple[Path, ...] = ()
    verify = None
    for key, value in table.items():
        if key in (*_LISTS, _PACKS):
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise MigrateError(f"{path}: `{prefix}{key}` must be a list of strings")
            if key == _PACKS:
                folders = tuple(path.parent / item for item in value)
            else:
                lists[key.replace("-", "_")] = tuple(value)
        elif key in _LIMITS:
            limits[key] = _limit(value, f"{path}: `{prefix}{key}`")
        elif key == _VERIFY:
            verify = _command(value, f"{path}: `{prefix}{key}")
        elif isinstance(value, dict):
            packs[key] = value
        else:
            known = (*_LISTS, _PACKS, *_LIMITS, _VERIFY)
            raise MigrateError(f"{path}: unknown key `{prefix}{key}`; {meant(key, known)}")
    origin = (str(path), prefix)
    return Configuration(
        packs=packs, verify=verify, limits=limits, pack_folders=folders, origin=origin, **lists
    )


def _limit(value: Any, where: str) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not 0 < value <= _MOST:
        raise MigrateError(f"{where} must be a number above 0, and at most {_MOST}")
    return float(value)


def _command(table: Any, where: str) -> tuple[str, ...] | str:
    if not isinstance(table, dict):
        raise MigrateError(f"{where}` must be a table")
    for key in table:
        if key != "command":
            raise MigrateError(f"{where}.{key}` is unknown; there is `command`")
    given = table.get("command")
    if isinstance(given, str) and given.strip():
        return given
    if isinstance(given, list) and given and all(isinstance(word, str) for word in given):
        return tuple(given)
    raise MigrateError(f"{where}.command` must be a text for the shell, or a list of words")
