"""What is kept between runs: a private folder for each root, in the user's state folder.

Nothing of it lies in a tree that is looked at: where the base does, there is no state. The base is
`MIGRATE_STATE_DIR`, or what the system has for state; below it, each root has a folder named by a
digest of its real path.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from pathlib import Path

from migrator.config.project import project_of
from migrator.config.visible import is_folder
from migrator.errors import MigrateError

TYPE_CHECKING = False

if TYPE_CHECKING:
    from collections.abc import Iterable

_VARIABLE = "MIGRATE_STATE_DIR"


def root_of(path: Path) -> Path:
    """The real path of the root that `path` belongs to: what one lock and one journal are for.

    The closest folder with `.git`, else the closest that looks like a project. Where there is
    none, it is the current folder if `path` lies in it and the state does not, else `path` itself
    or the folder it is in.
    """
    real = Path(os.path.realpath(path))
    folder = real if is_folder(real) else real.parent
    project = project_of(folder)
    if project is not None:
        return project
    here = Path(os.path.realpath("."))
    return here if folder.is_relative_to(here) and not lies_in(base_folder(), here) else folder


def roots_of(paths: Iterable[str]) -> set[Path]:
    """The roots of `paths`, of the current folder where there are none."""
    folders = {
        one if os.path.isdir(one) or os.path.islink(one) else os.path.dirname(one)  # noqa: PTH112, PTH114, PTH120
        for one in paths
    }
    return {root_of(Path(one)) for one in folders or {"."}}


def folder_for(root: Path) -> Path:
    """The folder that keeps what is to be kept about `root`, made where it is not there yet.

    It and all in it are the user's alone (mode 0700). Raises `MigrateError` where it cannot be
    had: the base or the folder is a link, belongs to somebody else, or can be written by others,
    or the base lies in the root, which gets no file of ours.
    """
    base = base_folder()
    if lies_in(base, root_of(root)):
        raise MigrateError(
            f"{base}: the state folder lies in {root_of(root)}, the tree that it is about, and "
            f"nothing is kept there; set {_VARIABLE} to a folder elsewhere"
        )
    _private(base, parents=True)
    folder = _named(base, root)
    _private(folder.parent)
    _private(folder)
    label = folder / "root"
    if not label.exists():
        label.write_bytes(os.fsencode(os.path.realpath(root)) + b"\n")
    return folder


def private_folder(name: str) -> Path:
    """The folder `name` for what belongs to no root, made where it is not there yet.

    Raises `MigrateError` as `folder_for` does.
    """
    base = base_folder()
    _private(base, parents=True)
    _private(base / name)
    return base / name


def existing_folder_for(root: Path) -> Path | None:
    """The folder of `root` if there is one; makes nothing.

    Raises as `folder_for` does, but where there can be none it is `None`.
    """
    base = base_folder()
    folder = _named(base, root)
    if not folder.is_dir() or lies_in(base, root_of(root)):
        return None
    for one in (base, folder.parent, folder):
        _check(one)
    return folder


def base_folder() -> Path:
    """The folder below which everything is kept; raises `MigrateError` if it is not absolute."""
    given = os.environ.get(_VARIABLE)
    base = Path(given) if given else _default()
    if not base.is_absolute():
        raise MigrateError(
            f"{base}: the state folder must be an absolute path; set {_VARIABLE} to one"
        )
    return base


def lies_in(folder: Path, root: Path) -> bool:
    """Whether `folder`, which need not be there, is or would be at or below `root`.

    By what folders are, not by what they are called: a name may have several spellings.
    """
    real = Path(os.path.realpath(folder))
    return any(_is_same(one, root) for one in (real, *real.parents))


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def _default() -> Path:
    home = Path("~").expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "migrate"
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "migrate"
    # The specification of XDG has relative values ignored.
    named = Path(os.environ.get("XDG_STATE_HOME", ""))
    return (named if named.is_absolute() else home / ".local" / "state") / "migrate"


def _named(base: Path, root: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(os.path.realpath(root))).hexdigest()
    return base / "roots" / digest[:32]


def _private(folder: Path, *, parents: bool = False) -> None:
    try:
        if parents:
            folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
    except FileExistsError:
        pass
    except OSError as error:
        raise MigrateError(f"{folder}: the state folder cannot be made: {error.strerror}") from None
    _check(folder)


def _check(folder: Path) -> None:
    try:
        info = folder.lstat()
    except OSError as error:
        raise MigrateError(f"{folder}: the state folder cannot be had: {error.strerror}") from None
    if stat.S_ISLNK(info.st_mode):
        problem = "is a link"
    elif not stat.S_ISDIR(info.st_mode):
        problem = "is no folder"
    elif sys.platform != "win32" and info.st_uid != os.geteuid():
        problem = "belongs to another user"
    elif sys.platform != "win32" and info.st_mode & 0o002:
        problem = "can be written by others"
    else:
        return
    raise MigrateError(f"{folder}: {problem}, and is not trusted with state; see {_VARIABLE}")
