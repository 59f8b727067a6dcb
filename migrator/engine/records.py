"""Files of the tree that a person commits: sorted lines of JSON, one for each thing they keep."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migrator.engine.contents import contents
from migrator.engine.state import root_of
from migrator.errors import MigrateError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from migrator.engine.transaction.attributes import Attributes

_LIMIT = 100 * 1024 * 1024
_MARKS = (b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")


def found(name: str) -> Path | None:
    """The file of that name in the current folder, or above it in the same project."""
    here = Path(os.path.realpath("."))
    root = root_of(here)
    folders = [folder for folder in (here, *here.parents) if folder.is_relative_to(root)]
    files = (Path(os.path.relpath(folder / name)) for folder in folders)
    return next((file for file in files if os.path.lexists(file)), None)


def read(file: Path, what: str) -> Iterator[tuple[str, Any]]:
    """Each line of `file` as a value, behind its place; raises `MigrateError` where it is none.

    `what` is what a line is one of.
    """
    data = contents(str(file), _LIMIT)
    if isinstance(data, str):
        raise MigrateError(f"{file}: {data}")
    for number, line in enumerate(data.data.splitlines(), 1):
        if line.strip():
            try:
                value = json.loads(line)
            except (ValueError, RecursionError) as error:
                said = "a mark of a merge" if line[:7] in _MARKS else str(error)
                raise MigrateError(f"{file}:{number}: is no line of {what}: {said}") from None
            yield f"{file}:{number}", value


def write(file: Path, lines: Iterable[str]) -> None:
    """Write the file whole, or leave it as it was; raises `MigrateError`.

    One that is there keeps its mode and attributes, and is no link and not read-only.
    """
    from migrator.engine.transaction.attributes import give

    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        kept = _attributes(file)
        _clear(file)
        with beside.open("xb") as new:
            new.write("".join(f"{line}\n" for line in lines).encode())
            if kept is not None:
                give(new.fileno(), kept)
            new.flush()
            os.fsync(new.fileno())
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise MigrateError(f"{file}: {error.strerror}; it is as it was") from None


def _attributes(file: Path) -> Attributes | None:
    """Those of the file if it is there; raises `MigrateError` where it is not to be written."""
    from migrator.engine.transaction.disk import folder
    from migrator.engine.transaction.replace import ChangedError, look

    if not os.path.lexists(file):
        return None
    try:
        with folder(file.parent) as here:
            return look(here, file.name).attributes
    except ChangedError as error:
        raise MigrateError(f"{file}: {error}; it is as it was") from None


def _clear(file: Path) -> None:
    """Remove what a run that was killed while it wrote the file has left beside it."""
    stray = re.compile(rf"\.{re.escape(file.name)}\.[0-9]+\.new")
    for name in os.listdir(file.parent):  # noqa: PTH208
        if stray.fullmatch(name):
            file.with_name(name).unlink(missing_ok=True)
