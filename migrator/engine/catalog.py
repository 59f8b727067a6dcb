"""Where packs are found: with the tool, in installed packages, in folders."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from migrator.engine.cache import NO_CACHE, Cache
from migrator.engine.contents import MEBIBYTE, refusal
from migrator.engine.index import manifest
from migrator.engine.packs import NO_RULES, builtin_folder
from migrator.errors import MigrateError, meant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from migrator.config import Configuration
    from migrator.engine.index import Manifest

#: The group of entry points by which a package offers packs: `id = "package.module"`, where the
#: folder of that package holds `pack.yaml`.
GROUP = "migrate.packs"
#: What is read of a pack, and how large a file of one may be that a configuration names.
_READ = (".py", ".yaml", ".yml", ".md")
_LARGEST = MEBIBYTE


def shipped(cache: Cache = NO_CACHE) -> dict[str, Path]:
    """The folders of the packs that come with the tool, by their ids."""
    return {found.id: folder for folder, found in _shipped(cache).items()}


def _shipped(cache: Cache) -> dict[Path, Manifest]:
    folder = builtin_folder()
    found = {path.parent: manifest(path, cache) for path in sorted(folder.glob("*/pack.yaml"))}
    if not found:
        raise MigrateError(f"{folder}: no pack is installed here; name one with --pack")
    return found


def by_default(cache: Cache = NO_CACHE) -> tuple[Path, ...]:
    """The folders of those that run where no pack is named."""
    return tuple(folder for folder, found in _shipped(cache).items() if not found.on_request)


def installed() -> dict[str, Path]:
    """The folders of the packs that installed packages offer, by their ids.

    No package is imported to find its folder. This looks at every installed package, and so is
    done only if a pack is asked for that is nowhere else.
    """
    from importlib.metadata import entry_points
    from importlib.util import find_spec

    found = {}
    for point in entry_points(group=GROUP):
        try:
            spec = find_spec(point.module)
        except (ImportError, ValueError):
            spec = None
        places = list(spec.submodule_search_locations or ()) if spec else []
        if places:
            found[point.name] = Path(places[0])
    return found


def folders(
    given: Iterable[str], config: Configuration | None = None, cache: Cache = NO_CACHE
) -> tuple[Path, ...]:
    """The folders of the packs that are `given` as ids or folders.

    If none is, those that come with the tool, unless they ask to be named, and those that the
    project's configuration names; those that do not come with the tool must then hold no Python.
    A name without a slash is an id first: a folder of the audited tree that is called so does not
    come in its place.
    """
    names = tuple(given)
    if names:
        return tuple(_folder(name, cache) for name in names)
    found = list(by_default(cache))
    if config is not None and config.packs:
        known = shipped(cache)
        named = (known.get(name) or _configured(name, config) for name in config.packs)
        found += (folder for folder in named if folder not in found)
    return tuple(dict.fromkeys(found))


def _configured(name: str, config: Configuration) -> Path:
    """The folder of a pack that a configuration names: a folder beside it, or an id."""
    assert config.file is not None
    beside = config.file.parent / name
    folder = beside if (beside / "pack.yaml").is_file() else installed().get(name)
    if folder is None:
        problem = f"there is no `pack.yaml` in {beside}, and no pack is called `{name}`"
        raise config.error(problem, "packs")
    files = [
        path
        for path in (*sorted(folder.glob("*.*")), *sorted(folder.glob("*/*.*")))
        if path.parent.name not in NO_RULES
    ]
    for path in files:
        is_of_the_tree = folder == beside and path.suffix in _READ
        if is_of_the_tree and (why := _unread(path, folder)):
            raise config.error(f"{path}: {why}, and is not read", "packs")
    code = [path for path in files if path.suffix == ".py" and path.parent != folder]
    if code:
        raise config.error(
            f"{code[0]}: a pack that the project's configuration names must hold no Python: the "
            "tree that is looked at is not to run code. Name the pack with --pack if you trust it",
            "packs",
        )
    return folder


def _unread(path: Path, folder: Path) -> str | None:
    """Why a file of a pack is not read if the tree that is looked at may have made it."""
    if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
        return "is a symbolic link that leads out of its pack"
    try:
        return refusal(path.stat(), _LARGEST)
    except OSError as error:
        return f"cannot be read: {error.strerror}"


def _folder(name: str, cache: Cache) -> Path:
    is_path = os.sep in name or (os.altsep is not None and os.altsep in name)
    if is_path or name in (".", ".."):
        return Path(name)
    known = shipped(cache)
    if name not in known:
        known |= installed()
    if name in known:
        return known[name]
    if not Path(name).is_dir():
        raise MigrateError(f"no pack is called `{name}`; {meant(name, known)}")
    return Path(name)
