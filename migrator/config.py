"""The project's configuration: `[tool.migrator]` of `pyproject.toml`, or `migrator.toml`.

It can select, ignore and parametrise; it cannot name code.
"""

from __future__ import annotations

import difflib
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from migrator.errors import MigrateError

if TYPE_CHECKING:
    from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_LISTS = ("select", "ignore", "extend-exclude")


@dataclass(frozen=True)
class Configuration:
    """What the project asks for; `packs` holds the tables of packs by their ids.

    `origin` is where it was read, as an error names it: the file and the prefix of its keys.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_exclude: tuple[str, ...] = ()
    packs: dict[str, dict[str, Any]] = field(default_factory=dict)
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
        table = _load(project).get("tool", {}).get("migrator")
        if table is not None:
            return _checked(table, project, "tool.migrator.")
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
    for key, value in table.items():
        if key in _LISTS:
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise MigrateError(f"{path}: `{prefix}{key}` must be a list of strings")
            lists[key.replace("-", "_")] = tuple(value)
        elif isinstance(value, dict):
            packs[key] = value
        else:
            near = difflib.get_close_matches(key, _LISTS, 1)
            hint = f"; did you mean `{near[0]}`?" if near else f"; known are {', '.join(_LISTS)}"
            raise MigrateError(f"{path}: unknown key `{prefix}{key}`{hint}")
    return Configuration(packs=packs, origin=(str(path), prefix), **lists)
